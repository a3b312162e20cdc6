"""What the records of customers put on the desk's first page."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from accounts.desk import Alert
from customers.models import ContactNote


def support_needs(request: HttpRequest) -> Iterator[Alert]:
    """Support needs that nobody has looked at for almost a year. One query."""
    if not request.user.has_perm("customers.add_contactnote"):
        return
    due = ContactNote.objects.to_look_at(timezone.localdate()).count()
    if due:
        noun = "support need was" if due == 1 else "support needs were"
        yield Alert(
            f"{due:,} {noun} not looked at for almost a year. Ask whether they are still so.",
            f"{reverse('admin:customers_contactnote_changelist')}?support=due",
        )


ALERTS = (support_needs,)
