"""The breach register: its 72 hours, what has to be decided, and whom we tell."""

import datetime
import re

import pytest
import time_machine
from django.db import IntegrityError, transaction

from audit.actions import AlreadyDone, Refused
from audit.models import Entry
from compliance.breaches import actions
from compliance.breaches.models import Breach
from compliance.register import actions as register_actions
from compliance.register.models import RetentionRule
from compliance.retention import engine
from customers.outbox.models import Message
from tests.factories import ContactPointFactory, CustomerFactory

pytestmark = pytest.mark.django_db
# Friday afternoon before the clocks go forward: 72 elapsed hours end an hour later by the wall.
AWARE = datetime.datetime(2026, 3, 27, 17, 0, tzinfo=datetime.UTC)
DUE = datetime.datetime(2026, 3, 30, 17, 0, tzinfo=datetime.UTC)  # 18:00 in London
HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)
LIST = "/admin/breaches/breach/"
BY = "staff:1"


@pytest.fixture
def breach():
    return actions.record(
        aware_at=AWARE, what="A laptop was lost.", kinds=["confidentiality"], by=BY, now=AWARE
    )


def people(breach):
    """Two people with an address of each kind, and one with none."""
    found = [CustomerFactory(surname=name) for name in ("Lovelace", "Byron", "Nobody")]
    ContactPointFactory(customer=found[0], address=True)
    ContactPointFactory(customer=found[0], value="ada@example.org")
    ContactPointFactory(customer=found[1], address=True)
    actions.concerns(breach, found, by=BY, now=AWARE)
    return found


def judged(breach, risk, now=AWARE):
    return actions.judge(breach, risk=risk, reason="It was encrypted.", by=BY, now=now)


def told(breach, at, **more):
    return actions.regulator_told(breach, at=at, by=BY, now=DUE + DAY, **more)


class TestTheHours:
    def test_seventy_two_elapsed_hours(self, breach):
        assert breach.due_at == DUE

    def test_not_known_before_it_is_known(self):
        with pytest.raises(Refused):
            actions.record(aware_at=AWARE + HOUR, what="x", kinds=[], by=BY, now=AWARE)

    def test_at_the_last_moment_it_is_in_time(self, breach):
        assert told(breach, DUE).late_reason is None

    def test_a_second_later_it_wants_the_reasons(self, breach):
        late = DUE + datetime.timedelta(seconds=1)
        with pytest.raises(Refused, match="reasons"):
            told(breach, late)
        with pytest.raises(IntegrityError), transaction.atomic():
            Breach.objects.update(regulator_told_at=late)
        told(breach, late, late_reason="The server was away.")
        with pytest.raises(AlreadyDone):
            told(breach, late, late_reason="Again.")

    def test_not_before_we_knew_of_it_nor_in_the_time_to_come(self, breach):
        for at in (AWARE - HOUR, DUE + 2 * DAY):
            with pytest.raises(Refused):
                told(breach, at)


class TestWhatIsDecided:
    def test_only_an_unlikely_risk_need_not_be_told(self, breach):
        with pytest.raises(Refused):
            actions.regulator_need_not(breach, why="No.", by=BY, now=AWARE)
        judged(breach, "unlikely")
        breach = actions.regulator_need_not(breach, why="Encrypted.", by=BY, now=AWARE)
        assert breach.regulator_why_not == "Encrypted."
        assert judged(breach, "risk").regulator_why_not is None
        assert list(Breach.objects.untold()) == [breach]

    def test_it_closes_when_all_is_decided(self, breach):
        def close():
            return actions.close(breach, lessons="Lock them away.", by=BY, now=DUE)

        for step in (
            lambda: judged(breach, "high"),
            lambda: told(breach, DUE),
            lambda: actions.people_need_not(breach, why="Unreadable.", by=BY, now=DUE),
        ):
            with pytest.raises(Refused, match="Not decided yet"):
                close()
            with pytest.raises(IntegrityError), transaction.atomic():
                Breach.objects.update(
                    closed_at=DUE, closed_on=DUE.date(), closed_by=BY, lessons="x"
                )
            step()
        assert close().closed_on == DUE.date()
        with pytest.raises(Refused, match="closed"):
            judged(breach, "risk")

    def test_the_trail_names_fields_and_no_words(self, breach):
        facts = {"what": "A laptop was lost in Bradford.", "people": 3, "cause": "Hurry."}
        actions.describe(breach, facts, by=BY, now=AWARE)
        with pytest.raises(AlreadyDone):
            actions.describe(breach, facts, by=BY, now=AWARE)
        entry = Entry.objects.get(event="breach_changed")
        assert entry.facts["fields"] == ["cause", "people", "what"]
        assert "Bradford" not in str(list(Entry.objects.values_list("facts")))


class TestThePeople:
    def test_each_is_written_to_once_and_who_has_no_address_is_counted(self, breach):
        people(breach)
        with pytest.raises(Refused, match="Judge the risk"):
            actions.tell_people(breach, text="Change your password.", by=BY, now=AWARE)
        judged(breach, "high")
        assert list(Breach.objects.people_untold()) == [breach]
        tell = {"text": "Change your password.", "by": BY, "now": AWARE}
        assert actions.tell_people(breach, **tell) == (2, 1)
        assert actions.tell_people(breach, **tell) == (0, 1)
        assert sorted(Message.objects.values_list("means", flat=True)) == ["email", "letter"]
        assert all("Change your password." in one.text for one in Message.objects.all())
        assert not Breach.objects.people_untold()
        assert Entry.objects.filter(event="breach_person_told").count() == 2

    def test_nobody_is_named_twice(self, breach):
        found = people(breach)
        with pytest.raises(AlreadyDone):
            actions.concerns(breach, found, by=BY, now=AWARE)
        assert breach.persons.count() == 3

    def test_it_goes_six_years_after_it_was_closed(self, breach):
        register_actions.load(by="job:test")
        RetentionRule.objects.filter(code="breach-closed").update(
            confirmed_on=AWARE.date(), confirmed_by=BY
        )
        people(breach)
        judged(breach, "risk")
        told(breach, DUE)
        actions.close(breach, lessons="x", by=BY, now=DUE)
        open_still = actions.record(
            aware_at=AWARE, what="Another.", kinds=["integrity"], by=BY, now=AWARE
        )
        last = DUE.date().replace(year=2032)
        with time_machine.travel(DUE.replace(year=2032) + 3 * DAY):
            run = {"now": DUE.replace(year=2032) + 3 * DAY, "by": "job:test", "category": "breach"}
            engine.run(as_of=last, **run)
            assert Breach.objects.count() == 2
            engine.run(as_of=last + DAY, **run)
        assert list(Breach.objects.all()) == [open_still]


class TestOnTheDesk:
    @pytest.fixture(autouse=True)
    def evening(self):
        with time_machine.travel(AWARE + HOUR, tick=False) as clock:
            yield clock

    def test_from_the_first_word_to_the_end(self, signed_in, lead):
        desk = signed_in(lead)
        assert "No breach is like that." in desk.get(LIST).content.decode()
        said = desk.post(
            f"{LIST}record/",
            {"aware_at": "2026-03-27T17:00", "kinds": ["integrity"], "what": "A wrong file."},
            follow=True,
        ).content.decode()
        assert "is in the register. Tell the regulator by" in said
        breach = Breach.objects.get()
        assert (breach.aware_at, breach.due_at) == (AWARE, DUE)
        for code, given in {
            "describe": {"kinds": ["integrity"], "what": "A wrong file.", "people": "2"},
            "judge": {"risk": "unlikely", "reason": "Noticed at once."},
            "regulator-not": {"why": "Nobody saw it."},
            "close": {"lessons": "Look twice."},
        }.items():
            assert desk.get(f"{LIST}{breach.pk}/do/{code}/").status_code == 200
            page = desk.post(f"{LIST}{breach.pk}/do/{code}/", given, follow=True)
            assert "Written into the register." in page.content.decode(), code
        assert Breach.objects.get().closed_by == lead.actor
        assert "Breach" in desk.get(f"{LIST}?state=closed").content.decode()

    def test_whom_it_concerns_by_number_and_what_they_read(self, signed_in, lead, breach):
        desk = signed_in(lead)
        one = CustomerFactory(customer_number="A100")
        ContactPointFactory(customer=one, value="ada@example.org")
        page = f"{LIST}{breach.pk}/do/"
        wrong = desk.post(f"{page}people/", {"numbers": "A100\nA101"}).content.decode()
        assert "Of these, 1 are no customer numbers of ours." in wrong
        assert "A101" in wrong  # nothing typed is lost
        desk.post(f"{page}people/", {"numbers": "A100"})
        judged(breach, "high")
        said = desk.post(f"{page}tell/", {"text": "Take care."}, follow=True).content.decode()
        assert "Written to 1." in said

    def test_the_page_offers_what_can_be_done_and_no_more(self, signed_in, lead, breach):
        def offered():
            page = signed_in(lead).get(f"{LIST}{breach.pk}/change/").content.decode()
            return set(re.findall(rf"/{breach.pk}/do/([a-z-]+)/", page))

        always = {"describe", "judge", "people"}
        assert offered() == always | {"regulator", "tell-not"}
        judged(breach, "unlikely")
        assert offered() == always | {"regulator", "regulator-not", "tell-not"}
        people(breach)
        actions.regulator_told(breach, at=AWARE + HOUR, by=BY, now=AWARE + HOUR)
        assert offered() == always | {"tell", "tell-not", "close"}

    def test_the_first_page_warns_before_the_hours_end_and_after(
        self, signed_in, lead, breach, evening
    ):
        desk = signed_in(lead)
        assert "The regulator must be told of a breach by" in desk.get("/admin/").content.decode()
        judged(breach, "high")
        assert "the people have not been told" in desk.get("/admin/").content.decode()
        evening.move_to(DUE + HOUR)
        desk = signed_in(lead)
        assert "1 breach is past the 72 hours" in desk.get("/admin/").content.decode()

    def test_it_is_the_leads(self, signed_in, agent, auditor, breach):
        desk = signed_in(agent)
        for page in ("", "record/", f"{breach.pk}/change/", f"{breach.pk}/do/judge/"):
            assert desk.get(f"{LIST}{page}").status_code == 403
        assert "breach" not in desk.get("/admin/").content.decode()
        reader = signed_in(auditor)
        assert reader.get(f"{LIST}{breach.pk}/change/").status_code == 200
        assert reader.post(f"{LIST}{breach.pk}/do/judge/", {}).status_code == 403
