"""Restricting the use of somebody's data (UK GDPR Article 18), and ending it after a warning.

On a match marketing and the purge stop at once. Other uses stop when it is clear who asks, or when
a member of staff confirms it: the gate says so, and the systems that do the work are told. Which
data, which uses, and what goes on meanwhile is the scope of a restriction, and no sentence says
more. Recipients of what was passed on before are told too (Article 19).
"""

import datetime
from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Case, Exists, F, Q, QuerySet, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from audit import events as audit
from audit.actions import AlreadyDone, Refused
from compliance import letters
from compliance.cases.actions import steps
from compliance.cases.kinds import CaseKind, CaseStatus, EventKind
from compliance.cases.lines import Line
from compliance.cases.models import Case as RequestCase
from compliance.cases.models import Letter, Outcome, Restriction
from compliance.deadlines.wording import words_of
from compliance.disclosures import instructions
from compliance.disclosures.models import Instruction
from compliance.outcomes import recipients, stops
from compliance.outcomes.base import Effect, EffectResult, Given, token_of
from compliance.outcomes.restriction_words import WHY, lines, stopping, told_to
from compliance.preferences.vocabulary import MARKETING, PARTNER_MARKETING, TAILORING
from compliance.register import gate
from compliance.register.models import Purpose
from compliance.retention import holds
from compliance.retention.models import LegalHold
from customers import erasure_lock

REVIEW_AFTER = datetime.timedelta(
    days=30
)  # when the desk asks whether the purge must still be kept away
NOTICE = datetime.timedelta(days=5)  # from the warning to the end: a letter has come by then
A_DAY = datetime.timedelta(days=1)
WILL_LIFT = "We will lift this restriction"  # an answer with these words is a warning, too
# How long somebody who has not shown who they are can hold the purge: as long as they have to answer
# when we ask, with one reminder. Days of the calendar.
UNPROVED = datetime.timedelta(days=28)
OVERTAKEN = "The restriction has another scope now, of which they are told instead."
JOINED = "You asked twice: it goes on in the restriction of your other request."
What = Instruction.What
GROUND = {CaseKind.OBJECTION: Restriction.Ground.OBJECTION}


def _covers(purpose: str) -> Q:
    """The restrictions that a purpose falls under: never one that goes on all the same."""
    about = Q(purposes=[]) | Q(purposes__contains=[purpose])
    return about & ~Q(goes_on__has_key=purpose) & Q(mistaken=False)


def _people(purpose: str) -> QuerySet[Any, Any]:
    """Whom a restriction stops: marketing from its first moment, any other use once it is
    confirmed."""
    first = Exists(Purpose.objects.filter(code=purpose, direct_marketing=True))
    if purpose in (MARKETING, PARTNER_MARKETING, TAILORING):  # whatever the register says of them
        return Restriction.objects.filter(_covers(purpose)).values(
            person=F("customer"), since=F("began_at"), until=UNTIL
        )
    rows = Restriction.objects.filter(_covers(purpose))
    return rows.filter(Q(confirmed_at__isnull=False) | first).values(
        person=F("customer"),
        since=Case(When(first, then=F("began_at")), default=F("confirmed_at")),
        until=UNTIL,
    )


UNTIL = Coalesce("lifted_on", "expires_on")
STOP = gate.Stop(
    "restricted",
    "The use of this person's data is restricted.",
    "UK GDPR Article 18(2)",
    _people,
)


def undo(case: RequestCase, *, by: str, now: datetime.datetime) -> None:
    """End what a case began that the person never asked for: a mistake, of which nobody is
    warned."""
    for wrong in Restriction.objects.in_force().filter(case=case):
        _end(wrong, by=by, now=now, reason="They did not ask for it.", mistaken=True)


def stranded(rows: QuerySet[Restriction]) -> QuerySet[Restriction]:
    """Those whose request ended without leading to one: it was refused, taken back, or nobody
    answered."""
    ended = (CaseStatus.REFUSED, CaseStatus.WITHDRAWN, CaseStatus.LAPSED)
    return rows.filter(case__status__in=ended)


def begin(
    case: RequestCase, *, by: str, now: datetime.datetime, ground: str = ""
) -> Restriction | None:
    """Stop marketing and the purge for the customer of a case; None while nobody is matched. Safe
    to repeat.

    Where the case was matched to somebody else before, that person's restriction ends: it was never
    theirs. When it is clear who asks, the other uses stop too; until then it has an end.
    """
    if case.customer is None or case.customer.erased_at:
        return None
    for wrong in Restriction.objects.in_force().filter(case=case).exclude(customer=case.customer):
        _end(wrong, by=by, now=now, reason="The case is somebody else’s.", mistaken=True)
    found = Restriction.objects.in_force().filter(case=case).first()
    if found is None:
        customer, hold = case.customer, _hold(case, by=by, now=now)
        asked = [one for one in case.codes("ground") if one in WHY]
        found = Restriction.objects.create(
            customer=customer,
            case=case,
            began_at=now,
            began_by=by,
            hold=hold,
            purposes=case.codes("purposes"),
            expires_on=None if case.identified_at else timezone.localdate(now) + UNPROVED,
            ground=ground
            or GROUND.get(case.kind)
            or (asked[0] if asked else Restriction.Ground.ASKED),
        )
        audit.restriction_began(
            by=by, subject=customer.pk, restriction=found.pk, case=case.pk, ground=found.ground
        )
    if case.identified_at and found.confirmed_at is None:
        confirm(found, by=by, now=now)
    return found


def _hold(case: RequestCase, *, by: str, now: datetime.datetime) -> LegalHold:
    return holds.place(
        case.person,
        kind=LegalHold.Kind.REQUEST,
        reason=f"Restriction of use: case {case.reference}",
        by=by,
        now=now,
        review_on=timezone.localdate(now) + REVIEW_AFTER,
    )


def proposed(purposes: Collection[str]) -> dict[str, str]:
    """Which of the uses in force go on under a restriction, as the register proposes it: what lets
    each, by its code. A use that the restriction is expressly about does not."""
    rows = Purpose.objects.in_use().exclude(when_restricted="").exclude(code__in=purposes)
    return dict(rows.values_list("code", "when_restricted"))


def confirm(
    restriction: Restriction,
    *,
    by: str,
    now: datetime.datetime,
    goes_on: Mapping[str, str] | None = None,
    purposes: Collection[str] | None = None,
    categories: Collection[str] = (),
) -> None:
    """Let a restriction cover more than marketing and erasure, for good: the systems that do what
    stops are listed as to be told.

    `goes_on` says which uses go on all the same, and what lets each (None: what the register
    proposes); `purposes` which uses it is about (None: as before); `categories` which data. Safe to
    repeat: what was listed before and not told yet is overtaken.
    """
    if purposes is not None:
        restriction.purposes = sorted(purposes)
    restriction.goes_on = dict(proposed(restriction.purposes) if goes_on is None else goes_on)
    restriction.categories, restriction.expires_on = sorted(categories), None
    if restriction.confirmed_at is None:
        restriction.confirmed_at, restriction.confirmed_by = now, by
    restriction.save()
    audit.restriction_changed(
        by=by, subject=restriction.customer_id, restriction=restriction.pk, change="confirmed"
    )
    _instruct(restriction, by=by, now=now)


def _instruct(restriction: Restriction, *, by: str, now: datetime.datetime) -> None:
    """List the systems of ours that do what stops: each once, with all of its uses."""
    mine = [code for code in stopping(restriction) if not gate.asked(code)]
    tasks: dict[str, list[str]] = {}
    names: dict[str, str] = {}
    for purpose, systems in stops.workers(mine, on=timezone.localdate(now)).items():
        for code, name in systems.items():
            tasks.setdefault(code, []).append(purpose)
            names[code] = name
    case, customer, origins = restriction.case, restriction.customer, []
    for code, parts in sorted(tasks.items()):
        origins.append(token_of(case, f"restrict {restriction.pk} {code} {sorted(parts)}"))
        instructions.instruct(
            customer,
            {code: names[code]},
            What.RESTRICT,
            origin=origins[-1],
            reference=case.reference,
            about=instructions.find_by(customer),
            parts=parts,
            by=by,
            now=now,
        )
    overtaken = [row.pk for row in told_to(restriction).to_tell() if row.origin not in origins]
    if overtaken:
        instructions.impossible(overtaken, why=OVERTAKEN, by=by, now=now)


def join(case: RequestCase, into: RequestCase, *, by: str, now: datetime.datetime) -> None:
    """A request is put together with an earlier one of the same person: what it restricted goes on
    in the restriction of that one, which then covers what either covered. Both cases are locked."""
    mine = Restriction.objects.in_force().filter(case=case).first()
    if mine is None:
        return
    mine = _locked(mine)
    untold = list(told_to(mine).to_tell().values_list("pk", flat=True))
    found = Restriction.objects.in_force().filter(case=into).first()
    if found is None:  # it ended before: this one takes its place
        mine.case = into
        mine.save(update_fields=["case"])
        if mine.confirmed_at:
            _instruct(mine, by=by, now=now)
    else:
        found = _locked(found)
        _cover_both(found, mine, by=by, now=now)
        mine.lifted_on, mine.lifted_by, mine.joined_to = timezone.localdate(now), by, found
        mine.reason = JOINED
        mine.save(update_fields=["lifted_on", "lifted_by", "joined_to", "reason"])
        if mine.hold.released_on is None:
            holds.release(mine.hold, by=by, now=now)
    if untold:
        instructions.impossible(untold, why=OVERTAKEN, by=by, now=now)
    audit.restriction_changed(by=by, subject=mine.customer_id, restriction=mine.pk, change="joined")


def _cover_both(found: Restriction, other: Restriction, *, by: str, now: datetime.datetime) -> None:
    """Let a restriction cover what another one covers too. A use goes on only if neither stops
    it."""

    def either(one: list[str], more: list[str]) -> list[str]:
        return sorted({*one, *more}) if one and more else []  # nothing named is everything

    if found.ground == Restriction.Ground.ASKED:
        found.ground = other.ground
    purposes = either(found.purposes, other.purposes)
    categories = either(found.categories, other.categories)
    if found.confirmed_at or other.confirmed_at:
        for one in (found, other):
            one.goes_on = one.goes_on if one.confirmed_at else proposed(one.purposes)
        stops = {*stopping(found), *stopping(other)}
        goes_on = {
            code: why
            for code, why in {**other.goes_on, **found.goes_on}.items()
            if code not in stops
        }
        confirm(found, goes_on=goes_on, purposes=purposes, categories=categories, by=by, now=now)
        return
    found.purposes, found.categories = purposes, categories
    found.expires_on = max(filter(None, (found.expires_on, other.expires_on)), default=None)
    found.save(update_fields=["ground", "purposes", "categories", "expires_on"])


class Restrict(Effect):
    """Confirm a restriction: its ground, which data and uses it is about, what goes on meanwhile,
    and who must be told."""

    code = "restrict"
    label = "Confirm the restriction"
    says = (
        "Marketing and the purge stand still already. This says on which ground, which data and "
        "uses it is about, what goes on meanwhile, and lists who must be told."
    )
    again = False
    concerns_others = True

    def lock(self, case: RequestCase) -> None:
        erasure_lock.exclusive()
        super().lock(case)

    def perform(
        self, case: RequestCase, given: Given, *, by: str, now: datetime.datetime
    ) -> EffectResult:
        ground = str(given["ground"])
        found = begin(case, by=by, now=now, ground=ground)
        if found is None:
            raise Refused("Nobody is matched yet.")
        found.ground = ground
        confirm(
            found,
            by=by,
            now=now,
            goes_on=given.get("goes_on"),
            categories=given.get("categories") or (),
        )

        def tell(outcome: Outcome) -> None:
            recipients.to_tell(case, outcome, What.RESTRICT)

        return EffectResult(
            after=tell,
            codes={"ground": ground, "restriction": found.pk},
            lines=lines(found),
        )

    def tells(self, outcome: Outcome) -> list[Line]:
        """As it is now: systems that have confirmed meanwhile, and its end."""
        rows = Restriction.objects.select_related("hold", "case")
        found = rows.filter(pk=outcome.codes.get("restriction")).first()
        return lines(found) if found else outcome.told


@transaction.atomic
def widen(
    restriction: Restriction,
    *,
    goes_on: Mapping[str, str],
    purposes: Collection[str],
    categories: Collection[str],
    by: str,
    now: datetime.datetime,
) -> Restriction:
    """A member of staff says what a restriction covers, also before it is proved who asks."""
    restriction = _locked(restriction)
    confirm(restriction, goes_on=goes_on, purposes=purposes, categories=categories, by=by, now=now)
    return restriction


def postpone(case: RequestCase, *, asked_on: datetime.date) -> None:
    """They were asked who they are: a restriction that this has to settle lasts as long as they
    have for it."""
    rows = Restriction.objects.in_force().filter(case=case, expires_on__isnull=False)
    rows.update(expires_on=asked_on + UNPROVED)


def expire(*, by: str, now: datetime.datetime) -> int:
    """End every restriction of which it was not clear in time who asked; how many there were. Safe
    to repeat. One transaction each."""
    today, done = timezone.localdate(now), 0
    due = Restriction.objects.in_force().filter(expires_on__lte=today).order_by("pk")
    for key in list(due.values_list("pk", flat=True)):
        with transaction.atomic():
            row = _locked(Restriction(pk=key))
            if row.expires_on and row.expires_on <= today:
                _end(row, by=by, now=now, reason="It was not clear in time who asked.")
                done += 1
    return done


@transaction.atomic
def hold_again(restriction: Restriction, *, by: str, now: datetime.datetime) -> Restriction:
    """Place the hold of a restriction anew that somebody released: while it is in force nothing may
    be erased."""
    erasure_lock.exclusive()
    restriction = _locked(restriction)
    if restriction.hold.released_on is None:
        raise AlreadyDone("Its hold is in place. Nothing was changed.")
    case = restriction.case
    case.customer = restriction.customer
    restriction.hold = _hold(case, by=by, now=now)
    restriction.save(update_fields=["hold"])
    return restriction


@transaction.atomic
def warn(
    restriction: Restriction, *, text: str, by: str, now: datetime.datetime, write: bool = True
) -> Restriction:
    """Tell the person that the restriction will be lifted, and when (Article 18(3)).

    Without `write` they were told in our answer already: refused when none was written.
    """
    restriction = _locked(restriction)
    if restriction.warned_on:
        raise AlreadyDone(
            f"They were told on {words_of(restriction.warned_on, False)}. Nothing was changed."
        )
    today = timezone.localdate(now)
    if write:
        ends = words_of(today + NOTICE + A_DAY, False)
        said = steps.need(text, "Write why it is lifted: the person must know before it ends.")
        letters.send(
            restriction.case,
            letter=Letter.MESSAGE,
            by=by,
            now=now,
            context={
                "text": (
                    "The use of your data has been restricted since "
                    f"{words_of(timezone.localdate(restriction.began_at), False)}. "
                    f"{WILL_LIFT}, not before {ends}.\n\n{said}"
                )
            },
        )
    elif not _said(restriction):
        raise Refused(f"No answer in this case says “{WILL_LIFT}”, so it cannot have told them.")
    restriction.warned_on, restriction.warned_by = today, by
    restriction.save(update_fields=["warned_on", "warned_by"])
    audit.restriction_changed(
        by=by, subject=restriction.customer_id, restriction=restriction.pk, change="warned"
    )
    return restriction


def _said(restriction: Restriction) -> bool:
    """Whether an answer to the request told the person that the restriction will be lifted."""
    answers = restriction.case.messages.filter(
        letter__in=[Letter.REFUSAL, Letter.PARTLY, Letter.COMPLETION]
    ).select_related("message")
    return any(WILL_LIFT in " ".join(row.message.text.split()) for row in answers)


@transaction.atomic
def lift(restriction: Restriction, *, reason: str, by: str, now: datetime.datetime) -> Restriction:
    """End a restriction. Refused until the person was warned and has had the time to answer; the
    recipients are told."""
    restriction = _locked(restriction)
    if restriction.warned_on is None:
        raise Refused(
            "Tell the person first that it will be lifted: the law asks for that (UK GDPR "
            "Article 18(3))."
        )
    first = restriction.warned_on + NOTICE + A_DAY
    if timezone.localdate(now) < first:
        raise Refused(
            f"They were told on {words_of(restriction.warned_on, False)}. It can be lifted from "
            f"{words_of(first, False)} on, so that they can still answer."
        )
    _end(restriction, by=by, now=now, reason=steps.need(reason, "Write why it is lifted."))
    recipients.take_back(restriction, by=by, now=now)
    return restriction


def _locked(restriction: Restriction) -> Restriction:
    """The restriction as it stands now, its row locked; AlreadyDone when it has ended."""
    fresh = (
        Restriction.objects.select_for_update(of=("self",))
        .select_related("case", "customer", "hold")
        .get(pk=restriction.pk)
    )
    if fresh.lifted_on:
        raise AlreadyDone(
            f"It was lifted on {words_of(fresh.lifted_on, False)}. Nothing was changed."
        )
    return fresh


def _end(
    restriction: Restriction,
    *,
    by: str,
    now: datetime.datetime,
    reason: str,
    mistaken: bool = False,
) -> None:
    restriction.lifted_on, restriction.lifted_by = timezone.localdate(now), by
    restriction.reason, restriction.mistaken = reason, mistaken
    restriction.save(update_fields=["lifted_on", "lifted_by", "reason", "mistaken"])
    if restriction.hold.released_on is None:
        holds.release(restriction.hold, by=by, now=now)
    steps.record(
        restriction.case,
        EventKind.EFFECT,
        by=by,
        now=now,
        codes={"effect": "lift", "mistaken": mistaken},
    )
    audit.restriction_changed(
        by=by, subject=restriction.customer_id, restriction=restriction.pk, change="lifted"
    )


EFFECTS: tuple[Effect, ...] = (Restrict(),)
