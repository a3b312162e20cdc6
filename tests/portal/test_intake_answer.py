"""What follows a form: the same page for everybody, the acknowledgement, whose request it is, and
no cannon for emails."""

import re
import statistics
import time

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from compliance import letters
from compliance.cases.models import Case, CaseEvent, CaseMessage
from compliance.portal import intake
from compliance.register import actions
from customers.outbox.models import Message
from tests.factories import ContactPointFactory
from tests.jobs.working import work
from tests.portal.asking import ADA, DAY, HOUSE, MINUTE, NIGHT, make_ada, references, send, text
from tests.visiting import visiting

COST = {"copy": 26, "complain": 30}  # statements, the savepoints among them


@pytest.fixture(autouse=True)
def night(db):
    with time_machine.travel(NIGHT, tick=False) as clock:
        yield clock


@pytest.fixture
def ada():
    return make_ada()


def anonymous(page):
    """A page without what differs for everybody."""
    shown = re.sub(r"R-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", "R", page.content.decode())
    return page.status_code, shown, [name for name, _ in page.headers.items()]


class TestWhatNobodyLearns:
    WHO = [
        ADA,
        {"name": "Zoe Nobody", "email": "zoe@example.org"},
        {"name": "Wrong Surname", "email": "ada@example.org"},
        {"name": "Sam Shared", "email": "home@example.org"},
    ]

    @pytest.mark.parametrize("slug", ["copy", "complain", "agencies", "object"])
    def test_a_customer_and_a_stranger_get_the_same(self, ada, slug):
        for _ in range(2):
            ContactPointFactory(value="home@example.org")
        pages, costs = [], []
        for who in self.WHO:
            with CaptureQueriesContext(connection) as queries:
                answer = send(
                    slug, who=who, follow=False, customer_number="A100" if who is ADA else "Z9"
                )
            pages.append(anonymous(Client().get(answer["Location"])))
            costs.append(len(queries))
            assert not re.search(
                "customers_customer|customers_contactpoint",
                "".join(query["sql"] for query in queries),
            )
        assert len({str(page) for page in pages}) == 1
        assert len(set(costs)) == 1

    def test_the_same_after_the_job(self, ada):
        answers = [send("agencies", who=who, follow=False)["Location"] for who in self.WHO[:2]]
        work()
        first, second = (anonymous(Client().get(answer)) for answer in answers)
        assert Case.objects.filter(customer=ada).count() == 1
        assert first == second

    def test_the_email_says_the_same(self, ada, mailoutbox):
        send("agencies")
        send("agencies", who=self.WHO[1] | {"name": "Ada Lovelace"})
        work()
        texts = {re.sub(r"R-[-0-9A-Z]{14}", "R", mail.body) for mail in mailoutbox}
        assert (len(mailoutbox), len(texts)) == (2, 1)

    def test_it_takes_equally_long(self, ada):
        """A guard against a gross difference; the queries above are the proof."""
        times = {0: [], 1: []}
        for turn in range(24):
            start = time.perf_counter()
            send("delete", who=self.WHO[turn % 2], follow=False, words=f"turn {turn}")
            times[turn % 2].append(time.perf_counter() - start)
        known, unknown = (statistics.median(found[2:]) for found in times.values())
        assert 0.5 < known / unknown < 2

    def test_no_address_holds_anything_of_anybody(self):
        to = send("copy", follow=False)["Location"]
        assert not re.search("ada|lovelace|R-", to, re.IGNORECASE) or "received" in to
        page = Client().get(to).content.decode()
        assert "Lovelace" not in page
        assert "ada@example.org" not in page

    def test_its_address_works_for_an_hour(self, night):
        to = send("copy", follow=False)["Location"]
        night.shift(59 * MINUTE)
        assert Client().get(to).status_code == 200
        night.shift(2 * MINUTE)
        gone = Client().get(to)
        assert (gone.status_code, "Your request goes on" in text(gone)) == (404, True)

    @pytest.mark.parametrize("sealed", ["x", "AAAA", "é", "a" * 5000])
    def test_another_address_shows_nothing(self, sealed):
        assert Client().get(f"/your-data/received/{sealed}/").status_code == 404

    def test_an_answer_of_another_form_shows_nothing(self):
        stopped = send("object", uses=["marketing"], words="", follow=False)["Location"]
        assert (
            Client().get(reverse("portal:received", args=[stopped.split("/")[-2]])).status_code
            == 404
        )


class TestTheAcknowledgement:
    def test_it_goes_by_email_and_says_when(self, mailoutbox):
        page = send("copy")
        work()
        [mail] = mailoutbox
        assert mail.to == ["ada@example.org"]
        assert references(page)[0] in mail.subject
        assert "Monday 3 August 2026" in mail.body
        assert "/your-data/status/" in mail.body

    def test_without_an_email_it_is_a_letter(self):
        assert "We confirm this by post" in text(send("delete", email="", **HOUSE))
        work()
        message = Message.objects.get()
        assert (message.means, message.recipient.split("\n")[:2]) == (
            "letter",
            ["Ada Lovelace", "1 Mill Lane"],
        )
        assert message.document.startswith("%PDF")

    def test_without_any_address_it_goes_to_what_is_on_file(self, ada, mailoutbox):
        page = text(send("delete", email="", customer_number="A100"))
        assert "If we find you in our records, we write to the address there" in page
        work()
        assert [mail.to for mail in mailoutbox] == [["ada@example.org"]]

    def test_and_to_nobody_if_nobody_is_found(self, mailoutbox):
        send("delete", email="", customer_number="A100")
        work()
        assert mailoutbox == []
        assert Case.objects.get().is_open

    def test_a_complaint_has_its_own(self, mailoutbox):
        actions.load(by="job:tests")  # the Financial Ombudsman Service stands in the register
        send("complain", about=["data", "credit"])
        work()
        assert [row.letter for row in CaseMessage.objects.all()] == [
            "complaint_acknowledgement"
        ] * 2
        assert len({mail.subject for mail in mailoutbox}) == 2

    def test_what_it_would_lack_is_read_on_the_desk(self, ada, mailoutbox):
        send("complain", about=["credit"])
        for _ in range(2):
            work()
            intake.follow_up(Case.objects.get().pk, by="job:test", now=NIGHT)
        note = CaseEvent.objects.get(kind="noted")
        assert note.text.startswith(
            "The acknowledgement could not be written. The letter must say this"
        )
        assert (mailoutbox, Case.objects.get().customer) == ([], ada)

    def test_words_of_a_stranger_do_not_travel(self, mailoutbox):
        send("copy", name="Buy pills at www.pills.example", words="Buy pills")
        work()
        assert "pills" not in mailoutbox[0].subject + mailoutbox[0].body

    def test_what_goes_wrong_with_it_loses_nothing(self, monkeypatch, mailoutbox, night):
        with monkeypatch.context() as broken:
            broken.setattr(letters, "send", lambda *_, **__: 1 / 0)
            assert references(send("copy"))
            work()
        assert (Case.objects.get().is_open, mailoutbox) == (True, [])
        night.shift(11 * MINUTE)
        call_command("send_messages", verbosity=0)
        work()
        assert len(mailoutbox) == 1

    def test_the_job_twice_is_one_email(self, ada, mailoutbox):
        send("copy")
        work()
        case = Case.objects.get()
        before = case.events.count()
        intake.follow_up(case.pk, by="job:test", now=NIGHT)
        work()
        assert (len(mailoutbox), case.events.count()) == (1, before)


class TestNoCannon:
    def test_five_a_day_to_one_address_and_never_a_refusal(self, mailoutbox, night):
        pages = [text(send("complain", words=f"Number {number}")) for number in range(7)]
        work()
        assert (Case.objects.count(), len(mailoutbox)) == (7, 5)
        assert ["no confirmation goes out by itself" in page for page in pages] == [False] * 5 + [
            True
        ] * 2
        assert CaseEvent.objects.filter(kind="noted", codes__quiet=True).count() == 2
        night.shift(DAY)
        send("complain")
        work()
        assert len(mailoutbox) == 6

    @pytest.mark.slow
    def test_twenty_an_hour_from_one_place(self, mailoutbox):
        for number in range(22):
            send("delete", email=f"p{number}@example.org")
        work()
        assert (Case.objects.count(), len(mailoutbox)) == (22, 20)

    def test_the_sweep_leaves_the_quiet_ones_alone(self, mailoutbox, night):
        for number in range(6):
            send("delete", words=str(number))
        work()
        night.shift(11 * MINUTE)
        assert intake.retry_lost_jobs(now=NIGHT + 11 * MINUTE) == 0


class TestWhoseItIs:
    def test_a_job_finds_the_customer_and_does_what_waits_for_nobody(self, ada):
        send("restrict")
        assert Case.objects.get().customer is None
        work()
        case = Case.objects.get()
        assert (case.customer, case.identified_at, case.jurisdiction) == (ada, None, "scotland")
        assert case.restrictions.exists()

    def test_a_proven_customer_is_restricted_in_the_same_breath(self, ada):
        send("object", visiting(ada), who={"proven": "1"})
        assert Case.objects.get().restrictions.exists()

    def test_a_case_that_was_closed_meanwhile_is_left(self, ada):
        send("delete")
        Case.objects.update(status="withdrawn", closed_at=NIGHT, closed_on="2026-07-02")
        work()
        assert Case.objects.get().customer is None


def test_looking_changes_nothing(ada):
    for page in ["", "status/", "status/code/", "requests/", "complain/"] * 2:
        for method in ("get", "head"):
            getattr(Client(), method)(f"/your-data/{page}", {**ADA, "words": "x", "about": "data"})
    assert not Case.objects.exists()
    assert not Message.objects.exists()


@pytest.mark.parametrize("slug", COST)
def test_taking_one_in_costs_as_much_as_ever(ada, slug, django_assert_num_queries):
    with django_assert_num_queries(COST[slug]):
        send(slug, follow=False)
