"""Staff, customers, and what is held on them."""

import datetime
import uuid
from decimal import Decimal

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.models import Approval, StaffUser
from accounts.roles import Role
from compliance.breaches.models import Breach, BreachPerson
from compliance.disclosures.models import Disclosure, Instruction
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
    review_on = DAY(2014, 8, 1)
    closed_on = factory.LazyAttribute(
        lambda marker: DAY(2014, 6, 1) if marker.status == "cleared" else None
    )


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
    name = factory.Sequence("Some Entrant{}".format)
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


class InstructionFactory(DjangoModelFactory):
    class Meta:
        model = Instruction

    customer = factory.SubFactory(CustomerFactory)
    recipient = "experian"
    recipient_name = "Experian Ltd"
    what = Instruction.What.CORRECT
    about = "The surname"
    origin = factory.LazyFunction(uuid.uuid4)
    reference = "DP-1"
    asked_at = factory.LazyFunction(timezone.now)
    asked_by = "staff:1"
    due_on = factory.LazyFunction(timezone.localdate)


class BreachFactory(DjangoModelFactory):
    class Meta:
        model = Breach

    aware_at = factory.LazyFunction(timezone.now)
    due_at = factory.LazyAttribute(lambda one: one.aware_at + datetime.timedelta(hours=72))
    kinds = ["confidentiality"]
    what = "A laptop was lost."
    recorded_at = factory.LazyAttribute(lambda one: one.aware_at)
    recorded_by = "staff:1"


class BreachPersonFactory(DjangoModelFactory):
    class Meta:
        model = BreachPerson

    breach = factory.SubFactory(BreachFactory)
    customer = factory.SubFactory(CustomerFactory)


class LegalHoldFactory(DjangoModelFactory):
    class Meta:
        model = LegalHold

    customer = factory.SubFactory(CustomerFactory)
    kind = LegalHold.Kind.LITIGATION
    reason = "Claim about a kettle."
    owner = "staff:1"
    placed_at = factory.LazyFunction(timezone.now)
    review_on = DAY(2027, 1, 1)


class ApprovalFactory(DjangoModelFactory):
    """A decision that waits for a second person; `approved` when it is in force."""

    class Meta:
        model = Approval

    class Params:
        approved = factory.Trait(
            verdict="approved", decided_by="staff:2", decided_at=factory.LazyFunction(timezone.now)
        )

    what = "trial"
    subject_label = "customers.Customer"
    subject_id = factory.LazyAttribute(lambda one: str(one.person))
    reason = "It would warn them."
    review_on = DAY(2027, 1, 1)
    asked_by = "staff:1"
    asked_at = factory.LazyFunction(timezone.now)


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
