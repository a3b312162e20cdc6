"""A code to a new email address (or mobile number) before it counts: from then on codes go there,
and with them the customer.

Nothing is stored about an address that nobody has proved. What is wished goes along with the page,
sealed; the code is the keyed hash of that, so it opens this one change, in this one visit, for
minutes.
"""

import datetime
import uuid
from dataclasses import asdict, dataclass
from hmac import compare_digest

from django.conf import settings
from django.db import transaction

from compliance.portal.my_data.contact import ContactWish
from customers import sealed_address
from customers.identity import codes, limits
from customers.identity.customer import MOBILE
from customers.identity.models import CustomerVisit
from customers.identity.rate_limit import QUARTER, exceeded, forget
from customers.models import Customer, contact_key
from customers.outbox import messages
from customers.outbox.models import ONE_TIME_CODE, Message
from privacy import seal

PAGE = "portal.my_data.proving"


@dataclass(frozen=True)
class Pending:
    """A wish that waits for its code."""

    wish: ContactWish
    form: str
    at: int  # seconds since 1970

    def sealed(self) -> str:
        return sealed_address.sealed(asdict(self), PAGE)


def needed(wish: ContactWish) -> bool:
    """Whether one-time codes could go to what is given: then it is proved first."""
    return bool(wish.value) and _means(wish) is not None


def _means(wish: ContactWish) -> Message.Means | None:
    if wish.kind == "email":
        return Message.Means.EMAIL
    mobile = wish.kind == "phone" and contact_key("phone", wish.value).startswith(MOBILE)
    return Message.Means.SMS if mobile and settings.SMS_BACKEND else None


def too_many(customer: Customer, *, now: datetime.datetime) -> bool:
    """Count a code that is to be sent; whether that is too many. Call it outside a transaction."""
    forget(now=now)
    return exceeded(seal.lookup_hash("contact_codes", str(customer.pk)), limits.CODES, now=now)


@transaction.atomic
def send(
    customer: Customer,
    wish: ContactWish,
    *,
    form: uuid.UUID,
    visit: CustomerVisit,
    now: datetime.datetime,
) -> Pending:
    """Send a code to what is given. The same `form` and wish again is the same code, sent once."""
    means, pending = _means(wish), Pending(wish, str(form), int(now.timestamp()))
    assert means is not None  # noqa: S101 the caller asks `needed`
    words = {
        "code": codes.spaced(_codes(pending, visit)[0]),
        "valid": limits.code_valid(),
    }
    sms = means == Message.Means.SMS
    messages.queue(
        kind=ONE_TIME_CODE,
        key=f"contact_code:{_name(pending, visit).hex}",
        customer=customer,
        means=means,
        recipient=contact_key("phone", wish.value) if sms else wish.value,
        send_before=now + limits.CODE_VALID,
        by=f"customer:{customer.pk}",
        now=now,
        **messages.render(f"{ONE_TIME_CODE}_sms" if sms else "contact_code", words),
    )
    return pending


def opened(text: str) -> Pending | None:
    """The wish in a hidden field of ours; None when it is none."""
    try:
        content = sealed_address.opened(text, PAGE) or {}
        return Pending(ContactWish(**content["wish"]), content["form"], content["at"])
    except (KeyError, TypeError):
        return None


def is_right(pending: Pending, code: str, *, visit: CustomerVisit, now: datetime.datetime) -> bool:
    """Whether a code is the one that was sent for this wish in this visit, in time, and not the
    sixth try.

    Call it outside a transaction: each try counts, whatever becomes of it.
    """
    late = now.timestamp() - pending.at > limits.CODE_VALID.total_seconds()
    often = exceeded(
        seal.lookup_hash("contact_code_tries", _name(pending, visit).hex),
        ((limits.TRIES, QUARTER),),
        now=now,
    )
    right = any([compare_digest(code.encode(), known.encode()) for known in _codes(pending, visit)])
    return right and not late and not often


def _name(pending: Pending, visit: CustomerVisit) -> uuid.UUID:
    """What names the code of a wish in a visit; nobody can tell the wish from it."""
    return seal.lookup_hash("contact_code_name", f"{visit.pk} {pending.form} {pending.wish!r}")


def _codes(pending: Pending, visit: CustomerVisit) -> list[str]:
    """The code under every live key, the current one first."""
    about = f"{visit.pk} {pending.form} {pending.wish!r}"
    return [f"{digest.int % 10**8:08}" for digest in seal.lookup_hashes("contact_code", about)]
