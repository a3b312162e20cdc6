"""Following a request: what its person reads, adds and takes back, and what nobody else learns."""

import datetime
import re
import uuid

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from compliance import letters, outcomes
from compliance.cases.kinds import CaseKind
from compliance.cases.models import Attachment, Case, CaseEvent, CaseVisit, Task
from compliance.casework.actions import intake, tasks, work
from compliance.register import actions
from customers.matching import Given
from customers.outbox.models import Message
from tests.cases.test_opening import ask
from tests.factories import OutcomeFactory, PackFactory
from tests.jobs.working import work as run_jobs
from tests.portal.asking import (
    DAY,
    HOUSE,
    MINUTE,
    NIGHT,
    PDF,
    follow,
    make_ada,
    references,
    send,
    text,
)
from tests.visiting import visiting

QUERIES = 10  # of the page of a case with a question of ours, its answer and a file


@pytest.fixture(autouse=True)
def night(db):
    with time_machine.travel(NIGHT, tick=False) as clock:
        yield clock


@pytest.fixture
def ada():
    return make_ada()


def asked(slug="copy", **typed):
    """The case that a form opened, once its job has run."""
    reference = references(send(slug, **typed))[0]
    run_jobs()
    return Case.objects.get(reference=reference)


def answer(case, words):
    """What the desk does: release the copy, or note that there is nothing to copy; then answer."""
    if case.customer:
        PackFactory(customer=case.customer, reference=case.reference, released=True)
        OutcomeFactory(case=case, effect="release_copy")
    else:
        outcomes.carry_out(
            case, "nothing_held", {"searched": "Everywhere."}, by="staff:1", now=NIGHT
        )
    work.complete(case, text=words, by="staff:1", now=NIGHT)


def page_of(case):
    return f"/your-data/requests/{case.reference}/"


def say(client, case, message="It was the red kettle.", **more):
    return client.post(
        f"{page_of(case)}add/", {"form": str(uuid.uuid4()), "text": message, **more}, follow=True
    )


class TestWhatItSays:
    def test_what_we_understood_and_by_when(self):
        page = text(follow(asked().reference)[1])
        for words in (
            "You asked us for a copy of your personal data.",
            "It reached us on Thursday 2 July 2026",
            "We will answer you by Monday 3 August 2026.",
            "UK GDPR Article 15",
            "which is not a working day",
            "The kettle.",
            "In large print",
            '<span class="state state-working">Open</span>',
        ):
            assert words in page

    def test_a_question_of_ours_and_that_we_wait(self):
        case = asked()
        work.ask(case, what="clarification", text="Which kettle?", by="staff:1", now=NIGHT)
        page = text(follow(case.reference)[1])
        assert "We wait for you" in page
        assert "The time for our answer stands still until you reply." in page
        assert "Which kettle?" in page

    @pytest.mark.parametrize(
        ("state", "said"), [("failed", True), ("expired", True), ("queued", False)]
    )
    def test_what_could_not_be_sent_is_admitted(self, state, said):
        case = asked()
        work.write(case, text="We found the kettle.", by="staff:1", now=NIGHT)
        Message.objects.filter(of_case__letter="message").update(state=state)
        page = text(follow(case.reference)[1])
        assert "We found the kettle." in page
        assert ("it could not be sent: here is what it says" in page) == said

    def test_notes_of_colleagues_stay_with_them(self):
        case = asked()
        work.note(case, text="He sounds odd.", by="staff:1", now=NIGHT)
        work.heard(
            case, text="Told me on the telephone.", by="staff:1", now=NIGHT, channel="telephone"
        )
        assert "odd" not in text(follow(case.reference)[1])

    def test_a_day_that_has_passed_is_admitted(self, night):
        case = asked("delete")
        night.shift(40 * DAY)
        page = text(follow(case.reference)[1])
        assert (
            "We should have answered you by Monday 3 August 2026. It is not answered yet. We are "
            "sorry." in page
        )
        assert "working on it" not in page  # nobody need be

    def test_a_complaint_that_we_confirmed_is_never_late(self, ada, night):
        case = asked("complain")
        page = follow(case.reference)[1]
        assert "We confirmed on Thursday 2 July 2026 that we have it." in text(page)
        night.shift(40 * DAY)
        assert '<span class="state state-working">Open</span>' in text(follow(case.reference)[1])
        assert ">Open<" in text(visiting(ada).get("/your-data/requests/"))

    @pytest.mark.parametrize(
        ("act", "says"),
        [
            (
                lambda case: work.refuse(
                    case, ground="unfounded", text="No.", by="staff:1", now=NIGHT
                ),
                "Our letter says why",
            ),
            (lambda case: work.withdraw(case, by="staff:1", now=NIGHT), "You took it back"),
            (lambda case: answer(case, "Here it is."), "Here it is."),
        ],
    )
    def test_how_it_ended(self, act, says):
        case = asked()
        act(case)
        page = text(follow(case.reference)[1])
        assert says in page
        assert "Closed on Thursday 2 July 2026" in page

    def test_another_case_that_it_is_part_of(self):
        make_ada()
        first, second = asked(), asked(words="Once more.")
        work.merge(second, into=first, by="staff:1", now=NIGHT)
        page = text(follow(second.reference)[1])
        assert f"follow it under {first.reference}" in page
        assert "Your message" not in page

    @pytest.mark.parametrize("kind", list(CaseKind))
    def test_every_kind_can_be_read(self, kind):
        page = follow(ask(kind, now=NIGHT).reference)[1]
        assert (page.status_code, "Where it stands" in text(page)) == (200, True)

    def test_it_costs_as_much_as_ever(self, django_assert_num_queries):
        case = asked()
        work.ask(case, what="clarification", text="Which kettle?", by="staff:1", now=NIGHT)
        browser, _ = follow(case.reference)
        say(browser, case, documents=SimpleUploadedFile("a.pdf", PDF))
        with django_assert_num_queries(QUERIES):
            browser.get(page_of(case))


class TestSayingSomething:
    def test_an_answer_ends_the_pause_on_its_day(self, night):
        case = asked()
        work.ask(case, what="clarification", text="Which kettle?", by="staff:1", now=NIGHT)
        night.shift(3 * DAY)
        browser, _ = follow(case.reference)
        page = text(say(browser, case))
        assert "We have it. It stands below" in page
        assert "It was the red kettle." in page
        assert "We will answer you by Wednesday 5 August 2026" in page
        case.refresh_from_db()
        assert (case.status, case.paused) == ("open", False)

    def test_a_proof_moves_nothing_until_somebody_looked(self):
        case = asked("delete")
        work.ask(
            case,
            what="identity",
            ground="details-differ",
            text="Please show us.",
            reason="Two names.",
            by="staff:1",
            now=NIGHT,
        )
        browser, _ = follow(case.reference)
        say(browser, case, "", documents=SimpleUploadedFile("passport.png", b"\x89PNG\r\n\x1a\n"))
        case.refresh_from_db()
        assert (case.status, Attachment.objects.get().purpose) == ("waiting", "identity")

    def test_a_second_press_is_one_message(self):
        case = asked()
        browser, _ = follow(case.reference)
        form = str(uuid.uuid4())
        for _ in range(2):
            say(browser, case, form=form, documents=SimpleUploadedFile("a.pdf", PDF))
        assert CaseEvent.objects.filter(kind="heard").count() == Attachment.objects.count() == 1

    @pytest.mark.parametrize(
        ("typed", "says"),
        [
            ({"message": ""}, "Write something, or choose a file."),
            ({"message": "x" * 50_001}, "more than 50,000 characters"),
            ({"documents": SimpleUploadedFile("a.exe", b"MZ\x00")}, "is not a PDF"),
        ],
    )
    def test_a_fault_keeps_the_words(self, typed, says):
        case = asked()
        page = say(follow(case.reference)[0], case, **typed)
        assert says in text(page)
        assert typed.get("message", "It was the red kettle.") in page.content.decode()
        assert not CaseEvent.objects.filter(kind="heard").exists()

    @pytest.mark.parametrize(
        "odd",
        [
            "\x00 a",
            "🎉" * 50,
            "x" * 50_000,
            "\u202e\u05d0\u05d3",
            "<script>",
            "4111 1111 1111 1111",
        ],
    )
    def test_whatever_is_typed_is_answered(self, odd):
        case = asked()
        page = say(follow(case.reference)[0], case, odd)
        assert page.status_code == 200
        assert "4111 1111" not in CaseEvent.objects.get(kind="heard").text

    def test_a_visit_that_ended_gives_the_words_back(self, night):
        case = asked()
        browser, _ = follow(case.reference)
        night.shift(21 * MINUTE)
        page = say(browser, case, "A long <story>")
        assert page.status_code == 403
        assert "A long &lt;story&gt;" in page.content.decode()
        assert not CaseEvent.objects.filter(kind="heard").exists()

    def test_a_stale_token_gives_them_back_too(self):
        case = asked()
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = follow(case.reference)[0].cookies
        page = say(strict, case, "A long <story>")
        assert (page.status_code, "press the button once more" in text(page)) == (403, True)
        assert "A long &lt;story&gt;" in page.content.decode()

    def test_what_came_is_read_by_a_day(self):
        case = asked()
        page = text(say(follow(case.reference)[0], case))
        assert "We have it. It stands below, and a colleague reads it by Tuesday 7 July" in page
        assert Task.objects.get().due_on == datetime.date(2026, 7, 7)

    def test_a_closed_case_still_listens(self):
        case = asked()
        answer(case, "No.")
        browser, page = follow(case.reference)
        assert "a colleague reads it within five days" in text(page)
        page = text(say(browser, case))
        assert "We have it." in page
        assert page.count("a colleague reads it by Tuesday 7 July 2026") == 2
        Task.objects.to_do().get()

    def test_a_day_is_named_only_while_somebody_has_to_keep_it(self):
        case = asked()
        browser = follow(case.reference)[0]
        say(browser, case)
        tasks.finish(Task.objects.get(), text="Read.", by="staff:1", now=NIGHT)
        page = text(browser.get(f"{page_of(case)}?said=1"))
        assert "We have it. It stands below." in page
        assert "a colleague reads it by" not in page


class TestTakingBack:
    def test_it_takes_a_look_and_a_press(self):
        case = asked("delete")
        browser, _ = follow(case.reference)
        for _ in range(2):
            assert "Take back this request?" in text(browser.get(f"{page_of(case)}withdraw/"))
        assert Case.objects.get().is_open
        for _ in range(2):
            page = browser.post(f"{page_of(case)}withdraw/", follow=True)
            assert "You took the request back." in text(page)
        assert Case.objects.get().status == "withdrawn"
        assert CaseEvent.objects.filter(kind="withdrawn").count() == 1

    def test_one_that_nobody_can_be_written_to_about(self, ada):
        for_her = {
            "name": "Ada Lovelace",
            "customer_number": "A100",
            "requester": "agent",
            "requester_name": "Bert",
        }
        case = asked("delete", who={**for_her, "phone": "07700 900123"})
        page = visiting(ada).post(f"{page_of(case)}withdraw/", follow=True)
        assert "You took the request back." in text(page)
        assert Case.objects.get().status == "withdrawn"

    def test_an_answered_one_stays_answered(self):
        case = asked()
        browser, _ = follow(case.reference)
        answer(case, "Yes.")
        assert browser.get(f"{page_of(case)}withdraw/").status_code == 302
        assert "Answered" in text(browser.post(f"{page_of(case)}withdraw/", follow=True))
        assert Case.objects.get().status == "completed"


class TestYourRequests:
    def test_a_proven_customer_sees_theirs_alone(self, ada):
        mine, other = asked(), asked("delete", who={"name": "Zoe", "email": "zoe@example.org"})
        browser = visiting(ada)
        page = text(browser.get("/your-data/requests/"))
        assert mine.reference in page
        assert other.reference not in page
        assert browser.get(page_of(other)).status_code == 302

    def test_others_are_asked_for_a_code(self):
        assert Client().get("/your-data/requests/").url.startswith("/prove/")

    def test_one_that_was_sent_without_a_code_can_be_made_theirs(self, ada):
        case = asked("delete", email="mallory@example.org", customer_number="A100")
        browser = visiting(ada)
        assert "Is this request yours?" in text(browser.get(page_of(case)))
        for _ in range(2):
            page = browser.post(f"{page_of(case)}mine/", follow=True)
        assert "only to the address that we have on file" in text(page)
        case.refresh_from_db()
        assert (case.identified_by, case.email) == (f"customer:{ada.pk}", None)
        assert letters.recipient(case, "completion").address == "ada@example.org"

    def test_what_somebody_sent_for_them_is_told_to_them(self, ada):
        case = asked(customer_number="A100", requester="agent", requester_name="Bert")
        browser = visiting(ada)
        for address in ("/your-data/requests/", page_of(case)):
            page = text(browser.get(address))
            assert (
                "a copy of your personal data. Somebody else sent it, who says that they act for "
                "you." in page
            )
        assert "You asked us, for somebody else, for a copy" in text(follow(case.reference)[1])

    def test_who_is_said_to_have_died_reads_that_somebody_wrote_so(self, ada):
        case = intake.take(
            kind="bereavement",
            channel="telephone",
            given=Given(name="Ada Lovelace"),
            token=uuid.uuid4(),
            by="staff:1",
            now=NIGHT,
            words="My wife died.",
            customer=ada,
            requester="executor",
            requester_name="Ben Byron",
        )
        browser = visiting(ada)
        for address in ("/your-data/requests/", page_of(case)):
            page = text(browser.get(address))
            assert "If that is not so, tell us." in page
            for words in ("You wrote to us", "My wife died.", "Is this request yours?"):
                assert words not in page

    def test_the_words_of_whoever_acts_for_them_are_not_theirs(self, ada):
        case = asked(customer_number="A100", requester="agent", requester_name="Bert")
        browser, _ = follow(case.reference)
        assert "You wrote" in text(say(browser, case, "I have her authority."))
        work.identify(case, how=["authority"], by="staff:1", now=NIGHT)
        page = text(visiting(ada).get(page_of(case)))
        assert "Whoever acts for you wrote" in page
        assert "You wrote" not in page

    def test_somebody_elses_cannot(self, ada):
        case = asked("copy", who={"name": "Zoe", "email": "zoe@example.org"})
        assert visiting(ada).post(f"{page_of(case)}mine/").url.startswith("/your-data/status/")
        case.refresh_from_db()
        assert case.identified_at is None

    def test_nor_one_that_an_agent_sent(self, ada):
        case = asked("copy", customer_number="A100", requester="agent", requester_name="Bert")
        browser = visiting(ada)
        assert "Is this request yours?" not in text(browser.get(page_of(case)))
        browser.post(f"{page_of(case)}mine/")
        case.refresh_from_db()
        assert case.identified_at is None


class TestWhoMayReadTheAnswer:
    def test_a_code_to_an_address_on_file_makes_it_clear_who_asks(self, ada):
        case = asked()
        follow(case.reference)
        case.refresh_from_db()
        assert case.identified_by == f"customer:{ada.pk}"

    def test_a_code_to_another_address_does_not(self, ada):
        case = asked(email="mallory@example.org", customer_number="A100")
        follow(case.reference)
        case.refresh_from_db()
        assert (case.customer, case.identified_at) == (ada, None)

    def test_and_what_we_hold_is_not_told_there(self, ada):
        case = asked(email="mallory@example.org", customer_number="A100")
        browser, _ = follow(case.reference)
        answer(case, "Your score was four hundred.")
        assert "four hundred" not in text(browser.get(page_of(case)))
        assert "four hundred" in text(visiting(ada).get(page_of(case)))

    def test_nor_how_much_is_in_a_file(self, ada):
        actions.load(by="job:tests")
        case = asked("move", email="mallory@example.org", customer_number="A100")
        browser, _ = follow(case.reference)
        work.identify(case, how=["details"], by="staff:1", now=NIGHT)
        outcomes.carry_out(case, "make_file", {}, by="staff:1", now=NIGHT)
        Case.objects.filter(pk=case.pk).update(identified_at=None, identified_by="")
        assert "Your file" not in text(browser.get(page_of(case)))
        assert "Your file" in text(visiting(ada).get(page_of(case)))

    def test_a_refusal_because_nobody_knows_who_asks_is(self, ada):
        case = asked(email="mallory@example.org", customer_number="A100")
        work.refuse(case, ground="identity", text="Come back with proof.", by="staff:1", now=NIGHT)
        assert "Come back with proof." in text(follow(case.reference)[1])

    def test_once_it_is_clear_the_other_address_is_shut_out(self, ada):
        case = asked(email="mallory@example.org", customer_number="A100")
        browser, _ = follow(case.reference)
        visiting(ada).post(f"{page_of(case)}mine/")
        assert browser.get(page_of(case)).status_code == 302
        assert not CaseVisit.objects.filter(case=case, expires_at__gt=NIGHT).exists()

    def test_a_stranger_reads_the_answer_to_a_stranger(self):
        case = asked()
        answer(case, "We hold nothing about you.")
        assert "We hold nothing about you." in text(follow(case.reference)[1])


def test_by_post_the_code_comes_in_a_letter():
    case = asked("delete", email="", **HOUSE)
    browser = Client()
    browser.post("/your-data/status/", {"reference": case.reference})
    run_jobs()
    letter = Message.objects.get(key=f"status_code:{case.challenges.get().pk}")
    assert (letter.means, letter.recipient.split("\n")[0]) == ("letter", "Ada Lovelace")
    number, code = re.findall(r"^    .*: (.+)$", letter.text, re.MULTILINE)
    page = Client().post("/your-data/status/code/", {"code": code, "letter": number}, follow=True)
    assert "My old telephone number." in text(page)
