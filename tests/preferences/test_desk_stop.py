"""What an agent writes down on the telephone or from a letter: stops at once, consents with all
their proof."""

import datetime
import uuid
from html import unescape

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import Entry
from compliance.preferences import contact_digests, may_contact, panels
from compliance.preferences.channels import CHANNELS
from compliance.preferences.desk import words as desk_words
from compliance.preferences.models import ChoiceEvent, MarketingRequest, Suppression, Wording
from compliance.register.models import NoticeVersion
from customers.desk import page_url
from tests.factories import ContactPointFactory, CustomerFactory, DisclosureFactory

NIGHT = datetime.datetime(
    2026, 6, 14, 23, 30, tzinfo=datetime.UTC
)  # half past midnight on 15 June in London
ADA, LIST = "ada@example.org", "/admin/preferences/"
PANEL_QUERIES = 13
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_midnight():
    with time_machine.travel(NIGHT, tick=False):
        yield


@pytest.fixture
def notice(db):
    return NoticeVersion.objects.create(
        number=4,
        content={"sections": []},
        digest="0" * 64,
        published_by="staff:1",
        published_at=NIGHT - datetime.timedelta(days=30),
    )


@pytest.fixture
def press(signed_in, agent):
    """`press(ada, "stop", ...)`: send the agent's form as it stands, but for what is given."""

    def send(customer, action="stop", user=None, **values):
        whole = {
            "token": str(uuid.uuid4()),
            **(
                {
                    "road": "telephone",
                    "channels": list(CHANNELS),
                    "senders": ["us", "third_parties"],
                }
                if action == "stop"
                else {}
            ),
        }
        return signed_in(user or agent).post(
            f"{LIST}choiceevent/{action}/{customer.pk}/", {**whole, **values}, follow=True
        )

    return send


def may(person, channel="email", sender="us"):
    return may_contact.may_contact(person, channel, sender, "marketing", NIGHT).reason


class TestStop:
    def test_two_presses_stop_everything(self, ada, agent, signed_in, press, partner):
        page = signed_in(agent).get(page_url(ada.pk)).content.decode()
        assert f"{LIST}choiceevent/stop/{ada.pk}/" in page
        form = signed_in(agent).get(f"{LIST}choiceevent/stop/{ada.pk}/").content.decode()
        assert form.count(" checked") == 1 + len(CHANNELS) + 2  # the road, what, and whose
        assert desk_words.STOPPED[:60] in form
        page = press(ada).content.decode()
        reference = MarketingRequest.objects.get().reference
        assert f"The reference to read out: {reference}" in page
        for sender in ("us", partner):
            assert may(ada, "email", sender) == may(ada, "online_profiling", sender) == "objected"

    def test_the_ledger_says_who_how_and_with_which_words(self, ada, agent, press, trail):
        press(ada, channels=["email"], senders=["us"])
        event = ada.choice_events.select_related("wording").get()
        assert (event.by, event.source, event.at, event.page) == (
            agent.actor,
            "telephone",
            NIGHT,
            "agent_script",
        )
        assert event.wording.text == desk_words.STOPPED
        assert trail("marketing_stopped").subject == ada.pk

    def test_a_second_click_says_the_same_reference(self, ada, press):
        token = str(uuid.uuid4())
        press(ada, token=token)
        page = press(ada, token=token).content.decode()
        assert (
            "That is done already. The reference to read out: "
            f"{MarketingRequest.objects.get().reference}" in page
        )
        assert Entry.objects.filter(event="marketing_stopped").count() == 1

    def test_anothers_form_is_refused(self, ada, press):
        token = str(uuid.uuid4())
        press(ada, token=token)
        page = press(CustomerFactory(), token=token).content.decode()
        assert "This form was used for somebody else." in page
        assert ChoiceEvent.objects.exclude(customer=ada).count() == 0

    @pytest.mark.parametrize(
        ("day", "says"),
        [
            ("2026-06-16", "That day has yet to come."),
            ("", "Give the day on which"),
            ("soon", "Give a day such as"),
        ],
    )
    def test_a_letter_has_its_day(self, ada, press, day, says):
        assert says in press(ada, road="letter", received_on=day).content.decode()
        assert not ChoiceEvent.objects.exists()

    def test_a_letter_outweighs_what_else_came_that_day(self, ada, press, consented):
        consented(ada, at=datetime.datetime(2026, 6, 10, 18, tzinfo=datetime.UTC))
        press(ada, road="letter", received_on="2026-06-10")
        assert may(ada) == "objected"

    def test_a_letter_that_lay_about_undoes_no_later_consent(self, ada, press, consented):
        consented(ada, at=datetime.datetime(2026, 6, 12, 18, tzinfo=datetime.UTC))
        press(ada, road="letter", received_on="2026-06-10")
        assert may(ada) == "consent"

    def test_a_letter_of_today_counts_from_now(self, ada, press):
        press(ada, road="letter", received_on="2026-06-15", channels=["post"], senders=["us"])
        assert ada.choice_events.get().at == NIGHT

    @pytest.mark.parametrize(
        ("field", "says"),
        [
            ("channels", "Tick what should stop."),
            ("senders", "Say whose marketing"),
            ("road", "Say how they told us."),
        ],
    )
    def test_nothing_ticked_is_asked_again(self, ada, press, field, says):
        assert says in press(ada, **{field: []}).content.decode()

    def test_who_may_not_is_turned_away(self, ada, press, operator, auditor):
        for user in (operator, auditor):
            assert press(ada, user=user).status_code == 403


class TestAgree:
    def agree(self, press, ada, said, **values):
        return press(
            ada, "agree", **{"recording": "CALL-20260615-17", "yes_0": said, **values}
        ).content.decode()

    def key(self, customer, channel="email", sender="us"):
        return [f"{sender}:{channel}:{customer.contact_points.get(kind=CHANNELS[channel].kind).pk}"]

    def test_a_yes_on_record_counts(self, ada, press, notice, agent):
        assert "It is written down, with its proof." in self.agree(press, ada, self.key(ada))
        event = ada.choice_events.select_related("wording").get()
        assert may(ada) == "consent"
        assert (event.origin, event.notice_version) == ("CALL-20260615-17", 4)
        assert (event.by, event.source) == (agent.actor, "telephone")
        assert "the recording of this call" in event.wording.text
        assert (
            "May Hartwell Home Shopping Ltd send you its offers by email? You can take this back"
            in event.wording.text
        )

    def test_the_form_shows_all_the_words_that_are_kept(self, ada, press, notice, agent, signed_in):
        form = unescape(signed_in(agent).get(f"{LIST}choiceevent/agree/{ada.pk}/").content.decode())
        self.agree(press, ada, self.key(ada))
        words = Wording.objects.get().text
        question = words.removeprefix(desk_words.RECORDED).removesuffix(desk_words.BACK).strip()
        assert desk_words.RECORDED in form
        assert question in form
        assert desk_words.BACK in form
        assert words == desk_words.whole(question)

    def test_a_partner_is_named_in_the_words(self, ada, press, notice, partner):
        self.agree(press, ada, [], yes_1=self.key(ada, sender=partner))
        assert may(ada, sender=partner) == "consent"
        assert may(ada) == "no_consent"
        assert "Example Home and Garden Ltd" in Wording.objects.get().text

    def test_it_lifts_only_what_it_names(self, ada, press, notice):
        ContactPointFactory(customer=ada, phone=True)
        press(ada)
        with time_machine.travel(NIGHT + datetime.timedelta(minutes=5), tick=False):
            self.agree(press, ada, self.key(ada))
            at = NIGHT + datetime.timedelta(minutes=5)
            assert may_contact.may_contact(ada, "email", "us", "marketing", at).reason == "consent"
            assert may_contact.may_contact(ada, "sms", "us", "marketing", at).reason == "objected"

    @pytest.mark.parametrize(
        ("values", "says"),
        [
            ({"recording": " "}, "Give the reference of the recording"),
            ({"yes_0": []}, "Tick each question"),
            ({"yes_0": ["us:email:1"]}, "Select a valid choice"),
        ],
    )
    def test_without_a_piece_nothing_is_written(self, ada, press, notice, values, says):
        assert says in self.agree(press, ada, self.key(ada), **values)
        assert not ChoiceEvent.objects.exists()

    def test_without_a_notice_in_force_there_is_no_proof(self, ada, press):
        assert "No privacy notice is published" in self.agree(press, ada, self.key(ada))
        assert not ChoiceEvent.objects.exists()

    def test_a_second_click_writes_nothing(self, ada, press, notice):
        token = str(uuid.uuid4())
        self.agree(press, ada, self.key(ada), token=token)
        assert "That is written down already." in self.agree(press, ada, self.key(ada), token=token)
        assert ChoiceEvent.objects.count() == 1


class TestSomebodyElse:
    def stranger(self, signed_in, agent, **values):
        whole = {
            "token": str(uuid.uuid4()),
            "road": "telephone",
            "channels": list(CHANNELS),
            "senders": ["us", "third_parties"],
        }
        return signed_in(agent).post(
            f"{LIST}marketingrequest/stranger/", {**whole, **values}, follow=True
        )

    def test_the_search_page_leads_to_it(self, signed_in, agent, operator):
        address = f"{LIST}marketingrequest/stranger/"
        assert address in signed_in(agent).get("/admin/customers/customer/").content.decode()

    def test_all_they_give_is_suppressed(self, signed_in, agent):
        page = self.stranger(
            signed_in,
            agent,
            name="Rosa Blum",
            email="rosa@example.net",
            phone="07700 900321",
            address="1 Mill Lane\nLeeds\nLS1 1AA",
        ).content.decode()
        assert "The reference to read out: M-" in page
        for one, channel in (
            (contact_digests.email("rosa@example.net"), "email"),
            (contact_digests.phone("07700900321"), "sms"),
            (contact_digests.address("Blum", "1 Mill Lane\nLS1 1AA"), "post"),
        ):
            assert may(one, channel) == "objected"

    def test_one_of_ours_is_found_all_the_same(self, signed_in, agent, ada):
        ContactPointFactory(customer=ada, value="second@example.org")
        page = self.stranger(signed_in, agent, email=ADA).content.decode()
        assert "Matched to this customer" in page
        assert may(contact_digests.email("second@example.org")) == "objected"

    @pytest.mark.parametrize(
        ("given", "says"),
        [
            ({}, "Give an email address"),
            ({"email": "rosa@"}, "not a whole email address"),
            ({"email": "rosa@example.net", "phone": "123"}, "Check its digits"),
            ({"address": "1 Mill Lane\nLS1 1AA"}, "it needs the name"),
        ],
    )
    def test_what_cannot_be_read_is_asked_again(self, signed_in, agent, given, says):
        assert says in self.stranger(signed_in, agent, **given).content.decode()
        assert not Suppression.objects.exists()

    def test_a_second_click_is_the_same_request(self, signed_in, agent):
        token = str(uuid.uuid4())
        for _ in range(2):
            self.stranger(signed_in, agent, email="rosa@example.net", token=token)
        assert MarketingRequest.objects.count() == 1


class TestThePanel:
    def text(self, signed_in, user, customer):
        return signed_in(user).get(page_url(customer.pk)).content.decode()

    def test_each_channel_says_why(self, ada, agent, signed_in, press, consented, partner):
        consented(ada, at=NIGHT - datetime.timedelta(days=2))
        page = self.text(signed_in, agent, ada)
        assert "They agreed to exactly this, and the proof is complete." in page
        assert "Example Home and Garden Ltd: 0 of 6 allowed" in page
        press(ada)
        assert "They told us to stop, and have not agreed to it again since." in self.text(
            signed_in, agent, ada
        )

    def test_one_act_is_one_line(self, ada, agent, signed_in, press):
        press(ada)
        page = self.text(signed_in, agent, ada)
        assert page.count(MarketingRequest.objects.get().reference) == 1
        assert "Us and all others" in page
        assert "taken by agent" in page

    def test_who_has_the_data_and_was_not_told(self, ada, agent, signed_in, press, partner):
        DisclosureFactory(
            customer=ada,
            kind="partner_feed",
            recipient=partner,
            recipient_name="Example Home and Garden Ltd",
        )
        press(ada)
        with time_machine.travel(NIGHT + datetime.timedelta(days=3)):
            page = self.text(signed_in, agent, ada)
        assert "Not yet" in page
        assert "Overdue" in page

    def test_auditor_reads_and_cannot_press(self, ada, auditor, operator, signed_in):
        assert "choiceevent/stop/" not in self.text(signed_in, auditor, ada)
        assert "Marketing choices" in self.text(signed_in, auditor, ada)

    def test_the_cost_does_not_grow(self, ada, agent, signed_in, press, consented, partner):
        def cost():
            with CaptureQueriesContext(connection) as queries:
                panels.choices(type("Request", (), {"user": agent})(), ada)
            return len(queries)

        few = cost()
        for number in range(12):
            consented(ada, at=NIGHT - datetime.timedelta(days=number))
            ContactPointFactory(customer=ada)
        assert cost() == few <= PANEL_QUERIES
