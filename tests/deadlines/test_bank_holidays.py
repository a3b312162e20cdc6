"""Bank holidays on the desk: who may enter one, what it moves, what it leaves behind, and who
confirms a year."""

import datetime
import itertools

import pytest
import time_machine
from django.core.checks import Error
from django.db import InternalError, transaction
from django.urls import reverse
from django.utils import timezone

from audit.actions import AlreadyDone, Refused
from audit.models import Entry
from compliance.deadlines import bank_holidays, checks
from compliance.deadlines.models import ConfirmedYear, ProclaimedDay
from compliance.register import history
from tests.deadlines.cases import DAY, ENGLAND, deadline

PROCLAIM = reverse("admin:deadlines_proclaimedday_proclaim")
LIST = reverse("admin:deadlines_proclaimedday_changelist")
YEARS = reverse("admin:deadlines_confirmedyear_changelist")
NOON = datetime.datetime(2027, 2, 1, 12, tzinfo=datetime.UTC)
FORM = {
    "change": "added",
    "day": "2027-06-04",
    "jurisdictions": [ENGLAND, "scotland"],
    "name": "Jubilee",
    "proclaimed_on": "2027-01-20",
    "source": "The Gazette",
    "why": "Announced this morning.",
}


def proclaim(**changes):
    given = {
        "jurisdictions": [ENGLAND],
        "day": DAY(2027, 6, 4),
        "name": "Jubilee",
        "change": "added",
        "proclaimed_on": DAY(2027, 1, 20),
        "source": "The Gazette",
        "why": "Announced.",
        "by": "staff:1",
        "now": NOON,
    }
    return bank_holidays.proclaim(**{**given, **changes})


def compare(year: int) -> str:
    return reverse("admin:deadlines_confirmedyear_compare", args=[year])


def confirm(client, year: int, **changes):
    form = client.get(compare(year)).context["form"]
    return client.post(
        compare(year),
        {"seen": form["seen"].value(), "source": "www.gov.uk/bank-holidays", **changes},
    )


def alerts(client) -> list[str]:
    return [
        f"{alert.level}: {alert.text}"
        for alert in client.get(reverse("admin:index")).context["alerts"]
        if "bank holidays" in alert.text.lower()
    ]


@pytest.fixture
def desk(lead, signed_in):
    with time_machine.travel(NOON, tick=False):
        yield signed_in(lead)


class TestProclaiming:
    def test_the_lead_enters_a_day_for_two_nations(self, desk, lead):
        page = desk.post(PROCLAIM, FORM, follow=True)
        assert (
            "different now: 4 June 2027 (England and Wales), 4 June 2027 (Scotland)."
            in page.content.decode()
        )
        assert set(ProclaimedDay.objects.values_list("jurisdiction", flat=True)) == {
            ENGLAND,
            "scotland",
        }
        assert {
            (entry.actor, entry.facts["jurisdiction"], entry.facts["change"], entry.facts["day"])
            for entry in Entry.objects.filter(event="bank_holiday_changed")
        } == {
            (lead.actor, ENGLAND, "added", "2027-06-04"),
            (lead.actor, "scotland", "added", "2027-06-04"),
        }

    def test_a_deadline_moves_with_it(self, db):
        assert deadline("sar", "2027-05-04", holidays=bank_holidays.current()).due == DAY(
            2027, 6, 4
        )
        proclaim()
        assert deadline("sar", "2027-05-04", holidays=bank_holidays.current()).due == DAY(
            2027, 6, 7
        )

    def test_the_answer_names_the_days_that_matter(self, db):
        touched = deadline("sar", "2027-05-04", holidays=bank_holidays.current()).examined
        elsewhere = deadline("sar", "2027-05-03", holidays=bank_holidays.current()).examined
        changed = proclaim()
        assert changed == {(ENGLAND, DAY(2027, 6, 4))}
        assert changed & touched
        assert not changed & elsewhere

    def test_who_and_why_stay_in_its_history(self, desk):
        desk.post(PROCLAIM, FORM)
        row = ProclaimedDay.objects.first()
        moment = history.of(row)[0]
        assert (moment.who, moment.why) == ("lead", "Announced this morning.")
        page = desk.get(
            reverse("admin:deadlines_proclaimedday_history", args=[row.pk])
        ).content.decode()
        assert "Announced this morning." in page
        assert "Becomes a bank holiday" in page

    def test_pressed_twice_it_is_entered_once(self, desk):
        desk.post(PROCLAIM, FORM)
        page = desk.post(PROCLAIM, FORM, follow=True)
        assert "That is in the calendar already." in page.content.decode()
        assert ProclaimedDay.objects.count() == 2

    def test_without_its_audit_entry_nothing_is_entered(self, db, monkeypatch):
        monkeypatch.setattr("audit.events.bank_holiday_changed", lambda **facts: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            proclaim()
        assert not ProclaimedDay.objects.exists()

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"day": "2027-06-05"}, "Saturday or Sunday"),
            ({"day": "2027-05-31"}, "is Spring bank holiday already"),
            ({"change": "taken_away"}, "is a working day already"),
            ({"day": "2101-06-03"}, "from 1972 to 2100"),
            ({"proclaimed_on": "2027-02-02"}, "has not come"),
            ({"day": ""}, "Give the day."),
            ({"day": "soon"}, "such as 31/03/2027"),
            ({"jurisdictions": []}, "Tick at least one."),
            ({"why": " "}, "Say why"),
            ({"name": ""}, "Give its name."),
            ({"jurisdictions": ["wales"]}, "not one of the available choices"),
        ],
    )
    def test_a_refusal_keeps_what_was_typed(self, desk, changes, words):
        page = desk.post(PROCLAIM, {**FORM, **changes})
        assert page.status_code == 200
        assert words in page.content.decode()
        assert "The Gazette" in page.content.decode()
        assert not ProclaimedDay.objects.exists()

    def test_the_opposite_of_an_entry_is_a_withdrawal(self, db):
        proclaim()
        with pytest.raises(Refused, match="Withdraw that entry instead"):
            proclaim(change="taken_away")

    def test_a_moved_holiday_is_two_entries(self, db):
        proclaim(change="taken_away", day=DAY(2027, 5, 31), name="Spring bank holiday")
        proclaim(day=DAY(2027, 6, 3), name="Spring bank holiday")
        assert [
            day for day in bank_holidays.current().days(ENGLAND, 2027) if day.month in (5, 6)
        ] == [DAY(2027, 5, 3), DAY(2027, 6, 3)]


class TestWithdrawing:
    def test_an_entry_is_taken_back_and_stays(self, desk):
        desk.post(PROCLAIM, FORM)
        row = ProclaimedDay.objects.get(jurisdiction="scotland")
        address = reverse("admin:deadlines_proclaimedday_withdraw", args=[row.pk])
        assert "The entry stays here" in desk.get(address).content.decode()
        desk.post(address, {"why": "Only in England and Wales."})
        row.refresh_from_db()
        assert row.withdrawn_on == DAY(2027, 2, 1)
        assert bank_holidays.current().closed("scotland", DAY(2027, 6, 4)) == ""
        assert history.of(row)[0].why == "Only in England and Wales."
        assert "Withdrawn on" in desk.get(LIST).content.decode()
        assert (
            "withdrawn already"
            in desk.post(address, {"why": "Again."}, follow=True).content.decode()
        )

    def test_after_that_it_may_be_entered_again(self, db):
        proclaim()
        bank_holidays.withdraw(ProclaimedDay.objects.get(), why="x", by="staff:1", now=NOON)
        proclaim()
        assert ProclaimedDay.objects.count() == 2

    @pytest.mark.slow
    def test_every_order_of_entering_and_withdrawing(self, db):
        """What stands is what the last step said: a working day and a bank holiday, three steps
        each."""
        for day, published in ((DAY(2027, 6, 4), False), (DAY(2027, 5, 31), True)):
            for steps in itertools.product(("added", "taken_away", "withdraw"), repeat=3):
                with transaction.atomic():
                    holiday = published
                    for step in steps:
                        holiday = self._try(step, day, holiday, published)
                        assert bool(bank_holidays.current().closed(ENGLAND, day)) is holiday, steps
                    transaction.set_rollback(True)

    def _try(self, step, day, holiday, published):
        """Take a step, which may be refused, and say whether the day is a bank holiday then."""
        standing = ProclaimedDay.objects.filter(day=day, withdrawn_on__isnull=True).first()
        if step == "withdraw":
            if standing:
                bank_holidays.withdraw(standing, why="x", by="staff:1", now=NOON)
            return published
        try:
            proclaim(day=day, change=step)
        except (AlreadyDone, Refused):
            return holiday
        return step == "added"


class TestConfirmingAYear:
    def test_the_lead_compares_and_confirms(self, desk, lead):
        page = desk.get(compare(2029)).content.decode()
        assert "Nobody has confirmed this year yet" in page
        assert "Friday 30 March" in page
        assert confirm(desk, 2029).status_code == 303
        row = ConfirmedYear.objects.get()
        assert (row.year, row.confirmed_by, row.days["scotland"][0]) == (
            2029,
            lead.actor,
            "2029-01-01",
        )
        assert Entry.objects.get(event="bank_holidays_confirmed").facts == {
            "year": 2029,
            "days": 27,
        }
        assert bank_holidays.current().verified(2029)

    def test_twice_is_once(self, desk):
        confirm(desk, 2029)
        assert (
            "confirmed already"
            in desk.post(
                compare(2029),
                {"seen": desk.get(compare(2029)).context["form"]["seen"].value(), "source": "x"},
                follow=True,
            ).content.decode()
        )
        assert ConfirmedYear.objects.count() == 1

    def test_what_changed_meanwhile_is_not_confirmed(self, desk):
        seen = desk.get(compare(2029)).context["form"]["seen"].value()
        proclaim(day=DAY(2029, 6, 4))
        page = desk.post(compare(2029), {"seen": seen, "source": "x"})
        assert "The calendar changed while you were looking." in page.content.decode()
        assert not ConfirmedYear.objects.exists()

    def test_a_confirmation_is_frozen(self, desk):
        confirm(desk, 2029)
        for change in (lambda rows: rows.update(year=2030), lambda rows: rows.delete()):
            with pytest.raises(InternalError), transaction.atomic():
                change(ConfirmedYear.objects.all())

    def test_years_outside_have_no_page(self, desk):
        assert [desk.get(compare(year)).status_code for year in (1971, 2101)] == [404, 404]

    def test_looking_changes_nothing(self, desk):
        for address in (PROCLAIM, compare(2029), compare(2026), LIST, YEARS):
            assert desk.get(address).status_code == 200
        assert not Entry.objects.filter(event__startswith="bank_holiday").exists()

    def test_the_list_offers_the_next_year(self, desk):
        assert compare(2029) in desk.get(YEARS).content.decode()
        confirm(desk, 2029)
        page = desk.get(YEARS).content.decode()
        assert compare(2030) in page
        key = ConfirmedYear.objects.get().pk
        assert (
            "2029-01-01"
            in desk.get(
                reverse("admin:deadlines_confirmedyear_change", args=[key])
            ).content.decode()
        )


class TestAlarms:
    @pytest.mark.parametrize(
        ("today", "expected"),
        [
            ("2027-06-30", []),
            ("2027-07-01", ["warning 2029"]),
            ("2028-09-30", ["warning 2029", "warning 2030"]),
            ("2028-10-01", ["danger 2029", "warning 2030"]),
            ("2029-01-01", ["danger 2029", "warning 2030"]),
        ],
    )
    def test_a_year_that_nobody_checked_is_told_in_time(self, lead, signed_in, today, expected):
        with time_machine.travel(f"{today}T12:00Z", tick=False):
            told = alerts(signed_in(lead))
        assert [
            f"{text.split(':')[0]} {text.split('holidays of ')[1][:4]}" for text in told
        ] == expected

    def test_a_confirmed_year_is_quiet(self, lead, signed_in):
        with time_machine.travel("2028-10-01T12:00Z", tick=False):
            client = signed_in(lead)
            confirm(client, 2029)
            assert [text[:7] for text in alerts(client)] == ["warning"]

    def test_a_confirmed_year_that_changed_is_told(self, desk):
        confirm(desk, 2027)
        assert alerts(desk) == []
        proclaim()
        assert alerts(desk) == [
            "danger: Bank holidays are not as they were confirmed: 4 June 2027 (England and "
            "Wales). "
            "Compare the year again."
        ]
        confirm(desk, 2027)
        assert alerts(desk) == []

    def test_nobody_else_is_bothered(self, agent, signed_in):
        with time_machine.travel("2035-01-01T12:00Z", tick=False):
            assert alerts(signed_in(agent)) == []

    def test_the_system_check_warns_years_before_the_end(self):
        with time_machine.travel("2097-12-31T12:00Z"):
            assert checks.the_calendar_reaches_far_enough(None) == []
        with time_machine.travel("2098-01-01T12:00Z"):
            found = checks.the_calendar_reaches_far_enough(None)
        assert isinstance(found[0], Error)
        assert found[0].id == "deadlines.E001"


class TestWhoMay:
    def test_an_agent_reads_and_changes_nothing(self, agent, signed_in):
        proclaim(now=timezone.now(), proclaimed_on=DAY(2026, 1, 1))
        client, row = signed_in(agent), ProclaimedDay.objects.get()
        assert [client.get(address).status_code for address in (LIST, YEARS, compare(2029))] == [
            200,
            200,
            200,
        ]
        assert "It is the same" not in client.get(compare(2029)).content.decode()
        assert PROCLAIM not in client.get(LIST).content.decode()
        withdraw = reverse("admin:deadlines_proclaimedday_withdraw", args=[row.pk])
        assert (
            withdraw
            not in client.get(
                reverse("admin:deadlines_proclaimedday_change", args=[row.pk])
            ).content.decode()
        )
        for address in (PROCLAIM, withdraw, compare(2029)):
            assert client.post(address, FORM).status_code == 403

    def test_the_auditor_reads(self, auditor, signed_in):
        assert signed_in(auditor).get(compare(2026)).status_code == 200

    def test_the_same_again_is_already_done(self, db):
        proclaim()
        with pytest.raises(AlreadyDone):
            proclaim(source="Another page")
