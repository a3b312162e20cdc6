"""What the care team does on a customer's page: end, resume, note."""

import datetime
import threading
import uuid

import pytest
import time_machine
from django.db import connection

from audit import events
from audit.models import Entry
from customers import actions
from customers.desk import page_url
from customers.models import ContactNote
from tests import factories as make

DAY = datetime.date
pytestmark = pytest.mark.django_db
TODAY = datetime.datetime(2026, 6, 15, 12, tzinfo=datetime.UTC)


@pytest.fixture
def ada():
    return make.CustomerFactory(
        given_names="Ada", surname="Okafor", relationship_began_on=DAY(2016, 1, 1)
    )


@pytest.fixture
def press(signed_in):
    """`press(agent, ada, "end", ended_on="2026-03-31")`: send the form of one action."""

    def send(user, customer, action, **values):
        with time_machine.travel(TODAY):
            return signed_in(user).post(
                f"/admin/customers/customer/{customer.pk}/{action}/", values, follow=True
            )

    return send


class TestEnd:
    def test_ends_and_records(self, ada, agent, press, trail):
        page = press(agent, ada, "end", ended_on="2026-03-31")
        ada.refresh_from_db()
        assert ada.relationship_ended_on == DAY(2026, 3, 31)
        assert page.redirect_chain == [(page_url(ada.pk), 303)]
        assert "The relationship ended on 31 Mar 2026." in page.content.decode()
        assert trail("relationship_ended").facts == {"ended_on": "2026-03-31", "reason": "said"}

    def test_second_click_says_it_is_done(self, ada, agent, press, trail):
        press(agent, ada, "end", ended_on="2026-03-31")
        page = press(agent, ada, "end", ended_on="2026-03-31")
        assert page.redirect_chain == [(page_url(ada.pk), 303)]
        assert "already ended on that day" in page.content.decode()
        assert trail("relationship_ended")  # one entry, not two

    @pytest.mark.parametrize(
        ("given", "says"),
        [
            ("2026-06-16", "a day that has not come yet"),
            ("2015-12-31", "before it began"),
            ("", "Give the last day"),
            ("soon", "Give a day such as"),
        ],
    )
    def test_refusal_keeps_what_was_typed(self, ada, agent, press, given, says):
        page = press(agent, ada, "end", ended_on=given).content.decode()
        assert says in page
        assert f'value="{given}"' in page or not given
        ada.refresh_from_db()
        assert ada.relationship_ended_on is None

    def test_refused_while_credit_is_open(self, ada, agent, press):
        make.CreditAccountFactory(customer=ada)
        assert (
            "A credit account is still open"
            in press(agent, ada, "end", ended_on="2026-03-31").content.decode()
        )

    def test_undone_when_it_cannot_be_recorded(self, ada, agent, monkeypatch):
        monkeypatch.setattr(events, "relationship_ended", lambda **facts: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            actions.end_relationship(ada, ended_on=DAY(2026, 1, 1), by=agent.actor, now=TODAY)
        ada.refresh_from_db()
        assert ada.relationship_ended_on is None

    def test_looking_at_the_form_changes_nothing(self, ada, agent, signed_in):
        for _ in range(2):
            page = (
                signed_in(agent)
                .get(f"/admin/customers/customer/{ada.pk}/end/?ended_on=2026-01-01")
                .content.decode()
            )
        assert "Ada Okafor" in page
        ada.refresh_from_db()
        assert ada.relationship_ended_on is None


class TestResume:
    def test_resumes_with_its_reason(self, agent, press, trail):
        ended = make.CustomerFactory(relationship_ended_on=DAY(2026, 1, 1))
        assert (
            "The relationship goes on."
            in press(agent, ended, "resume", reason="mistake").content.decode()
        )
        ended.refresh_from_db()
        assert ended.relationship_ended_on is None
        assert trail("relationship_resumed").facts == {"reason": "mistake"}

    def test_needs_a_reason(self, agent, press):
        ended = make.CustomerFactory(relationship_ended_on=DAY(2026, 1, 1))
        assert "Say why the relationship goes on." in press(agent, ended, "resume").content.decode()

    def test_second_click_says_it_is_done(self, ada, agent, press):
        assert (
            "The relationship goes on already."
            in press(agent, ada, "resume", reason="returned").content.decode()
        )


class TestNote:
    def note(self, **values):
        return {
            "reference": str(uuid.uuid4()),
            "kind": "call",
            "text": "Asked for a refund.",
            **values,
        }

    def test_writes_down_who_and_what(self, ada, agent, press, trail):
        page = press(agent, ada, "note", **self.note()).content.decode()
        note = ada.contact_notes.get()
        assert (note.text, note.taken_by, note.thread_closed_on) == (
            "Asked for a refund.",
            agent.actor,
            None,
        )
        assert "Asked for a refund." in page
        assert trail("note_added").facts == {"note": note.pk}

    def test_double_click_is_one_note(self, ada, agent, press):
        values = self.note()
        press(agent, ada, "note", **values)
        assert "written down already" in press(agent, ada, "note", **values).content.decode()
        assert ada.contact_notes.count() == 1

    def test_closed_matter_starts_its_clock_today(self, ada, agent, press):
        press(agent, ada, "note", **self.note(closed="on"))
        assert ada.contact_notes.get().thread_closed_on == DAY(2026, 6, 15)

    def test_card_number_is_cut(self, ada, agent, press):
        press(agent, ada, "note", **self.note(text="Paid with 4111 1111 1111 1111"))
        assert "4111 1111" not in ada.contact_notes.get().text

    def test_text_survives_an_error(self, ada, agent, press):
        page = press(
            agent, ada, "note", **self.note(kind="pigeon", text="A long story.")
        ).content.decode()
        assert "A long story." in page
        assert not ContactNote.objects.exists()

    def test_erased_meanwhile_is_a_form_error(self, agent, press):
        stub = make.CustomerFactory.build(
            customer_number=None,
            title=None,
            given_names=None,
            surname=None,
            date_of_birth=None,
            erased_at=TODAY,
        )
        stub.save()
        page = press(agent, stub, "note", **self.note(text="Too late.")).content.decode()
        assert "This customer was erased." in page
        assert "Too late." in page


class TestWhoMay:
    @pytest.mark.parametrize("action", ["end", "resume", "note"])
    def test_auditor_and_operator_may_not(self, ada, auditor, operator, press, action):
        assert (
            press(auditor, ada, action).status_code
            == press(operator, ada, action).status_code
            == 403
        )

    def test_auditor_sees_no_buttons(self, ada, auditor, signed_in):
        page = signed_in(auditor).get(page_url(ada.pk)).content.decode()
        assert not any(address in page for address in ("/end/", "/note/", "/place/"))


@pytest.mark.django_db(transaction=True)
def test_two_staff_at_once_make_one_ending(agent, lead):
    ada = make.CustomerFactory()
    said, ready = [], threading.Barrier(2)

    def end(user):
        ready.wait()
        try:
            actions.end_relationship(ada, ended_on=DAY(2026, 1, 1), by=user.actor, now=TODAY)
            said.append("done")
        except actions.AlreadyDone:
            said.append("already")
        finally:
            connection.close()

    threads = [threading.Thread(target=end, args=[user]) for user in (agent, lead)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["already", "done"]
    assert Entry.objects.filter(event="relationship_ended").count() == 1
