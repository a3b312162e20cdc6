"""Recipients who must be told that data was corrected, erased or restricted (UK GDPR Article 19).

The log of disclosures says who they are, as they were called when they last received something. A
notice holds what they need to find the person until they have confirmed. Agencies against fraud
have notices of their own, which nobody else sees and no letter names.
"""

import datetime
import uuid
from collections.abc import Iterator, Mapping, Sequence

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from audit import events as audit
from audit.actions import AlreadyDone, Refused
from audit.evidence import Evidence
from compliance.cases.actions import steps
from compliance.cases.lines import Line
from compliance.cases.models import Case, Outcome, RecipientNotice, Restriction
from compliance.disclosures.models import FRAUD_AGENCIES, Disclosure
from compliance.outcomes.base import token_of
from customers.models import ContactPoint, Customer

# Article 19 names no period. A week lets one letter to an agency serve several people; who has not
# confirmed after a month may have used the data meanwhile. Days of the calendar.
TELL_WITHIN = datetime.timedelta(days=7)
# from the day on which they were told: then we ask
CONFIRM_WITHIN = datetime.timedelta(days=28)

SECRET = Q(kind=Disclosure.Kind.FILING) | Q(recipient__in=FRAUD_AGENCIES)
TO_TELL = Q(told_on__isnull=True, impossible_on__isnull=True)
TOLD = Q(told_on__isnull=False, acknowledged_on__isnull=True, impossible_on__isnull=True)
SETTLED = Q(acknowledged_on__isnull=False) | Q(impossible_on__isnull=False)
Kind = RecipientNotice.Kind
TO_PARTNERS = (
    "title",
    "given_names",
    "surname",
    "email",
    "address",
    "other",
)  # what a list for a partner can have held


def overdue(today: datetime.date) -> Q:
    """Notices of which the recipient should have been told, or should have confirmed, by now."""
    return (TO_TELL & Q(due_on__lt=today)) | (TOLD & Q(told_on__lt=today - CONFIRM_WITHIN))


def who_received(customer: Customer, *, feeds_only: bool = False) -> dict[str, str]:
    """The recipients of a person's data by code, each with its last name: never an agency against
    fraud."""
    rows = (
        Disclosure.objects.filter(customer=customer).exclude(SECRET).order_by("occurred_on", "pk")
    )
    if feeds_only:
        rows = rows.feeds()
    return dict(rows.values_list("recipient", "recipient_name"))


def in_confidence(customer: Customer, *, filings: bool) -> dict[str, str]:
    """The same of those agencies; those that were only asked, or with `filings` those that were
    told of a fraud too."""
    rows = Disclosure.objects.filter(SECRET, customer=customer).order_by("occurred_on", "pk")
    rows = rows if filings else rows.exclude(kind=Disclosure.Kind.FILING)
    return dict(rows.values_list("recipient", "recipient_name"))


def to_tell(
    case: Case,
    outcome: Outcome,
    kind: Kind,
    *,
    now: datetime.datetime,
    said: Mapping[str, str] | None = None,
) -> None:
    """Note everyone who received the person's data and must be told of what was carried out.

    `said` tells what was corrected, by field. A marketing partner learns no more than what it can
    have had.
    """
    assert case.customer is not None  # noqa: S101 an effect on a record has its customer
    said = said or {}
    partners = who_received(case.customer, feeds_only=True)
    others = {
        code: name for code, name in who_received(case.customer).items() if code not in partners
    }
    note(
        case,
        outcome,
        kind,
        others,
        about=about_person(case.customer, said),
        fields=list(said),
        now=now,
    )
    known = {field: text for field, text in said.items() if field in TO_PARTNERS}
    if known or not said:
        about = about_person(case.customer, known, partner=True)
        note(case, outcome, kind, partners, about=about, fields=list(known), now=now)
    # A filing must be right too; but it stays with its agency when the person's data is restricted.
    apart = in_confidence(case.customer, filings=kind == Kind.CORRECTED)
    note(
        case,
        outcome,
        kind,
        apart,
        fields=list(said),
        about=about_person(case.customer, said),
        now=now,
        confidential=True,
    )


def note(
    case: Case,
    outcome: Outcome,
    kind: Kind,
    who: Mapping[str, str],
    *,
    about: str,
    now: datetime.datetime,
    fields: Sequence[str] = (),
    confidential: bool = False,
) -> None:
    """Note that these recipients (name by code) must be told."""
    due = timezone.localdate(now) + TELL_WITHIN
    RecipientNotice.objects.bulk_create(
        RecipientNotice(
            outcome=outcome,
            case=case,
            recipient=code,
            recipient_name=name,
            kind=kind,
            fields=list(fields),
            about=about,
            confidential=confidential,
            created_at=now,
            due_on=due,
        )
        for code, name in sorted(who.items())
    )


def take_back(restriction: Restriction, *, by: str, now: datetime.datetime) -> None:
    """Note everyone who was told of a restriction, now that it is lifted; nobody who was not."""
    case = restriction.case
    told = RecipientNotice.objects.filter(case=case, kind=Kind.RESTRICTED, told_on__isnull=False)
    who, apart = (
        dict(told.filter(confidential=one).values_list("recipient", "recipient_name"))
        for one in (False, True)
    )
    RecipientNotice.objects.filter(TO_TELL, case=case, kind=Kind.RESTRICTED).update(
        impossible_on=timezone.localdate(now), about=None
    )  # there is nothing to tell any more
    if (who or apart) and not restriction.customer.erased_at:
        outcome = Outcome.objects.create(
            case=case, effect="lift", token=token_of(case, f"lift {restriction.pk}"), at=now, by=by
        )
        about = about_person(restriction.customer)
        note(case, outcome, Kind.RELEASED, who, about=about, now=now)
        note(case, outcome, Kind.RELEASED, apart, about=about, now=now, confidential=True)


def about_person(
    customer: Customer, said: Mapping[str, str] | None = None, *, partner: bool = False
) -> str:
    """Who somebody is, in the lines by which a recipient finds them, and what was corrected.

    A marketing partner had a name and addresses from us: it gets no date of birth and no account to
    find them by.
    """
    return "\n".join([*_lines(customer, partner=partner), *(said or {}).values()])


def _lines(customer: Customer, *, partner: bool) -> Iterator[str]:
    yield f"Name: {customer.full_name}"
    if customer.date_of_birth and not partner:
        yield f"Date of birth: {customer.date_of_birth:%d/%m/%Y}"
    points = customer.contact_points.order_by("kind", "-valid_from", "-pk")
    for point in points.exclude(kind=ContactPoint.Kind.PHONE) if partner else points:
        until = f" (until {point.valid_to:%d/%m/%Y})" if point.valid_to else ""
        yield f"{point.get_kind_display()}: {', '.join(point.value.splitlines())}{until}"
    for number in (
        () if partner else customer.credit_accounts.values_list("account_number", flat=True)
    ):
        yield f"Credit account: {number}"


def told(case: Case) -> list[Line]:
    """The recipients that a letter may name, each with how far it is with telling them: never
    those whom only an investigation knows."""
    rows = RecipientNotice.objects.filter(case=case, confidential=False)
    latest = {row.recipient_name: row for row in rows.order_by("recipient_name", "pk")}
    return [Line.told(name, row, Evidence.row(row, row.created_at)) for name, row in latest.items()]


@transaction.atomic
def tell(
    notice: RecipientNotice, *, on: datetime.date, by: str, now: datetime.datetime
) -> RecipientNotice:
    """Note that a recipient was told on a day. Refused for a day to come, or before there was
    anything to tell."""
    notice = _locked(notice)
    if notice.told_on:
        raise AlreadyDone("That was noted already. Nothing was changed.")
    if on > timezone.localdate(now):
        raise Refused("They cannot have been told on a day that has yet to come.")
    if on < timezone.localdate(notice.created_at):
        raise Refused("It was carried out after that day. Give the day on which they were told.")
    notice.told_on, notice.told_by = on, by
    notice.save(update_fields=["told_on", "told_by"])
    audit.recipient_told(by=by, subject=_subject(notice), notice=notice.pk, step="told", on=on)
    return notice


@transaction.atomic
def acknowledge(
    notice: RecipientNotice, *, on: datetime.date, by: str, now: datetime.datetime
) -> RecipientNotice:
    """Note that a recipient confirmed on a day: what it needed to find the person is not kept any
    longer."""
    notice = _locked(notice)
    if notice.told_on is None:
        raise Refused("Note first that they were told.")
    if on > timezone.localdate(now):
        raise Refused("They cannot have confirmed on a day that has yet to come.")
    if on < notice.told_on:
        raise Refused("They were told after that day. Give the day on which they confirmed it.")
    notice.acknowledged_on, notice.acknowledged_by, notice.about = on, by, None
    notice.save(update_fields=["acknowledged_on", "acknowledged_by", "about"])
    audit.recipient_told(
        by=by, subject=_subject(notice), notice=notice.pk, step="acknowledged", on=on
    )
    return notice


@transaction.atomic
def give_up(
    notice: RecipientNotice, *, why: str, by: str, now: datetime.datetime
) -> RecipientNotice:
    """Note that telling a recipient proved impossible, or would be disproportionate, and why
    (Article 19)."""
    notice = _locked(notice)
    why = steps.need(why, "Write why they cannot be told: the person may ask.")
    notice.impossible_on, notice.impossible_why, notice.about = timezone.localdate(now), why, None
    notice.save(update_fields=["impossible_on", "impossible_why", "about"])
    audit.recipient_told(
        by=by,
        subject=_subject(notice),
        notice=notice.pk,
        step="impossible",
        on=notice.impossible_on,
    )
    return notice


def _locked(notice: RecipientNotice) -> RecipientNotice:
    fresh = (
        RecipientNotice.objects.select_for_update(of=("self",))
        .select_related("case")
        .get(pk=notice.pk)
    )
    if fresh.acknowledged_on or fresh.impossible_on:
        raise AlreadyDone("That is settled already. Nothing was changed.")
    return fresh


def _subject(notice: RecipientNotice) -> uuid.UUID | None:
    return notice.case.customer_id
