"""What people said about marketing, and the emails that they wrote."""

import datetime
import uuid

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from compliance.mailbox.models import InboundMail
from compliance.preferences.models import ChoiceEvent, MarketingRequest
from tests.factories.people import CustomerFactory

DAY = datetime.date


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
    transport = "stdin"
    received_at = factory.LazyFunction(timezone.now)
