"""Ada, a customer with one email address; a marketing partner in the register; and consents with or
without their proof."""

import datetime
import io

import pytest
from django.core.management import call_command

from compliance.preferences import actions, contact_digests, wordings
from compliance.preferences.vocabulary import ChoiceKind
from compliance.register.models import Recipient
from tests.factories import ContactPointFactory, CustomerFactory

NOON = datetime.datetime(2026, 6, 1, 12, tzinfo=datetime.UTC)


@pytest.fixture
def partner(db) -> str:
    """The code of a marketing partner in the register."""
    Recipient.objects.create(
        code="example-partner",
        name="Example Home and Garden Ltd",
        kind=Recipient.Kind.PARTNER,
        receives="Your name and address.",
    )
    return "example-partner"


@pytest.fixture
def ada(db):
    customer = CustomerFactory(customer_number="A100", given_names="Ada", surname="Lovelace")
    ContactPointFactory(customer=customer, value="ada@example.org")
    return customer


@pytest.fixture
def consented():
    """Write a consent down, `without` one piece of its evidence; returns what is missing."""

    def write(
        customer,
        *,
        channel="email",
        sender="us",
        at=NOON,
        kind=ChoiceKind.CONSENT,
        without="",
        unticked=True,
        named=None,
        to=None,
        expires_at=None,
    ):
        words = wordings.freeze(
            "test",
            "You may email me.",
            senders=named or [sender],
            channels=[channel],
            unticked=unticked,
            now=at,
        )
        proof = actions.Proof(
            wording=None if without == "wording" else words,
            page="" if without == "page" else "/your-choices/",
            origin="" if without == "origin" else "198.51.100.7",
            notice_version=None if without == "notice" else 1,
            sale="" if without == "sale" else "Order 536365",
        )
        return actions.consent(
            customer=customer,
            contact=to or contact_digests.email("ada@example.org"),
            channels=[channel],
            sender=sender,
            source="choices_page",
            proof=proof,
            by=f"customer:{customer.pk}",
            now=at,
            at=at,
            kind=kind,
            expires_at=expires_at,
        )

    return write


@pytest.fixture
def tps(tmp_path):
    """Load a preference service's file: `tps("mps", "surname,...")`."""

    def load(service, text, **options):
        path = tmp_path / f"{service}.csv"
        path.write_text(text)
        out = io.StringIO()
        call_command("load_preference_service", service, str(path), stdout=out, **options)
        return out.getvalue()

    return load
