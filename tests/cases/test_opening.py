"""Opening a case: the clock starts by the day of receipt in London, and the same form twice is one
case."""

import datetime
import uuid

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from audit.actions import Refused
from compliance.cases import transitions
from compliance.cases.actions import clock
from compliance.cases.actions.opening import open_case
from compliance.cases.buckets import Bucket, bucket, conditions, in_sql
from compliance.cases.kinds import CaseKind, CaseStatus, EventKind
from compliance.cases.models import Case, CaseEvent
from customers.matching import Given
from tests.factories import ContactPointFactory, CustomerFactory

# 23:30 UTC on 1 July is half past midnight on 2 July in London.
LATE = datetime.datetime(2026, 7, 1, 23, 30, tzinfo=datetime.UTC)


def ask(kind=CaseKind.ACCESS, now=LATE, **rest):
    return open_case(
        **{
            "kind": kind,
            "channel": "web",
            "given": Given(name="Ada Lovelace", email="ada@example.org"),
            "token": uuid.uuid4(),
            "by": "job:web_form",
            "now": now,
            **rest,
        }
    )


@pytest.mark.django_db
class TestOpening:
    def test_a_late_evening_counts_as_the_next_day(self):
        case = ask()
        assert (case.received_on, case.due_on) == (
            datetime.date(2026, 7, 2),
            datetime.date(2026, 8, 3),
        )
        assert case.rule_version == "sar/2026-02-05"

    def test_it_finds_the_customer(self, trail):
        ada = CustomerFactory(surname="Lovelace", jurisdiction="scotland")
        ContactPointFactory(customer=ada, value="ada@example.org")
        case = ask()
        assert (case.customer, case.jurisdiction) == (ada, "scotland")
        assert trail("case_opened").subject == ada.pk

    def test_the_same_form_twice_is_one_case(self):
        token = uuid.uuid4()
        assert ask(token=token) == ask(token=token)
        assert Case.objects.count() == 1

    def test_a_second_request_of_another_kind_is_kept(self):
        assert ask() != ask(CaseKind.ERASURE)

    @pytest.mark.parametrize("kind", list(CaseKind))
    def test_every_kind_has_a_clock(self, kind):
        case = ask(kind)
        assert case.due_on
        assert case.rule_version.startswith(kind)
        assert [event.kind for event in case.events.all()] == [
            EventKind.RECEIVED,
            EventKind.DUE_CHANGED,
        ]

    def test_tomorrow_is_refused(self):
        with pytest.raises(Refused, match="has not come yet"):
            ask(received_at=LATE + datetime.timedelta(days=1))

    def test_a_law_that_was_not_there_is_refused(self):
        with pytest.raises(Refused, match="complaint"):
            ask(
                CaseKind.COMPLAINT,
                received_at=datetime.datetime(2026, 6, 1, 12, tzinfo=datetime.UTC),
            )

    def test_a_pause_takes_the_last_day_away(self):
        case = ask()
        CaseEvent.objects.create(
            case=case, kind="paused", at=LATE, on=datetime.date(2026, 7, 10), by="staff:1"
        )
        clock.apply(case, by="staff:1", now=LATE, on=datetime.date(2026, 7, 10), why="paused")
        assert (case.due_on, case.paused) == (None, True)
        CaseEvent.objects.create(
            case=case, kind="resumed", at=LATE, on=datetime.date(2026, 7, 12), by="staff:1"
        )
        clock.apply(case, by="staff:1", now=LATE, on=datetime.date(2026, 7, 12), why="resumed")
        assert (case.due_on, case.paused) == (datetime.date(2026, 8, 5), False)

    def test_what_happened_cannot_be_rewritten(self):
        case = ask()
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(
                "UPDATE cases_caseevent SET by = 'staff:2' WHERE case_id = %s", [case.pk]
            )


@pytest.mark.django_db
@pytest.mark.parametrize("days", [-400, -1, 0, 1, 6, 7, 8, 400, None])
@pytest.mark.parametrize("closed", [False, True])
def test_python_and_sql_agree_on_every_boundary_day(days, closed):
    case, today = ask(), datetime.date(2026, 7, 2)
    due = None if days is None else today + datetime.timedelta(days=days)
    changes = {"due_on": due} | (
        {"status": CaseStatus.COMPLETED, "closed_at": LATE, "closed_on": today} if closed else {}
    )
    Case.objects.filter(pk=case.pk).update(**changes)
    told = Case.objects.annotate(bucket=in_sql(today)).get().bucket
    assert told == bucket(due, today, is_open=not closed)
    if not closed:
        assert Case.objects.annotate(bucket=in_sql(today, only_open=True)).get().bucket == told
        assert [
            one for one, rows in conditions(today).items() if Case.objects.filter(rows).exists()
        ] == [told]
    assert (told == Bucket.TODAY) == (days == 0 and not closed)


@given(st.sampled_from(CaseKind.values), st.sampled_from(CaseStatus.values))
def test_no_step_leads_nowhere(kind, status):
    for step in transitions.allowed(kind, status):
        assert transitions.may(step.event, kind, status)
        assert step.after is None or step.after in CaseStatus.values


def test_marketing_is_never_refused_and_never_asks_who_you_are():
    for kind in (CaseKind.MARKETING, CaseKind.WITHDRAWAL):
        steps = {step.event for status in CaseStatus for step in transitions.allowed(kind, status)}
        assert not steps & {
            EventKind.REFUSED,
            EventKind.PARTLY,
            EventKind.ID_REQUESTED,
            EventKind.LAPSED,
            EventKind.PAUSED,
        }
