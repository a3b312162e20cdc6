"""Cases for the stories of the desk: Ada, who is a customer, asks on a late evening in July."""

import datetime
import uuid

from compliance.cases.actions.opening import open_case
from compliance.cases.kinds import CaseKind
from compliance.cases.models import Outcome
from compliance.outcomes import OF_KIND
from customers.matching import Given
from tests.factories import ContactPointFactory, CustomerFactory

# 23:30 UTC on 1 July is half past midnight on 2 July in London: the answer is due on Monday 3
# August.
RECEIVED = datetime.datetime(2026, 7, 1, 23, 30, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)
STAFF = "staff:1"


def ada(**rest):
    """A customer with an email and a postal address."""
    customer = CustomerFactory(**{"given_names": "Ada", "surname": "Lovelace", **rest})
    ContactPointFactory(customer=customer, value="ada@example.org")
    ContactPointFactory(customer=customer, address=True, value="12 Mill Lane\nBradford\nBD1 1AA")
    return customer


def opened(kind=CaseKind.ACCESS, *, at=RECEIVED, email="ada@example.org", **rest):
    """A case that came by the web form."""
    return open_case(
        **{
            "kind": kind,
            "channel": "web",
            "given": Given(name="Ada Lovelace", email=email),
            "token": uuid.uuid4(),
            "by": "job:web_form",
            "now": at,
            "words": "Please send me my data.",
            **rest,
        }
    )


def carried_out(case):
    """The case, with what its kind promises done."""
    effect = next(one for one in OF_KIND[case.kind] if one.counts)
    Outcome.objects.create(case=case, effect=effect.code, token=uuid.uuid4(), at=RECEIVED, by=STAFF)
    return case


def on(day, month=7, year=2026, hour=12):
    """A moment, in UTC."""
    return datetime.datetime(year, month, day, hour, tzinfo=datetime.UTC)


def date(day, month=7, year=2026):
    return datetime.date(year, month, day)
