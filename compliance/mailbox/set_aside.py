"""What was set aside unread: the list that somebody looks through each day, and the email that asks
them to.

Two strong signs said that a program wrote it; signs can err. Until somebody has looked, the rule for
junk does not count, but from the day on which every deadline that it could carry is over.
"""

import datetime
from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from accounts.desk import desk_page, staff
from accounts.desk_form import press
from accounts.http import whole_number
from audit import events
from compliance.mailbox.models import InboundMail
from compliance.mailbox.states import MailState
from customers.outbox import messages

AT_ONCE = 100  # emails on one page
WORDS = 200  # characters of each that are shown


def unseen(now: datetime.datetime) -> QuerySet[InboundMail]:
    """The emails that were set aside, and that nobody has looked at."""
    return InboundMail.objects.filter(state=MailState.IGNORED, junk_from__gt=now)


def show(request: HttpRequest) -> HttpResponse:
    """What was set aside unread, the oldest first, with enough of each to judge by."""
    waiting = unseen(timezone.now()).order_by("received_at", "pk").defer("raw")
    mails = list(waiting[:AT_ONCE])
    by = staff(request).actor
    for mail in mails:
        events.mail_viewed(by=by, subject=mail.customer_id, mail=mail.pk, original=False)
    context: dict[str, Any] = {
        "title": "Emails set aside unread",
        "mails": [(mail, " ".join(str(mail.text or "").split())[:WORDS]) for mail in mails],
        "more": waiting.count() - len(mails) if len(mails) == AT_ONCE else 0,
        "trail": [("Emails received", reverse("admin:mailbox_inboundmail_changelist"))],
    }
    return desk_page(request, "admin/mailbox/set_aside.html", context)


def looked(request: HttpRequest) -> HttpResponse:
    """“Nothing for us among these”."""
    numbers = [
        number for one in request.POST.getlist("mail") if (number := whole_number(one)) is not None
    ]

    def action() -> str:
        count = look_through(numbers, by=staff(request).actor, now=timezone.now())
        return f"Noted: you looked at {count} email{'' if count == 1 else 's'}."

    return press(request, action, reverse("admin:mailbox_set_aside"))


@transaction.atomic
def look_through(numbers: Collection[int], *, by: str, now: datetime.datetime) -> int:
    """Note that somebody looked at these emails and found nothing for us: the rule for junk counts
    from now. How many there were; those dealt with meanwhile are left alone."""
    found = list(
        unseen(now).filter(pk__in=numbers).select_for_update().values_list("pk", flat=True)
    )
    InboundMail.objects.filter(pk__in=found).update(junk_from=now)
    for number in found:
        events.mail_looked_at(by=by, mail=number)
    return len(found)


def tell(*, by: str, now: datetime.datetime) -> bool:
    """Ask the care team once a day to look through what was set aside; False where there is
    something, and no mailbox to ask in."""
    count = unseen(now).count()
    if count and settings.REMINDERS_TO:
        messages.queue(
            kind="emails_set_aside",
            key=f"emails_set_aside:{timezone.localdate(now)}",
            recipient=settings.REMINDERS_TO,
            by=by,
            now=now,
            **messages.render("emails_set_aside", {"count": count}),
        )
    return not count or bool(settings.REMINDERS_TO)
