import dataclasses
import datetime
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compliance.register.models import RetentionRule
from compliance.retention import explain
from compliance.retention.engine import run
from compliance.retention.models import PurgeRun
from compliance.retention.rules import PurgePlan
from customers.models import Order, PaymentCard
from tests import factories as make
from tests.strength import examples

TODAY = datetime.date(2026, 11, 23)
OLD = datetime.date(2012, 1, 31)


@pytest.fixture(autouse=True)
def _late_in_november():
    with time_machine.travel(datetime.datetime(2026, 11, 23, 12, tzinfo=datetime.UTC), tick=False):
        yield


def sentence(customer, what):
    return next(line for line in explain.explain(customer, today=TODAY) if line.what == what)


class TestSentences:
    def test_a_date_says_which_rule_and_until_when(self, register):
        order = make.OrderFactory(
            placed_on=datetime.date(2024, 5, 1), financial_year_end=datetime.date(2025, 1, 31)
        )
        line = sentence(order.customer, "Order")
        assert line.until == datetime.date(2031, 1, 31)
        assert line.sentence.startswith("Kept until 31 January 2031")
        assert "6 years from 31 January 2025, financial_year_end" in line.sentence

    def test_a_clock_that_has_not_started_says_so(self, register):
        line = sentence(make.CustomerFactory(), "Customer")
        assert (line.until, "has not happened yet" in line.sentence) == (None, True)

    @pytest.mark.parametrize("ended", [datetime.date(2025, 1, 31), datetime.date(2012, 1, 31)])
    def test_no_day_while_a_rule_is_not_confirmed(self, register, ended):
        """The purge passes by what an unconfirmed rule protects, whatever the others say."""
        order = make.OrderFactory(placed_on=ended, financial_year_end=ended)
        make.OrderFactory(customer=order.customer, placed_on=ended, financial_year_end=ended)
        RetentionRule.objects.filter(code="order-sale").update(confirmed_on=None, confirmed_by="")
        line = sentence(order.customer, "Order")
        assert (line.until, line.count) == (None, 2)
        assert "not confirmed yet, and until it is, nothing is erased by it" in line.sentence
        run(as_of=TODAY, now=timezone.now(), by="job:test")
        assert Order.objects.count() == 2

    def test_what_has_ended_goes_with_the_purge_if_that_runs(self, register):
        order = make.OrderFactory(placed_on=OLD, financial_year_end=OLD)
        assert (
            "the purge, which has not ended well for two days"
            in sentence(order.customer, "Order").sentence
        )
        make.LegalHoldFactory(customer=make.CustomerFactory())
        run(as_of=TODAY, now=timezone.now(), by="job:test", category="message")
        run(as_of=OLD, now=timezone.now(), by="job:test")
        said = sentence(order.customer, "Order").sentence
        assert said.endswith("it is erased as soon as nothing else requires it.")
        run(as_of=TODAY, now=timezone.now(), by="job:test")
        assert not Order.objects.exists()

    def test_records_outside_every_rule_are_said_counted_and_told_to_the_lead(
        self, register, lead, signed_in
    ):
        account = make.CreditAccountFactory()
        note = make.ContactNoteFactory(customer=account.customer, thread_closed_on=None)
        make.ContactNoteFactory(customer=account.customer, thread_closed_on=None)
        RetentionRule.objects.filter(code="note-unclosed").update(retired_on=OLD)
        assert "no retention rule covers it yet" in sentence(note.customer, "Contact note").sentence
        run(as_of=TODAY, now=timezone.now(), by="job:test", category="message")
        assert PurgeRun.objects.latest("pk").uncovered == 0
        run(as_of=TODAY, now=timezone.now(), by="job:test")
        assert PurgeRun.objects.latest("pk").uncovered == 2
        page = signed_in(lead).get("/admin/").content.decode()
        assert "2 records are covered by no retention rule" in page

    def test_records_alike_are_counted_together(self, register):
        customer = make.CustomerFactory()
        make.OrderFactory.create_batch(3, customer=customer, placed_on=datetime.date(2024, 5, 1))
        assert sentence(customer, "Order").count == 3

    def test_a_hold_is_the_reason_for_what_is_past_its_period(self, register):
        customer = make.CustomerFactory(relationship_ended_on=datetime.date(2010, 1, 20))
        make.LegalHoldFactory(customer=customer)
        assert "legal hold" in sentence(customer, "Customer").sentence

    def test_an_investigation_leaves_no_line(self, register):
        marker = make.FraudMarkerFactory()
        lines = explain.explain(marker.customer, today=TODAY)
        assert not [line for line in lines if "raud" in line.what + line.sentence]
        shown = explain.explain(marker.customer, today=TODAY, show_all=True)
        assert [line for line in shown if line.what == "Fraud marker"]

    def test_five_queries_whatever_is_held(self, register, django_assert_num_queries):
        few, many = make.CustomerFactory(), make.CustomerFactory()
        make.OrderFactory.create_batch(30, customer=many)
        make.PaymentCardFactory(customer=many)
        for customer, ended in ((few, 0), (many, 1)):
            # the holds, the open requests, the rules, which tables, and what is in them; where the
            # period of something has ended (a card): whether the purge runs
            with django_assert_num_queries(5 + ended):
                explain.explain(customer, today=TODAY)

    def test_a_moment_counts_by_its_day_in_london(self, register):
        at = datetime.datetime(2026, 6, 30, 23, 30, tzinfo=datetime.UTC)
        note = make.ContactNoteFactory(at=at)
        lines = [
            line
            for line in explain.explain(note.customer, today=TODAY)
            if line.label == "customers.ContactNote"
        ]
        assert lines == [
            dataclasses.replace(line, reference="")
            for line in explain.records(note.customer, today=TODAY)
            if line.label == "customers.ContactNote"
        ]


@pytest.mark.slow
class TestAgreement:
    dates = st.one_of(st.none(), st.dates(datetime.date(2024, 10, 1), datetime.date(2026, 12, 1)))

    @settings(
        max_examples=examples(60),
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(expires=st.dates(datetime.date(2024, 10, 1), datetime.date(2026, 12, 1)), used=dates)
    def test_the_sentence_and_the_purge_agree(self, register, expires, used):
        """13 months are added up in Python for the sentence and in SQL for the purge: also at month
        ends."""
        card = make.PaymentCardFactory(expires_on=expires, last_used_on=used)
        line = sentence(card.customer, "Payment card")
        schedule = PurgePlan(TODAY).of(PaymentCard)
        arms = [
            p.code
            for p in schedule.protections
            if schedule.rule_rows(p).filter(pk=card.pk).exists()
        ]
        assert (
            (line.until < TODAY)
            == bool(arms)
            == PaymentCard.objects.filter(schedule.due(), pk=card.pk).exists()
        )
        if arms:
            assert arms == [
                "card-payment"
                if used and used >= expires and _later(used, expires)
                else "card-expiry"
            ]


def _later(used, expires):
    """Whether the later clock is that of the last payment; on one and the same last day the rule
    named first wins."""
    from compliance.retention.periods import last_protected_day

    expiry, payment = (last_protected_day(day, 13, "months") for day in (expires, used))
    return payment > expiry


class TestCommand:
    def test_each_record_has_one_line(self, register):
        customer = make.CustomerFactory(customer_number="C77")
        make.OrderFactory.create_batch(2, customer=customer)
        out = StringIO()
        call_command("explain_retention", "c77", stdout=out)
        assert len([line for line in out.getvalue().splitlines() if line.startswith("Order ")]) == 2

    def test_an_unknown_number_is_said_plainly(self, register):
        with pytest.raises(CommandError, match="No customer has this number") as caught:
            call_command("explain_retention", "C404")
        assert caught.value.returncode == 2
