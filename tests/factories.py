"""Made-up people and records. Every value is invented; telephone numbers are from Ofcom's ranges
for drama."""

import datetime
import uuid
from decimal import Decimal

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.models import StaffUser
from accounts.roles import Role
from compliance.access.models import Pack, PackFetch, PackPart, Reading, Redaction
from compliance.cases.models import (
    Attachment,
    Case,
    CaseChallenge,
    CaseEvent,
    DataCopy,
    Outcome,
    RecipientNotice,
    Restriction,
    Statement,
)
from compliance.disclosures.models import Disclosure, FilingWithdrawal
from compliance.mailbox.models import InboundMail
from compliance.preferences.models import ChoiceEvent, MarketingRequest
from compliance.retention.models import LegalHold
from customers import models
from customers.draws import fairness
from customers.draws.models import PrizeDraw, PrizeEntry
from customers.identity.models import CustomerChallenge, CustomerVisit
from customers.jurisdictions import Jurisdiction
from customers.outbox.models import Message

DAY = datetime.date


class StaffFactory(DjangoModelFactory):
    class Meta:
        model = StaffUser

    staff_id = factory.Sequence("desk{}".format)
    role = Role.CARE_AGENT


class CustomerFactory(DjangoModelFactory):
    class Meta:
        model = models.Customer

    customer_number = factory.Sequence("C5{:06d}".format)  # apart from the numbers that tests give
    title = "Ms"
    given_names = factory.Sequence("Given{}".format)
    surname = factory.Sequence("Surname{}".format)
    date_of_birth = DAY(1980, 2, 29)
    jurisdiction = Jurisdiction.ENGLAND_AND_WALES
    relationship_began_on = DAY(2010, 1, 15)


class ContactPointFactory(DjangoModelFactory):
    class Meta:
        model = models.ContactPoint

    customer = factory.SubFactory(CustomerFactory)
    kind = models.ContactPoint.Kind.EMAIL
    value = factory.Sequence("person{}@example.org".format)
    valid_from = DAY(2010, 1, 15)
    source = models.ContactPoint.Source.SHOP

    class Params:
        phone = factory.Trait(
            kind="phone", value=factory.Sequence(lambda n: f"+447700{900000 + n % 1000:06d}")
        )
        address = factory.Trait(
            kind="address", value=factory.Sequence("{} Mill Lane\nBradford\nBD1 1AA".format)
        )


class PaymentCardFactory(DjangoModelFactory):
    class Meta:
        model = models.PaymentCard

    customer = factory.SubFactory(CustomerFactory)
    token = factory.Sequence("tok_{}".format)
    last_four = factory.Sequence(lambda n: f"{n % 10000:04d}")
    expires_on = DAY(2015, 6, 30)
    issue_number = "1"
    last_used_on = DAY(2014, 12, 1)


class OrderFactory(DjangoModelFactory):
    class Meta:
        model = models.Order

    customer = factory.SubFactory(CustomerFactory)
    number = factory.Sequence("N{:06d}".format)
    placed_on = DAY(2014, 12, 1)
    financial_year_end = factory.LazyAttribute(
        lambda order: DAY(
            order.placed_on.year + (order.placed_on > DAY(order.placed_on.year, 1, 31)), 1, 31
        )
    )
    total = Decimal("42.50")


class OrderLineFactory(DjangoModelFactory):
    class Meta:
        model = models.OrderLine

    order = factory.SubFactory(OrderFactory)
    line_number = factory.Sequence(lambda n: n + 1)
    product_code = "KETTLE"
    description = "Kettle"
    quantity = 1
    unit_price = Decimal("42.50")
    supplied_on = DAY(2014, 12, 3)


class CreditAccountFactory(DjangoModelFactory):
    class Meta:
        model = models.CreditAccount

    customer = factory.SubFactory(CustomerFactory)
    account_number = factory.Sequence("A{:07d}".format)
    opened_on = DAY(2011, 3, 1)
    credit_limit = Decimal("500.00")
    balance = Decimal("0.00")

    class Params:
        settled = factory.Trait(status="settled", ended_on=DAY(2015, 3, 1))


class FraudMarkerFactory(DjangoModelFactory):
    class Meta:
        model = models.FraudMarker

    customer = factory.SubFactory(CustomerFactory)
    reference = factory.Sequence("F{:06d}".format)
    status = models.FraudMarker.Status.SUSPECTED
    details = "Two applications, two dates of birth."
    opened_on = DAY(2014, 5, 1)


class FinancialLinkFactory(DjangoModelFactory):
    class Meta:
        model = models.FinancialLink

    customer = factory.SubFactory(CustomerFactory)
    kind = models.FinancialLink.Kind.FINANCIAL
    linked_person = factory.Sequence("Linked Person {}".format)
    linked_on = DAY(2012, 1, 1)


class PrizeDrawFactory(DjangoModelFactory):
    class Meta:
        model = PrizeDraw

    code = factory.Sequence("draw-{}".format)
    name = "Spring draw"
    opens_on = DAY(2014, 3, 1)
    closes_on = DAY(2014, 5, 31)
    seed = factory.LazyFunction(fairness.new_seed)
    commitment = factory.LazyAttribute(lambda draw: fairness.commitment(draw.seed))

    class Params:
        published = factory.Trait(
            prize="A picnic hamper",
            terms="Open to anyone aged 18 or over.",
            promoter="Hartwell Home Shopping Ltd",
            published_at=datetime.datetime(2014, 2, 20, 9, tzinfo=datetime.UTC),
        )


class PrizeEntryFactory(DjangoModelFactory):
    class Meta:
        model = PrizeEntry

    draw = factory.SubFactory(PrizeDrawFactory)
    customer = factory.SubFactory(CustomerFactory)
    name = factory.Sequence("Entrant {}".format)
    address = "2 Mill Lane\nBradford\nBD1 1AA"
    email = factory.Sequence("entrant{}@example.org".format)
    entered_on = DAY(2014, 4, 1)


class ContactNoteFactory(DjangoModelFactory):
    class Meta:
        model = models.ContactNote

    customer = factory.SubFactory(CustomerFactory)
    kind = models.ContactNote.Kind.CALL
    at = factory.LazyFunction(lambda: datetime.datetime(2014, 6, 1, 12, tzinfo=datetime.UTC))
    text = "Asked when the parcel comes."
    taken_by = "staff:1"
    thread_closed_on = DAY(2014, 6, 1)


class DisclosureFactory(DjangoModelFactory):
    class Meta:
        model = Disclosure

    customer = factory.SubFactory(CustomerFactory)
    kind = Disclosure.Kind.SEARCH
    reference = factory.LazyFunction(lambda: uuid.uuid4().hex)
    occurred_on = DAY(2011, 2, 20)
    recipient = "experian"
    recipient_name = "Experian Ltd"
    purpose = "credit-decision"
    application = "APP-1"
    negotiations_ended_on = DAY(2011, 2, 25)


class FilingWithdrawalFactory(DjangoModelFactory):
    class Meta:
        model = FilingWithdrawal

    filing = factory.SubFactory(
        DisclosureFactory,
        kind=Disclosure.Kind.FILING,
        recipient="cifas",
        recipient_name="Cifas",
        negotiations_ended_on=None,
    )
    why = "It was somebody else."
    withdrawn_on = DAY(2014, 6, 1)
    withdrawn_by = "staff:1"
    due_on = DAY(2014, 6, 8)


class LegalHoldFactory(DjangoModelFactory):
    class Meta:
        model = LegalHold

    customer = factory.SubFactory(CustomerFactory)
    kind = LegalHold.Kind.LITIGATION
    reason = "Claim about a kettle."
    owner = "staff:1"
    placed_at = factory.LazyFunction(timezone.now)
    review_on = DAY(2027, 1, 1)


class MessageFactory(DjangoModelFactory):
    class Meta:
        model = Message

    customer = factory.SubFactory(CustomerFactory)
    means = Message.Means.EMAIL
    kind = "opt_out_confirmed"
    key = factory.Sequence("message:{}".format)
    recipient = factory.Sequence("reader{}@example.org".format)
    subject = "We have stopped"
    text = "We send you no more offers."
    html = "<p>We send you no more offers.</p>"
    headers = '{"X-Note": "stopped"}'
    state = Message.State.SENT
    queued_at = next_try_at = sent_at = factory.LazyFunction(
        lambda: datetime.datetime(2014, 6, 1, 12, tzinfo=datetime.UTC)
    )


class CustomerChallengeFactory(DjangoModelFactory):
    class Meta:
        model = CustomerChallenge

    customer = factory.SubFactory(CustomerFactory)
    token_digest = factory.LazyFunction(uuid.uuid4)
    given = '{"kind": "email", "value": "somebody@example.org"}'
    asked_at = expires_at = factory.LazyFunction(
        lambda: datetime.datetime(2014, 6, 1, 12, tzinfo=datetime.UTC)
    )


class CustomerVisitFactory(DjangoModelFactory):
    class Meta:
        model = CustomerVisit

    customer = factory.SubFactory(CustomerFactory)
    token_digest = factory.LazyFunction(uuid.uuid4)
    browser_digest = factory.LazyFunction(uuid.uuid4)
    contact_kind = "email"
    proved_at = last_seen_at = expires_at = factory.LazyFunction(
        lambda: datetime.datetime(2014, 6, 1, 12, tzinfo=datetime.UTC)
    )


class ChoiceEventFactory(DjangoModelFactory):
    class Meta:
        model = ChoiceEvent

    customer = factory.SubFactory(CustomerFactory)
    contact = factory.LazyFunction(uuid.uuid4)
    contact_kind = "email"
    contact_value = "ada@example.org"
    kind = "consent"
    channel = "email"
    sender = "us"
    source = "choices_page"
    at = factory.LazyFunction(timezone.now)
    by = "job:tests"
    origin = "198.51.100.7"
    reference = "M-TEST"


class MarketingRequestFactory(DjangoModelFactory):
    class Meta:
        model = MarketingRequest

    reference = factory.Sequence("M-{}".format)
    token = factory.LazyFunction(uuid.uuid4)
    source = "web_form"
    received_at = factory.LazyFunction(timezone.now)
    name = "Ada Lovelace"
    email = "ada@example.org"
    state = "open"


class InboundMailFactory(DjangoModelFactory):
    class Meta:
        model = InboundMail

    identity = factory.Sequence("message {}".format)
    raw = "From: ada@example.org\n\nPlease stop."
    sender = "ada@example.org"
    subject = "Stop"
    text = "Please stop."
    size = 36
    road = "stdin"
    received_at = factory.LazyFunction(timezone.now)


class CaseFactory(DjangoModelFactory):
    class Meta:
        model = Case

    reference = factory.Sequence("R-{}".format)
    token = factory.LazyFunction(uuid.uuid4)
    kind = "rectification"
    channel = "web"
    received_at = factory.LazyFunction(timezone.now)
    received_on = factory.LazyFunction(timezone.localdate)
    jurisdiction = "england-and-wales"
    customer = factory.SubFactory(CustomerFactory)
    name = "Ada Lovelace"
    words = "Please put my name right."
    rule_version = "rectification/2026-02-05"


class CaseEventFactory(DjangoModelFactory):
    class Meta:
        model = CaseEvent

    case = factory.SubFactory(CaseFactory)
    kind = "noted"
    at = factory.LazyFunction(timezone.now)
    on = factory.LazyFunction(timezone.localdate)
    by = "job:tests"
    text = "She called again."


class AttachmentFactory(DjangoModelFactory):
    class Meta:
        model = Attachment

    case = factory.SubFactory(CaseFactory)
    purpose = "letter"
    name = "letter.pdf"
    media_type = "application/pdf"
    size = 4
    content = "%PDF"
    added_at = factory.LazyFunction(timezone.now)
    added_by = "job:tests"


class OutcomeFactory(DjangoModelFactory):
    class Meta:
        model = Outcome

    case = factory.SubFactory(CaseFactory)
    effect = "answered"
    token = factory.LazyFunction(uuid.uuid4)
    at = factory.LazyFunction(timezone.now)
    by = "job:tests"
    lines = "[]"


class RecipientNoticeFactory(DjangoModelFactory):
    class Meta:
        model = RecipientNotice

    outcome = factory.SubFactory(OutcomeFactory)
    case = factory.SelfAttribute("outcome.case")
    recipient = "experian"
    recipient_name = "Experian Ltd"
    kind = "erased"
    about = "The surname"
    created_at = factory.LazyFunction(timezone.now)
    due_on = factory.LazyFunction(timezone.localdate)


class RestrictionFactory(DjangoModelFactory):
    class Meta:
        model = Restriction

    customer = factory.SubFactory(CustomerFactory)
    case = factory.SubFactory(CaseFactory, customer=factory.SelfAttribute("..customer"))
    hold = factory.SubFactory(LegalHoldFactory, customer=factory.SelfAttribute("..customer"))
    ground = "accuracy"
    reason = "She says the address is wrong."
    began_at = factory.LazyFunction(timezone.now)
    began_by = "job:tests"


class StatementFactory(DjangoModelFactory):
    class Meta:
        model = Statement

    customer = factory.SubFactory(CustomerFactory)
    token = factory.LazyFunction(uuid.uuid4)
    text = "I never lived there."
    at = factory.LazyFunction(timezone.now)


class DataCopyFactory(DjangoModelFactory):
    class Meta:
        model = DataCopy

    outcome = factory.SubFactory(OutcomeFactory)
    case = factory.SelfAttribute("outcome.case")
    content = "PK"
    size = 2
    digest = "0" * 64
    records = 1
    made_at = factory.LazyFunction(timezone.now)
    expires_at = factory.LazyAttribute(lambda copy: copy.made_at + datetime.timedelta(days=30))


class CaseChallengeFactory(DjangoModelFactory):
    class Meta:
        model = CaseChallenge

    given = "R-1"
    token_digest = factory.LazyFunction(uuid.uuid4)
    asked_at = factory.LazyFunction(timezone.now)
    expires_at = factory.LazyAttribute(
        lambda attempt: attempt.asked_at + datetime.timedelta(minutes=10)
    )


class PackFactory(DjangoModelFactory):
    class Meta:
        model = Pack

    customer = factory.SubFactory(CustomerFactory)
    reference = factory.Sequence("R-{}".format)
    number = 1
    begun_at = factory.LazyFunction(timezone.now)
    begun_by = "job:tests"

    class Params:
        released = factory.Trait(
            state="released",
            read_at=factory.SelfAttribute("begun_at"),
            read_by="job:tests",
            checked_by="job:others",
            checked_at=factory.SelfAttribute("begun_at"),
            built_at=factory.SelfAttribute("begun_at"),
            fingerprint="f" * 64,
            digest="0" * 64,
            size=2,
            records=1,
            released_at=factory.SelfAttribute("begun_at"),
            released_by="job:tests",
            expires_at=factory.LazyAttribute(
                lambda pack: pack.begun_at + datetime.timedelta(days=30)
            ),
        )
        returned = factory.Trait(
            returned_at=factory.SelfAttribute("begun_at"),
            returned_by="job:others",
            word="The neighbour is still in it.",
        )


class PackPartFactory(DjangoModelFactory):
    class Meta:
        model = PackPart

    pack = factory.SubFactory(PackFactory, released=True)
    number = factory.Sequence(lambda number: number)
    content = "PK"


class ReadingFactory(DjangoModelFactory):
    class Meta:
        model = Reading

    pack = factory.SubFactory(PackFactory)
    label = "customers.ContactNote"
    row = "1"
    field = "text"
    digest = factory.LazyFunction(uuid.uuid4)
    at = factory.LazyFunction(timezone.now)
    by = "job:tests"


class RedactionFactory(DjangoModelFactory):
    class Meta:
        model = Redaction

    reading = factory.SubFactory(ReadingFactory)
    start, end = 0, 3
    reason = "other_person"


class PackFetchFactory(DjangoModelFactory):
    class Meta:
        model = PackFetch

    pack = factory.SubFactory(PackFactory, released=True)
    how = "download"
    at = factory.LazyFunction(timezone.now)
    by = "job:tests"
