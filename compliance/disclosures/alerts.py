"""What fraud work puts on the desk's first page."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from accounts.desk import Alert
from compliance.disclosures import fraud
from compliance.disclosures.fraud_desk import SETTLE
from compliance.disclosures.models import FilingWithdrawal
from customers.models import FraudMarker


def unsettled_filings(request: HttpRequest) -> Iterator[Alert]:
    """Withdrawn filings of which an agency was not told in time; confirmed fraud that nobody filed
    or cleared."""
    if not request.user.has_perm(SETTLE):
        return
    today = timezone.localdate()
    late = FilingWithdrawal.objects.filter(told_on__isnull=True, due_on__lt=today).count()
    if late:
        noun = "withdrawn filing" if late == 1 else "withdrawn filings"
        yield Alert(
            f"{late:,} {noun}: the agency was not told in time. Tell it.",
            f"{reverse('admin:disclosures_filingwithdrawal_changelist')}?state=overdue",
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


ALERTS = (unsettled_filings,)
