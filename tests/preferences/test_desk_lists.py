"""The lists of the room on the desk: who sees what, no digest anywhere, filters, the question to
the suppression list."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import Entry
from compliance.preferences import actions, contact_digests
from compliance.preferences.models import ChoiceEvent, PreferenceServiceFile, Screening, Suppression
from tests.preferences.conftest import NOON

BASE = "/admin/preferences/"
LISTS = (
    "choiceevent",
    "marketingrequest",
    "suppression",
    "screening",
    "preferenceservicefile",
    "wording",
)
SEEN_BY = {"agent": LISTS[:2], "lead": LISTS, "auditor": LISTS, "operator": LISTS[3:5]}
pytestmark = pytest.mark.django_db


@pytest.fixture
def stopped(ada, partner):
    """Ada said no to all emails; a stranger to the partner's calls."""
    actions.object_to(
        customer=ada,
        channels=["email"],
        senders=["us", "third_parties"],
        source="letter",
        by="staff:1",
        now=NOON,
    )
    actions.object_to(
        given=[contact_digests.phone("07700 900123")],
        channels=["live_call"],
        senders=[partner],
        source="telephone",
        by="staff:1",
        now=NOON,
    )


@pytest.mark.parametrize("role", SEEN_BY)
def test_each_role_sees_its_lists(role, signed_in, request):
    desk = signed_in(request.getfixturevalue(role))
    assert {name for name in LISTS if desk.get(f"{BASE}{name}/").status_code == 200} == set(
        SEEN_BY[role]
    )


def test_nothing_can_be_added_changed_or_deleted(stopped, lead, signed_in):
    event = ChoiceEvent.objects.first()
    for name in LISTS:
        assert signed_in(lead).get(f"{BASE}{name}/add/").status_code == 403
    for action in ("change", "delete"):
        assert (
            signed_in(lead)
            .post(f"{BASE}choiceevent/{event.pk}/{action}/", {"kind": "consent"})
            .status_code
            == 403
        )


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 3),
        ("?channel__exact=email", 2),
        ("?kind__exact=consent", 0),
        ("?source__exact=telephone", 1),
        ("?sender=us", 1),
        ("?sender=third_parties", 1),
        ("?sender=example-partner", 1),
    ],
)
def test_the_ledger_is_filtered(stopped, agent, signed_in, query, count):
    page = signed_in(agent).get(f"{BASE}choiceevent/{query}").content.decode()
    assert page.count('class="field-id"') == count


def test_no_digest_is_ever_shown(stopped, lead, signed_in, consented, ada):
    consented(ada)
    desk = signed_in(lead)
    entry = Suppression.objects.first()
    pages = [f"{name}/" for name in LISTS] + [f"suppression/{entry.pk}/change/"]
    pages += [f"choiceevent/{event.pk}/change/" for event in ChoiceEvent.objects.all()]
    text = "".join(desk.get(BASE + page).content.decode() for page in pages)
    for one in Suppression.objects.all():
        assert str(one.digest) not in text
        assert one.digest.hex not in text
        assert not one.feed_digest or bytes(one.feed_digest).hex() not in text


class TestTheQuestion:
    def ask(self, signed_in, user, **values):
        return signed_in(user).post(
            f"{BASE}suppression/ask/", {"kind": "email", "surname": "", **values}
        )

    def test_yes_with_what_it_stops(self, stopped, lead, signed_in):
        page = self.ask(signed_in, lead, value="ADA@example.org").content.decode()
        assert "Yes: it is suppressed" in page
        assert "All other organisations" in page
        assert "Letter" in page

    def test_a_number_and_an_address(self, stopped, lead, signed_in):
        page = self.ask(signed_in, lead, kind="phone", value="+44 7700 900123").content.decode()
        assert "Example Home and Garden Ltd" in page
        assert (
            "No: it is not on the list"
            in self.ask(
                signed_in, lead, kind="address", surname="Rao", value="1 Mill Lane\nLS1 1AA"
            ).content.decode()
        )

    @pytest.mark.parametrize("value", ["", "ada@"])
    def test_what_cannot_be_looked_for(self, lead, signed_in, value):
        page = self.ask(signed_in, lead, value=value).content.decode()
        assert "Type what to look for." in page or "not a whole email address" in page
        assert not Entry.objects.filter(event="suppression_asked").exists()

    def test_it_is_recorded_without_the_value(self, stopped, lead, signed_in, trail):
        self.ask(signed_in, lead, value="ada@example.org")
        entry = trail("suppression_asked")
        assert (entry.actor, entry.subject, entry.facts) == (
            lead.actor,
            None,
            {"kind": "email", "entries": 2},
        )

    def test_who_may_not_is_turned_away(self, agent, operator, signed_in):
        for user in (agent, operator):
            assert self.ask(signed_in, user, value="ada@example.org").status_code == 403


def test_logs_of_screening_and_of_loaded_lists(lead, signed_in):
    Screening.objects.create(
        at=NOON,
        by="job:x",
        channel="email",
        sender="us",
        campaign="spring",
        digest="f" * 64,
        allowed=7,
        suppressed=2,
        unreadable=1,
    )
    PreferenceServiceFile.objects.create(
        service="tps",
        dated_on=datetime.date(2026, 6, 1),
        loaded_at=NOON,
        by="job:x",
        lines=9,
        digest="e" * 64,
    )
    desk = signed_in(lead)
    assert "spring" in desk.get(f"{BASE}screening/").content.decode()
    assert (
        "Telephone Preference Service" in desk.get(f"{BASE}preferenceservicefile/").content.decode()
    )


@pytest.mark.parametrize("name", ["choiceevent", "suppression", "marketingrequest"])
def test_a_list_costs_the_same_for_two_rows_and_fifty(stopped, lead, signed_in, name, ada):
    desk = signed_in(lead)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            desk.get(f"{BASE}{name}/")
        return len(queries)

    few = cost()
    for number in range(25):
        actions.object_to(
            given=[contact_digests.email(f"x{number}@example.org")],
            channels=["email"],
            senders=["us"],
            source="telephone",
            by="staff:1",
            now=NOON,
        )
    assert cost() == few
