"""What the stories of asking and following have in common: a fixed night, the cast, and the
steps."""

import datetime
import re
import uuid

from django.test import Client
from django.utils import timezone

from compliance.cases.models import CaseChallenge
from customers.outbox.models import Message
from tests.factories import ContactPointFactory, CustomerFactory
from tests.jobs.working import work

NIGHT = datetime.datetime(
    2026, 7, 1, 23, 30, tzinfo=datetime.UTC
)  # half past midnight on Thursday 2 July in London
MINUTE, DAY = datetime.timedelta(minutes=1), datetime.timedelta(days=1)
ADA = {"name": "Ada Lovelace", "email": "ada@example.org"}
HOUSE = {"lines": "1 Mill Lane\nBradford", "postcode": "bd1 1aa"}
PDF = b"%PDF-1.7\nscan"
# One good form of each kind, besides who asks.
GOOD = {
    "copy": {
        "words": "The kettle.",
        "how": "post",
        "needs": "In large print",
        **HOUSE,
    },
    "agencies": {
        "application": "APP-7",
        "decided_on_day": "27",
        "decided_on_month": "6",
        "decided_on_year": "2026",
    },
    "correct": {"what": ["address"], "wrong": "2 Mill Lane", "right": "1 Mill Lane"},
    "delete": {"what": "some", "words": "My old telephone number."},
    "object": {"uses": ["agencies", "fraud"], "words": "I am in hiding."},
    "restrict": {"ground": "accuracy", "words": "My balance."},
    "move": {"words": "Straight to Other Shop Ltd, please."},
    "decision": {"application": "APP-7", "words": "I had just begun a new job."},
    "complain": {
        "about": ["data"],
        "words": "My statement went to my neighbour.",
        "remedy": "An apology.",
    },
}


def make_ada():
    """A customer of Scotland with an email address, a telephone number and a house."""
    ada = CustomerFactory(
        customer_number="A100", given_names="Ada", surname="Lovelace", jurisdiction="scotland"
    )
    ContactPointFactory(customer=ada, value="ada@example.org")
    ContactPointFactory(customer=ada, phone=True, value="07700 900461")
    ContactPointFactory(customer=ada, address=True, value="1 Mill Lane\nBradford\nBD1 1AA")
    return ada


def send(slug, client=None, *, who=ADA, follow=True, headers=None, **typed):
    """Send a form as a browser does: the good one of its kind, with what is `typed` besides."""
    typed = {"form": str(uuid.uuid4()), **who, **GOOD[slug], **typed}
    data = {name: value for name, value in typed.items() if value is not None}
    return (client or Client()).post(
        f"/your-data/{slug}/", data, follow=follow, headers=headers or {}
    )


def text(response):
    """A page in one line."""
    return " ".join(response.content.decode().split())


def references(response):
    return re.findall(r"R-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", response.content.decode())


def follow(reference, client=None):
    """A browser in which the code of a case was given, with the page that it led to."""
    client = client or Client()
    client.post("/your-data/status/", {"reference": reference, "form": str(uuid.uuid4())})
    work()
    return client, client.post("/your-data/status/code/", {"code": code(reference)}, follow=True)


def code(reference):
    """The one code of a case that is still good."""
    live = CaseChallenge.objects.get(
        case__reference=reference,
        code_digest__isnull=False,
        used_at=None,
        expires_at__gt=timezone.now(),
    )
    return re.search(r"\b\d{4} \d{4}\b", Message.objects.get(key=f"status_code:{live.pk}").text)[0]
