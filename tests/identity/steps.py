"""What the stories of proof have in common: a fixed night, and the steps."""

import datetime
import re

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from customers.identity.models import CustomerChallenge
from customers.models import Customer
from customers.outbox.models import Message
from tests.jobs.working import work

NIGHT = datetime.datetime(
    2026, 3, 29, 0, 55, tzinfo=datetime.UTC
)  # five minutes before the clocks go forward
MINUTE = datetime.timedelta(minutes=1)
DAY = datetime.timedelta(days=1)
FAILED = "That code did not work."


def ask(client, **given):
    response = client.post("/prove/", given)
    work()
    return response


def code_in(message):
    return re.search(r"\d{4} \d{4}", message.text)[0]


def newest():
    """The message with the one code that is still good."""
    live = CustomerChallenge.objects.get(
        code_digest__isnull=False, used_at__isnull=True, expires_at__gt=timezone.now()
    )
    return Message.objects.get(key=f"one_time_code:{live.pk}")


def give(client, code, **more):
    return client.post("/prove/code/", {"code": code, **more})


def count():
    return CaptureQueriesContext(connection)


def erase(customer):
    Customer.objects.filter(pk=customer.pk).update(
        erased_at=NIGHT,
        customer_number=None,
        title=None,
        given_names=None,
        surname=None,
        surname_lookup=None,
        date_of_birth=None,
    )
