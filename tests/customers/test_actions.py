import datetime
import threading
from decimal import Decimal

import pytest
from django.db import connection, transaction

from audit import events
from audit.models import Entry
from customers import actions, erasure_lock
from customers.models import ContactNote, Customer
from tests import factories as make

NOW = datetime.datetime(
    2026, 3, 31, 23, 30, tzinfo=datetime.UTC
)  # half past midnight in London, on the first of April
TODAY = datetime.date(2026, 4, 1)
BY = "staff:1"


def end(customer, ended_on=TODAY):
    return actions.end_relationship(customer, ended_on=ended_on, by=BY, now=NOW)


@pytest.mark.django_db
class TestEndingARelationship:
    def test_it_starts_the_clock_and_is_on_record(self):
        customer = end(make.CustomerFactory())
        customer.refresh_from_db()
        assert customer.relationship_ended_on == TODAY
        entry = Entry.objects.get()
        assert (entry.event, entry.actor, entry.subject) == ("relationship_ended", BY, customer.pk)
        assert entry.facts == {"ended_on": "2026-04-01", "reason": "said"}

    def test_a_settled_account_is_no_obstacle(self):
        account = make.CreditAccountFactory(settled=True)
        end(account.customer)

    def test_a_debt_that_was_sold_or_written_off_is_no_obstacle(self):
        account = make.CreditAccountFactory(settled=True, status="sold", balance=Decimal("12.00"))
        end(account.customer)

    @pytest.mark.parametrize(
        ("account", "reason"),
        [
            ({}, "still open"),
            ({"settled": True, "balance": Decimal("0.01")}, "still shows a balance"),
            ({"settled": True, "balance": Decimal("-0.01")}, "still shows a balance"),
            ({"settled": True, "ended_on": TODAY + datetime.timedelta(days=1)}, "ended later"),
        ],
    )
    def test_it_is_refused_while_an_account_says_otherwise(self, account, reason):
        customer = make.CreditAccountFactory(settled=True).customer
        make.CreditAccountFactory(customer=customer, **account)
        with pytest.raises(actions.Refused, match=reason):
            end(customer)
        assert Entry.objects.count() == 0

    @pytest.mark.parametrize(
        ("day", "reason"),
        [
            (TODAY + datetime.timedelta(days=1), "not come yet"),
            (datetime.date(2010, 1, 14), "before it began"),
        ],
    )
    def test_it_is_refused_for_an_impossible_day(self, day, reason):
        with pytest.raises(actions.Refused, match=reason):
            end(make.CustomerFactory(), day)

    def test_it_ends_once(self):
        customer = end(make.CustomerFactory())
        with pytest.raises(actions.AlreadyDone):
            end(customer)
        with pytest.raises(actions.Refused, match="Resume it first"):
            end(customer, datetime.date(2026, 1, 1))
        assert Entry.objects.count() == 1

    def test_without_its_audit_entry_nothing_changes(self, monkeypatch):
        customer = make.CustomerFactory()
        monkeypatch.setattr(events, "relationship_ended", lambda **facts: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            end(customer)
        customer.refresh_from_db()
        assert customer.relationship_ended_on is None

    def test_nobody_cannot_do_it(self):
        with pytest.raises(TypeError):
            actions.end_relationship(make.CustomerFactory(), ended_on=TODAY, now=NOW)


@pytest.mark.django_db
class TestResumingARelationship:
    def test_it_stops_the_clock_and_is_on_record(self):
        customer = make.CustomerFactory(relationship_ended_on=TODAY)
        actions.resume_relationship(customer, reason="returned", by=BY)
        customer.refresh_from_db()
        assert customer.relationship_ended_on is None
        assert Entry.objects.get().facts == {"reason": "returned"}

    def test_the_reason_is_a_code_and_no_story(self):
        with pytest.raises(ValueError, match="is a code"):
            actions.resume_relationship(make.CustomerFactory(), reason="Mrs Smith called", by=BY)

    def test_it_is_done_once(self):
        with pytest.raises(actions.AlreadyDone):
            actions.resume_relationship(make.CustomerFactory(), reason="mistake", by=BY)

    def test_an_erased_customer_stays_erased(self):
        stub = Customer.objects.create(erased_at=NOW, relationship_ended_on=TODAY)
        with pytest.raises(actions.Refused, match="was erased"):
            actions.resume_relationship(stub, reason="returned", by=BY)
        with pytest.raises(actions.Refused, match="was erased"):
            end(stub)


@pytest.mark.django_db(transaction=True)
def test_a_rescue_waits_for_the_batch_that_erases():
    customer = make.CustomerFactory(relationship_ended_on=TODAY)
    done = []

    def rescue():
        actions.resume_relationship(customer, reason="returned", by=BY)
        done.append("rescued")
        connection.close()

    with transaction.atomic():
        erasure_lock.shared()
        thread = threading.Thread(target=rescue)
        thread.start()
        thread.join(0.3)
        done.append("erased")
    thread.join(5)
    assert done == ["erased", "rescued"]


@pytest.mark.django_db
class TestANote:
    def add(self, customer, **given):
        usual = {"kind": "call", "text": "Called.", "closed": True, "by": BY, "now": NOW}
        return actions.add_note(customer, **{**usual, **given})

    def test_it_is_kept_and_on_record_without_its_text(self):
        note = self.add(make.CustomerFactory(), text="  Asked for Zebedee. ")
        note.refresh_from_db()
        assert (note.text, note.taken_by, note.thread_closed_on) == (
            "Asked for Zebedee.",
            BY,
            TODAY,
        )
        entry = Entry.objects.get()
        assert (entry.event, entry.subject, entry.facts) == (
            "note_added",
            note.customer_id,
            {"note": note.pk},
        )

    def test_a_card_number_is_never_stored(self):
        note = self.add(make.CustomerFactory(), text="Pays with 4111 1111 1111 1111 12/27, cvv 123")
        assert note.text == "Pays with [card ending 1111] 12/27, cvv [removed]"

    def test_an_open_matter_starts_no_clock(self):
        assert self.add(make.CustomerFactory(), closed=False).thread_closed_on is None

    def test_a_double_click_writes_one(self):
        customer = make.CustomerFactory()
        self.add(customer, reference="form-1")
        with pytest.raises(actions.AlreadyDone):
            self.add(customer, reference="form-1")
        assert ContactNote.objects.count() == Entry.objects.count() == 1

    def test_an_unknown_kind_is_refused(self):
        with pytest.raises(ValueError, match="fax"):
            self.add(make.CustomerFactory(), kind="fax")

    def test_an_erased_customer_gets_none(self):
        with pytest.raises(actions.Refused, match="was erased"):
            self.add(Customer.objects.create(erased_at=NOW))
