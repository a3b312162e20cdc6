"""A new channel of marketing is told in one place, its row of the table; all else follows from it."""

import dataclasses
import re
import uuid

import pytest
from django.conf import settings
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from compliance.mailbox import forms as mail_forms
from compliance.mailbox import intent
from compliance.preferences import (
    actions,
    channels,
    choices,
    contact_digests,
    forms,
    importing,
    may_contact,
    opt_out,
)
from compliance.preferences.channels import CHANNELS, SMS, FormChoice
from compliance.preferences.desk import forms as desk_forms
from compliance.preferences.desk import words as desk_words
from compliance.preferences.models import ChoiceEvent, Suppression
from compliance.preferences.screening import run, verdicts
from customers.matching import Given
from customers.outbox import messages
from tests.factories import ContactPointFactory

NOTE = "messages on their way already may still reach you today"
NEW = dataclasses.replace(
    SMS,
    code="messenger",
    label="Messenger message",
    noun="Messenger messages",
    by="messenger",
    choice=FormChoice("messenger", "Messenger messages", NOTE),
    does="send me marketing by messenger",
    asks="send you its offers by messenger",
    mail_noun=r"messengers?",
    mail_words=(),
)


@pytest.fixture(autouse=True)
def _told_in_one_place(monkeypatch):
    forms._fresh.cache_clear()
    monkeypatch.setitem(CHANNELS, NEW.code, NEW)  # all that has to be told
    yield
    forms._fresh.cache_clear()


@pytest.fixture
def ada(ada):
    ContactPointFactory(customer=ada, phone=True, value="+447700900111")
    return ada


def test_a_row_without_a_field_is_no_row():
    for field in dataclasses.fields(channels.Channel):
        told = {one.name: getattr(NEW, one.name) for one in dataclasses.fields(NEW)}
        del told[field.name]
        with pytest.raises(TypeError, match=field.name):
            channels.Channel(**told)


def test_no_other_file_knows_the_channels_by_heart():
    by_heart = re.compile(
        r"automated_call|recorded telephone|online advertising and", re.IGNORECASE
    )
    folders = ("compliance", "customers", "templates")
    found = {
        str(path.relative_to(settings.BASE_DIR))
        for folder in folders
        for path in (settings.BASE_DIR / folder).rglob("*")
        if path.suffix in {".py", ".html", ".txt"} and by_heart.search(path.read_text())
    }
    assert found == {"compliance/preferences/channels.py"}


@pytest.mark.django_db
def test_it_needs_no_migration():
    call_command("makemigrations", "preferences", "mailbox", check=True, dry_run=True, verbosity=0)


@pytest.mark.django_db
class TestForms:
    def test_the_public_form_offers_it(self, client):
        assert "Messenger messages" in client.get(reverse("preferences:stop")).content.decode()

    def test_the_answer_page_names_it_with_its_note(self, client):
        answer = opt_out.submit(
            Given(phone="07700 900111"),
            channels=["messenger"],
            senders="both",
            form=uuid.uuid4(),
            now=timezone.now(),
        )
        page = client.get(reverse("preferences:stopped", args=[answer.sealed()])).content.decode()
        assert f"<strong>Messenger messages</strong>: {NOTE}" in page
        assert Suppression.objects.filter(channel="messenger").count() == 2

    def test_its_confirmation_names_it(self):
        answer = opt_out.OptOutAnswer("M-1", 0, ["email", "messenger"], "both", ["email"], [])
        text = messages.render("opt_out_confirmed", {"answer": answer})["text"]
        assert "What you named: Email, Messenger messages" in text

    def test_the_desk_can_stop_it(self):
        boxes = dict(desk_forms.StopMarketingForm().fields["channels"].choices)
        assert boxes["messenger"] == "Messenger messages"

    def test_the_desk_can_ask_for_it(self, ada):
        contact = contact_digests.phone("07700 900111")
        form = desk_forms.AgreeForm(senders={"us": "Us"}, details=[(7, contact, "07700 900111")])
        assert "us:messenger:7" in [code for code, _ in form.fields["yes_0"].choices]
        assert "send you its offers by messenger?" in desk_words.question(
            "messenger", "us", "", "We"
        )


@pytest.mark.django_db
class TestRules:
    def test_it_needs_consent(self, ada):
        verdict = may_contact.may_contact(ada, "messenger", "us", "marketing", timezone.now())
        assert verdict.reason == "no_consent"

    def test_an_objection_stops_it(self, ada):
        actions.object_to(
            customer=ada,
            channels=["messenger"],
            senders=["us"],
            source="telephone",
            by="staff:1",
            now=timezone.now(),
        )
        assert ChoiceEvent.objects.get().get_channel_display() == "Messenger message"
        verdict = may_contact.may_contact(ada, "messenger", "us", "marketing", timezone.now())
        assert verdict.reason == "objected"

    def test_a_list_is_screened_for_it(self):
        assert "messenger" in run.screened()
        assert verdicts.ScreeningQuestion("messenger", "us").default == verdicts.NO_CONSENT

    def test_an_import_file_may_name_it(self):
        assert channels.channel_of("Messenger message") == "messenger"
        assert importing.kind_of("messenger", "07700 900111") == "phone"


@pytest.mark.django_db
class TestPagesAndLetters:
    def test_your_choices_have_it(self, ada):
        row = next(
            one for one in choices.rows(ada, now=timezone.now()) if one.channel == "messenger"
        )
        assert (row.sender, row.name) == ("us", "Messenger messages")

    def test_the_link_in_an_email_names_it(self, client):
        from compliance.preferences import one_click

        url = one_click.url(one_click.token_maker()("ada@example.org", None))
        page = client.post(url.removeprefix(settings.PUBLIC_URL)).content.decode()
        assert "online advertising, messenger messages, and marketing by other" in page

    def test_everything_means_it_too(self):
        assert "messenger" in mail_forms.scopes()["everything"][1]
        assert desk_words.channels_in_words([*CHANNELS]) == "Everything"
        assert desk_words.channels_in_words([code for code in CHANNELS if code != "messenger"]) != (
            "Everything"
        )

    def test_an_email_can_name_it(self):
        wish = intent.decide("Please stop", "Please stop all marketing messages by messenger.")
        assert "messenger" in wish.channels
