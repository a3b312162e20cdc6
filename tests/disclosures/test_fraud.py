"""Fraud work: each step once, in its order, by those who investigate; and nobody else learns that
there is anything."""

import datetime
import html
import re
import uuid

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from audit.actions import AlreadyDone, Refused
from audit.models import Entry
from compliance.disclosures import fraud
from compliance.disclosures.models import Disclosure, Instruction
from compliance.register import actions as register_actions
from compliance.retention.models import LegalHold
from customers import marker_states
from customers.desk import page_url
from customers.models import FraudMarker
from tests import factories as make

NOBODYS = uuid.UUID(int=0)
pytestmark = pytest.mark.django_db
# 23:30 UTC on 1 July is half past midnight on 2 July in London.
NOW = datetime.datetime(2026, 7, 1, 23, 30, tzinfo=datetime.UTC)
TODAY = datetime.date(2026, 7, 2)
BY = {"by": "staff:1", "now": NOW}
DETAILS = "Two dates of birth, card 4111 1111 1111 1111."


@pytest.fixture(autouse=True)
def _register(db):
    register_actions.load(by="job:test")
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def ada():
    return make.CustomerFactory(customer_number="A100", given_names="Ada", surname="Lovelace")


@pytest.fixture
def suspected(ada) -> FraudMarker:
    return fraud.suspect(ada, reference="FR-1", details=DETAILS, **BY)


@pytest.fixture
def confirmed(suspected) -> FraudMarker:
    return fraud.decide(suspected, to="confirmed", **BY)


def url(page, *args):
    return reverse(f"admin:disclosures_fraud_{page}", args=args)


def first(client) -> str:
    """The desk's first page."""
    return client.get("/admin/").content.decode()


class TestAnInvestigation:
    def test_it_opens_with_a_hold(self, suspected):
        hold = LegalHold.objects.get()
        assert (suspected.status, suspected.opened_on, suspected.closed_on) == (
            "suspected",
            TODAY,
            None,
        )
        assert (hold.kind, hold.released_on) == ("fraud", None)
        assert suspected.details == "Two dates of birth, card [card ending 1111]."

    def test_opened_twice_it_is_one(self, ada, suspected):
        with pytest.raises(AlreadyDone):
            fraud.suspect(ada, reference="FR-1", details=DETAILS, **BY)
        assert (FraudMarker.objects.count(), LegalHold.objects.count()) == (1, 1)

    def test_another_persons_reference_is_taken(self, suspected):
        with pytest.raises(Refused, match="taken"):
            fraud.suspect(make.CustomerFactory(), reference="FR-1", details="x", **BY)
        assert LegalHold.objects.count() == 1

    @pytest.mark.parametrize(
        ("to", "released"), [("cleared", True), ("victim", True), ("confirmed", False)]
    )
    def test_its_end_sets_the_clock_and_frees_the_hold(self, suspected, to, released):
        marker = fraud.decide(suspected, to=to, **BY)
        assert (marker.status, marker.closed_on) == (to, TODAY)
        assert bool(LegalHold.objects.get().released_on) == released

    def test_the_hold_of_another_investigation_stays(self, ada, suspected):
        fraud.suspect(ada, reference="FR-2", details="x", **BY)
        fraud.decide(suspected, to="cleared", **BY)
        assert LegalHold.objects.filter(released_on=None).get().reason == "Investigation FR-2."

    def test_a_cleared_marker_is_over(self, suspected):
        marker = fraud.decide(suspected, to="cleared", **BY)
        for to in ("suspected", "confirmed", "victim"):
            with pytest.raises(Refused):
                fraud.decide(marker, to=to, **BY)
        with pytest.raises(AlreadyDone):
            fraud.decide(marker, to="cleared", **BY)

    def test_it_goes_on_with_a_reason_and_a_day_and_its_hold_too(self, suspected):
        day = TODAY + datetime.timedelta(days=30)
        marker = fraud.go_on(suspected, reason="The shop answers in July.", review_on=day, **BY)
        assert (marker.review_on, marker.goes_on_because) == (day, "The shop answers in July.")
        assert LegalHold.objects.get().review_on == day
        with pytest.raises(AlreadyDone):
            fraud.go_on(suspected, reason="The shop answers in July.", review_on=day, **BY)

    @pytest.mark.parametrize(("reason", "days"), [(" ", 30), ("Why.", 0), ("Why.", 91)])
    def test_it_does_not_go_on_without_a_reason_or_for_too_long(self, suspected, reason, days):
        day = TODAY + datetime.timedelta(days=days)
        with pytest.raises(Refused):
            fraud.go_on(suspected, reason=reason, review_on=day, **BY)

    def test_what_is_over_does_not_go_on(self, confirmed):
        day = TODAY + datetime.timedelta(days=30)
        with pytest.raises(Refused, match="Only an open"):
            fraud.go_on(confirmed, reason="Why.", review_on=day, **BY)

    @pytest.mark.parametrize("before", list(marker_states.NEXT))
    @pytest.mark.parametrize("after", list(marker_states.NEXT))
    def test_the_database_knows_the_table(self, before, after):
        marker = make.FraudMarkerFactory(status=before, closed_on=TODAY)
        change = FraudMarker.objects.filter(pk=marker.pk)
        if before == after or marker_states.may(before, after):
            change.update(status=after)
        else:
            with pytest.raises(IntegrityError, match="cannot go from"), transaction.atomic():
                change.update(status=after)

    def test_a_warning_for_a_victim_needs_no_hold(self, ada):
        marker = fraud.warn(ada, reference="V-1", details="Ordered in her name.", **BY)
        assert (marker.status, marker.closed_on, LegalHold.objects.count()) == ("victim", TODAY, 0)

    def test_an_erased_customer_is_left_alone(self):
        erased = make.CustomerFactory(
            erased_at=NOW,
            customer_number=None,
            title=None,
            given_names=None,
            surname=None,
            date_of_birth=None,
        )
        with pytest.raises(Refused, match="erased"):
            fraud.suspect(erased, reference="FR-9", details="x", **BY)


class TestAFiling:
    def test_it_is_in_the_log_under_todays_name(self, confirmed):
        filing = fraud.file(confirmed, recipient="cifas", detail="Application fraud", **BY)
        confirmed.refresh_from_db()
        assert (filing.kind, filing.recipient_name, filing.occurred_on) == (
            "fraud_filing",
            "Cifas",
            TODAY,
        )
        assert confirmed.filed_on == TODAY

    def test_a_suspicion_is_not_filed(self, suspected):
        with pytest.raises(Refused, match="Only confirmed fraud"):
            fraud.file(suspected, recipient="cifas", detail="x", **BY)

    def test_a_credit_agency_is_no_place_for_it(self, confirmed):
        with pytest.raises(Refused, match="knows no such"):
            fraud.file(confirmed, recipient="experian", detail="x", **BY)

    def test_filed_twice_it_is_once(self, confirmed):
        for _ in range(2):
            with (
                pytest.raises(AlreadyDone) if Disclosure.objects.exists() else transaction.atomic()
            ):
                fraud.file(confirmed, recipient="cifas", detail="x", **BY)
        assert Disclosure.objects.count() == 1

    def test_while_it_stands_nothing_is_cleared(self, confirmed):
        filing = fraud.file(confirmed, recipient="cifas", detail="x", **BY)
        with pytest.raises(Refused, match="Withdraw that first"):
            fraud.decide(confirmed, to="cleared", **BY)
        fraud.withdraw(filing, why="Another person.", **BY)
        assert fraud.decide(confirmed, to="cleared", **BY).status == "cleared"

    def test_after_a_withdrawal_it_may_be_filed_anew(self, confirmed):
        fraud.withdraw(
            fraud.file(confirmed, recipient="cifas", detail="x", **BY), why="Typo.", **BY
        )
        fraud.file(confirmed, recipient="cifas", detail="y", **BY)
        assert sorted(Disclosure.objects.values_list("reference", flat=True)) == [
            f"filing-{confirmed.pk}-1",
            f"filing-{confirmed.pk}-2",
        ]


class TestAWithdrawal:
    def test_the_agency_is_to_be_told_within_a_week(self, confirmed):
        row = fraud.withdraw(
            fraud.file(confirmed, recipient="cifas", detail="x", **BY), why="Another person.", **BY
        )
        assert (row.recipient, row.what, row.confidential) == ("cifas", "withdraw", True)
        assert row.due_on == TODAY + datetime.timedelta(days=7)
        assert "Lovelace" in row.about
        assert row.why == "Another person."

    def test_a_second_click_lists_nothing_twice(self, confirmed):
        filing = fraud.file(confirmed, recipient="cifas", detail="x", **BY)
        fraud.withdraw(filing, why="Wrong.", **BY)
        with pytest.raises(AlreadyDone):
            fraud.withdraw(filing, why="Wrong.", **BY)

    def test_a_search_cannot_be_withdrawn(self, ada):
        with pytest.raises(Refused):
            fraud.withdraw(make.DisclosureFactory(customer=ada), why="x", **BY)


class TestTheDesk:
    def test_from_suspicion_to_withdrawal(self, ada, investigator, signed_in):
        client = signed_in(investigator)
        client.post(url("open", ada.pk, "suspect"), {"reference": "FR-7", "details": "Odd."})
        marker = FraudMarker.objects.get()
        client.post(url("work", marker.pk, "confirmed"))
        client.post(
            url("work", marker.pk, "file"), {"recipient": "cifas", "detail": "Application fraud"}
        )
        filing = Disclosure.objects.get()
        client.post(url("withdraw", filing.pk), {"why": "Another person."})
        told = Instruction.objects.get()
        for step in ("told", "confirmed"):
            address = reverse("admin:disclosures_instruction_settle", args=[told.pk, step])
            assert client.post(address, {"on": TODAY}).status_code == 303
        client.post(url("work", marker.pk, "cleared"))
        page = client.get(page_url(ada.pk)).content.decode()
        assert (
            "Withdrawn. The agency: told on 2 July 2026, confirmed by them on 2 July 2026" in page
        )
        assert "Cleared" in page

    def test_one_that_nobody_looked_at_is_on_the_first_page_until_somebody_does(
        self, suspected, investigator, agent, signed_in
    ):
        said = "1 investigation was not looked at again by its day."
        late = NOW + datetime.timedelta(days=91)
        with time_machine.travel(late, tick=False):
            client = signed_in(investigator)
            assert said in client.get("/admin/").content.decode()
            (found,) = re.findall(r"/admin/customers/fraudmarker/\?status=[^\"]+", first(client))
            assert "FR-1" in client.get(html.unescape(found)).content.decode()
            assert said not in first(signed_in(agent))
            day = timezone.localdate() + datetime.timedelta(days=60)
            given = {"reason": "The shop has not answered.", "review_on": day}
            client = signed_in(investigator)
            client.post(url("work", suspected.pk, "go-on"), given)
            assert said not in first(client)
            assert (
                "To be looked at again by"
                in client.get(page_url(suspected.customer_id)).content.decode()
            )

    def test_a_second_click_changes_nothing(self, ada, suspected, investigator, signed_in):
        client = signed_in(investigator)
        answers = [
            client.post(url("work", suspected.pk, "confirmed"), follow=True).content.decode()
            for _ in range(2)
        ]
        assert "Fraud is confirmed." in answers[0]
        assert "That is so already" in answers[1]

    def test_a_refusal_keeps_what_was_typed(self, suspected, investigator, signed_in):
        other = make.CustomerFactory()
        page = signed_in(investigator).post(
            url("open", other.pk, "suspect"), {"reference": "FR-1", "details": "Long story"}
        )
        assert "That reference is taken" in page.content.decode()
        assert "Long story" in page.content.decode()

    @pytest.mark.parametrize("reference", ["", "a b", "x" * 41, "FR\x00"])
    def test_a_bad_reference_is_told(self, ada, reference, investigator, signed_in):
        page = signed_in(investigator).post(
            url("open", ada.pk, "suspect"), {"reference": reference, "details": "x"}
        )
        assert page.status_code == 200
        assert FraudMarker.objects.count() == 0

    def test_the_lead_and_the_auditor_only_look(self, suspected, lead, auditor, signed_in):
        for user in (lead, auditor):
            client = signed_in(user)
            page = client.get(page_url(suspected.customer_id)).content.decode()
            assert "FR-1" in page
            assert "/marker/" not in page
            assert client.post(url("work", suspected.pk, "cleared")).status_code == 403

    def test_an_imported_filing_can_be_withdrawn_too(self, ada, investigator, signed_in):
        filing = make.DisclosureFactory(
            customer=ada, kind="fraud_filing", negotiations_ended_on=None
        )
        signed_in(investigator).post(url("withdraw", filing.pk), {"why": "Wrong."})
        assert Instruction.objects.get().reference == filing.reference


class TestNobodyElse:
    def everything(self, ada):
        marker = fraud.decide(
            fraud.suspect(ada, reference="FR-5", details=DETAILS, **BY), to="confirmed", **BY
        )
        filing = fraud.file(marker, recipient="cifas", detail="Application fraud", **BY)
        fraud.withdraw(filing, why="Wrong.", **BY)
        fraud.suspect(ada, reference="FR-6", details=DETAILS, **BY)
        return marker, filing

    @pytest.mark.parametrize("page", ["customer", "disclosures", "instructions", "holds", "first"])
    def test_an_agent_reads_the_same_as_before(self, ada, agent, signed_in, page):
        address = {
            "customer": page_url(ada.pk),
            "disclosures": "/admin/disclosures/disclosure/",
            "instructions": "/admin/disclosures/instruction/?state=all",
            "holds": "/admin/retention/legalhold/",
            "first": "/admin/",
        }[page]
        client = signed_in(agent)
        before = client.get(address).content.decode()
        self.everything(ada)
        assert _settled(client.get(address).content.decode()) == _settled(before)

    @pytest.mark.parametrize("user", ["agent", "operator"])
    def test_no_door_opens_to_others(self, ada, request, signed_in, user):
        marker, filing = self.everything(ada)
        client = signed_in(request.getfixturevalue(user))
        for address in (
            url("open", ada.pk, "suspect"),
            url("work", marker.pk, "file"),
            url("work", NOBODYS, "file"),
            url("withdraw", filing.pk),
            url("withdraw", NOBODYS),
        ):
            assert client.get(address).status_code == 403

    def test_the_trail_does_not_say_of_what_kind(self, ada):
        self.everything(ada)
        told = " ".join(
            f"{entry.event} {entry.facts}"
            for entry in Entry.objects.exclude(event="register_loaded")
        )
        assert "raud" not in told
        assert "FR-5" not in told
        assert Entry.objects.filter(event="restricted_record_changed").count() == 5

    def test_unknown_rows_are_not_found(self, ada, investigator, signed_in):
        client = signed_in(investigator)
        for address in (
            url("open", ada.pk, "nonsense"),
            url("work", NOBODYS, "file"),
            url("withdraw", NOBODYS),
            url("withdraw", make.DisclosureFactory(customer=ada).pk),
        ):
            assert client.get(address).status_code == 404


def _settled(page: str) -> str:
    """A page without what differs at every visit."""
    return "\n".join(line for line in page.splitlines() if "csrfmiddlewaretoken" not in line)


def test_confirmed_and_forgotten_is_told(investigator, signed_in):
    make.FraudMarkerFactory(status="confirmed", opened_on=TODAY, closed_on=TODAY)
    with time_machine.travel(NOW + datetime.timedelta(days=91), tick=False):
        assert timezone.localdate() > TODAY
        assert b"neither filed nor cleared" in signed_in(investigator).get("/admin/").content
