"""Relationships that nobody ended come to an end, and go on when the customer returns."""

import datetime
import json
import uuid
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from compliance.cases.actions import opening
from compliance.preferences import actions as preferences
from compliance.register.models import RetentionRule
from compliance.retention import dormancy
from customers import actions, dealings
from customers.identity.customer import CUSTOMER
from customers.identity.models import CustomerVisit
from customers.importing import load
from customers.matching import Given
from customers.models import Customer
from privacy import declarations
from tests import factories as make

pytestmark = pytest.mark.django_db
LAST = datetime.date(2023, 2, 28)  # the 36 months run to 28 February 2026
END = datetime.date(2026, 3, 1)
NOON = datetime.time(12, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def _at_half_past_midnight_in_summer():
    """30 June, 23:30 UTC: in London it is the first of July already."""
    with time_machine.travel(
        datetime.datetime(2026, 6, 30, 23, 30, tzinfo=datetime.UTC), tick=False
    ):
        yield


def close(*arguments):
    out = StringIO()
    try:
        call_command("close_dormant", *arguments, stdout=out, stderr=StringIO())
    except SystemExit as stop:
        return stop.code, out.getvalue()
    return 0, out.getvalue()


def ordered(day=LAST, **customer):
    return make.OrderFactory(customer=make.CustomerFactory(**customer), placed_on=day).customer


def end_of(customer):
    return Customer.objects.values_list("relationship_ended_on", "ended_as_dormant").get(
        pk=customer.pk
    )


class TestTheEnd:
    def test_it_comes_on_the_day_after(self, register):
        one, other = ordered(), ordered(LAST + datetime.timedelta(days=1))
        close("--as-of", "2026-02-28")
        assert end_of(one) == end_of(other) == (None, False)
        close("--as-of", "2026-03-01")
        assert (end_of(one), end_of(other)) == ((END, True), (None, False))

    def test_the_trail_says_why(self, register, trail):
        who = ordered()
        make.OrderFactory(customer=who, placed_on=datetime.date(2012, 1, 1))
        close()
        entry = trail("relationship_ended")
        assert (entry.subject, entry.actor) == (who.pk, "job:close_dormant")
        assert entry.facts == {"ended_on": "2026-03-01", "reason": "dormant"}

    def test_without_any_dealing_it_counts_from_the_record(self, register):
        who = make.CustomerFactory(relationship_began_on=None)
        close()
        assert end_of(who) == (None, False)
        with time_machine.travel(datetime.datetime(2029, 7, 2, 3, tzinfo=datetime.UTC)):
            close()
        assert end_of(who)[0] == datetime.date(2029, 7, 2)

    @pytest.mark.parametrize(
        "account",
        [
            {},
            {"status": "settled", "ended_on": datetime.date(2014, 1, 1), "balance": 3},
        ],
        ids=["open", "owing"],
    )
    def test_an_agreement_that_runs_keeps_it(self, register, account):
        who = ordered()
        make.CreditAccountFactory(customer=who, **account)
        close()
        assert end_of(who) == (None, False)

    def test_what_somebody_said_stands(self, register):
        said = ordered(relationship_ended_on=datetime.date(2025, 1, 1))
        close()
        assert end_of(said) == (datetime.date(2025, 1, 1), False)


FRESH = datetime.date(2024, 5, 5)
DEALINGS = {
    "Order.placed_on": lambda who: make.OrderFactory(customer=who, placed_on=FRESH),
    "Order.delivered_on": lambda who: make.OrderFactory(
        customer=who, placed_on=LAST, delivered_on=FRESH
    ),
    "PaymentCard.last_used_on": lambda who: make.PaymentCardFactory(
        customer=who, last_used_on=FRESH
    ),
    "CreditAccount.opened_on": lambda who: make.CreditAccountFactory(
        customer=who, opened_on=FRESH, status="sold", ended_on=FRESH
    ),
    "CreditAccount.ended_on": lambda who: make.CreditAccountFactory(
        customer=who, status="settled", ended_on=FRESH
    ),
    "CreditAccount.default_resolved_on": lambda who: make.CreditAccountFactory(
        customer=who,
        status="settled",
        ended_on=LAST,
        defaulted_on=LAST,
        default_resolved_on=FRESH,
    ),
    "ContactNote.at": lambda who: make.ContactNoteFactory(
        customer=who, at=datetime.datetime.combine(FRESH, NOON)
    ),
    "Case.received_on": lambda who: make.CaseFactory(
        customer=who, received_at=datetime.datetime.combine(FRESH, NOON), received_on=FRESH
    ),
    "InboundMail.received_at": lambda who: make.InboundMailFactory(
        customer=who, received_at=datetime.datetime.combine(FRESH, NOON)
    ),
    "ChoiceEvent.at": lambda who: make.ChoiceEventFactory(
        customer=who, at=datetime.datetime.combine(FRESH, NOON)
    ),
    "Customer.relationship_began_on": lambda who: Customer.objects.filter(pk=who.pk).update(
        relationship_began_on=FRESH
    ),
    "Customer.last_contact_on": lambda who: dealings.heard_from(
        who.pk, on=FRESH, by="job:test", signed_in=True
    ),
}


class TestDealings:
    def test_each_that_is_declared_is_tried_here(self):
        declared = {
            f"{one.model.__name__}.{path}"
            for one in declarations.declarations()
            for path in one.dealings
        }
        assert declared == set(DEALINGS)

    @pytest.mark.parametrize("dealing", DEALINGS)
    def test_each_keeps_it_going_and_takes_a_dormant_end_back(self, register, dealing):
        before, after = ordered(), ordered()
        DEALINGS[dealing](before)
        close()
        assert (end_of(before), end_of(after)) == ((None, False), (END, True))
        DEALINGS[dealing](after)  # past every door: the next run finds it
        close()
        assert end_of(after) == (None, False)


@pytest.fixture
def dormant(register):
    who = ordered(customer_number="C77")
    close()
    assert end_of(who) == (END, True)
    return who


class TestTheReturn:
    def test_a_call(self, dormant, trail):
        actions.add_note(
            dormant, kind="call", text="Is back.", closed=True, by="staff:1", now=timezone.now()
        )
        assert end_of(dormant) == (None, False)
        assert trail("relationship_resumed").facts == {"reason": "returned"}

    def test_a_letter_of_long_ago_is_none(self, dormant):
        dealings.heard_from(dormant.pk, on=datetime.date(2020, 1, 1), by="staff:1")
        assert end_of(dormant) == (END, True)

    def test_a_sign_in_counts_after_its_row_is_gone(self, dormant):
        make.CustomerVisitFactory(customer=dormant, proved_at=timezone.now())
        CUSTOMER.record_opened(CustomerVisit.objects.get())
        CustomerVisit.objects.all().delete()
        close()
        assert end_of(dormant) == (None, False)

    def test_a_request(self, dormant):
        opening.open_case(
            kind="sar",
            channel="phone",
            token=uuid.uuid4(),
            given=Given(),
            customer=dormant,
            by="staff:1",
            now=timezone.now(),
        )
        assert end_of(dormant) == (None, False)

    def test_a_choice(self, dormant):
        preferences.object_to(
            channels=["post"],
            senders=["us"],
            customer=dormant,
            given=[],
            source="phone",
            by="staff:1",
            now=timezone.now(),
        )
        assert end_of(dormant) == (None, False)

    def test_an_order_in_the_shops_file(self, dormant, tmp_path):
        still = ordered(customer_number="C78")
        close()
        file = tmp_path / "orders.csv"
        file.write_text(
            "order_number,customer_number,placed_on,total,line_number,product_code,quantity,unit_price\n"
            "N9,C77,2026-06-29,5,1,CUP,1,5\nN8,C78,2010-06-29,5,1,CUP,1,5\n"
        )
        load.import_file("orders", file, by="job:test", now=timezone.now(), allow_expired=True)
        assert (end_of(dormant), end_of(still)) == ((None, False), (END, True))

    def test_an_older_dealing_that_comes_to_light_moves_the_end(self, dormant):
        later = LAST + datetime.timedelta(days=10)
        make.OrderFactory(customer=dormant, placed_on=later)
        close()
        assert end_of(dormant) == (datetime.date(2026, 3, 11), True)


class TestTheCommand:
    def test_a_dry_run_counts_and_changes_nothing(self, register):
        who, _ = ordered(), ordered()
        assert "2 relationships would end" in close("--dry-run")[1]
        assert end_of(who) == (None, False)

    def test_only_a_dry_run_may_look_ahead(self, register):
        ordered(datetime.date(2023, 12, 31))
        assert "1 relationships would end" in close("--dry-run", "--as-of", "2027-01-01")[1]
        with pytest.raises(CommandError) as caught:
            close("--as-of", "2026-07-02")
        assert caught.value.returncode == 2

    def test_nothing_ends_by_an_unconfirmed_rule(self, register):
        RetentionRule.objects.filter(code=dormancy.RULE).update(confirmed_on=None, confirmed_by="")
        who = ordered()
        code, text = close()
        assert (code, end_of(who)) == (1, (None, False))
        assert "has not confirmed" in text

    def test_the_period_is_the_registers(self, register):
        RetentionRule.objects.filter(code=dormancy.RULE).update(period=48)
        who = ordered()
        close()
        assert end_of(who) == (None, False)

    def test_the_purge_says_how_many_and_waits_for_them(self, register):
        ordered(datetime.date(2012, 1, 1))
        ordered(datetime.date(2012, 1, 1))

        def purge(*more):
            out = StringIO()
            call_command("retention_purge", "--json", *more, stdout=out, stderr=StringIO())
            return json.loads(out.getvalue())

        dry = purge("--dry-run")
        assert dry["dormant"] == 2
        due = {n["rule"]: n["due"] for n in dry["rules"]}
        assert (due["identity-account"], due["identity-dormant"]) == (0, 0)
        assert "dormant" not in purge()
        assert Customer.objects.living().count() == 2
        close()
        purge()
        assert Customer.objects.living().count() == 0


class TestCost:
    def test_a_batch_is_the_same_statements_for_few_and_many(self, register):
        def statements(people):
            for _ in range(people):
                ordered()
            with CaptureQueriesContext(connection) as queries:
                close()
            return len(queries)

        assert statements(2) == statements(20)

    def test_whoever_was_heard_from_is_looked_at_once(self, register):
        for _ in range(3):
            ordered(FRESH)
        rule = dormancy.rule()
        looked = []
        for _ in range(2):
            dormancy.close(rule, as_of=timezone.localdate(), by="job:test", progress=looked.append)
        assert looked == [3]
