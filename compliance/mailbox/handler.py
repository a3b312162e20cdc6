"""What follows from an email: marketing stops at once where that was asked for, and all else waits
for somebody.

An email takes effect in one transaction with the note that it did, so a program that is killed at
any moment leaves it either untouched, for the next run, or done.
"""

import datetime
import json
import logging
from collections.abc import Collection
from dataclasses import dataclass

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils import timezone

from audit import events
from compliance.mailbox import candidates, confirmation, enquiries, matching, reports, storage
from compliance.mailbox.automated import SenderKind, Sign
from compliance.mailbox.classify import ClassifiedMail, classify
from compliance.mailbox.intent import BOTH, Intent
from compliance.mailbox.matching import MatchedSender
from compliance.mailbox.models import OF_A_COMPLAINT, InboundMail
from compliance.mailbox.request_words import REQUESTS
from compliance.mailbox.states import MailState, Topic, WaitReason
from compliance.preferences import actions, contact_digests, intake
from compliance.preferences.channels import CHANNELS, EMAIL, using
from compliance.preferences.contact_digests import Contact
from compliance.preferences.models import MarketingRequest
from compliance.preferences.vocabulary import ChoiceSource, ContactKind
from compliance.register.models import RetentionRule
from compliance.retention.models import LegalHold
from compliance.retention.periods import latest_due_anchor, start_of
from customers import open_requests
from customers.dealings import heard_from
from customers.lenient_fields import LONGEST_WORDS, clean
from customers.matching import Given
from customers.outbox.messages import returned
from privacy.free_text import mask_cards

MOST_ATTEMPTS = 10  # begun and never finished so often: the program dies over it
AT_ONCE = 500
STRONG_ENOUGH = 2  # strong signs by which an email is set aside unread
# Longer than any deadline that an email can carry: three months, and a last day that rolls forward.
LONGEST_DEADLINE = datetime.timedelta(days=100)
ORIGINAL = "mailbox-original"  # the rule for the email as it came, with its files
DEADLOCK = "40P01"  # PostgreSQL's code
PROGRAM_TOPICS = {
    SenderKind.OURS: Topic.ROBOT,
    SenderKind.BOUNCE: Topic.BOUNCE,
    SenderKind.ANSWER: Topic.ROBOT,
    SenderKind.BULK: Topic.BULK,
}
logger = logging.getLogger(__name__)


@dataclass
class Disposition:
    """What becomes of an email."""

    state: MailState
    kind: str
    reason: WaitReason | str = ""
    reference: str = ""


def read_stored(mail_id: int, *, by: str, now: datetime.datetime) -> None:
    """Read one stored message and do what it asks. Whatever is wrong with it, it then waits for
    somebody.

    A message that was read already is left alone. OperationalError when the database is away: the
    next run reads it.
    """
    attempts = storage.count_attempt(mail_id)
    if not attempts:
        return
    try:
        if attempts > MOST_ATTEMPTS:
            raise RuntimeError("nobody finished reading it")
        try:
            handle(mail_id, by=by, now=now)
        except OperationalError as fault:
            if getattr(fault.__cause__, "pgcode", "") != DEADLOCK:
                raise
            handle(mail_id, by=by, now=now)  # it was rolled back whole, and the other one went on
    except (OperationalError, InterfaceError):  # the database's, not the message's
        raise
    except Exception as fault:
        logger.error("Email %s could not be read: %s", mail_id, type(fault).__name__)
        leave_to_desk(mail_id, by=by)


def read_pending(*, by: str, now: datetime.datetime, most: int = AT_ONCE) -> int:
    """Read every stored message that nobody has read, as after a crash; how many were tried. Two at
    once share the work."""
    waiting = InboundMail.objects.unread().order_by("received_at", "pk")
    found = list(waiting.values_list("pk", flat=True)[:most])
    for pk in found:
        read_stored(pk, by=by, now=now)
    return len(found)


@transaction.atomic
def leave_to_desk(mail_id: int, *, by: str) -> None:
    """Leave a message that cannot be read to somebody."""
    if (
        InboundMail.objects.unread()
        .filter(pk=mail_id)
        .update(state=MailState.DESK, reason=WaitReason.FAULTY, kind=Topic.UNCLEAR)
    ):
        events.mail_read(
            by=by,
            subject=None,
            mail=mail_id,
            state=MailState.DESK,
            kind=Topic.UNCLEAR,
            reason=WaitReason.FAULTY,
        )


@transaction.atomic
def handle(mail_id: int, *, by: str, now: datetime.datetime) -> None:
    """Do what a message asks, and note what it was, in one transaction."""
    row = (
        InboundMail.objects.unread().select_for_update(skip_locked=True).filter(pk=mail_id).first()
    )
    if row is None:
        return  # done, or in the hands of another process
    seen = classify(row.original, settings.CONTROLLER["email"])
    who = matching.match_sender(seen)
    intent = _notice_form(seen, who) or seen.intent
    result = _from_program(row, seen, who, intent, by=by, now=now) or _from_person(
        row, seen, who, intent, by=by, now=now
    )
    _record(row, seen, who, intent, result, by=by, now=now)
    events.mail_read(
        by=by,
        subject=row.customer_id,
        mail=row.pk,
        state=row.state,
        kind=row.kind,
        reason=row.reason,
        reference=row.reference,
    )


def _notice_form(seen: ClassifiedMail, who: MatchedSender) -> Intent | None:
    """The notice's own form: an email with a name and a customer number, and nothing else."""
    if seen.intent.stops or seen.intent.kind != Topic.UNCLEAR or not seen.candidates.numbers:
        return None
    sure = matching.is_notice_form(seen, who)
    return (
        None
        if sure is None
        else Intent(BOTH, (EMAIL.code,), sure=sure, kind=Topic.STOP if sure else Topic.UNCLEAR)
    )


def _from_program(
    row: InboundMail,
    seen: ClassifiedMail,
    who: MatchedSender,
    intent: Intent,
    *,
    by: str,
    now: datetime.datetime,
) -> Disposition | None:
    """What becomes of an email that no person wrote, as far as can be told; None when it is to be
    read as a person's. Set aside unread is only what two strong signs show to be a program's, what
    holds no wish, and what points to no customer."""
    report = reports.read(row.original, seen.subject, seen.signs, settings.CONTROLLER["email"])
    if report.complainants:
        return _complaint_of_provider(row, report, by=by, now=now)
    if report.message is not None:
        if report.failed:
            returned(report.message, by=by)
        elif Sign.REPORT not in seen.signs:
            return Disposition(MailState.DESK, Topic.BOUNCE, WaitReason.PROGRAM)
        return Disposition(MailState.APPLIED, Topic.BOUNCE)
    wishes = intent.stops or intent.kind in REQUESTS or intent.kind == Topic.RESUME
    known = who.customer is not None or who.conflict or bool(seen.candidates.claimed)
    program = PROGRAM_TOPICS.get(
        seen.sender_kind, Topic.SPAM if Sign.SPAM in seen.signs else Topic.UNCLEAR
    )
    empty = not (seen.people or seen.text or seen.subject or seen.mail.attachments)
    if (len(seen.signs) >= STRONG_ENOUGH and not wishes and not known) or (
        empty and not seen.mail.encrypted and not seen.mail.faulty
    ):
        return Disposition(MailState.IGNORED, program)
    if seen.sender_kind in (SenderKind.OURS, SenderKind.BOUNCE) or (
        program != Topic.UNCLEAR and not wishes
    ):
        return Disposition(MailState.DESK, program, WaitReason.PROGRAM)
    return None


def _complaint_of_provider(
    row: InboundMail, report: reports.Report, *, by: str, now: datetime.datetime
) -> Disposition:
    """Stop marketing to whoever told their provider that an email of ours was unwanted."""
    points = _as_contacts(report.complainants)
    intent = Intent(BOTH, (EMAIL.code,), sure=True)
    reference = _suppress(points, intent, row.received_at, by=by, now=now)
    return Disposition(MailState.APPLIED, Topic.COMPLAINED, reference=reference)


def _from_person(
    row: InboundMail,
    seen: ClassifiedMail,
    who: MatchedSender,
    intent: Intent,
    *,
    by: str,
    now: datetime.datetime,
) -> Disposition:
    """What becomes of an email that a person wrote."""
    if taken := _taken_in(row, seen, who, intent, by=by, now=now):
        return taken
    if not intent.stops:
        return Disposition(MailState.DESK, intent.kind, _why_unread(seen, intent))
    points = _points(seen)
    for_another = intent.another and not who.by_number  # the writer asks nothing for themselves
    if intent.sure and not who.conflict and not for_another and (points or who.customer):
        return _stop(row, seen, who, intent, points, by=by, now=now)
    reference = _suppress(points, intent, row.received_at, by=by, now=now)
    if seen.from_us or not (points or who.customer):
        return Disposition(
            MailState.DESK,
            intent.kind,
            WaitReason.FROM_US if seen.from_us else WaitReason.NO_SENDER,
        )
    reason = (
        WaitReason.TWO_PEOPLE
        if who.conflict
        else WaitReason.ANOTHER
        if intent.another
        else WaitReason.UNSURE
    )
    return Disposition(MailState.DESK, intent.kind, reason, reference)


def _taken_in(
    row: InboundMail,
    seen: ClassifiedMail,
    who: MatchedSender,
    intent: Intent,
    *,
    by: str,
    now: datetime.datetime,
) -> Disposition | None:
    """Let a room above take an email in as a case; a wish to stop beside it stops the address that
    it comes from. None when nobody takes it in, or no program may answer it."""
    taker = enquiries.taker_of(intent.kind)
    if taker is None or not (seen.answerable and seen.people):
        return None
    (name, address), *_ = seen.people
    enquiry = enquiries.Enquiry(
        token=row.token,
        received_at=row.received_at,
        sender_name=clean(name),
        sender=address,
        subject=clean(seen.subject),
        words=clean(seen.own, LONGEST_WORDS),
        files=tuple(clean(one.name) for one in seen.mail.attachments),
        number=next(iter(seen.candidates.claimed), ""),
        customer=who.customer if who.by_number else None,
    )
    reference = taker(enquiry, by, now)
    if not reference:
        return None
    if intent.stops:
        _suppress(_points(seen), intent, row.received_at, by=by, now=now, reference=reference)
    return Disposition(MailState.APPLIED, intent.kind, reference=reference)


def _why_unread(seen: ClassifiedMail, intent: Intent) -> WaitReason:
    if intent.kind in REQUESTS:
        return WaitReason.OTHER_RIGHT
    if intent.another:
        return WaitReason.ANOTHER
    if seen.mail.faulty:
        return WaitReason.FAULTY
    if not seen.own.strip() and not seen.subject.strip():
        return WaitReason.ENCRYPTED if seen.mail.encrypted else WaitReason.NO_TEXT
    if seen.from_us:
        return WaitReason.FROM_US
    return (
        WaitReason.ENCRYPTED if seen.mail.encrypted and not seen.own.strip() else WaitReason.UNCLEAR
    )


def _points(seen: ClassifiedMail) -> list[Contact]:
    """The addresses that it comes from, as the suppression list knows them."""
    return _as_contacts([address for _, address in seen.people])


def _as_contacts(addresses: Collection[str]) -> list[Contact]:
    found = []
    for address in addresses:
        try:
            found.append(contact_digests.email(address))
        except ValueError:
            continue
    return found


def _stop(
    row: InboundMail,
    seen: ClassifiedMail,
    who: MatchedSender,
    intent: Intent,
    points: list[Contact],
    *,
    by: str,
    now: datetime.datetime,
) -> Disposition:
    """Take the request in: the address is suppressed, and the customer too when there is one."""
    by_phone = any(CHANNELS[one].kind == ContactKind.PHONE for one in intent.channels)
    phone = candidates.telephone(seen.own) if by_phone else ""
    given = Given(
        name=who.name,
        customer_number=who.number,
        email=points[0].value if points else "",
        phone=phone,
    )
    request = intake.take(
        source=ChoiceSource.EMAIL,
        given=given,
        channels=intent.channels,
        senders=intent.senders,
        token=row.token,
        by=by,
        now=now,
        words=f"{seen.subject}\n\n{seen.own}".strip(),
        received_at=row.received_at,
    )
    if points[1:]:
        _suppress(points[1:], intent, row.received_at, by=by, now=now, reference=request.reference)
    who.customer = request.customer
    useful = bool(points and (request.customer or using(points[0].kind, intent.channels)))
    reasons = {
        WaitReason.OTHER_RIGHT: intent.kind in REQUESTS,
        WaitReason.EXCEPTION: intent.exception,
        WaitReason.ANOTHER: intent.another,
        WaitReason.BESIDE: intent.beside,
    }
    reason = next((reason for reason, holds in reasons.items() if holds), "")
    if seen.answerable and useful:
        confirmation.confirm(
            points[0], intent, request, seen.mail, to_read=bool(reason), by=by, now=now
        )
    return Disposition(
        MailState.DESK if reason else MailState.APPLIED, intent.kind, reason, request.reference
    )


def _suppress(
    points: list[Contact],
    intent: Intent,
    at: datetime.datetime,
    *,
    by: str,
    now: datetime.datetime,
    reference: str = "",
) -> str:
    """Stop at least the addresses that an email comes from; the reference of that, or an empty
    text."""
    useful = [one for one in points if using(one.kind, intent.channels)]
    if not useful:
        return ""
    return actions.object_to(
        channels=intent.channels,
        senders=intent.senders,
        source=ChoiceSource.EMAIL,
        by=by,
        now=now,
        at=at,
        given=useful,
        reference=reference,
    )


def _record(
    row: InboundMail,
    seen: ClassifiedMail,
    who: MatchedSender,
    intent: Intent,
    result: Disposition,
    *,
    by: str,
    now: datetime.datetime,
) -> None:
    """Write down what an email said and what became of it."""
    senders = seen.people or seen.mail.senders
    row.sender = (
        clean(", ".join(f"{name} <{address}>" if name else address for name, address in senders))
        or None
    )
    row.subject = mask_cards(clean(seen.subject)) or None
    row.text = mask_cards(clean(seen.text, LONGEST_WORDS)) or None
    row.attachments = (
        json.dumps([vars(one) for one in seen.mail.attachments]) if seen.mail.attachments else None
    )
    row.state, row.kind, row.reason, row.reference = (
        result.state,
        result.kind,
        result.reason,
        result.reference,
    )
    if result.state == MailState.IGNORED:
        row.junk_from = row.received_at + LONGEST_DEADLINE
    if result.kind == Topic.COMPLAINED:
        intent = Intent(BOTH, (EMAIL.code,))
    wishes = Intent() if result.kind in PROGRAM_TOPICS.values() else intent
    row.channels, row.senders = list(wishes.channels), list(wishes.senders)
    row.customer = who.customer
    if who.customer is not None:
        heard_from(who.customer.pk, on=timezone.localdate(row.received_at), by=by)
    if result.state != MailState.DESK:
        row.handled_at, row.handled_by = now, by
    row.save(
        update_fields=[
            "sender",
            "subject",
            "text",
            "attachments",
            "state",
            "kind",
            "reason",
            "reference",
            "channels",
            "senders",
            "customer",
            "handled_at",
            "handled_by",
            "junk_from",
            "lookup",
        ]
    )


def link_and_delete_originals(*, now: datetime.datetime) -> None:
    """Link emails to the customers whom the desk has matched since, and let go of originals that
    are needed no more: a legal hold or an open request of the person keeps them, and that of a
    complaint stays with it."""
    matched = MarketingRequest.objects.filter(
        reference=OuterRef("reference"), customer__isnull=False
    ).values("customer")[:1]
    unmatched = (
        InboundMail.objects.filter(customer__isnull=True)
        .exclude(reference="")
        .exclude(state=MailState.DESK)
    )
    unmatched.annotate(found=Subquery(matched)).filter(found__isnull=False).update(
        customer=F("found")
    )
    rule = RetentionRule.objects.in_use().filter(code=ORIGINAL, period__isnull=False).first()
    if rule is None or rule.period is None:
        return
    last = latest_due_anchor(timezone.localdate(now), rule.period, rule.unit)
    old = start_of(last + datetime.timedelta(days=1))
    done = (
        InboundMail.objects.filter(
            ~OF_A_COMPLAINT,
            ~Exists(LegalHold.objects.standing().filter(customer=OuterRef("customer"))),
            ~Q(open_requests.needed("mailbox", "customer", on=timezone.localdate(now))),
            handled_at__lt=old,
            raw__isnull=False,
        )
        .order_by("handled_at")
        .values("pk")[:AT_ONCE]
    )
    for row in InboundMail.objects.filter(pk__in=list(done.values_list("pk", flat=True))).defer(
        "raw"
    ):
        row.raw = None
        row.save(update_fields=["raw", "lookup"])
