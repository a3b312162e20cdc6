"""Whoever gives an address up is not written to there any more: letters of open cases, and what
waits to be sent, go to the address of now."""

import datetime

import pytest
from django.core.management import call_command

from audit.actions import Refused
from compliance import letters
from compliance.cases.models import Case, Letter
from compliance.outcomes import corrections
from customers.importing import load
from customers.models import ContactPoint
from customers.outbox import messages
from customers.outbox.models import Message
from tests.factories import ContactPointFactory, CustomerFactory, CustomerVisitFactory
from tests.letters.letters import HOME, LATE, NEXT, case_of, write

pytestmark = pytest.mark.django_db
OLD, NEW, NEW_HOME = "ada@example.org", "ada@example.net", "2 Mill Lane\nBradford\nBD1 1AB"
State = Message.State


@pytest.fixture(autouse=True)
def register():
    call_command("load_register", verbosity=0)


@pytest.fixture
def ada():
    customer = CustomerFactory(surname="Lovelace", given_names="Ada", customer_number="C1")
    ContactPointFactory(customer=customer, value=OLD, source="shop")
    ContactPointFactory(customer=customer, address=True, value=HOME, source="shop")
    return customer


def gives_up(customer, kind="email", new=NEW, now=NEXT):
    point = ContactPoint.objects.get(customer=customer, kind=kind, valid_to=None)
    corrections.correct(
        customer,
        corrections.Changes(replace={point.pk: new}),
        key="test",
        source="staff",
        by="staff:1",
        now=now,
    )


def goes(case, letter=Letter.MESSAGE):
    where = letters.recipient(Case.objects.get(pk=case.pk), letter)
    return where.address


def queued(customer, to=OLD, **rest):
    words = {"subject": "About you", "text": "Something."}
    return messages.queue(
        **{"kind": "test", "key": f"test:{to}", "recipient": to, "customer": customer}
        | words
        | {"by": "staff:1", "now": LATE}
        | rest
    )


class TestLettersOfOpenCases:
    def test_they_go_to_the_new_address(self, ada):
        first, second = case_of(customer=ada), case_of(customer=ada)
        gives_up(ada)
        for case in (first, second):
            assert goes(case) == NEW
            assert Case.objects.get(pk=case.pk).email == NEW

    def test_an_unproven_case_shows_nobody_the_new_one(self, ada):
        case = case_of(customer=ada, identified=False)
        gives_up(ada)
        fresh = Case.objects.get(pk=case.pk)
        assert (fresh.email, goes(case)) == (None, NEW)
        assert fresh.events.get(kind="noted").codes["removed"] == ["email"]

    def test_what_was_removed_gives_way_to_another_address(self, ada):
        case = case_of(customer=ada)
        gives_up(ada, new=None)
        assert goes(case) == HOME

    def test_the_post_too(self, ada):
        case = case_of(customer=ada, given={"address": HOME})
        gives_up(ada, "address", NEW_HOME)
        assert goes(case) == NEW_HOME

    def test_after_an_import(self, ada, tmp_path):
        case = case_of(customer=ada)
        file = tmp_path / "customers.csv"
        file.write_text(f"customer_number,email\nC1,{NEW}\n")
        load.import_file("customers", file, by="job:test", now=NEXT)
        assert Case.objects.get(pk=case.pk).email == NEW

    def test_a_case_of_somebody_else_stays(self, ada):
        other = case_of(customer=CustomerFactory())
        theirs = case_of(customer=ada, requester="agent", requester_name="Bob Dee")
        gives_up(ada)
        assert {goes(other), Case.objects.get(pk=theirs.pk).email} == {OLD}

    def test_who_gives_an_earlier_address_again_is_written_to_there(self, ada):
        gives_up(ada, now=LATE)
        case = case_of(customer=ada, now=NEXT)
        assert goes(case) == OLD

    def test_once_all_is_erased_nothing_goes_to_what_was_given_up(self, ada):
        case = case_of(customer=ada)
        write(case, Letter.ACKNOWLEDGEMENT)
        gives_up(ada, new=None, now=NEXT + datetime.timedelta(minutes=1))
        ContactPoint.objects.all().delete()
        with pytest.raises(Refused, match="neither an email address"):
            goes(case)


class TestWhatWaits:
    def test_it_goes_to_the_new_address(self, ada):
        message = queued(ada)
        post = queued(ada, f"Ms Ada Lovelace\n{HOME}", means=Message.Means.LETTER)
        gives_up(ada), gives_up(ada, "address", NEW_HOME)
        message.refresh_from_db(), post.refresh_from_db()
        assert (message.recipient, message.state) == (NEW, State.QUEUED)
        assert post.recipient == f"Ms Ada Lovelace\n{NEW_HOME}"

    def test_with_no_new_one_it_waits_for_somebody(self, ada):
        message = queued(ada)
        gives_up(ada, new=None)
        message.refresh_from_db()
        assert (message.state, message.error) == (State.FAILED, "address_given_up")
        with pytest.raises(Refused, match="gave this address up"):
            messages.resend(message, by="staff:1", now=NEXT)

    def test_a_printed_letter_and_a_code_go_nowhere(self, ada):
        letter = queued(
            ada, f"Ms Ada Lovelace\n{HOME}", means=Message.Means.LETTER, document=b"%PDF"
        )
        code = queued(ada, kind="one_time_code")
        gives_up(ada), gives_up(ada, "address", NEW_HOME)
        letter.refresh_from_db(), code.refresh_from_db()
        assert (letter.state, code.state) == (State.FAILED, State.EXPIRED)

    def test_what_somebody_else_waits_for_stays(self, ada):
        message = queued(CustomerFactory())
        gives_up(ada)
        message.refresh_from_db()
        assert message.recipient == OLD

    def test_the_notice_to_the_old_address_goes_there_once(self, ada):
        gives_up(ada)
        gives_up(ada, new="third@example.org")
        told = Message.objects.filter(kind="contact_changed")
        assert sorted(one.recipient for one in told) == [NEW, OLD]


def test_a_colleague_who_puts_a_detail_back_ends_every_visit(ada):
    visit = CustomerVisitFactory(customer=ada, expires_at=NEXT + datetime.timedelta(hours=1))
    gives_up(ada)
    visit.refresh_from_db()
    assert visit.expires_at == NEXT
