"""Cases on the desk: the list in the order of urgency, the page of one, what can be done, the
export; who may do what."""

import csv
import datetime
import io
import re

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from compliance.cases import transitions
from compliance.cases.actions import clock
from compliance.cases.kinds import CaseKind
from compliance.cases.models import Attachment, Case
from compliance.casework.actions import work
from compliance.register import actions as register
from compliance.register.models import RetentionRule
from customers.outbox.models import Message
from tests.casework.desk import STAFF, ada, date, on, opened

NOW = datetime.datetime(
    2026, 8, 2, 23, 30, tzinfo=datetime.UTC
)  # half past midnight on 3 August in London
LIST = "/admin/cases/case/"
PDF = b"%PDF-1.7 a scan"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_midnight():
    with time_machine.travel(NOW, tick=False):
        yield


def due(days, **rest):
    """A case whose answer is due so many days from now; None: no last day."""
    case = opened(**{"email": "nobody@example.net", **rest})
    Case.objects.filter(pk=case.pk).update(
        due_on=None if days is None else date(3, 8) + datetime.timedelta(days=days)
    )
    case.refresh_from_db()
    return case


def page_of(client, case):
    return client.get(f"{LIST}{case.pk}/change/").content.decode()


def do(client, case, code, **form):
    """Send the form of one thing to be done, as the page would; returns the page that follows."""
    url = f"{LIST}{case.pk}/do/{code}/"
    shown = client.get(url).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(token|number)" value="([^"]+)"', shown))
    return client.post(url, {**hidden, **form}, follow=True).content.decode()


def references(page):
    return re.findall(r"R-\w{4}-\w{4}-\w{4}(?=</a></td>)", page)


def exported(client, query=""):
    response = client.post(f"{LIST}export/{query}")
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


class TestOneCase:
    def test_the_clock_stands_in_words_step_by_step(self, desk, case):
        page = page_of(desk, case)
        for text in (
            "Monday 3 August 2026",
            "today",
            "Due today",
            "One month",
            "Rule sar/2026-02-05",
        ):
            assert text in page

    def test_words_are_shown_and_the_look_is_recorded(self, desk, case, trail, agent):
        assert "Please send me my data." in page_of(desk, case)
        assert (trail("case_viewed").actor, trail("case_viewed").subject) == (
            agent.actor,
            case.customer_id,
        )

    def test_impossible_steps_are_not_offered(self, desk, case):
        page = page_of(desk, case)
        for text in ("Ask what they mean", "Refuse", "Internal note", "Extend to three months"):
            assert f">{text}</a>" in page
        for text in (
            "Open it again",
            "Proof of identity came",
            "Merge a duplicate",
            "When negotiations ended",
        ):
            assert f">{text}</a>" not in page
        marketing = page_of(desk, opened(CaseKind.MARKETING, at=on(1, 8)))
        assert ">Ask who they are</a>" not in marketing
        assert ">Refuse</a>" not in marketing

    @pytest.mark.parametrize("kind", list(CaseKind))
    def test_every_kind_has_its_page_open_waiting_and_closed(self, desk, signed_in, auditor, kind):
        ada()
        case = opened(kind)
        assert case.reference in page_of(desk, case)
        if kind in transitions.RIGHTS:
            case = work.ask(
                case,
                what="identity",
                text="Who?",
                ground="warning",
                reason="Odd.",
                by=STAFF,
                now=on(3),
            )
            assert "Proof of identity, asked for on Friday 3 July 2026" in page_of(desk, case)
        work.withdraw(case, by=STAFF, now=on(9))
        for client in (desk, signed_in(auditor)):
            assert "closed in time" in page_of(client, case) or kind in transitions.RIGHTS
            assert "on 9 Jul 2026" in page_of(client, case)

    def test_too_late_to_extend_is_explained(self, signed_in, agent, case):
        with time_machine.travel(on(4, 8), tick=False):
            page = page_of(signed_in(agent), case)
        assert "Too late: the last day for the notice was Monday 3 August 2026." in page
        assert ">Extend to three months</a>" not in page

    def test_asking_and_answering_by_hand(self, desk, case, agent):
        assert "They are asked." in do(desk, case, "ask-clarification", text="Which account?")
        assert "They answered our question" in page_of(desk, case)
        do(desk, case, "clarification-came", on="2026-08-03", text="All.")
        case.refresh_from_db()
        assert (case.status, case.due_on) == ("open", date(3, 8))  # Sunday 2 August, and a day
        assert case.events.filter(kind="resumed", by=agent.actor).exists()

    def test_a_refusal_of_the_law_is_an_error_of_the_form(self, signed_in, agent, case):
        with time_machine.travel(on(4, 8), tick=False):
            page = do(signed_in(agent), case, "extend", reason="It spans six accounts.")
        assert "It is too late to extend this." in page
        assert "It spans six accounts." in page

    def test_a_ground_that_is_not_so_is_not_offered(self, desk, case):
        page = desk.get(f"{LIST}{case.pk}/do/refuse/").content.decode()
        assert "We cannot tell who asks" in page
        assert "No authority to act for the person" not in page  # they ask for themselves

    def test_a_second_click_says_so(self, desk, case):
        for _ in range(2):
            page = do(desk, case, "withdraw", reason="Rang.")
        assert (
            "That is done already: withdrawn by the customer on 3 August 2026 at 00:30 by agent."
            in page
        )
        assert Message.objects.count() == 1

    def test_a_note_and_a_message_never_look_alike(self, desk, case):
        inside = desk.get(f"{LIST}{case.pk}/do/note/").content.decode()
        outside = desk.get(f"{LIST}{case.pk}/do/write/").content.decode()
        assert "Nothing is sent to the person." in inside
        assert "ada@example.org" in outside
        assert ("act-inside" in inside, "act-inside" in outside) == (True, False)

    def test_nowhere_to_write_is_said_before(self, desk):
        page = desk.get(f"{LIST}{opened(email='').pk}/do/ask-clarification/").content.decode()
        assert "Cannot be sent yet." in page

    def test_whose_it_is_takes_one_click(self, desk, case):
        stranger = opened(email="unknown@example.net")
        assert "None of our customers has any of these details." in page_of(desk, stranger)
        page = do(desk, stranger, "match", customer_number=case.customer.customer_number)
        assert "Matched to that customer." in page
        stranger.refresh_from_db()
        assert stranger.customer == case.customer
        assert "1 other request of theirs" in page_of(desk, stranger)

    def test_the_page_costs_as_many_queries_after_a_long_story(self, desk, case):
        def count():
            with CaptureQueriesContext(connection) as queries:
                page_of(desk, case)
            return len(queries)

        count()
        few = count()
        for number in range(30):
            work.note(case, text=f"Note {number}", by=STAFF, now=on(3))
        assert count() == few <= 24

    def test_made_up_numbers_are_404(self, desk):
        for key in ("0", "999", "9" * 30, "x"):
            assert desk.get(f"{LIST}{key}/change/").status_code == 404
        assert desk.get(f"{LIST}999/do/note/").status_code == 404

    def test_what_cannot_be_done_is_404(self, desk, case):
        assert desk.get(f"{LIST}{case.pk}/do/nonsense/").status_code == 404


class TestFiles:
    def add(self, client, case, name="scan.pdf", content=PDF, purpose="identity"):
        return do(client, case, "file", purpose=purpose, file=SimpleUploadedFile(name, content))

    def test_a_scan_is_kept_sealed_and_comes_back_as_a_download(self, desk, case, trail):
        assert "The file is with the case." in self.add(desk, case)
        row = Attachment.objects.get()
        response = desk.get(f"{LIST}{case.pk}/file/{row.pk}/")
        assert response.content == PDF
        assert response["Content-Disposition"] == 'attachment; filename="scan.pdf"'
        assert (response["X-Content-Type-Options"], response["Content-Type"]) == (
            "nosniff",
            "application/pdf",
        )
        assert trail("case_file_opened").facts == {"case": case.pk, "file": row.pk}
        with connection.cursor() as cursor:
            cursor.execute("SELECT content FROM cases_attachment")
            assert b"%PDF" not in bytes(cursor.fetchone()[0])

    @pytest.mark.parametrize(
        ("name", "content", "said"),
        [
            ("scan.pdf", b"MZ\x90\x00 a program", "no file that we can keep"),
            ("letter.html", b"\x00\x01", "no file that we"),
            ("big.pdf", PDF + b"x" * 10 * 1024 * 1024, "larger than 10 MB"),
            ("nothing.txt", b"", "empty"),
        ],
    )
    def test_only_what_it_says_by_content_is_taken(self, desk, case, name, content, said):
        assert said in self.add(desk, case, name, content)
        assert not Attachment.objects.exists()

    def test_a_name_cannot_pretend(self, desk, case):
        self.add(desk, case, "..\\..\\\u202efdp.exe\x07.pdf")
        assert Attachment.objects.get().name == "fdp.exe.pdf"

    def test_a_card_number_in_a_text_is_redacted(self, desk, case):
        self.add(desk, case, "note.txt", b"My card is 4111 1111 1111 1111.", "letter")
        assert "1111 1111" not in Attachment.objects.get().content

    def test_text_does_not_pass_for_a_program(self, desk, case):
        self.add(desk, case, name="letter.hta", content=b"Open me.")
        assert Attachment.objects.get().name == "letter.hta.txt"

    def test_the_same_file_twice_is_one(self, desk, case):
        self.add(desk, case)
        assert "That file is with the case already." in self.add(desk, case)

    def test_proof_of_identity_goes_thirty_days_after_it_was_checked(self, desk, case):
        register.load(by="job:tests")
        RetentionRule.objects.filter(code="request-identity").update(
            period=45, confirmed_on=date(1), confirmed_by=STAFF
        )
        page = desk.get(f"{LIST}{case.pk}/do/file/").content.decode()
        assert "Proof of identity goes 45 days after it was checked." in page  # by its rule
        do_ask(case)
        self.add(desk, case)
        assert Attachment.objects.get().checked_on is None
        do(desk, case, "identity-came", on="2026-08-03", how=["document"])
        assert Attachment.objects.get().checked_on == date(3, 8)


class TestLogging:
    def log(self, client, customer, **form):
        url = f"{LIST}log/{customer.pk}/?kind={form.get('kind', 'sar')}"
        token = re.search(r'name="token" value="([^"]+)"', client.get(url).content.decode())[1]
        return client.post(
            url,
            {
                "token": token,
                "kind": "sar",
                "channel": "letter",
                "received_on": "2026-07-30",
                "words": "My data, please.",
                "requester": "customer",
                **form,
            },
            follow=True,
        ).content.decode()

    def test_a_letter_is_logged_with_its_true_day(self, desk):
        customer = ada()
        page = self.log(desk, customer)
        case = Case.objects.get()
        assert (
            f"The reference to read out: {case.reference}. We answer by Tuesday 1 September 2026."
            in page
        )
        assert (case.received_on, case.customer, case.channel) == (date(30), customer, "letter")
        assert Message.objects.get().kind == "case_acknowledgement"

    def test_the_customers_page_has_a_button_for_each_kind(self, desk):
        customer = ada()
        self.log(desk, customer, how=["called_back"])
        page = desk.get(f"/admin/customers/customer/{customer.pk}/change/").content.decode()
        for kind in CaseKind:
            assert f"/log/{customer.pk}/?kind={kind}" in page
        assert Case.objects.get().reference in page
        assert Case.objects.get().identified_at

    def test_tomorrow_has_yet_to_come(self, desk):
        assert "That day has yet to come." in self.log(desk, ada(), received_on="2026-08-04")

    def test_a_law_that_was_not_there_is_explained(self, desk):
        assert "complaint_ack applies to requests" in self.log(
            desk, ada(), kind="complaint_ack", received_on="2026-06-01"
        )

    def test_whoever_acts_for_them_has_a_name(self, desk):
        assert "Give the name of whoever asks for them." in self.log(desk, ada(), requester="agent")

    def test_nobody_writes_of_their_own_death_nor_is_answered(self, desk):
        customer, death = ada(), {"kind": "bereavement", "requester_name": "Ben Byron"}
        form = desk.get(f"{LIST}log/{customer.pk}/?kind=bereavement").content.decode()
        assert 'value="executor" selected' in form
        assert "Choose “Somebody who writes about" in self.log(desk, customer, **death)
        page = self.log(desk, customer, **death, requester="executor")
        assert "No acknowledgement was written" in page
        assert not Message.objects.exists()

    def test_the_end_of_negotiations_is_asked_where_it_counts(self, desk):
        customer = ada()
        self.log(desk, customer, kind="cra_disclosure", negotiations_ended_on="2026-07-20")
        assert Case.objects.get().due_on == date(10, 8)
        assert "negotiations" not in desk.get(f"{LIST}log/{customer.pk}/?kind=sar").content.decode()

    def test_the_same_form_twice_is_one_case(self, desk):
        customer = ada()
        form = {"token": "8d5c2f2e-2f6f-4a40-9a55-0d3f6a1f6c11"}
        self.log(desk, customer, **form)
        self.log(desk, customer, **form)
        assert (Case.objects.count(), Message.objects.count()) == (1, 1)


class TestWhoMayDoWhat:
    def test_the_operator_sees_nothing(self, signed_in, operator, case):
        client = signed_in(operator)
        for url in (
            LIST,
            f"{LIST}{case.pk}/change/",
            f"{LIST}{case.pk}/do/note/",
            f"{LIST}log/{case.customer_id}/",
        ):
            assert client.get(url).status_code == 403
        assert client.post(f"{LIST}export/").status_code == 403
        assert client.post(f"{LIST}find/", {"reference": case.reference}).status_code == 403
        assert "overdue" not in client.get("/admin/").content.decode()

    def test_the_auditor_reads_and_presses_nothing(self, signed_in, auditor, case):
        client = signed_in(auditor)
        page = page_of(client, case)
        assert "Please send me my data." in page
        assert "What next?" not in page
        assert client.get(f"{LIST}{case.pk}/do/note/").status_code == 403
        assert client.post(f"{LIST}{case.pk}/do/withdraw/").status_code == 403
        assert client.get(f"{LIST}log/{case.customer_id}/").status_code == 403
        assert len(exported(client)) == 1

    def test_a_get_changes_nothing(self, desk, case):
        before = list(case.events.values_list("pk", flat=True))
        for code in ("withdraw", "remind", "lapse", "note"):
            desk.get(f"{LIST}{case.pk}/do/{code}/")
        case.refresh_from_db()
        assert (list(case.events.values_list("pk", flat=True)), case.status) == (before, "open")


def do_ask(case):
    work.ask(
        case,
        what="identity",
        text="Show us who you are.",
        ground="warning",
        reason="Odd.",
        by=STAFF,
        now=on(3),
    )
    clock.deadline(case)
