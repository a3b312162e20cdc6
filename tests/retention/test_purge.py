import datetime

import pytest
import time_machine
from django.utils import timezone

from compliance.retention import engine
from compliance.retention.models import ErasedSubject, PurgeRun
from compliance.retention.rules import PurgePlan
from customers.models import ContactPoint, Customer, Order, OrderLine, PaymentCard
from tests import factories as make

TODAY = datetime.date(2026, 11, 23)
BEFORE = datetime.date(2015, 5, 1)  # the relationship of `gone` ended
RECENT = datetime.date(2026, 6, 1)  # within every period
LATELY = datetime.datetime(2026, 6, 1, 12, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def _at_three_in_the_morning():
    with time_machine.travel(datetime.datetime(2026, 11, 23, 3, tzinfo=datetime.UTC), tick=False):
        yield


def purge(as_of=TODAY, **options):
    return engine.run(as_of=as_of, now=timezone.now(), by="job:test", **options)


def line(report, rule, model):
    return next(n for n in report.lines if n.rule == rule and n.model.endswith(model))


@pytest.fixture
def gone(register):
    """A customer whose relationship ended long ago, with two of everything simple."""
    customer = make.CustomerFactory(relationship_ended_on=datetime.date(2015, 6, 1))
    for kind in ("email", "phone"):
        make.ContactPointFactory(customer=customer, **({"phone": True} if kind == "phone" else {}))
    make.PaymentCardFactory.create_batch(2, customer=customer)
    for order in make.OrderFactory.create_batch(2, customer=customer):
        make.OrderLineFactory.create_batch(2, order=order)
    return customer


class TestErasing:
    def test_every_record_of_a_due_customer_goes(self, gone):
        purge()
        for model in (Customer, ContactPoint, PaymentCard, Order, OrderLine):
            assert model.objects.count() == 0

    def test_each_record_counts_under_the_rule_that_ran_out_last(self, gone):
        report = purge()
        assert line(report, "order-tax", "Order").erased == 2
        assert line(report, "order-sale", "Order").erased == 0
        assert line(report, "card-expiry", "PaymentCard").erased == 2
        assert line(report, "card-payment", "PaymentCard").erased == 0

    def test_the_dry_run_counts_what_the_run_erases(self, gone):
        planned = {(n.model, n.rule): n.due for n in engine.survey(PurgePlan(TODAY))}
        done = {(n.model, n.rule): n.erased for n in purge().lines}
        assert planned == done
        assert sum(done.values()) == 11

    def test_a_second_run_erases_nothing(self, gone):
        purge()
        assert all(n.due == n.erased == 0 for n in purge().lines)

    def test_the_erased_person_leaves_a_bare_id(self, gone):
        purge()
        assert list(ErasedSubject.objects.values_list("subject", flat=True)) == [gone.pk]

    def test_the_run_says_when_it_ended(self, gone):
        purge()
        assert PurgeRun.objects.get().outcome == "done"


@pytest.mark.slow
class TestKeeping:
    def test_a_missing_date_is_never_due(self, register):
        make.CustomerFactory.create_batch(2, relationship_ended_on=None)
        purge()
        assert Customer.objects.count() == 2

    def test_the_last_protected_day_still_protects(self, register):
        make.CustomerFactory(relationship_ended_on=datetime.date(2020, 11, 23))
        make.CustomerFactory(relationship_ended_on=datetime.date(2020, 11, 22))
        purge()
        assert Customer.objects.get().relationship_ended_on == datetime.date(2020, 11, 23)

    def test_a_held_customer_loses_nothing(self, gone):
        make.LegalHoldFactory(customer=gone)
        report = purge()
        assert Order.objects.count() == 2
        assert line(report, "order-tax", "Order").held == 2
        assert line(report, "order-tax", "Order").due == 0

    def test_a_released_hold_holds_nothing(self, gone):
        make.LegalHoldFactory(
            customer=gone, released_on=datetime.date(2026, 11, 1), released_by="staff:1"
        )
        purge()
        assert Order.objects.count() == 0
        assert Customer.objects.get().erased_at  # the hold's own record still hangs on the stub

    def test_a_kept_order_keeps_a_nameless_stub(self, gone):
        make.OrderFactory(
            customer=gone, placed_on=BEFORE, financial_year_end=datetime.date(2024, 1, 31)
        )
        purge()
        stub = Customer.objects.get()
        assert (stub.surname, stub.customer_number, stub.surname_lookup) == (None, None, None)
        assert stub.orders.count() == 1

    def test_the_stub_goes_with_its_last_record(self, gone):
        make.OrderFactory(
            customer=gone, placed_on=BEFORE, financial_year_end=datetime.date(2020, 12, 1)
        )
        purge()
        assert Customer.objects.count() == 1
        with time_machine.travel(datetime.datetime(2027, 1, 1, 3, tzinfo=datetime.UTC), tick=False):
            purge(as_of=datetime.date(2027, 1, 1))
        assert Customer.objects.count() == 0

    def test_a_safety_critical_line_keeps_its_order(self, gone):
        make.OrderLineFactory(
            order=Order.objects.first(), safety_critical=True, supplied_on=datetime.date(2019, 1, 1)
        )
        report = purge()
        assert (Order.objects.count(), OrderLine.objects.count()) == (1, 1)
        assert line(report, "order-tax", "Order").kept == {"records that hang on it": 1}

    def test_the_longer_valid_reason_wins(self, register):
        make.PaymentCardFactory(
            expires_on=datetime.date(2020, 1, 31), last_used_on=datetime.date(2026, 1, 1)
        )
        report = purge()
        assert PaymentCard.objects.count() == 1
        assert line(report, "card-expiry", "PaymentCard").kept == {"card-payment": 1}

    def test_an_unused_card_goes_by_expiry(self, register):
        make.PaymentCardFactory(expires_on=datetime.date(2020, 1, 31), last_used_on=None)
        purge()
        assert PaymentCard.objects.count() == 0


@pytest.mark.slow
class TestWhatNeedsThePerson:
    """A debt, a marker or a note that stays keeps its person, by name and within reach."""

    @pytest.mark.parametrize(
        "record",
        [
            lambda customer: make.CreditAccountFactory(customer=customer, balance=55),
            lambda customer: make.CreditAccountFactory(
                customer=customer, balance=55, defaulted_on=RECENT
            ),
            lambda customer: make.FraudMarkerFactory(customer=customer, review_on=RECENT),
            lambda customer: make.ContactNoteFactory(
                customer=customer, thread_closed_on=None, at=LATELY
            ),
            lambda customer: make.OrderFactory(
                customer=customer, placed_on=datetime.date(2026, 11, 1)
            ),
        ],
    )
    def test_it_keeps_name_and_address(self, gone, record):
        record(gone)
        report = purge()
        gone.refresh_from_db()
        assert (
            gone.erased_at,
            gone.contact_points.count(),
            gone.orders.filter(placed_on__lt=BEFORE).count(),
        ) == (None, 2, 0)
        assert line(report, "identity-account", "Customer").kept == {"records that hang on it": 1}
        assert line(report, "contact-account", "ContactPoint").kept == {
            "records that hang on it": 2
        }

    def test_what_has_run_out_keeps_nobody(self, gone):
        make.ContactNoteFactory.create_batch(2, customer=gone)
        make.CreditAccountFactory(customer=gone, settled=True)
        purge()
        assert Customer.objects.count() == 0

    def test_the_person_goes_when_it_is_done(self, gone):
        note = make.ContactNoteFactory(customer=gone, thread_closed_on=None, at=LATELY)
        purge()
        assert Customer.objects.get().erased_at is None
        note.thread_closed_on = datetime.date(2020, 1, 1)
        note.save()
        purge()
        assert Customer.objects.count() == 0


@pytest.mark.slow
class TestRefusing:
    def test_a_run_never_looks_ahead(self, register):
        with pytest.raises(engine.NotAllowed, match="not come yet"):
            purge(as_of=datetime.date(2026, 11, 24))

    def test_an_unconfirmed_rule_erases_nothing(self, gone):
        from compliance.register.models import RetentionRule

        RetentionRule.objects.filter(code="order-sale").update(confirmed_on=None, confirmed_by="")
        report = purge()
        assert Order.objects.count() == 2
        assert line(report, "order-tax", "Order").due == 2
        purge(accept_defaults=True)
        assert Order.objects.count() == 0
