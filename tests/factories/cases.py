"""Requests, and what was carried out in them."""

import datetime
import uuid

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from compliance.cases.models import (
    Attachment,
    Case,
    CaseChallenge,
    CaseEvent,
    DataCopy,
    Outcome,
    ProcessingStop,
    Restriction,
    Statement,
    Task,
)
from tests.factories.people import CustomerFactory, LegalHoldFactory

DAY = datetime.date


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


class ProcessingStopFactory(DjangoModelFactory):
    class Meta:
        model = ProcessingStop

    customer = factory.SubFactory(CustomerFactory)
    purpose = "agency-reports"
    token = factory.LazyFunction(uuid.uuid4)
    began_at = factory.LazyFunction(timezone.now)
    began_by = "job:tests"
    ended_on = factory.LazyFunction(timezone.localdate)
    ended_by = "job:tests"
    why_ended = "She rang us."


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


class TaskFactory(DjangoModelFactory):
    class Meta:
        model = Task

    case = factory.SubFactory(CaseFactory)
    kind = "message"
    made_at = factory.LazyFunction(timezone.now)
    due_on = factory.LazyFunction(timezone.localdate)
