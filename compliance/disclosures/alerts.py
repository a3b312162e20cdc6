"""What fraud work and instructions put on the desk's first page."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from accounts.desk import Alert, staff
from compliance.disclosures import fraud
from compliance.disclosures.models import Disclosure, Instruction
from customers.models import FraudMarker
from customers.panels import sees_investigations, visible

CHANGE, ESCALATED = "disclosures.change_instruction", "disclosures.hear_of_late_instructions"
LOOK = "disclosures.look_into_stray"


def late_instructions(request: HttpRequest) -> Iterator[Alert]:
    """Addressees who were not told in time, or have not confirmed in time; to the data protection
    lead, what was handed on."""
    if not request.user.has_perm(CHANGE):
        return
    rows = Instruction.objects.overdue(timezone.localdate())
    late = visible(rows, staff(request))
    url = reverse("admin:disclosures_instruction_changelist")
    untold = late.filter(told_on__isnull=True).count()
    if untold:
        noun = "instruction was" if untold == 1 else "instructions were"
        yield Alert(
            f"{untold:,} {noun} not passed on in time: to correct, erase, restrict or stop using "
            "somebody’s data. Tell them.",
            f"{url}?state=overdue",
            level="danger",
        )
    unconfirmed = late.filter(told_on__isnull=False).count()
    if unconfirmed:
        noun = "instruction was" if unconfirmed == 1 else "instructions were"
        yield Alert(
            f"{unconfirmed:,} {noun} not confirmed in time. Ask them.", f"{url}?state=overdue"
        )
    if request.user.has_perm(ESCALATED):
        handed = visible(
            Instruction.objects.unsettled().filter(escalated_on__isnull=False), staff(request)
        ).count()
        if handed:
            noun = "late instruction was" if handed == 1 else "late instructions were"
            yield Alert(
                f"{handed:,} {noun} handed to you.", f"{url}?state=escalated", level="danger"
            )


def idle_markers(request: HttpRequest) -> Iterator[Alert]:
    """Investigations that nobody looked at in time, and confirmed fraud that nobody filed or
    cleared. Two queries."""
    if not sees_investigations(staff(request)):
        return
    today = timezone.localdate()
    late = FraudMarker.objects.to_look_at(today).count()
    if late:
        noun = "investigation was" if late == 1 else "investigations were"
        yield Alert(
            f"{late:,} {noun} not looked at again by its day. Say why it goes on, or end it.",
            f"{reverse('admin:customers_fraudmarker_changelist')}?status=suspected"
            f"&review_on__lt={today:%Y-%m-%d}",
            level="danger",
        )
    idle = FraudMarker.objects.filter(
        status=FraudMarker.Status.CONFIRMED,
        filed_on__isnull=True,
        closed_on__lt=today - fraud.REVIEW_AFTER,
    ).count()
    if idle:
        noun = "confirmed marker was" if idle == 1 else "confirmed markers were"
        yield Alert(
            f"{idle:,} {noun} neither filed nor cleared for {fraud.REVIEW_AFTER.days} days, and "
            "would stay for ever.",
            reverse("admin:customers_fraudmarker_changelist"),
        )


def against_a_stop(request: HttpRequest) -> Iterator[Alert]:
    """Data that was passed on although its use was stopped, until somebody has looked into it."""
    if not request.user.has_perm(LOOK):
        return
    count = visible(Disclosure.objects.against_a_stop(), staff(request)).count()
    if count:
        noun = "entry of the log tells" if count == 1 else "entries of the log tell"
        yield Alert(
            f"{count:,} {noun} that data was passed on although that was stopped. Find out how, and "
            "put it right.",
            f"{reverse('admin:disclosures_disclosure_changelist')}?against=open",
            level="danger",
        )


ALERTS = (against_a_stop, late_instructions, idle_markers)
