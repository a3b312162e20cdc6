"""Records whose clock has not started: each waits for something that ends, or is named."""

import datetime

import pytest
from django.core.checks import Warning as CheckWarning
from django.db.models import Q
from django.utils import timezone

from compliance.register.models import RetentionRule
from compliance.retention import checks, dormancy, engine, waiting
from customers.models import ContactNote, CreditAccount
from privacy.declarations import declared
from tests import factories as make

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 23)
OLD = datetime.date(2012, 5, 1)


@pytest.fixture
def unclosed(register):
    """A rule that somebody widened on the desk: it covers notes that nobody closed, too."""
    for month in (3, 5):
        make.ContactNoteFactory(
            thread_closed_on=None, at=datetime.datetime(2026, month, 4, tzinfo=datetime.UTC)
        )
    RetentionRule.objects.filter(code="note-correspondence").update(condition="")


def test_by_the_shipped_rules_nothing_is_stuck(register):
    make.ContactNoteFactory.create_batch(2, thread_closed_on=None)
    make.FraudMarkerFactory(status="confirmed")
    make.FraudMarkerFactory(status="victim")
    make.FraudMarkerFactory(status="suspected")
    account = make.CreditAccountFactory(defaulted_on=OLD, opened_on=OLD)
    make.DisclosureFactory(
        customer=account.customer,
        credit_account=account,
        kind="account_report",
        occurred_on=OLD,
        negotiations_ended_on=None,
    )
    assert list(waiting.waiting(TODAY, stuck_only=True)) == []


def test_an_unsatisfied_default_ends_with_its_reports_unless_a_court_gave_judgment(register):
    purpose = RetentionRule.objects.get(code="disclosure-report")
    RetentionRule.objects.filter(code="disclosure-report-unsatisfied").delete()
    RetentionRule.objects.create(
        code="disclosure-report-unsatisfied",
        category=purpose.category,
        purpose=purpose.purpose,
        clock="default",
        condition="report_unsatisfied",
        period=6,
        confirmed_on=OLD,
        confirmed_by="staff:1",
    )
    accounts = [
        make.CreditAccountFactory(opened_on=OLD, defaulted_on=OLD, judgment_on=judged)
        for judged in (None, datetime.date(2021, 1, 1))
    ]
    for account in accounts:
        make.DisclosureFactory(
            customer=account.customer,
            credit_account=account,
            kind="account_report",
            occurred_on=OLD,
            negotiations_ended_on=None,
        )
    engine.run(as_of=TODAY, now=timezone.now(), by="job:test")
    assert list(CreditAccount.objects.values_list("pk", flat=True)) == [accounts[1].pk]


def test_what_waits_says_for_what(register):
    make.CreditAccountFactory.create_batch(2, opened_on=OLD)
    found = {line.rule: line for line in waiting.waiting(TODAY)}
    line = found["credit-agreement"]
    assert (line.count, line.oldest, line.why) == (2, OLD, "The credit account is open.")
    assert "close_dormant" in found["identity-account"].why


def test_a_rule_that_somebody_widened_is_named(unclosed):
    (line,) = waiting.stuck(TODAY)
    assert (line.rule, line.count) == ("note-correspondence", 2)
    assert line.oldest == datetime.date(2026, 3, 4)
    (warning,) = checks.clocks_start(None)[:1]
    assert isinstance(warning, CheckWarning)
    assert "'note-correspondence'" in warning.msg


def test_relationships_that_close_dormant_should_have_ended(register):
    make.OrderFactory.create_batch(2, placed_on=OLD)
    (line,) = waiting.stuck(TODAY)
    assert (line.rule, line.count, line.oldest) == (dormancy.RULE, 2, OLD)
    rule = dormancy.rule()
    dormancy.close(rule, as_of=TODAY, by="job:test")
    assert waiting.stuck(TODAY) == []


def test_the_desk_counts_them_with_the_oldest(unclosed, lead, signed_in):
    client = signed_in(lead)
    first = client.get("/admin/").content.decode()
    assert (
        "2 records have a retention clock that nothing starts, the oldest of 4 March 2026" in first
    )
    page = client.get("/admin/retention/purgerun/clocks/").content.decode()
    assert "note-correspondence" in page
    assert "Nothing starts these" in page


def test_an_agent_sees_neither(unclosed, agent, signed_in):
    client = signed_in(agent)
    assert "nothing starts" not in client.get("/admin/").content.decode()
    assert client.get("/admin/retention/purgerun/clocks/").status_code == 403


def test_a_rule_must_say_what_its_clock_waits_for(monkeypatch):
    assert list(checks._endless()) == []
    monkeypatch.delitem(waiting.WAITS, "account_end")
    assert any("credit-agreement" in found.msg for found in checks._endless())


@pytest.mark.parametrize(
    ("condition", "empty"),
    [
        (None, True),
        (Q(thread_closed_on__isnull=False), False),
        (~Q(kind="call") & Q(thread_closed_on__isnull=False), False),
        (~Q(thread_closed_on__isnull=False), True),
        (Q(kind="call") | Q(thread_closed_on__isnull=False), True),
    ],
)
def test_a_condition_that_asks_for_the_date(condition, empty):
    found = declared(ContactNote)
    assert waiting.may_be_empty(found, "thread_closed_on", condition) is empty
    assert waiting.may_be_empty(found, "at", condition) is False
