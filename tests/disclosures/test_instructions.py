"""Instructions: listed, told, confirmed or impossible, each once and with its day; and who sees them."""

import datetime
import uuid

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from audit.actions import AlreadyDone, Refused
from audit.models import Entry
from compliance.disclosures import instructions
from compliance.disclosures.models import Instruction
from customers.desk import page_url
from tests import factories as make

pytestmark = pytest.mark.django_db
# 23:30 UTC on 1 July is half past midnight on 2 July in London.
NOW = datetime.datetime(2026, 7, 1, 23, 30, tzinfo=datetime.UTC)
TODAY, DAY = datetime.date(2026, 7, 2), datetime.timedelta(days=1)
BY = {"by": "staff:1", "now": NOW}
AGENCIES = {"experian": "Experian Ltd", "equifax": "Equifax Ltd"}
LIST = "/admin/disclosures/instruction/"


@pytest.fixture(autouse=True)
def _now(db):
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def ada():
    return make.CustomerFactory(given_names="Ada", surname="Lovelace")


def listed(customer, to=AGENCIES, **more) -> list[Instruction]:
    given = {"origin": uuid.uuid4(), "reference": "DP-7", "about": "Name: Ada Lovelace"} | more
    what = given.pop("what", Instruction.What.CORRECT)
    return instructions.instruct(customer, to, what, **given, **BY)


def url(row, step):
    return reverse("admin:disclosures_instruction_settle", args=[row.pk, step])


class TestTheStepsOfOne:
    def test_the_words_follow_each_step(self, ada):
        row = listed(ada)[0]
        assert (
            instructions.state_in_words(row)
            == "On our list of those to be told, due by 9 July 2026"
        )
        instructions.told([row.pk], on=TODAY, **BY)
        row.refresh_from_db()
        assert instructions.state_in_words(row) == "Told on 2 July 2026, not confirmed yet"
        instructions.acknowledge([row.pk], on=TODAY, confirmation="J. Doe, EX-9", **BY)
        row.refresh_from_db()
        assert instructions.state_in_words(row) == (
            "Told on 2 July 2026, confirmed by them on 2 July 2026"
        )
        assert (row.about, row.confirmation) == (None, "J. Doe, EX-9")

    def test_whoever_cannot_be_told_has_a_reason(self, ada):
        row = listed(ada)[0]
        with pytest.raises(Refused, match="why they cannot"):
            instructions.impossible([row.pk], why=" ", **BY)
        instructions.impossible([row.pk], why="They were wound up.", **BY)
        row.refresh_from_db()
        assert instructions.state_in_words(row) == "Could not be told: They were wound up."

    def test_the_same_act_lists_nobody_twice(self, ada):
        act = uuid.uuid4()
        first = listed(ada, origin=act)
        assert {row.pk for row in listed(ada, origin=act)} == {row.pk for row in first}
        assert len(listed(ada, {**AGENCIES, "cifas": "Cifas"}, origin=act)) == 3
        assert Instruction.objects.count() == 3

    def test_each_step_is_refused_out_of_its_order(self, ada):
        row = listed(ada)[0]
        with pytest.raises(Refused, match="Note first"):
            instructions.acknowledge([row.pk], on=TODAY, **BY)
        with pytest.raises(Refused, match="yet to come"):
            instructions.told([row.pk], on=TODAY + DAY, **BY)
        with pytest.raises(Refused, match="carried out after"):
            instructions.told([row.pk], on=TODAY - DAY, **BY)
        instructions.told([row.pk], on=TODAY, **BY)
        with pytest.raises(AlreadyDone):
            instructions.told([row.pk], on=TODAY, **BY)
        with pytest.raises(Refused, match="told after"):
            instructions.acknowledge([row.pk], on=TODAY - DAY, **BY)
        instructions.acknowledge([row.pk], on=TODAY, **BY)
        with pytest.raises(AlreadyDone):
            instructions.impossible([row.pk], why="x", **BY)

    @pytest.mark.parametrize(
        ("what", "tell", "confirm"), [("correct", 7, 28), ("no_marketing", 2, 14)]
    )
    def test_it_is_late_on_the_day_after_its_last(self, ada, what, tell, confirm):
        row = listed(ada, {"shop": "The web shop"}, what=what)[0]
        for days in (tell, confirm):
            row.refresh_from_db()
            assert row.due_on == TODAY + days * DAY
            assert not Instruction.objects.overdue(row.due_on).exists()
            assert Instruction.objects.overdue(row.due_on + DAY).exists()
            if days == tell:
                instructions.told([row.pk], on=TODAY, **BY)


class TestManyAtOnce:
    def test_one_letter_tells_several_people(self, ada):
        rows = [
            listed(one, {"experian": "Experian Ltd"})[0] for one in (ada, make.CustomerFactory())
        ]
        assert instructions.told([row.pk for row in rows], on=TODAY, file="f" * 64, **BY) == 2
        assert set(Instruction.objects.values_list("told_on", "file")) == {(TODAY, "f" * 64)}
        entry = Entry.objects.get(event="instructions_followed")
        assert (entry.subject, entry.facts["instructions"]) == (None, 2)

    def test_one_that_was_told_before_keeps_its_day(self, ada):
        first, second = listed(ada)
        instructions.told([first.pk], on=TODAY, **BY)
        later = NOW + DAY
        assert (
            instructions.told([first.pk, second.pk], on=TODAY + DAY, by="staff:2", now=later) == 1
        )
        first.refresh_from_db()
        assert (first.told_on, first.told_by) == (TODAY, "staff:1")


class TestTheDatabase:
    @pytest.mark.parametrize(
        "change",
        [
            {"recipient": "equifax"},
            {"told_on": None, "told_by": ""},
            {"told_on": TODAY - DAY},
            {"acknowledged_on": TODAY - DAY, "acknowledged_by": "staff:1"},
            {"acknowledged_on": TODAY, "acknowledged_by": "staff:1"},  # and still knows whom
            {"impossible_on": TODAY, "impossible_by": "", "about": None},
            {"escalated_on": TODAY},
        ],
    )
    def test_it_refuses_to_rewrite_what_happened(self, ada, change):
        row = listed(ada, {"experian": "Experian Ltd"})[0]
        instructions.told([row.pk], on=TODAY, **BY)
        with pytest.raises(IntegrityError), transaction.atomic():
            Instruction.objects.filter(pk=row.pk).update(**change)

    def test_it_refuses_to_forget_one(self, ada):
        row = listed(ada)[0]
        with pytest.raises(IntegrityError), transaction.atomic():
            Instruction.objects.filter(pk=row.pk).delete()


class TestTheDesk:
    def test_an_agent_tells_and_notes_the_confirmation(self, ada, agent, signed_in):
        client, row = signed_in(agent), listed(ada)[0]
        assert "Lovelace" in client.get(f"{LIST}{row.pk}/change/").content.decode()
        client.post(url(row, "told"), {"on": TODAY})
        client.post(url(row, "confirmed"), {"on": TODAY, "confirmation": "J. Doe, EX-9"})
        page = client.get(f"{LIST}{row.pk}/change/").content.decode()
        assert "J. Doe, EX-9" in page
        assert "They were told" not in page

    def test_a_late_one_is_handed_to_the_lead(self, ada, agent, lead, signed_in):
        row = listed(ada)[0]
        with time_machine.travel(NOW + 8 * DAY, tick=False):
            assert (
                "2 instructions were not passed on"
                in signed_in(agent).get("/admin/").content.decode()
            )
            signed_in(agent).post(url(row, "escalate"))
            assert "handed to you" not in signed_in(agent).get("/admin/").content.decode()
            assert "1 late instruction was handed to you" in (
                signed_in(lead).get("/admin/").content.decode()
            )
            seen = signed_in(lead).get(f"{LIST}?state=escalated").content.decode()
            assert seen.count(f"{LIST}{row.pk}/change/") == 1

    @pytest.mark.parametrize(
        ("state", "shown"),
        [("", 2), ("to_tell", 1), ("told", 1), ("settled", 1), ("overdue", 0), ("all", 3)],
    )
    def test_the_list_is_narrowed_by_state(self, ada, agent, signed_in, state, shown):
        _, told, settled = listed(ada, {"a": "A", "b": "B", "c": "C"})
        instructions.told([told.pk, settled.pk], on=TODAY, **BY)
        instructions.acknowledge([settled.pk], on=TODAY, **BY)
        page = signed_in(agent).get(LIST, {"state": state} if state else {}).content.decode()
        assert page.count("DP-7") == shown

    def test_what_only_investigators_see_betrays_nothing(self, ada, agent, investigator, signed_in):
        make.FraudMarkerFactory(customer=ada, opened_on=TODAY)
        row = listed(ada, {"cifas": "Cifas"}, confidential=True)[0]
        with time_machine.travel(NOW + 30 * DAY, tick=False):
            client = signed_in(agent)
            assert "not passed on in time" not in client.get("/admin/").content.decode()
            assert "Nobody has to be told" in client.get(f"{LIST}?state=all").content.decode()
            assert client.get(f"{LIST}{row.pk}/change/").status_code == 404
            assert client.post(url(row, "told"), {"on": TODAY}).status_code == 404
            assert "DP-7" in signed_in(investigator).get(f"{LIST}?state=overdue").content.decode()
        assert not Entry.objects.filter(event="instructions_listed").exists()

    def test_it_links_to_the_person_and_asks_few_questions(
        self, ada, agent, signed_in, django_assert_max_num_queries
    ):
        listed(ada, {code: code for code in map(str, range(12))})
        client = signed_in(agent)
        with django_assert_max_num_queries(14):
            page = client.get(LIST).content.decode()
        assert page_url(ada.pk) in page

    def test_an_operator_has_no_door(self, ada, operator, signed_in):
        row = listed(ada)[0]
        assert signed_in(operator).get(f"{LIST}{row.pk}/change/").status_code == 403
        assert signed_in(operator).post(url(row, "told"), {"on": TODAY}).status_code == 403
