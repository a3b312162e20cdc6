"""Somebody about whom every table holds something, with a string found nowhere else in every text
that is shown."""

import datetime
import io
import json
import re
import uuid
import zipfile

import pgtrigger
from django.db import models

from compliance.access import archive, records
from compliance.access.reviewed import UNREDACTED
from compliance.cases.models import CaseMessage, CaseVisit, LetterWording
from compliance.cookies.models import CookieReceipt, CookieWording
from compliance.preferences.models import Wording
from customers.models import Customer
from privacy.declarations import Declaration, declarations
from privacy.fields import SealedTextField
from tests import factories as make
from tests.letters.pdf import words_of

NOW = datetime.datetime(2026, 10, 25, 0, 30, tzinfo=datetime.UTC)  # the hour that London has twice
JSON = {
    "details": '{{"What it is about": "{}"}}',
    "record": '{{"reasons": "{}"}}',
    "lines": '[{{"what": "{}", "code": "quoted", "text": "x"}}]',
    "attachments": '[{{"name": "{}", "type": "x", "size": 1}}]',
}


def of_everything(**given) -> Customer:
    """A customer with at least one record in each table of which anything is shown."""
    customer = make.CustomerFactory(**given)
    case = make.CaseFactory(
        customer=customer,
        email="x",
        phone="x",
        address="x",
        details="{}",
        requester_name="x",
        customer_number="x",
    )
    outcome = make.OutcomeFactory(case=case, lines="[]", record="{}")
    wording = Wording.objects.get_or_create(
        digest="0" * 64,
        defaults={
            "code": "test",
            "text": "May we write to you?",
            "unticked": True,
            "first_used_at": NOW,
        },
    )[0]
    for kind in ({}, {"phone": True}, {"address": True}):
        make.ContactPointFactory(customer=customer, **kind)
    make.OrderLineFactory(order=make.OrderFactory(customer=customer))
    for factory in (
        make.PaymentCardFactory,
        make.CreditAccountFactory,
        make.FinancialLinkFactory,
        make.ContactNoteFactory,
        make.DisclosureFactory,
        make.MessageFactory,
        make.CustomerChallengeFactory,
        make.CustomerVisitFactory,
        make.StatementFactory,
        make.ProcessingStopFactory,
        make.BreachPersonFactory,
    ):
        factory(customer=customer)
    make.PrizeEntryFactory(customer=customer, customer_number="x")
    make.FraudMarkerFactory(
        customer=customer, status="cleared", closed_on=datetime.date(2015, 1, 1)
    )
    make.ChoiceEventFactory(customer=customer, wording=wording, page="x" * 20)
    make.MarketingRequestFactory(
        customer=customer, customer_number="x", phone="x", address="x", words="x"
    )
    make.InboundMailFactory(customer=customer, attachments="[]", reference="x")
    CookieReceipt.objects.create(
        customer=customer,
        at=NOW,
        source="page",
        wording=CookieWording.objects.get_or_create(
            number=1,
            defaults={
                "published_at": NOW,
                "published_by": "job:test",
                "summary": "First.",
                "content": {},
            },
        )[0],
    )
    (
        make.CaseEventFactory(case=case),
        make.AttachmentFactory(case=case),
        make.CaseChallengeFactory(case=case),
    )
    make.InstructionFactory(
        customer=customer,
        about=None,
        impossible_on=datetime.date(2026, 1, 1),
        impossible_by="staff:1",
        impossible_why="x",
    )
    make.RestrictionFactory(customer=customer, case=case), make.DataCopyFactory(outcome=outcome)
    make.TaskFactory(case=case)
    letter = LetterWording.objects.get_or_create(
        letter="message",
        number=999,
        defaults={
            "blocks": {},
            "shipped": False,
            "saved_at": NOW,
            "saved_by": "job:test",
            "why": "Test",
        },
    )[0]
    CaseMessage.objects.create(
        case=case,
        letter="message",
        number=1,
        wording=letter,
        written_at=NOW,
        written_by="job:test",
        message=make.MessageFactory(customer=customer),
    )
    CaseVisit.objects.create(
        case=case,
        token_digest=uuid.uuid4(),
        browser_digest=uuid.uuid4(),
        contact_digest=uuid.uuid4(),
        proved_at=NOW,
        last_seen_at=NOW,
        expires_at=NOW,
    )
    make.PackFetchFactory(pack=make.PackFactory(customer=customer, released=True))
    return customer


def secrets_of(customer: Customer) -> list:
    """What must leave no trace: an investigation, what was filed, the hold on it, and a recipient
    told in confidence."""
    return [
        make.FraudMarkerFactory(customer=customer, status="suspected"),
        make.DisclosureFactory(
            customer=customer,
            kind="fraud_filing",
            recipient="cifas",
            recipient_name="Cifas",
            negotiations_ended_on=None,
            occurred_on=datetime.date(2014, 5, 1),
        ),
        make.LegalHoldFactory(customer=customer, kind="fraud"),
        make.InstructionFactory(customer=customer, confidential=True),
    ]


def plant(rows, name: str) -> list[str]:
    """Put a string of its own into every text of some rows that a person could be shown; the
    strings."""
    planted: list[str] = []
    for declaration, row in rows:
        for field in row._meta.concrete_fields:
            if (
                field.name in declaration.export
                and _is_text(field)
                and field.value_from_object(row) not in (None, "")
            ):
                canary = f"{name}{len(planted):04d}"
                setattr(row, field.attname, _shaped(row, field, canary))
                planted.append(canary)
        with pgtrigger.ignore():  # also in tables to which rows are only added
            row.save()
    return planted


def rows_of(customer: Customer) -> list[tuple[Declaration, models.Model]]:
    """Every row about a person that is shown."""
    return [
        (declaration, row)
        for declaration in records.shown()
        for row in records.about(declaration, customer.pk)
    ]


def declared_rows(found) -> list[tuple[Declaration, models.Model]]:
    known = {declaration.model: declaration for declaration in declarations()}
    return [(known[type(row)], row) for row in found]


def _is_text(field: models.Field) -> bool:
    plain = (
        isinstance(field, models.CharField) and not field.choices and (field.max_length or 99) >= 10
    )
    return plain or isinstance(field, models.TextField) or type(field) is SealedTextField


def _shaped(row, field, canary: str) -> str:
    """The canary in the shape that the column accepts."""
    if field.name == "value":
        return {
            "email": f"{canary}@example.org".lower(),
            "phone": f"+44770090{int(canary[-4:]):04d}",
            "address": f"{canary} Lane\nBradford\nBD1 1AA",
        }[row.kind]
    if field.name == "email":
        return f"{canary}@example.org".lower()
    if isinstance(field, models.SlugField):
        return canary.lower()
    return JSON[field.name].format(canary) if field.name in JSON else canary


def pack_of(customer: Customer, *, texts=UNREDACTED, reference: str = "R-TEST", now=NOW) -> bytes:
    """The bytes of a pack."""
    target = io.BytesIO()
    archive.write(target, customer, reference=reference, texts=texts, now=now)
    return target.getvalue()


def opened(pack: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(pack))


def data_of(pack: bytes) -> dict:
    return json.loads(opened(pack).read("pack.json"))


def document_of(pack: bytes) -> bytes:
    return opened(pack).read("your-data.pdf")


def texts_of(pack: bytes) -> dict[str, str]:
    """What each file of a pack says, without spaces and in small letters: of the document what a
    reader sees."""
    with opened(pack) as files:
        found = {
            name: words_of(files.read(name)) if name.endswith(".pdf") else files.read(name).decode()
            for name in files.namelist()
        }
    return {name: re.sub(r"[\s\u200b]", "", text).lower() for name, text in found.items()}


def found(canary: str, text: str) -> bool:
    """Whether a planted string stands in a text, in whatever shape."""
    return canary.lower() in text
