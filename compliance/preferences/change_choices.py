"""Changing a customer's own choices, all in one act."""

import datetime
import uuid
from dataclasses import dataclass, field, replace
from functools import partial

from django.db import transaction
from django.db.models import Q

from audit.actions import Refused
from compliance.preferences import (
    choices,
    confirmation,
    consent_words,
    customer_contacts,
    rules,
    wordings,
)
from compliance.preferences.actions import (
    Proof,
    consent,
    notice_in_force,
    object_to,
)
from compliance.preferences.channels import CHANNELS
from compliance.preferences.models import ChoiceEvent
from compliance.preferences.references import new_reference, reference_of
from compliance.preferences.vocabulary import STOPS, THIRD_PARTIES, US, ChoiceKind, ChoiceSource
from customers import erasure_lock
from customers.models import ContactPoint, Customer
from customers.outbox import messages
from privacy import seal

PAGE = "/your-choices/"
Pair = tuple[str, str]  # a sender and a channel
SENT_TO = 3  # at most so many email addresses on file get the confirmation


@dataclass(frozen=True)
class RequestedChanges:
    """What a customer asked for: all of it at once."""

    stops: frozenset[Pair] = frozenset()
    allows: dict[Pair, tuple[str, int | None]] = field(
        default_factory=dict
    )  # the digest of the words shown, the detail
    everything: bool = False

    def content(self) -> str:
        return repr((sorted(self.stops), sorted(self.allows.items()), self.everything))


@dataclass(frozen=True)
class ChangeResult:
    """The reference of what was changed (empty when nothing was), and why some of it was not."""

    reference: str = ""
    moved: bool = False  # the words of a consent had changed since they were shown
    both: bool = False  # stop and allow were asked for at once: it was stopped
    unproved: bool = False  # a consent could not be proved, so it was not recorded


@transaction.atomic
def change(
    customer: Customer,
    wish: RequestedChanges,
    *,
    form: uuid.UUID,
    origin: str,
    now: datetime.datetime,
) -> ChangeResult:
    """Do what a proven customer asked for, and confirm it to the email addresses on file.

    `form` came with the page: it and the same wish are one act, unless something was agreed to
    since. `origin` is the internet address. A consent counts only for the words that the page
    showed; whatever becomes of it, what is to stop stops. Where both were asked for, it stops.
    """
    if wish.allows:
        erasure_lock.exclusive()  # before any row is locked
    customer = Customer.objects.lock_living(customer.pk, refusal="Your data was erased.")
    standing = {(row.sender, row.channel): row for row in choices.rows(customer, now=now)}
    known = _reference(customer, form, wish)
    earlier = ChoiceEvent.objects.filter(customer=customer, reference=known).first()
    if earlier and not _agreed_since(earlier):
        return ChangeResult(known)
    reference = new_reference() if earlier else known
    done = _stop(customer, wish, standing, reference, now)
    outcome = ChangeResult(
        both=bool(wish.allows and (wish.everything or wish.stops & set(wish.allows)))
    )
    for pair, (digest, detail) in sorted(wish.allows.items()):
        row = standing.get(pair)
        if row is None or row.verdict.allowed or pair in wish.stops or wish.everything:
            continue
        if not row.words or row.digest != digest:
            outcome = replace(outcome, moved=True)
        elif _allow(customer, row, detail, reference, origin, now):
            done = True
        else:
            outcome = replace(outcome, unproved=True)
    if not done:
        return outcome
    confirmation.without_failing(lambda: _confirm(customer, reference, now))
    return replace(outcome, reference=reference)


def _reference(customer: Customer, form: uuid.UUID, wish: RequestedChanges) -> str:
    """The reference that goes with a page and a wish: guessed by nobody, and the same when the
    button is pressed twice."""
    act = seal.lookup_hash("choices_form", f"{customer.pk} {form} {wish.content()}")
    return reference_of(act.int)


def _agreed_since(earlier: ChoiceEvent) -> bool:
    return ChoiceEvent.objects.filter(
        ~Q(kind__in=STOPS),
        ~Q(reference=earlier.reference),
        customer=earlier.customer_id,
        at__gte=earlier.at,
    ).exists()


def _stop(
    customer: Customer,
    wish: RequestedChanges,
    standing: dict[Pair, choices.ChoiceRow],
    reference: str,
    now: datetime.datetime,
) -> bool:
    """Stop what is to stop: one act for each sender, so that each partner is told of all its
    channels at once."""
    object_here = partial(
        object_to,
        customer=customer,
        source=ChoiceSource.CHOICES_PAGE,
        by=f"customer:{customer.pk}",
        now=now,
        page=PAGE,
        reference=reference,
    )
    if wish.everything:
        object_here(channels=list(CHANNELS), senders=[US, THIRD_PARTIES])
        return True
    wanted = [
        pair
        for pair in wish.stops
        if pair[0] == THIRD_PARTIES or (pair in standing and standing[pair].may_stop)
    ]
    for sender in sorted({sender for sender, _ in wanted}):
        channels = [channel for of, channel in wanted if of == sender]
        agreed = sender != THIRD_PARTIES and any(
            standing[sender, channel].verdict.reason == rules.CONSENT.reason for channel in channels
        )
        object_here(
            channels=channels,
            senders=[sender],
            kind=ChoiceKind.WITHDRAWAL if agreed else ChoiceKind.OBJECTION,
        )
    return bool(wanted)


def _allow(
    customer: Customer,
    row: choices.ChoiceRow,
    detail: int | None,
    reference: str,
    origin: str,
    now: datetime.datetime,
) -> bool:
    """Record a consent with all its evidence; False, and nothing recorded, when it could not be
    proved."""
    chosen = next(
        (one for one in row.details if one.pk == detail),
        row.details[0] if len(row.details) == 1 else None,
    )
    point = ContactPoint.objects.filter(pk=chosen.pk).first() if chosen else None
    made = customer_contacts.contact_of(point, customer) if point else None
    if made is None:
        return False
    words = wordings.freeze(
        consent_words.CODE,
        row.words,
        senders=[row.sender],
        channels=[row.channel],
        unticked=True,
        now=now,
    )
    proof = Proof(words, PAGE, origin, notice_in_force(now))
    try:
        with transaction.atomic():
            if consent(
                customer=customer,
                contact=made,
                channels=[row.channel],
                sender=row.sender,
                source=ChoiceSource.CHOICES_PAGE,
                proof=proof,
                by=f"customer:{customer.pk}",
                now=now,
                reference=reference,
            ):
                raise Refused("The proof is not complete.")
    except Refused:
        return False
    return True


def _confirm(customer: Customer, reference: str, now: datetime.datetime) -> None:
    """Tell the customer at the email addresses on file: whoever changed it was in possession of a
    code."""
    on_file = (
        ContactPoint.objects.in_use()
        .filter(customer=customer, kind="email")
        .order_by("pk")[:SENT_TO]
    )
    context = {
        "reference": reference,
        "changes": choices.changes(customer, reference, now=now),
    }
    for point in on_file:
        messages.queue(
            kind="choices_changed",
            key=f"choices_changed:{reference}:{point.pk}",
            recipient=point.value,
            customer=customer,
            by=f"customer:{customer.pk}",
            now=now,
            **messages.render("choices_changed", context),
        )
