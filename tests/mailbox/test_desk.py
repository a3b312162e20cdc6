"""The mailbox on the desk: what waits, what an agent sees, and the three things they can do with
it."""

import datetime

import pytest
import time_machine
from django.urls import reverse

from audit.actions import AlreadyDone, Refused
from audit.models import Entry
from compliance.cases.kinds import CaseKind
from compliance.casework.actions import work
from compliance.mailbox import handler, resolve, set_aside
from compliance.mailbox.models import InboundMail
from compliance.preferences import contact_digests, may_contact
from compliance.preferences.channels import CHANNELS
from compliance.preferences.models import ChoiceEvent, MarketingRequest, Suppression
from compliance.register import actions as register
from compliance.register.models import RetentionRule
from compliance.retention import holds
from customers.outbox.models import Message
from tests import factories as make
from tests.mailbox.conftest import MIDNIGHT, message, receive, store
from tests.outcomes.effects import case_of

LIST = reverse("admin:mailbox_inboundmail_changelist")


def url(mail, what="change"):
    return reverse(f"admin:mailbox_inboundmail_{what}", args=[mail.pk])


def may(who, channel="email", sender="us"):
    return may_contact.may_contact(who, channel, sender, "marketing", MIDNIGHT).reason


@pytest.fixture
def care(agent, signed_in):
    return signed_in(agent)


class TestWhatWaits:
    def test_the_first_page_says_how_many_and_of_what_age(self, cast, care):
        receive(message("access"))
        receive(message("order-question"), received_at=MIDNIGHT - datetime.timedelta(hours=3))
        with time_machine.travel(MIDNIGHT, tick=False):
            page = care.get("/admin/").content.decode()
        assert (
            "2 emails wait to be read; the oldest came 3\u00a0hours ago. 1 may ask for something "
            "with a deadline" in page
        )
        assert "received on 1 July 2026." in page

    def test_what_is_not_understood_counts_as_a_request_until_somebody_has_read_it(
        self, cast, care
    ):
        for words in ("Could you kindly do the needful for me", "Zażółć gęślą jaźń"):
            raw = f"From: grace@example.net\nSubject: Hello\n\n{words}\n".encode()
            assert receive(raw).kind == "unclear"
        receive(message("order-question"))
        page = care.get("/admin/").content.decode()
        assert "3 emails wait to be read" in page
        assert "2 may ask for something with a deadline" in page

    def test_it_says_when_nobody_runs_the_program(self, cast, care, operator, signed_in):
        store(message("stop"))
        with time_machine.travel(MIDNIGHT + datetime.timedelta(hours=1), tick=False):
            assert (
                "Ask the operator to run receive_mail --pending"
                in care.get("/admin/").content.decode()
            )
            assert (
                "not read. Run receive_mail --pending"
                in signed_in(operator).get("/admin/").content.decode()
            )

    def test_those_that_wait_are_listed_without_a_personal_value(
        self, cast, care, django_assert_max_num_queries
    ):
        for name in ("access", "stop-paper-statements", "stop", "newsletter"):
            receive(message(name))
        with django_assert_max_num_queries(12):
            page = care.get(LIST).content.decode()
        assert "May have a deadline" in page
        assert "Stop, but of what?" in page
        assert "Acted on</span>" not in page
        assert "ada@" not in page

    @pytest.mark.parametrize("state", ["all", "applied", "ignored", "received", "done"])
    def test_the_others_are_listed_too(self, cast, care, state):
        receive(message("stop"))
        assert care.get(f"{LIST}?state={state}").status_code == 200


class TestThePage:
    def test_it_shows_the_text_and_who_it_could_be(self, cast, care, agent, trail):
        mail = receive(message("number-of-another"))
        page = care.get(url(mail)).content.decode()
        assert "points to more than one customer" in page
        assert "A100" in page
        assert "B200" in page
        assert trail("mail_viewed").facts == {"mail": mail.pk, "original": False}

    @pytest.mark.parametrize(
        ("name", "words"),
        [
            ("mother-died", "Email, from us and all others, for the sender’s address only."),
            (
                "erase-and-stop",
                "Email, from us and all others, for the customer and for the sender’s address.",
            ),
            (
                "third-party",
                "Email, from all others, for the customer and for the sender’s address.",
            ),
        ],
    )
    def test_it_says_what_is_stopped_already(self, cast, care, name, words):
        assert words in care.get(url(receive(message(name)))).content.decode()

    def test_html_is_only_ever_text(self, cast, care):
        mail = receive(
            b"From: x@example.net\nMessage-ID: <1@x>\n\n<script>alert(1)</script> <b>hello</b>"
        )
        page = care.get(url(mail)).content.decode()
        assert "&lt;script&gt;alert(1)" in page
        assert "<script>alert" not in page

    def test_the_original_is_fetched_and_never_shown(self, cast, care, trail):
        mail = receive(message("html-only"))
        answer = care.get(url(mail, "original"))
        assert answer.content == message("html-only")
        assert answer["Content-Type"] == "application/octet-stream"
        assert answer["Content-Disposition"] == f'attachment; filename="email-{mail.pk}.eml"'
        assert trail("mail_viewed").facts["original"]

    def test_files_are_named_and_not_opened(self, cast, care):
        page = care.get(url(receive(message("attachments-only")))).content.decode()
        assert "my letter€.pdf" in page
        assert "application/pdf" in page

    def test_a_card_number_is_not_shown(self, cast, care):
        page = care.get(url(receive(message("card-number")))).content.decode()
        assert "4111 1111" not in page
        assert "card ending 1111" in page

    def test_an_auditor_looks_and_changes_nothing(self, cast, auditor, signed_in):
        mail = receive(message("access"))
        looking = signed_in(auditor)
        assert "Stop this address" not in looking.get(url(mail)).content.decode()
        assert looking.post(url(mail, "stop_address")).status_code == 403

    def test_an_operator_sees_none(self, cast, operator, signed_in):
        assert signed_in(operator).get(url(receive(message("access")))).status_code == 403

    def test_one_that_does_not_exist_is_not_found(self, cast, care):
        assert care.get("/admin/mailbox/inboundmail/99/change/").status_code == 404


class TestStoppingForACustomer:
    def test_one_click_on_a_proposal(self, cast, care, trail):
        mail = receive(message("number-of-another"))
        care.post(url(mail, "stop_for"), {"scope_of": "email", "this": "A100"})
        mail.refresh_from_db()
        assert (mail.state, mail.outcome, mail.customer) == ("done", "matched", cast["ada"])
        assert may(cast["ada"]) == "objected"
        assert may(cast["charles"], "post") != "objected"
        assert trail("mail_dealt_with").facts == {
            "mail": mail.pk,
            "outcome": "matched",
            "reference": mail.reference,
        }
        assert MarketingRequest.objects.get().customer == cast["ada"]

    def test_a_number_typed_and_everything_chosen(self, cast, care):
        mail = receive(message("order-question"))
        care.post(url(mail, "stop_for"), {"scope_of": "everything", "customer_number": "c 300"})
        assert may(cast["zoe"], sender="example-partner") == "objected"
        assert set(
            ChoiceEvent.objects.filter(customer=cast["zoe"]).values_list("channel", flat=True)
        ) == set(CHANNELS)

    def test_what_the_email_asks_for_is_chosen_to_begin_with(self, cast, care):
        page = care.get(url(receive(message("stop-paper-statements")))).content.decode()
        assert "What the email seems to ask for (Email, post: us and all others)" in page

    def test_twice_is_once(self, cast, care):
        mail = receive(message("access"))
        for _ in range(2):
            last = care.post(
                url(mail, "stop_for"), {"scope_of": "email", "this": "A100"}, follow=True
            )
        assert "was dealt with already" in last.content.decode()
        assert ChoiceEvent.objects.count() == 2

    @pytest.mark.parametrize(
        ("number", "says"),
        [
            ("Z9", "No customer has this number"),
            ("", "Give the customer number"),
            ("!", "No customer has this number"),
        ],
    )
    def test_a_wrong_number_is_told(self, cast, care, number, says):
        mail = receive(message("access"))
        answer = care.post(url(mail, "stop_for"), {"scope_of": "email", "customer_number": number})
        assert says in answer.content.decode()
        assert not ChoiceEvent.objects.exists()

    def test_it_counts_from_the_day_of_receipt(self, cast, care):
        mail = receive(message("order-question"), received_at=MIDNIGHT - datetime.timedelta(days=2))
        care.post(url(mail, "stop_for"), {"scope_of": "email", "this": "A100"})
        assert set(ChoiceEvent.objects.values_list("at", flat=True)) == {
            MIDNIGHT - datetime.timedelta(days=2)
        }

    def test_what_was_stopped_at_once_keeps_its_reference(self, cast, care):
        mail = receive(message("number-of-another"))
        care.post(url(mail, "stop_for"), {"scope_of": "email", "this": "A100"})
        assert set(ChoiceEvent.objects.values_list("reference", flat=True)) == {mail.reference}

    def test_an_open_request_of_the_same_email_is_matched_with_it(self, cast, care):
        mail = receive(
            message("erase-and-stop")
            .replace(b"ada@example.org", b"new@example.net")
            .replace(b"A100", b"")
        )
        assert MarketingRequest.objects.get().state == "open"
        care.post(url(mail, "stop_for"), {"scope_of": "email", "this": "A100"})
        assert MarketingRequest.objects.get().customer == cast["ada"]

    def test_a_fault_undoes_all_of_it(self, cast, care, monkeypatch):
        mail = receive(message("order-question"))
        monkeypatch.setattr(resolve.events, "mail_dealt_with", lambda **_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            resolve.stop_for(
                mail.pk, cast["ada"], channels=["email"], senders=["us"], by="staff:1", now=MIDNIGHT
            )
        assert not ChoiceEvent.objects.exists()
        assert InboundMail.objects.get().state == "desk"


class TestTheOtherTwo:
    def test_the_address_is_stopped_whoever_it_is(self, cast, care):
        mail = receive(message("newsletter-without-marks"))
        care.post(url(mail, "stop_address"))
        assert may(contact_digests.email("news@lamps.example")) == "objected"
        assert InboundMail.objects.values_list("state", "outcome").get() == ("done", "stopped")

    def test_an_email_without_an_address_has_none_to_stop(self, cast, care):
        mail = receive(message("no-sender"))
        assert "no sender" in care.post(url(mail, "stop_address"), follow=True).content.decode()
        assert InboundMail.objects.get().state == "desk"

    def test_our_own_address_is_never_stopped(self, cast):
        mail = receive(message("colleague-writes"))
        with pytest.raises(Refused):
            resolve.stop_address(mail.pk, by="staff:1", now=MIDNIGHT)

    def test_whoever_closes_it_says_what_it_was_about(self, cast, care, agent):
        mail = receive(message("complaint"))
        page = care.get(url(mail)).content.decode()
        assert '<option value="complaint_ack" selected>Complaint' in page
        care.post(url(mail, "close"), {"outcome": "answered", "kind": "order"})
        assert InboundMail.objects.get().kind == "order"

    @pytest.mark.parametrize("outcome", ["passed_on", "answered", "nothing"])
    def test_another_matter_is_closed_with_one_click(self, cast, care, agent, outcome):
        mail = receive(message("access"))
        care.post(url(mail, "close"), {"outcome": outcome})
        mail.refresh_from_db()
        assert (mail.state, mail.outcome, mail.handled_by) == ("done", outcome, agent.actor)
        assert not Suppression.objects.exists()
        # the word of a colleague, and no more
        assert mail.get_outcome_display().startswith("Noted as")
        assert mail.get_outcome_display() in care.get(url(mail)).content.decode()

    @pytest.mark.parametrize("outcome", ["matched", "x", ""])
    def test_no_other_end_is_taken(self, cast, care, outcome):
        mail = receive(message("access"))
        care.post(url(mail, "close"), {"outcome": outcome})
        assert InboundMail.objects.get().state == "desk"

    def test_what_was_taken_for_junk_can_be_taken_up(self, cast, care):
        mail = receive(message("spam"))
        care.post(url(mail, "stop_address"))
        assert may(contact_digests.email("x@spam.example")) == "objected"

    def test_what_was_acted_on_is_left_alone(self, cast):
        mail = receive(message("stop"))
        with pytest.raises(AlreadyDone):
            resolve.close(mail.pk, "nothing", by="staff:1", now=MIDNIGHT)


class TestAfterwards:
    def test_a_request_matched_in_the_queue_takes_its_email_along(self, cast):
        mail = receive(message("stranger"))
        MarketingRequest.objects.update(customer=cast["zoe"], state="done", handled_at=MIDNIGHT)
        handler.link_and_delete_originals(now=MIDNIGHT)
        assert InboundMail.objects.get(pk=mail.pk).customer == cast["zoe"]

    @pytest.mark.parametrize("kept_by", ["hold", "request"])
    def test_a_hold_or_an_open_request_keeps_the_original(self, cast, kept_by):
        register.load(by="job:tests")
        days = RetentionRule.objects.get(code=handler.ORIGINAL).period
        mail = receive(message("stop"))
        InboundMail.objects.filter(pk=mail.pk).update(customer=cast["zoe"])
        later = MIDNIGHT + datetime.timedelta(days=days + 1)
        hold = (
            make.LegalHoldFactory(customer=cast["zoe"])
            if kept_by == "hold"
            else case_of(cast["zoe"], CaseKind.COMPLAINT)
        )
        handler.link_and_delete_originals(now=later)
        assert InboundMail.objects.get(pk=mail.pk).raw
        if kept_by == "hold":
            holds.release(hold, by="staff:1", now=later)
        else:
            work.withdraw(hold, by="staff:1", now=later)
        handler.link_and_delete_originals(now=later)
        assert InboundMail.objects.get(pk=mail.pk).raw is None

    def test_the_original_goes_and_the_words_stay(self, cast, care):
        register.load(by="job:tests")
        days = RetentionRule.objects.get(code=handler.ORIGINAL).period
        done, waits = receive(message("stop")), receive(message("access"))
        handler.link_and_delete_originals(now=MIDNIGHT + datetime.timedelta(days=days))
        assert InboundMail.objects.get(pk=done.pk).raw  # its last protected day
        handler.link_and_delete_originals(now=MIDNIGHT + datetime.timedelta(days=days + 1))
        done.refresh_from_db()
        assert (done.raw, done.text, done.original) == (None, "STOP", b"")
        assert InboundMail.objects.get(pk=waits.pk).raw
        assert receive(message("stop")).pk == done.pk
        assert care.get(url(done)).status_code == 200
        assert care.get(url(done, "original")).status_code == 404

    def test_the_trail_holds_no_word_of_an_email(self, cast):
        for name in ("card-number", "access", "stop-calling"):
            receive(message(name))
        facts = str(list(Entry.objects.values_list("facts", flat=True)))
        assert not any(
            word in facts for word in ("ada", "Ada", "4111", "A100", "07700", "Lovelace")
        )


class TestSetAside:
    """What two signs call a program's is looked through by somebody."""

    @pytest.fixture(autouse=True)
    def _at_midnight(self):
        with time_machine.travel(MIDNIGHT, tick=False):
            yield

    def test_it_is_on_the_first_page_until_somebody_looked(self, care):
        receive(message("advert"))
        first = care.get("/admin/").content.decode()
        assert "1 email was set aside unread" in first
        page = care.get(reverse("admin:mailbox_set_aside")).content.decode()
        assert "Buy our lamps!" in page
        assert "news@lamps.example" in page
        number = InboundMail.objects.get().pk
        shown = care.post(
            reverse("admin:mailbox_looked"), {"mail": [number, "²", "9" * 30, "x"]}, follow=True
        ).content.decode()
        assert "you looked at 1 email." in shown
        assert "Nothing was set aside that nobody has looked at." in shown
        assert Entry.objects.filter(event="mail_looked_at").count() == 1
        assert "set aside unread" not in care.get("/admin/").content.decode()

    def test_what_it_should_not_have_been_is_taken_up(self, care):
        mail = receive(message("advert"))
        resolve.stop_address(mail.pk, by="staff:1", now=MIDNIGHT)
        mail.refresh_from_db()
        assert (mail.state, mail.junk_from) == ("done", None)

    def test_only_who_deals_with_emails_sees_it(self, auditor, operator, signed_in):
        look, say = reverse("admin:mailbox_set_aside"), reverse("admin:mailbox_looked")
        assert signed_in(operator).get(look).status_code == 403
        assert signed_in(auditor).post(say).status_code == 403

    def test_the_care_team_is_asked_once_a_day(self, settings, db):
        settings.REMINDERS_TO = "team@example.com"
        assert set_aside.tell(by="job:x", now=MIDNIGHT)
        receive(message("advert"))
        receive(message("advert-by-a-program"))
        for _ in range(2):
            assert set_aside.tell(by="job:x", now=MIDNIGHT)
        assert Message.objects.get().subject == "2 emails were set aside unread"
        settings.REMINDERS_TO = ""
        assert not set_aside.tell(by="job:x", now=MIDNIGHT)
