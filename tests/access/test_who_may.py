"""Who gets at a copy, and who does not: each stranger is refused in the same way, and each
colleague sees what they may."""

import datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from audit.models import Entry
from compliance.access import actions
from compliance.access.decisions import unread
from compliance.access.models import Pack, PackFetch
from compliance.register import actions as register_actions
from customers.identity.models import CustomerVisit
from tests import factories as make
from tests.access.copying import (
    NOW,
    READER,
    asked,
    built,
    leave_out,
    note_of,
    prepared,
    read_all,
    released,
)
from tests.portal.asking import follow
from tests.visiting import visiting

pytestmark = pytest.mark.django_db
LABEL = "customers.ContactNote"


@pytest.fixture(autouse=True)
def _night(db):
    register_actions.load(by="job:test")
    with time_machine.travel(NOW, tick=False) as night:
        yield night


@pytest.fixture
def case():
    return asked()


def desk(pack, what="change", *more):
    return reverse(f"admin:access_pack_{what}", args=[pack.pk, *more])


def expired(case):
    return visiting(case.customer, proved=NOW - datetime.timedelta(minutes=11))


def other(case):
    somebody = make.CustomerFactory()
    make.ContactPointFactory(customer=somebody, value="zoe@example.org")
    return visiting(somebody)


def ended(case):
    browser = visiting(case.customer)
    browser.post(reverse("identity:prove_end"))
    CustomerVisit.objects.update(expires_at=NOW)
    return browser


def second_device(case):
    """The cookie of the customer's telephone in another browser."""
    visitor = visiting(case.customer, browser="telephone")
    copied = Client(headers={"user-agent": "laptop"})
    copied.cookies = visitor.cookies
    return copied


def by_reference(case):
    """The code of the request alone: it proves an address, and nobody's being a customer."""
    return follow(case.reference)[0]


STRANGERS = {
    "stranger": lambda case: Client(),
    "other": other,
    "expired": expired,
    "ended": ended,
    "second device": second_device,
    "reference": by_reference,
}


class TestStrangers:
    @pytest.mark.parametrize("who", STRANGERS)
    def test_everybody_is_refused_in_the_same_way(self, case, who):
        released(case)
        url = reverse("portal:fetch_copy", args=[case.reference])
        response = STRANGERS[who](case).post(url)
        page = reverse("portal:case", args=[case.reference]).replace("/", "%2F")
        assert (response.status_code, response["Location"]) == (302, f"/prove/?next={page}&again=1")
        assert PackFetch.objects.count() == 0

    def test_a_reference_that_is_none_answers_alike(self, case):
        released(case)
        response = other(case).post(reverse("portal:fetch_copy", args=["R-NONE-NONE-NONE"]))
        assert (response.status_code, response["Location"].split("?")[0]) == (302, "/prove/")

    def test_the_reference_and_its_code_show_that_it_is_ready(self, case):
        released(case)
        said = (
            by_reference(case).get(reverse("portal:case", args=[case.reference])).content.decode()
        )
        assert "Show who you are to fetch it" in said
        assert "Fetch my copy" not in said


class TestTheDesk:
    def test_an_agent_reads_marks_and_goes_on(self, case, agent, signed_in):
        pack, client = prepared(case), signed_in(agent)
        read = client.get(desk(pack, "text", LABEL, note_of(pack).pk, "text"))
        marked = client.post(
            read.request["PATH_INFO"],
            {
                "marks": "[]",
                "seen": read.context["seen"],
                "reason": "other_person",
                "words": "bertha mason",
                "do": "words",
            },
        )
        assert marked.context["result"].startswith("Her neighbour [redacted: other person] called")
        client.post(
            read.request["PATH_INFO"],
            {
                "marks": marked.context["packed"],
                "seen": read.context["seen"],
                "reason": "other_person",
                "do": "read",
            },
        )
        assert pack.readings.get(label=LABEL).redactions.get().start == 14

    def test_a_text_that_changed_meanwhile_is_read_once_more(self, case, agent, signed_in):
        pack, client = prepared(case), signed_in(agent)
        url = desk(pack, "text", LABEL, note_of(pack).pk, "text")
        seen = client.get(url).context["seen"]
        from customers.models import ContactNote

        ContactNote.objects.update(text="Grace Poole called.")
        response = client.post(
            url, {"marks": "[]", "seen": seen, "reason": "other_person", "do": "read"}
        )
        assert "has changed since" in response.content.decode()
        assert not pack.readings.exists()

    @pytest.mark.parametrize(
        "bad",
        [
            {"marks": "x"},
            {"marks": "[[1]]"},
            {"marks": '[["a","b","crime"]]'},
            {"reason": "because"},
            {"words": "\x00"},
            {"start": "-1", "do": "selection"},
            {"do": "selection"},
            {"words": "not there at all"},
            {"sentence": "9-8"},
        ],
    )
    def test_what_makes_no_sense_is_answered(self, case, agent, signed_in, bad):
        pack, client = prepared(case), signed_in(agent)
        url = desk(pack, "text", LABEL, note_of(pack).pk, "text")
        seen = client.get(url).context["seen"]
        response = client.post(
            url, {"marks": "[]", "seen": seen, "reason": "other_person", "do": "words", **bad}
        )
        assert (response.status_code, b'role="alert"' in response.content) == (200, True)

    def test_names_that_are_known_are_proposed(self, agent, signed_in):
        from tests.access.copying import with_notes

        customer = with_notes("Mr Rochester rang, and a Bertha from bertha@example.org.")
        make.FinancialLinkFactory(customer=customer, linked_person="Edward Rochester")
        pack = prepared(asked(customer))
        response = signed_in(agent).get(desk(pack, "text", LABEL, note_of(pack).pk, "text"))
        assert [words for _, words in response.context["words"]] == [
            "Rochester",
            "bertha@example.org",
        ]

    def test_the_second_person_sees_it_in_its_place(self, case, lead, signed_in):
        pack = prepared(case)
        leave_out(pack), read_all(pack)
        client = signed_in(lead)
        assert "<mark" in client.get(desk(pack, "check")).content.decode()
        client.post(desk(pack, "check"), {"do": "right"})
        pack.refresh_from_db()
        assert (pack.state, pack.checked_by) == ("checked", lead.actor)

    def test_the_reader_finds_no_button_to_agree(self, case, agent, signed_in):
        pack = prepared(case)
        leave_out(pack, by=agent.actor), read_all(pack, by=agent.actor)
        client = signed_in(agent)
        assert b"It is right" not in client.get(desk(pack, "check")).content
        client.post(desk(pack, "check"), {"do": "right"})
        assert Pack.objects.get().state == "read"

    def test_sending_back_needs_a_word(self, case, lead, signed_in):
        pack = prepared(case)
        leave_out(pack), read_all(pack)
        response = signed_in(lead).post(desk(pack, "check"), {"do": "back", "word": " "})
        assert "Write what is to be changed" in response.content.decode()

    @pytest.mark.parametrize(
        ("what", "more"),
        [("change", ()), ("texts", (LABEL,)), ("records", (LABEL,)), ("check", ())],
    )
    def test_the_auditor_sees_and_changes_nothing(self, case, auditor, signed_in, what, more):
        pack, client = prepared(case), signed_in(auditor)
        assert client.get(desk(pack, what, *more)).status_code == 200
        if what != "change":
            assert client.post(desk(pack, what, *more)).status_code in (403, 405)

    @pytest.mark.parametrize(
        ("method", "what", "more"),
        [
            ("get", "change", ()),
            ("get", "texts", (LABEL,)),
            ("get", "records", (LABEL,)),
            ("get", "check", ()),
            ("get", "next", ()),
            ("get", "text", (LABEL, "1", "text")),
            ("post", "plain", (LABEL,)),
            ("post", "do", ("finish",)),
            ("post", "do", ("rebuild",)),
            ("post", "print", ()),
            ("post", "check", ()),
            ("post", "records", (LABEL,)),
        ],
    )
    def test_an_operator_gets_nowhere(self, case, operator, signed_in, method, what, more):
        pack = prepared(case)
        assert getattr(signed_in(operator), method)(desk(pack, what, *more)).status_code == 403

    def test_a_text_of_somebody_else_is_not_there(self, case, agent, signed_in):
        pack, foreign = prepared(case), make.ContactNoteFactory()
        client = signed_in(agent)
        assert client.get(desk(pack, "text", LABEL, foreign.pk, "text")).status_code == 404
        assert client.get(desk(Pack(pk=9_999_999))).status_code == 404

    def test_looking_is_recorded(self, case, agent, signed_in):
        pack = prepared(case)
        signed_in(agent).get(desk(pack, "texts", LABEL))
        assert Entry.objects.filter(
            event="customer_viewed", subject=case.customer_id, actor=agent.actor
        ).exists()

    def test_it_is_printed_by_who_may(self, case, agent, signed_in):
        pack = built(case)
        response = signed_in(agent).post(desk(pack, "print"))
        assert (response["Content-Type"], response.content[:5]) == ("application/pdf", b"%PDF-")
        assert PackFetch.objects.get().by == agent.actor

    def test_the_first_page_tells_what_waits(self, case, lead, signed_in):
        pack = prepared(case)
        leave_out(pack), read_all(pack, by=READER)
        assert "waits for a second person" in signed_in(lead).get("/admin/").content.decode()

    def test_the_page_of_a_copy_costs_a_few_queries(
        self, case, agent, signed_in, django_assert_max_num_queries
    ):
        pack, client = prepared(case), signed_in(agent)
        client.get(desk(pack))
        make.ContactNoteFactory.create_batch(30, customer=case.customer)
        with django_assert_max_num_queries(60):
            client.get(desk(pack))


class TestFraudRecords:
    """Of a confirmed case a copy tells; its words are read by those who may see them elsewhere."""

    TABLE = "customers.FraudMarker"

    def test_an_agent_reads_the_rest_and_no_marker(self, agent, lead, investigator, signed_in):
        case = asked()
        marker = make.FraudMarkerFactory(
            customer=case.customer, status="confirmed", details="Zebedee forged it."
        )
        pack, client = prepared(case), signed_in(agent)
        actions.review_plain(
            pack, [one for one in unread(pack) if one.label != self.TABLE], by=agent.actor, now=NOW
        )
        page = client.get(desk(pack, "change")).content.decode()
        assert "read by a colleague who may see fraud records" in page
        assert "Read the next text" not in page
        for what, more in (
            ("texts", (self.TABLE,)),
            ("records", (self.TABLE,)),
            ("text", (self.TABLE, marker.pk, "details")),
        ):
            assert client.get(desk(pack, what, *more)).status_code == 404
        assert "fraud records" in signed_in(investigator).get("/admin/").content.decode()
        assert "fraud records that only" not in client.get("/admin/").content.decode()
        texts = signed_in(lead).get(desk(pack, "texts", self.TABLE)).content.decode()
        assert "Zebedee forged it." in texts
        read_all(pack, by=lead.actor)
        checking = client.get(desk(pack, "check")).content.decode()
        assert "Zebedee" not in checking
        client.post(desk(pack, "check"), {"do": "right"})
        pack.refresh_from_db()
        assert pack.state == "read"
        signed_in(investigator).post(desk(pack, "check"), {"do": "right"})
        pack.refresh_from_db()
        assert (pack.state, pack.checked_by) == ("checked", investigator.actor)

    def test_of_a_suspicion_nobody_reads(self, agent, lead, signed_in):
        case = asked()
        pack = prepared(case)
        before = signed_in(agent).get(desk(pack, "change")).context["groups"]
        make.FraudMarkerFactory(customer=case.customer, opened_on=datetime.date(2026, 1, 1))
        for user in (agent, lead):
            assert signed_in(user).get(desk(pack, "change")).context["groups"] == before
            assert signed_in(user).get(desk(pack, "texts", self.TABLE)).status_code == 404
