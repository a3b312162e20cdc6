"""Copies of somebody's data."""

import datetime
import uuid

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from compliance.access.models import Pack, PackFetch, PackPart, Reading, Redaction
from tests.factories.people import CustomerFactory

DAY = datetime.date


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
