"""Unique strings in every personal column of a customer are found before the purge, and nowhere
after it."""

import datetime

import pgtrigger
import pytest
import time_machine
from django.apps import apps
from django.db import connection, models
from django.utils import timezone

from audit import events
from compliance.disclosures.models import Disclosure
from compliance.retention import engine
from customers.draws.models import PrizeEntry
from customers.models import ContactNote, ContactPoint, Customer, FraudMarker
from privacy import declarations
from privacy.fields import SealedTextField
from tests import factories as make

pytestmark = pytest.mark.slow

LONG_AGO = datetime.date(2012, 1, 1)
LONG_AGO_AT = datetime.datetime(2012, 1, 1, 12, tzinfo=datetime.UTC)
WITHDRAWN = {
    "state": "withdrawn",
    "withdrawn_at": LONG_AGO_AT,
    "withdrawn_by": "staff:1",
    "withdrawn_why": "Wrong person.",
}
PAST = {"relationship_ended_on": LONG_AGO, "placed_on": LONG_AGO, "financial_year_end": LONG_AGO}


def dump() -> str:
    """Every row of every table as text, with the sealed values opened: what somebody who holds it
    all could read."""
    lines = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            lines += [row[0] for row in cursor.fetchall()]
    for model in apps.get_models():
        sealed = [
            field.name
            for field in model._meta.concrete_fields
            if isinstance(field, SealedTextField)
        ]
        if sealed:
            lines += [str(row) for row in model._default_manager.values_list(*sealed)]
    return "\n".join(lines)


@pytest.fixture
def canaries(register):
    """A customer with two rows in every table, each personal text column filled with a string found
    nowhere else."""
    customer = make.CustomerFactory(customer_number="CANARY0000", relationship_ended_on=LONG_AGO)
    order = [
        make.OrderFactory(customer=customer, placed_on=LONG_AGO, financial_year_end=LONG_AGO)
        for _ in range(2)
    ]
    account = [
        make.CreditAccountFactory(customer=customer, status="settled", ended_on=LONG_AGO)
        for _ in range(2)
    ]
    for number in range(2):
        make.ContactPointFactory(customer=customer)
        make.ContactPointFactory(customer=customer, phone=True)
        make.ContactPointFactory(customer=customer, address=True)
        make.PaymentCardFactory(customer=customer)
        make.OrderLineFactory(order=order[number])
        make.FraudMarkerFactory(
            customer=customer,
            status=FraudMarker.Status.CONFIRMED,
            filed_on=datetime.date(2014, 6, 1),
        )
        make.FinancialLinkFactory(customer=customer)
        make.PrizeEntryFactory(customer=customer, customer_number="x")
        make.ContactNoteFactory(customer=customer)
        make.MessageFactory(customer=customer, document="A letter as PDF")
        make.CustomerChallengeFactory(customer=customer)
        make.CustomerVisitFactory(customer=customer)
        make.DisclosureFactory(customer=customer)
        make.DisclosureFactory(
            customer=customer,
            kind=Disclosure.Kind.REPORT,
            credit_account=account[number],
            negotiations_ended_on=None,
        )
        make.DisclosureFactory(
            customer=customer, kind=Disclosure.Kind.FILING, negotiations_ended_on=None
        )
        make.InstructionFactory(customer=customer, asked_at=LONG_AGO_AT)
        make.LegalHoldFactory(
            customer=customer, released_on=datetime.date(2016, 1, 1), released_by="staff:1"
        )
        make.ApprovalFactory(
            person=customer.pk, what=f"trial-{number}", review_on=datetime.date(2016, 1, 1)
        )
        pack = make.PackFactory(
            customer=customer,
            released=True,
            returned=True,
            begun_at=LONG_AGO_AT,
            number=number + 1,
            reference="R-OLD",
            **(WITHDRAWN if number else {}),
        )
        make.PackPartFactory(pack=pack), make.PackFetchFactory(pack=pack)
        make.RedactionFactory(reading=make.ReadingFactory(pack=pack))
    events.customer_viewed(by="staff:1", subject=customer.pk)
    return _plant(customer)


def _plant(customer: Customer) -> list[str]:
    planted = []
    for declaration in declarations.declarations():
        if declaration.subject_path is None:
            continue
        for row in declaration.model._default_manager.filter(
            **{declaration.subject_path: customer.pk}
        ):
            for field in declaration.model._meta.concrete_fields:
                if _free_text(field) and field.value_from_object(row) not in (None, ""):
                    canary = f"Canary{len(planted):04d}"
                    setattr(row, field.attname, _shaped(row, field, canary))
                    planted.append(canary)
            with pgtrigger.ignore():  # also in tables to which rows are only added
                row.save()
    return planted


def _free_text(field: models.Field) -> bool:
    plain = (
        isinstance(field, models.CharField) and not field.choices and (field.max_length or 99) >= 10
    )
    return plain or type(field) is SealedTextField


def _shaped(row, field, canary):
    """The canary in the shape that the column accepts."""
    if isinstance(row, ContactPoint) and field.name == "value":
        return {
            "email": f"{canary}@example.org".lower(),
            "phone": f"+44770090{int(canary[-4:]):04d}",
            "address": f"{canary} Lane\nBradford\nBD1 1AA",
        }[row.kind]
    if isinstance(row, PrizeEntry) and field.name == "email":
        return f"{canary}@example.org".lower()
    return canary


def found(canary: str, text: str) -> bool:
    return canary.lower() in text.lower() or f"+44770090{int(canary[-4:]):04d}" in text


def test_a_purge_leaves_no_trace(canaries):
    before = dump()
    assert len(canaries) > 60
    assert [canary for canary in canaries if not found(canary, before)] == []
    with time_machine.travel(datetime.datetime(2026, 11, 23, 3, tzinfo=datetime.UTC), tick=False):
        engine.run(as_of=datetime.date(2026, 11, 23), now=timezone.now(), by="job:test")
    after = dump()
    assert [canary for canary in canaries if found(canary, after)] == []
    assert Customer.objects.count() == ContactNote.objects.count() == 0
