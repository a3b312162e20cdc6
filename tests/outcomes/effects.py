"""A person with something in every table, a case of any kind, and the shipped register, for the
tests of effects."""

import datetime
import uuid

from audit.evidence import Evidence, Source
from compliance import outcomes
from compliance.cases.actions.opening import open_case
from compliance.cases.kinds import CaseKind
from compliance.cases.models import Case, Restriction
from compliance.casework.actions.intake import take
from compliance.disclosures.models import Disclosure
from compliance.register import actions as register_actions
from compliance.register.models import RetentionRule
from customers.matching import Given
from customers.models import Customer
from tests import factories as make

# 23:30 UTC on 1 July is half past midnight on 2 July in London.
NOW = datetime.datetime(2026, 7, 1, 23, 30, tzinfo=datetime.UTC)
TODAY = datetime.date(2026, 7, 2)
BY = "staff:1"


def register() -> None:
    """The shipped register, with every rule confirmed by the owner."""
    register_actions.load(by="job:test")
    RetentionRule.objects.update(confirmed_on=TODAY, confirmed_by=BY)


def ada(**rest) -> Customer:
    """Ada, who can be reached by email, telephone and post."""
    customer = make.CustomerFactory(
        **{"customer_number": "A100", "given_names": "Ada", "surname": "Lovelace", **rest}
    )
    make.ContactPointFactory(customer=customer, value="ada@example.org")
    make.ContactPointFactory(customer=customer, kind="phone", value="+447700900123")
    make.ContactPointFactory(
        customer=customer, kind="address", value="1 Mill Lane\nBradford\nBD1 1AA"
    )
    return customer


def case_of(customer: Customer | None, kind: CaseKind = CaseKind.ERASURE, **rest) -> Case:
    """A case that came by letter, and in which it is clear who asks."""
    return take(
        **{
            "kind": kind,
            "channel": "letter",
            "given": Given(name="Ada Lovelace"),
            "token": uuid.uuid4(),
            "by": BY,
            "now": NOW,
            "customer": customer,
            "identified": True,
            **rest,
        }
    )


def carry_out(case: Case, effect: str, now: datetime.datetime = NOW, by: str = BY, **given):
    return outcomes.carry_out(
        case, effect, given, by=by, now=now, token=given.get("token") or uuid.uuid4()
    )


def received(customer: Customer, *recipients: str, kind: str = Disclosure.Kind.FEED) -> None:
    """Some recipients received the customer's data."""
    for code in recipients:
        make.DisclosureFactory(
            customer=customer,
            kind=kind,
            recipient=code,
            recipient_name=code.title(),
            negotiations_ended_on=None,
            occurred_on=datetime.date(2026, 5, 1),
        )


PROOF = Evidence(Source.ROW, TODAY, "a row of a test")


def named(case: Case) -> list[str]:
    """The recipients that the letter of a case names."""
    return [line.what for line in outcomes.letter_context(case).get("recipients", ())]


def restrict(customer: Customer, **rest) -> Restriction:
    """The row of a restriction, without the case work around it."""
    case = open_case(
        kind=CaseKind.RESTRICTION,
        channel="letter",
        given=Given(),
        token=uuid.uuid4(),
        by=BY,
        now=NOW,
        customer=customer,
    )
    return Restriction.objects.create(
        **{
            "customer": customer,
            "case": case,
            "ground": "accuracy",
            "began_at": NOW,
            "began_by": BY,
            "hold": make.LegalHoldFactory(customer=customer),
            **rest,
        }
    )
