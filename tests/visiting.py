"""A browser whose visitor has proved to be a customer: `visiting(ada).get(...)`."""

import datetime

from django.test import Client
from django.utils import timezone

from customers.identity import visits
from customers.identity.models import CustomerVisit
from privacy import seal


def visiting(customer, *, proved=None, browser="") -> Client:
    """A client in whose browser `customer` gave a code, at the moment `proved` (default: now)."""
    now, token = proved or timezone.now(), f"token of {customer.pk}"
    CustomerVisit.objects.create(
        customer=customer,
        token_digest=seal.lookup_hash("visitor_token", token),
        contact_kind="email",
        browser_digest=seal.lookup_hash("visitor_browser", browser),
        proved_at=now,
        last_seen_at=timezone.now(),
        expires_at=now + datetime.timedelta(hours=2),
    )
    client = Client(headers={"user-agent": browser} if browser else None)
    client.cookies[visits.COOKIE_NAME] = token
    return client
