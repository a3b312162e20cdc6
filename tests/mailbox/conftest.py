"""The cast of the mailbox: Ada, Charles and a namesake of his, Zoë; one address that two of them
share."""

import csv
import datetime
import io
from pathlib import Path

import pytest

from compliance.mailbox import handler, storage
from compliance.mailbox.models import InboundMail
from compliance.mailbox.states import Transport
from tests.factories import ContactPointFactory, CustomerFactory

HERE = Path(__file__).parent
MIDNIGHT = datetime.datetime(
    2026, 6, 30, 23, 30, tzinfo=datetime.UTC
)  # the first of July in London
WITH = {"by": "job:tests", "now": MIDNIGHT}
EXPECTED = {
    row["message"]: row for row in csv.DictReader((HERE / "expected.csv").read_text().splitlines())
}


def message(name: str) -> bytes:
    return (HERE / "messages" / f"{name}.eml").read_bytes()


def store(raw: bytes, **changes) -> int:
    return storage.store(
        storage.read_stream(io.BytesIO(raw)), **{"transport": Transport.PIPE, **WITH, **changes}
    )


def receive(raw: bytes, **changes) -> InboundMail:
    """Store and read one message, as the command does."""
    mail = store(raw, **changes)
    handler.read_stored(mail, by="job:tests", now=changes.get("now", MIDNIGHT))
    return InboundMail.objects.get(pk=mail)


@pytest.fixture
def cast(db) -> dict:
    """Everybody by first name."""
    people = {
        "ada": ("A100", "Ada", "Lovelace"),
        "charles": ("B200", "Charles", "Babbage"),
        "namesake": ("B300", "Henry", "Babbage"),
        "zoe": ("C300", "Zoë", "Brontë"),
    }
    found = {}
    for name, (number, given, surname) in people.items():
        found[name] = CustomerFactory(customer_number=number, given_names=given, surname=surname)
        ContactPointFactory(customer=found[name], value=f"{name}@example.org")
    for name in ("ada", "zoe"):
        ContactPointFactory(customer=found[name], value="family@example.org")
    return found
