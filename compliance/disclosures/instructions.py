"""Telling others what to do with somebody's data, and what became of it (UK GDPR Articles 19, 21
and 28(3)).

An instruction goes to a recipient of the register: an agency, a partner, a processor, or one of our
own other systems. It is listed, then told (by a letter or a file for one or for many), then
confirmed; or it proves impossible. Nobody may say that something was told, stopped or changed
elsewhere before the instruction says so: `state_in_words` is what may be said. `by` names the actor,
`now` is an aware moment, `on` a day in London.
"""

import datetime
import uuid
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from audit import events
from audit.actions import AlreadyDone, Refused
from compliance.deadlines.wording import words_of
from compliance.disclosures.models import Instruction, InstructionQuerySet, purposes_in_words
from compliance.register.models import Recipient
from customers.models import ContactPoint, Customer
from privacy.free_text import mask_cards

What = Instruction.What
# Our own systems beside this portal, and the house that prints for us: rows of the register.
SHOP, CREDIT_SYSTEM, MAILING_HOUSE = "shop", "credit-system", "mailing-house"
OURS = (SHOP, CREDIT_SYSTEM)
NUMBER = "Customer number: "  # begins the line by which our own systems find somebody


_origins: list[Callable[[str], str]] = []
_parts: dict[str, Callable[[str], str]] = {}  # what the parts of a kind are called
USES = (What.STOP, What.RESUME, What.RESTRICT, What.RELEASE)  # its parts are purposes


@dataclass(frozen=True)
class Within:
    """How many days there are to tell somebody, and then, from the telling on, for them to confirm:
    days of the calendar."""

    tell: datetime.timedelta
    confirm: datetime.timedelta


# The law names no period but “without undue delay”. A week lets one letter to an agency serve
# several people; who has not confirmed after a month may have used the data meanwhile. Marketing
# stops sooner: two days keep the promise to act at once without a file for each call, and after two
# weeks there may have been another mailing.
ORDINARY = Within(
    tell=datetime.timedelta(days=7), confirm=datetime.timedelta(days=28)
)  # calendar days
MARKETING = Within(  # calendar days: a stop is passed on sooner (see above)
    tell=datetime.timedelta(days=2), confirm=datetime.timedelta(days=14)
)


def within(what: str) -> Within:
    """The periods of one sort of instruction."""
    return MARKETING if what == What.NO_MARKETING else ORDINARY


def named(codes: Collection[str], *, on: datetime.date) -> dict[str, str]:
    """Recipients by code, each with its name of a day, or else its latest; who is in no row is
    left out."""
    rows = Recipient.objects.filter(code__in=codes).order_by(
        F("valid_from").asc(nulls_first=True), "pk"
    )
    found: dict[str, str] = {}
    for row in rows:
        if row.code not in found or row.valid_from is None or row.valid_from <= on:
            found[row.code] = row.name
    return found


@dataclass(frozen=True)
class Addressee:
    """Somebody who is to be told. `about` are the lines by which they find the person (see
    `find_by`), None where a file with digests tells them; `parts` of what they are told; `confidential`
    where the person may not know that they are."""

    code: str
    name: str
    about: str | None
    parts: tuple[str, ...] = ()
    confidential: bool = False


def instruct(
    customer: Customer,
    to: Mapping[str, str],
    what: What,
    *,
    origin: uuid.UUID,
    reference: str,
    about: str | None,
    by: str,
    now: datetime.datetime,
    parts: Collection[str] = (),
    why: str = "",
    confidential: bool = False,
) -> list[Instruction]:
    """List everybody in `to` (name by code) as to be told the same; otherwise as
    `instruct_each`."""
    each = [
        Addressee(code, name, about, tuple(sorted(parts)), confidential)
        for code, name in to.items()
    ]
    return instruct_each(
        customer, each, what, origin=origin, reference=reference, why=why, by=by, now=now
    )


@transaction.atomic
def instruct_each(
    customer: Customer,
    to: Collection[Addressee],
    what: What,
    *,
    origin: uuid.UUID,
    reference: str,
    by: str,
    now: datetime.datetime,
    why: str = "",
) -> list[Instruction]:
    """List everybody as to be told; who was listed for the same act already stays as they are.
    Returns all that the act lists for these. Four queries, however many they are: how long it takes
    tells nobody that one of them is told in confidence.
    """
    if not to:
        return []
    before = set(_of(origin, what).values_list("recipient", flat=True))
    new = sorted((one for one in to if one.code not in before), key=lambda one: one.code)
    Instruction.objects.bulk_create(
        [
            Instruction(
                customer=customer,
                recipient=one.code,
                recipient_name=one.name,
                what=what,
                parts=sorted(one.parts),
                about=one.about,
                why=mask_cards(why.strip()) or None,
                origin=origin,
                reference=reference,
                confidential=one.confidential,
                asked_at=now,
                asked_by=by,
                due_on=timezone.localdate(now) + within(what).tell,
            )
            for one in new
        ],
        ignore_conflicts=True,
    )
    codes = [one.code for one in to]
    found = list(_of(origin, what).filter(recipient__in=codes).order_by("recipient"))
    if new:
        listed = {one.code for one in new}
        events.instructions_listed(
            by=by,
            subject=customer.pk,
            what=what,
            recipients=[one.code for one in new if not one.confidential],
            confidential=[row.pk for row in found if row.confidential and row.recipient in listed],
        )
    return found


def _of(origin: uuid.UUID, what: str) -> InstructionQuerySet:
    return Instruction.objects.filter(origin=origin, what=what)


@transaction.atomic
def told(
    ids: Collection[uuid.UUID],
    *,
    on: datetime.date,
    by: str,
    now: datetime.datetime,
    file: str = "",
) -> int:
    """The addressees were told on a day: how many of these were not noted so before.

    `file` is the SHA-256 of the file or letter that told them. Refused for a day to come, and for
    one before they were listed; AlreadyDone when there is nothing to note.
    """
    rows = [row for row in _locked(ids) if row.told_on is None]
    if not rows:
        raise AlreadyDone("That was noted already. Nothing was changed.")
    _not_to_come(on, now)
    if any(on < timezone.localdate(row.asked_at) for row in rows):
        raise Refused("It was carried out after that day. Give the day on which they were told.")
    for what in {row.what for row in rows}:
        Instruction.objects.filter(pk__in=[row.pk for row in rows if row.what == what]).update(
            told_on=on, told_by=by, file=file, due_on=on + within(what).confirm
        )
    _audit(rows, "told", on=on, by=by, file=file)
    return len(rows)


@transaction.atomic
def acknowledge(
    ids: Collection[uuid.UUID],
    *,
    on: datetime.date,
    by: str,
    now: datetime.datetime,
    confirmation: str = "",
) -> int:
    """The addressees confirmed on a day that it is done; `confirmation` says who did there, and
    under which reference. What they needed to find the person is kept no longer.

    Refused for those that were not told, for a day to come, and for one before the telling.
    """
    rows = _locked(ids)
    if any(row.told_on is None for row in rows):
        raise Refused("Note first that they were told.")
    _not_to_come(on, now)
    if any(row.told_on is not None and on < row.told_on for row in rows):
        raise Refused("They were told after that day. Give the day on which they confirmed it.")
    said = mask_cards(confirmation.strip()) or None
    for row in rows:  # each is sealed by itself
        row.acknowledged_on, row.acknowledged_by, row.about = on, by, None
        row.confirmation = said
    Instruction.objects.bulk_update(
        rows, ["acknowledged_on", "acknowledged_by", "about", "confirmation"]
    )
    _audit(rows, "acknowledged", on=on, by=by)
    return len(rows)


@transaction.atomic
def impossible(ids: Collection[uuid.UUID], *, why: str, by: str, now: datetime.datetime) -> int:
    """Telling these proved impossible, or would take an effort out of proportion (Article 19). The
    person may ask why, so it is written down. Refused without it, and where our own shop is to erase
    somebody: with its next file they would come back."""
    text = mask_cards(why.strip())
    if not text:
        raise Refused("Write why they cannot be told: the person may ask.")
    rows, today = _locked(ids), timezone.localdate(now)
    if any(must_be_told(row) for row in rows):
        raise Refused(
            "Our own shop can be told, and until it confirms, its files are kept from bringing the "
            "person back. Hand it to the data protection lead."
        )
    for row in rows:
        row.impossible_on, row.impossible_by, row.about = today, by, None
        row.impossible_why = text
    Instruction.objects.bulk_update(
        rows, ["impossible_on", "impossible_by", "about", "impossible_why"]
    )
    _audit(rows, "impossible", on=today, by=by)
    return len(rows)


def must_be_told(row: Instruction) -> bool:
    """Whether nobody may say of an instruction that its recipient cannot be told."""
    return row.recipient == SHOP and row.what == Instruction.What.ERASE


@transaction.atomic
def escalate(row: Instruction, *, by: str, now: datetime.datetime) -> Instruction:
    """Hand one that is late to the data protection lead, on whose first page it stands from then
    on."""
    (fresh,) = _locked([row.pk])
    if fresh.escalated_on:
        raise AlreadyDone("That was handed on already. Nothing was changed.")
    fresh.escalated_on, fresh.escalated_by = timezone.localdate(now), by
    fresh.save(update_fields=["escalated_on", "escalated_by"])
    _audit([fresh], "escalated", on=fresh.escalated_on, by=by)
    return fresh


def _locked(ids: Collection[uuid.UUID]) -> list[Instruction]:
    """The rows as they stand now, locked in one order; AlreadyDone when none of them is open."""
    rows = Instruction.objects.unsettled().select_for_update(of=("self",))
    found = list(rows.filter(pk__in=list(ids)).order_by("pk"))
    if not found:
        raise AlreadyDone("That is settled already. Nothing was changed.")
    return found


def _not_to_come(on: datetime.date, now: datetime.datetime) -> None:
    if on > timezone.localdate(now):
        raise Refused("That day has yet to come.")


def _audit(
    rows: list[Instruction], step: str, *, on: datetime.date, by: str, file: str = ""
) -> None:
    """One entry for each that only few may know of, and one for all the others together."""
    open_ones = [row for row in rows if not row.confidential]
    for row in rows:
        if row.confidential:
            _audit_confidential(row, step, by=by)
    if open_ones:
        events.instructions_followed(
            by=by,
            subject=open_ones[0].customer_id if len(open_ones) == 1 else None,
            step=step,
            instructions=len(open_ones),
            recipients=sorted({row.recipient for row in open_ones}),
            on=on,
            file=file,
        )


def _audit_confidential(row: Instruction, step: str, *, by: str) -> None:
    events.restricted_record_changed(by=by, subject=row.customer_id, change=step, record=row.pk)


def state_in_words(row: Instruction) -> str:
    """What may be said of an instruction, as a sentence without its end: that it is listed, and by
    when that is due; that they were told, that they confirmed it, or why they could not be told."""
    if row.acknowledged_on and row.told_on:
        return (
            f"Told on {words_of(row.told_on, False)}, confirmed by them on "
            f"{words_of(row.acknowledged_on, False)}"
        )
    if row.impossible_on:
        return f"Could not be told: {row.impossible_why}"
    if row.told_on:
        return f"Told on {words_of(row.told_on, False)}, not confirmed yet"
    return f"On our list of those to be told, due by {words_of(row.due_on, False)}"


def parts_in_words(row: Instruction) -> list[str]:
    """Of what an instruction speaks: fields, channels or purposes, in words."""
    words = purposes_in_words() if row.what in USES else _parts.get(row.what, _plain)
    return [words(code) for code in row.parts]


def register_parts(what: str, words: Callable[[str], str]) -> None:
    """Say what the parts of a kind of instruction are called, where a higher room made them."""
    _parts[what] = words


def _plain(code: str) -> str:
    return code.replace("_", " ").capitalize()


def register_origin(url: Callable[[str], str]) -> None:
    """Say where the act of a reference is worked on: an address, or nothing when it is none of
    this room's."""
    _origins.append(url)


def origin_url(reference: str) -> str:
    """The page of the act that an instruction follows from; empty when there is none."""
    return next(filter(None, (url(reference) for url in _origins)), "")


def keep_findable(customer: Customer) -> None:
    """Before a person is erased: write into what is still to be told who it is about, where a file
    would have looked that up."""
    rows = list(customer.instructions.unsettled().filter(about__isnull=True).select_for_update())
    if rows:
        lines = find_by(customer, short=True)
        for row in rows:
            row.about = lines
        Instruction.objects.bulk_update(rows, ["about"])


def find_by(customer: Customer, *, short: bool = False) -> str:
    """Who somebody is, in the lines by which an addressee finds them.

    `short` for who had a name and addresses from us and no more, as a marketing partner: no date of
    birth, no telephone and no account to find them by.
    """
    return "\n".join(_lines(customer, short=short))


def _lines(customer: Customer, *, short: bool) -> Iterator[str]:
    yield f"Name: {customer.full_name}"
    if customer.date_of_birth and not short:
        yield f"Date of birth: {customer.date_of_birth:%d/%m/%Y}"
    points = customer.contact_points.order_by("kind", "-valid_from", "-pk")
    for point in points.exclude(kind=ContactPoint.Kind.PHONE) if short else points:
        until = f" (until {point.valid_to:%d/%m/%Y})" if point.valid_to else ""
        yield f"{point.get_kind_display()}: {', '.join(point.value.splitlines())}{until}"
    for number in (
        () if short else customer.credit_accounts.values_list("account_number", flat=True)
    ):
        yield f"Credit account: {number}"
