"""The list of cases on the desk, and its export."""

import datetime
import html
import re
import uuid

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.models import Entry
from compliance import outcomes
from compliance.cases.buckets import Bucket, bucket
from compliance.cases.kinds import CaseKind
from compliance.cases.models import Case
from compliance.casework.actions import work
from compliance.casework.desk import counts
from customers.outbox.models import Message
from tests.casework.desk import DAY, RECEIVED, STAFF, date, on, opened
from tests.casework.test_desk_cases import (  # noqa: F401  fixtures among them
    LIST,
    _at_midnight,
    do,
    do_ask,
    due,
    exported,
    page_of,
    references,
)

pytestmark = pytest.mark.django_db


class TestTheList:
    def test_the_most_urgent_stands_first_and_none_last(self, desk):
        later, never, late, today = due(30), due(None), due(-1), due(0)
        assert references(desk.get(LIST).content.decode()) == [
            one.reference for one in (late, today, later, never)
        ]

    @pytest.mark.parametrize(
        ("days", "expected"),
        [(-1, "overdue"), (0, "today"), (1, "week"), (7, "week"), (8, "later"), (None, "waiting")],
    )
    def test_a_case_is_in_exactly_one_bucket_on_every_screen(self, desk, days, expected):
        case = due(days)
        assert bucket(case.due_on, date(3, 8)) == expected
        for one in Bucket:
            page = desk.get(f"{LIST}?bucket={one}").content.decode()
            assert (case.reference in page) == (one == expected), one
            assert len(exported(desk, f"?bucket={one}")) == (one == expected)
        label = Bucket(expected).label
        assert f">{label}</span>" in desk.get(LIST).content.decode()
        assert f">{label}</span>" in page_of(desk, case)
        assert exported(desk)[0]["when"] == label
        assert [(one.bucket, one.count) for one in counts.counts(date(3, 8)) if one.count] == [
            (expected, 1)
        ]

    @pytest.mark.parametrize(
        "midnight",
        [
            datetime.datetime(2026, 8, 2, 23, tzinfo=datetime.UTC),  # British Summer Time
            datetime.datetime(2026, 3, 29, 0, tzinfo=datetime.UTC),
            datetime.datetime(2026, 3, 29, 23, tzinfo=datetime.UTC),
            datetime.datetime(2026, 10, 24, 23, tzinfo=datetime.UTC),
            datetime.datetime(2026, 10, 26, 0, tzinfo=datetime.UTC),
        ],
    )
    def test_every_screen_turns_at_midnight_in_london(self, agent, midnight):
        with time_machine.travel(midnight - DAY, tick=False):
            case = opened(at=midnight - DAY)
        day = timezone.localdate(midnight)
        Case.objects.filter(pk=case.pk).update(due_on=day)
        moments = {
            "week": midnight - DAY / 1440,
            "today": midnight,
            "overdue": midnight + DAY * 26 / 24,
        }
        for expected, moment in moments.items():
            with time_machine.travel(moment, tick=False):
                (desk := Client()).force_login(agent)
                pages = {one: desk.get(f"{LIST}?bucket={one}").content.decode() for one in Bucket}
                assert [one for one, page in pages.items() if case.reference in page] == [expected]
                assert exported(desk)[0]["when"] == Bucket(expected).label

    def test_the_first_page_counts_the_same(self, desk):
        due(-3), due(-1), due(0), due(4)
        first, above = desk.get("/admin/").content.decode(), desk.get(LIST).content.decode()
        for text in (
            "2 requests are overdue.",
            "1 request is due today.",
            "1 request is due within 7 days.",
        ):
            assert text in first
        for text in (
            "<strong>2</strong> Overdue",
            "<strong>1</strong> Due today",
            "<strong>0</strong> Later",
        ):
            assert text in above

    def test_waiting_for_long_asks_for_a_look(self, desk, case):
        do_ask(case)
        assert (
            "1 request without a last day: look at it again."
            in desk.get("/admin/").content.decode()
        )
        assert case.reference in desk.get(f"{LIST}?attention=review").content.decode()

    def test_a_complaint_that_was_acknowledged_is_late_nowhere(self, desk, agent):
        case = opened(CaseKind.COMPLAINT)
        work.acknowledge(case, by=STAFF, now=RECEIVED + DAY)
        with time_machine.travel(RECEIVED + 60 * DAY, tick=False):
            (desk := Client()).force_login(agent)
            (row,) = exported(desk)
            assert (row["when"], row["due_on"], row["days_late"], row["target_on"]) == (
                "No last day",
                "",
                "0",
                "2026-08-01",
            )
            assert "the law sets no day for it" in row["why"]
            assert "our own target: 1 August 2026" in desk.get(LIST).content.decode()
            assert "verdue" not in page_of(desk, case)
            assert "overdue" not in desk.get("/admin/").content.decode()
            outcomes.carry_out(
                case,
                "complaint",
                {"outcome": "rejected", "findings": "All was well."},
                by=STAFF,
                now=timezone.now(),
            )
            work.complete(case, text="All was well.", by=STAFF, now=timezone.now())
            assert "late" not in case.events.get(kind="completed").codes
            assert exported(desk, "?bucket=closed")[0]["days_late"] == "0"

    def test_what_was_never_acknowledged_can_be(self, desk):
        case = opened(CaseKind.COMPLAINT)
        assert "The acknowledgement is on its way." in do(desk, case, "acknowledge")
        assert "It was acknowledged on" in page_of(desk, case)
        assert "do/acknowledge/" not in page_of(desk, case)

    def test_an_outcome_is_asked_once_and_told_whole(self, desk):
        case = opened(CaseKind.COMPLAINT)
        assert "do/outcome/" not in page_of(desk, case)
        noted = desk.post(
            f"/admin/cases/outcome/case/{case.pk}/complaint/",
            {
                "token": uuid.uuid4(),
                "outcome": "partly",
                "findings": "It was left in the hall.",
                "remedy": "We post it sealed.",
            },
            follow=True,
        )
        assert "do/outcome/" in noted.content.decode()
        page = desk.get(f"{LIST}{case.pk}/do/outcome/").content.decode()
        assert "We agree with a part of your complaint." in page
        text = html.unescape(re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.S)[1]).strip()
        do(desk, case, "outcome", text=text)
        letter = Message.objects.get(kind="case_complaint_outcome").text
        for words in (
            "We agree with a part of your complaint.",
            "It was left in the hall.",
            "What we have decided to do about it: We post it sealed.",
            "Information Commissioner",
        ):
            assert words in letter

    @pytest.mark.parametrize(
        ("query", "shown"),
        [
            ("?assignee=mine", {"mine"}),
            ("?assignee=nobody", {"new", "old"}),
            ("?kind=erasure", {"old"}),
            ("?status=waiting", set()),
            ("?received=7", {"new"}),
            ("?received=90", {"new", "old", "mine"}),
            ("?received=older", set()),
            ("?bucket=closed", {"closed"}),
            ("?bucket=closed&attention=late", set()),
            ("?bucket=closed&status=withdrawn", {"closed"}),
            ("?attention=extension", {"mine", "old"}),
            ("?assignee=999999999999999999999", set()),
            ("?bucket=nonsense", set()),
        ],
    )
    def test_filters(self, desk, agent, query, shown):
        made = {
            "new": opened(at=on(1, 8)),
            "old": opened(CaseKind.ERASURE),
            "mine": opened(),
            "closed": opened(),
        }
        work.assign(made["mine"], to=agent, by=STAFF, now=on(2))
        work.withdraw(made["closed"], reason="Rang.", by=STAFF, now=on(9))
        page = desk.get(LIST + query).content.decode()
        assert {name for name, case in made.items() if case.reference in page} == shown
        assert {row["reference"] for row in exported(desk, query)} == {
            made[name].reference for name in shown
        }

    def test_late_ones_are_found_among_the_closed(self, desk, case):
        work.withdraw(case, by=STAFF, now=on(4, 8), write=False)
        assert "1 day late" in desk.get(f"{LIST}?bucket=closed&attention=late").content.decode()

    @pytest.mark.parametrize("typed", ["{}", " {} ", "{lower}", "{bare}"])
    def test_a_reference_leads_to_its_case(self, desk, case, typed):
        text = typed.format(
            case.reference, lower=case.reference.lower(), bare=case.reference.replace("-", "")
        )
        assert (
            desk.post(f"{LIST}find/", {"reference": text})["Location"] == f"{LIST}{case.pk}/change/"
        )

    def test_whatever_else_is_typed_finds_nothing_and_is_not_repeated(self, desk, case):
        page = desk.post(
            f"{LIST}find/", {"reference": "Ada Lovelace\x00"}, follow=True
        ).content.decode()
        assert "No case has that reference." in page
        assert "Lovelace" not in page

    def test_nothing_is_open(self, desk):
        assert "No request is open." in desk.get(LIST).content.decode()
        assert "No request is like that." in desk.get(f"{LIST}?kind=erasure").content.decode()

    @pytest.mark.slow
    def test_as_many_queries_for_a_hundred_as_for_three(self, desk):
        def count():
            with CaptureQueriesContext(connection) as queries:
                (
                    desk.get(LIST),
                    desk.get(f"{LIST}?bucket=week&kind=sar"),
                    desk.get(f"{LIST}?bucket=closed"),
                )
            return len(queries)

        for days in range(3):
            due(days)
        few = count()
        for days in range(100):
            due(days)
        assert count() == few <= 3 * 9


class TestTheExport:
    def test_it_says_what_is_due_when_and_why(self, desk, case, trail):
        work.ask(case, what="clarification", text="Which?", by=STAFF, now=on(10))
        work.received(case, what="clarification", on=date(12), by=STAFF, now=on(12))
        row = exported(desk)[0]
        assert (row["reference"], row["due_on"], row["rule"]) == (
            case.reference,
            "2026-08-05",
            "sar/2026-02-05",
        )
        assert "three days of pause" in row["why"]
        assert "Wednesday 5 August 2026" in row["why"]

    def test_every_reason_gives_the_stored_date(self, desk):
        for kind in CaseKind:
            opened(kind)
        for row in exported(desk):
            day = datetime.date.fromisoformat(row["due_on"])
            assert f"{day.day} {day:%B %Y}" in row["why"], row["kind"]

    def test_a_date_that_the_calendar_has_overtaken_has_no_reason(self, desk):
        due(5)
        assert exported(desk)[0]["why"] == "It is being worked out anew: the calendar has changed."

    def test_it_is_in_the_trail_with_its_filter_and_count(self, desk, case):
        exported(desk, "?kind=sar")
        assert [
            entry.facts for entry in Entry.objects.filter(event="cases_exported").order_by("pk")
        ] == [{"filters": ["kind=sar"], "rows": None}, {"filters": ["kind=sar"], "rows": 1}]

    def test_no_personal_value_is_in_it(self, desk, case):
        text = str(exported(desk))
        for value in ("Ada", "Lovelace", "ada@example.org", "Please send me"):
            assert value not in text

    def test_a_cell_never_runs_as_a_formula(self, desk, case, agent):
        Case.objects.update(rule_version="=1+1")
        assert exported(desk)[0]["rule"] == "'=1+1"

    def test_one_query_whatever_the_number(self, desk):
        def count():
            with CaptureQueriesContext(connection) as queries:
                assert exported(desk)
            return len(queries)

        due(1)
        few = count()
        for days in range(20):
            due(days)
        assert count() == few
