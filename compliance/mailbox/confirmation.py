"""The confirmation of an email that stopped marketing. At most one a day goes to an address, and
none to a program."""

import datetime
import re

from django.utils import timezone

from compliance.deadlines import bank_holidays
from compliance.mailbox.intent import OTHERS, Intent
from compliance.mailbox.parser import Mail
from compliance.preferences import confirmation
from compliance.preferences.channels import CHANNELS
from compliance.preferences.contact_digests import Contact
from compliance.preferences.models import MarketingRequest
from customers.outbox import messages

# days: within these somebody reads what an email says beside a wish to stop; a weekend fits in
READ_WITHIN = datetime.timedelta(days=5)
MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,200}>")


def confirm(
    to: Contact,
    intent: Intent,
    request: MarketingRequest,
    mail: Mail,
    *,
    to_read: bool,
    by: str,
    now: datetime.datetime,
) -> None:
    """Tell an address that its email took effect, and (`to_read`) by when somebody reads the rest of
    it: it waits on the desk, whose alert turns red before that day. The words are the same whether or not a customer
    was found."""
    answered = mail.header("message-id").strip()
    headers = {"X-Auto-Response-Suppress": "All"}
    if MESSAGE_ID.fullmatch(answered):
        headers |= {"In-Reply-To": answered, "References": answered}
    messages.queue(
        kind=confirmation.KIND,
        key=confirmation.message_key(to.key, now=now),
        recipient=to.key,
        customer=request.customer,
        headers=headers,
        by=by,
        now=now,
        **messages.render(
            "mail_opt_out_confirmed",
            {
                "reference": request.reference,
                "received_on": timezone.localdate(request.received_at),
                "channels": list(dict.fromkeys(CHANNELS[one].by for one in intent.channels)),
                "read_by": bank_holidays.last_day(READ_WITHIN, now) if to_read else None,
                "others_only": intent.senders == OTHERS,
            },
        ),
    )
