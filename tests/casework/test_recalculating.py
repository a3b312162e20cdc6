"""A bank holiday is proclaimed: the open cases move, with their lists and pages, at once and even
after a crash."""

import datetime

import pytest
import time_machine
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from audit.models import Entry
from compliance.cases.kinds import CaseKind
from compliance.cases.models import Case
from compliance.casework.actions import recalculation, work
from compliance.casework.tasks import recalculate
from compliance.deadlines import bank_holidays
from compliance.deadlines.models import ProclaimedDay
from tests.casework.desk import STAFF, ada, date, on, opened
from tests.visiting import visiting

NOW = on(20, hour=23)  # midnight in London: 21 July
WHERE = ["england-and-wales", "northern-ireland"]  # in Scotland that Monday is a holiday anyway
DUE = date(3, 8)  # of what came on 2 July
LIST = "/admin/cases/case/"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_july():
    with time_machine.travel(NOW, tick=False):
        yield


def proclaim(day=DUE, change="added", by=STAFF, **rest):
    return recalculation.proclaim(
        **{
            "jurisdictions": WHERE,
            "day": day,
            "name": "A day of thanks",
            "change": change,
            "proclaimed_on": date(20),
            "source": "www.gov.uk/bank-holidays",
            "why": "Proclaimed.",
            "by": by,
            "now": NOW,
            **rest,
        }
    )


def by_hand(**rest):
    """The proclamation without what follows: as if the process had died after it."""
    return bank_holidays.proclaim(
        jurisdictions=WHERE,
        day=DUE,
        name="A day of thanks",
        change="added",
        proclaimed_on=date(20),
        source="www.gov.uk/bank-holidays",
        why="Proclaimed.",
        by=STAFF,
        now=NOW,
    )


def test_open_cases_move_and_say_why(signed_in, lead, trail):
    case, client = opened(), signed_in(lead)
    page = client.post(
        "/admin/deadlines/proclaimedday/proclaim/",
        {
            "change": "added",
            "day": "2026-08-03",
            "jurisdictions": WHERE,
            "name": "A day of thanks",
            "proclaimed_on": "2026-07-20",
            "source": "www.gov.uk",
            "why": "Proclaimed.",
        },
        follow=True,
    ).content.decode()
    assert "1 open request has another last day." in page
    case.refresh_from_db()
    assert case.due_on == date(4, 8)
    event = case.events.order_by("-pk").first()
    assert (
        event.kind,
        event.codes["before"],
        event.codes["due"],
        event.codes["why"],
        event.by,
    ) == ("due_changed", "2026-08-03", "2026-08-04", "bank_holiday", lead.actor)
    assert "4 August 2026" in client.get(LIST).content.decode()
    shown = client.get(f"{LIST}{case.pk}/change/").content.decode()
    assert (
        "Tuesday 4 August 2026 (before: Monday 3 August 2026), because the bank holidays changed"
        in shown
    )
    assert "A day of thanks" in shown
    assert trail("calendar_applied").facts == {"why": "bank_holiday", "looked_at": 1, "moved": 1}


def test_the_page_of_the_customer_moves_too():
    customer = ada()
    browser, case = visiting(customer), opened()
    pages = ["/your-data/requests/", f"/your-data/requests/{case.reference}/"]
    assert all("3 August 2026" in browser.get(page).content.decode() for page in pages)
    proclaim()
    for page in pages:
        shown = browser.get(page).content.decode()
        assert ("4 August 2026" in shown, "by Monday 3 August" in shown) == (True, False)


def test_a_mistake_taken_back_moves_them_back():
    case = opened()
    proclaim()
    for where, left in (
        ("northern-ireland", date(4, 8)),
        ("england-and-wales", DUE),
    ):  # the first is not where we are
        recalculation.withdraw(
            ProclaimedDay.objects.get(jurisdiction=where), why="A mistake.", by=STAFF, now=NOW
        )
        case.refresh_from_db()
        assert case.due_on == left


def test_closed_cases_and_others_stay_as_they_were():
    closed, far = work.withdraw(opened(), by=STAFF, now=NOW), opened(CaseKind.CREDIT_COMPLAINT)
    assert proclaim().moved == 0
    closed.refresh_from_db()
    assert (closed.due_on, far.events.filter(codes__why="bank_holiday").count()) == (DUE, 0)


def test_an_extended_case_goes_by_its_own_day():
    case = work.extend(opened(), reason="Many.", by=STAFF, now=NOW)
    assert proclaim().moved == 0
    assert proclaim(date(2, 10)).moved == 1
    case.refresh_from_db()
    assert case.due_on == date(5, 10)


def test_the_seven_days_go_by_the_customers_home():
    ada(jurisdiction="scotland")
    case = opened(CaseKind.AGENCIES, at=on(20, hour=9))
    assert case.due_on == date(29)
    proclaim(date(22), jurisdictions=["scotland"])
    case.refresh_from_db()
    assert case.due_on == date(30)


def test_more_than_a_hundred_follow_by_the_job(monkeypatch):
    monkeypatch.setattr(recalculation, "AT_ONCE", 2)
    cases = [opened() for _ in range(5)]
    changed = proclaim()
    assert (changed.moved, changed.more) == (2, True)
    job = DBTaskResult.objects.get(task_path="compliance.casework.tasks.recalculate").args_kwargs[
        "kwargs"
    ]
    recalculate.func(**job)
    assert set(Case.objects.values_list("due_on", flat=True)) == {date(4, 8)}
    recalculate.func(**job)
    assert all(case.events.filter(kind="due_changed").count() == 2 for case in cases)


def test_the_sweep_finds_what_a_crash_left_behind():
    case = opened()
    by_hand()
    assert recalculation.recalculate_open(why="recalculated", by="job:sweep", now=NOW) == (1, 1)
    case.refresh_from_db()
    assert case.due_on == date(4, 8)
    assert recalculation.recalculate_open(why="recalculated", by="job:sweep", now=NOW) == (1, 0)
    assert Entry.objects.filter(event="calendar_applied").count() == 1


def test_a_failure_takes_the_holiday_back_too(monkeypatch):
    case = opened()
    monkeypatch.setattr("audit.events.calendar_applied", lambda **facts: 1 / 0)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        proclaim()
    case.refresh_from_db()
    assert (case.due_on, ProclaimedDay.objects.count()) == (DUE, 0)


def test_a_review_that_waits_is_left_alone():
    ada()
    case = work.ask(
        opened(), what="identity", text="Who?", ground="warning", reason="Odd.", by=STAFF, now=on(3)
    )
    proclaim()
    case.refresh_from_db()
    assert (case.due_on, case.review_on) == (None, datetime.date(2026, 8, 3))
