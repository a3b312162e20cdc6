"""The code with which a request is followed: single use, soon over, and the same answer whatever
reference is typed."""

import re
import uuid
from decimal import Decimal

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from audit.models import Entry
from compliance.cases.actions.opening import new_reference
from compliance.cases.models import Case, CaseChallenge, CaseVisit, Letter
from compliance.portal import case_codes
from compliance.register import actions
from customers.identity import visits
from customers.outbox.models import Message
from tests.identity.steps import count
from tests.jobs.working import work
from tests.letters.letters import happened, write
from tests.portal.asking import DAY, MINUTE, NIGHT, code, follow, make_ada, references, send, text
from tests.visiting import visiting

FAILED = "That code did not work."
STATUS, CODE = "/your-data/status/", "/your-data/status/code/"


@pytest.fixture(autouse=True)
def night(db):
    with time_machine.travel(NIGHT, tick=False) as clock:
        yield clock


@pytest.fixture
def reference():
    found = references(send("copy"))[0]
    work()
    return found


def ask(client, reference, form=""):
    response = client.post(STATUS, {"reference": reference, "form": form or str(uuid.uuid4())})
    work()
    return response


class TestReferences:
    @given(st.randoms())
    def test_however_it_is_typed(self, random):
        written = new_reference()
        typed = "".join(random.choice([sign, sign.lower(), f" {sign}"]) for sign in written)
        typed = typed.replace("-", random.choice(["-", " ", "", "–"]))
        assert case_codes.reference_in(typed) == written

    @pytest.mark.parametrize(
        "typed", ["", "R-", "R-7K3F", "hello", "R-7K3F-9QXD-2RT0", "\x00", "é" * 50, "x" * 5000]
    )
    def test_what_is_none_is_none(self, typed):
        assert case_codes.reference_in(typed) == ""


class TestTheSameForEverybody:
    def answer(self, reference):
        browser, marks = Client(), re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')
        with count() as queries:
            first = browser.post(STATUS, {"reference": reference})
        page = browser.get(first.url)
        assert not [one for one in queries if "cases_case" in one["sql"]]
        return (
            first.status_code,
            first.url,
            marks.sub("", page.content.decode()),
            len(browser.cookies[visits.COOKIE_NAME].value),
            len(queries),
        )

    def test_unknown_is_answered_as_known(self, reference):
        known = self.answer(reference)
        for other in ("R-2222-2222-2222", "nonsense", "x" * 3000):
            assert self.answer(other) == known

    def test_asked_too_often_is_answered_as_ever(self, reference, mailoutbox):
        sent = len(mailoutbox)
        answers = {str(self.answer(reference)) for _ in range(6)}
        work()
        assert len(answers) == 1
        assert CaseChallenge.objects.filter(code_digest__isnull=False).count() == 3
        assert (
            len(mailoutbox) == sent + 1
        )  # the others were no good any more when they were to leave

    def test_a_wrong_code_costs_the_same(self, reference):
        costs = []
        for typed in (reference, "R-2222-2222-2222"):
            browser = Client()
            ask(browser, typed)
            with count() as queries:
                assert FAILED in text(browser.post(CODE, {"code": "1234 5678"}))
            costs.append([re.sub(r"'[^']*'|\d+", "?", query["sql"]) for query in queries])
        assert costs[0] == costs[1]

    def test_what_was_typed_is_forgotten(self, reference):
        ask(Client(), "R-2222-2222-2222")
        assert not CaseChallenge.objects.filter(given__isnull=False).exists()
        assert "R-2222" not in str(list(Entry.objects.values_list("facts", flat=True)))

    def test_another_case_is_not_there(self, reference):
        other = references(send("delete", words="Something else."))[0]
        browser, _ = follow(reference)
        for address in (other, "R-2222-2222-2222", "x"):
            page = browser.get(reverse("portal:case", args=[address]))
            assert (page.status_code, page.url) == (302, "/your-data/status/?ended=1")


class TestTheCode:
    def test_it_works_once(self, reference):
        browser = Client()
        ask(browser, reference)
        found = code(reference)
        assert browser.post(CODE, {"code": found}).url == f"/your-data/requests/{reference}/"
        assert FAILED in text(browser.post(CODE, {"code": found}))

    def test_five_tries_and_no_more(self, reference):
        browser = Client()
        ask(browser, reference)
        found = code(reference)
        for _ in range(5):
            browser.post(CODE, {"code": "0000 0000"})
        assert FAILED in text(browser.post(CODE, {"code": found}))

    def test_it_is_over_after_ten_minutes(self, reference, night):
        browser = Client()
        ask(browser, reference)
        found = code(reference)
        night.shift(10 * MINUTE)
        assert FAILED in text(browser.post(CODE, {"code": found}))

    def test_in_another_browser_it_is_of_no_use(self, reference):
        ask(Client(), reference)
        other = Client()
        ask(other, "R-2222-2222-2222")
        assert FAILED in text(other.post(CODE, {"code": code(reference)}))

    def test_it_opens_nothing_else(self, reference):
        make_ada()
        browser, _ = follow(reference)
        assert browser.get("/your-data/requests/").status_code == 302
        assert browser.get("/your-choices/").status_code == 302

    def test_the_code_of_a_customer_opens_no_case_of_others(self, reference):
        ada = make_ada()
        assert visiting(ada).get(f"/your-data/requests/{reference}/").status_code == 302

    def test_it_stands_in_no_subject_and_no_trail(self, reference, mailoutbox):
        ask(Client(), reference)
        found = code(reference)
        assert found not in mailoutbox[-1].subject
        assert found.replace(" ", "") not in str(
            list(Entry.objects.values_list("facts", flat=True))
        )

    def test_ten_in_a_day(self, reference, mailoutbox, night):
        sent = len(mailoutbox)
        for _ in range(14):
            ask(Client(), reference)
            night.shift(20 * MINUTE)
        assert len(mailoutbox) == sent + 10

    def test_what_a_lost_job_missed_is_found(self, reference, mailoutbox):
        Client().post(STATUS, {"reference": reference})
        sent = len(mailoutbox)
        call_command("send_messages", verbosity=0)
        assert CaseChallenge.objects.get().looked_up_at
        work()
        assert len(mailoutbox) == sent + 1


class TestTheVisit:
    def test_it_ends_by_button(self, reference):
        browser, _ = follow(reference)
        page = browser.post("/your-data/status/end/", follow=True)
        assert "Your visit to a request has ended." in text(page)
        assert browser.get(f"/your-data/requests/{reference}/").status_code == 302
        assert not CaseVisit.objects.filter(expires_at__gt=NIGHT).exists()

    def test_it_ends_by_itself(self, reference, night):
        browser, _ = follow(reference)
        night.shift(20 * MINUTE)
        assert browser.get(f"/your-data/requests/{reference}/").status_code == 302

    def test_it_is_of_no_use_in_another_browser(self, reference):
        browser, _ = follow(reference)
        other = Client(headers={"user-agent": "Another"})
        other.cookies = browser.cookies
        assert other.get(f"/your-data/requests/{reference}/").status_code == 302

    def test_codes_and_visits_go_a_day_later(self, reference, night):
        actions.load(by="job:tests")
        follow(reference)
        night.shift(2 * DAY)
        call_command("retention_purge", accept_defaults=True, category="proof", verbosity=0)
        assert (CaseChallenge.objects.count(), CaseVisit.objects.count()) == (0, 0)


def test_following_every_link_of_every_email_twice_changes_nothing(reference):
    browser, _ = follow(reference)
    actions.load(by="job:tests")
    case = happened(Case.objects.get(), "extended")
    for letter in Letter:
        write(
            case,
            letter,
            text="Words.",
            ground="excessive",
            waiting_for="fee",
            because="excessive",
            fee=Decimal("10"),
            agencies=[],
            outcome="upheld",
        )
    texts = "".join(f"{message.text}{message.html}" for message in Message.objects.all())
    links = set(re.findall(r"http://127.0.0.1:8000(/[^\s\"<.,]*)", texts))
    assert {"/your-data/status/", "/your-data/"} <= links
    before = Entry.objects.count()
    for link in [*links, *links]:
        for client in (Client(), browser):
            assert client.get(link).status_code in (200, 302)
    assert Entry.objects.count() == before
