"""The words of letters on the desk: edited by the data protection lead, previewed, frozen; and the
PDF of a letter."""

import datetime

import pytest
import time_machine
from django.core.management import call_command

from audit.models import Entry
from compliance.cases.models import Letter, LetterWording
from compliance.letters import versions
from compliance.letters.wording import frame
from customers.outbox.models import Message
from tests.letters.letters import HOME, NEXT, POST, case_of, write
from tests.letters.pdf import squeezed, tags, words_of

pytestmark = pytest.mark.django_db
LIST = "/admin/cases/letterwording/"
REFUSAL = f"{LIST}refusal/words/"


@pytest.fixture(autouse=True)
def july():
    call_command("load_register", verbosity=0)
    with time_machine.travel(NEXT, tick=False):
        yield


@pytest.fixture
def desk(lead, signed_in):
    return signed_in(lead)


def words(letter="refusal", press="save", **changes):
    """What a browser sends of the form: the words in use, with changes, and lines that end in two
    signs."""
    row = versions.latest(letter)
    texts = {
        name: text.replace("\n", "\r\n") for name, text in versions.texts_in_use(letter).items()
    }
    return {**texts, "seen": row.number if row else 0, "why": "Clearer.", press: "x", **changes}


def shown(response):
    return response.content.decode()


class TestEditing:
    def test_the_next_letter_has_the_new_words(self, desk, lead):
        old = write(case_of(), Letter.REFUSAL, ground="excessive")
        answer = desk.post(
            REFUSAL,
            words(opening="{asked} We received this on {received_on}.\n\nSadly, no."),
            follow=True,
        )
        assert "Version 2 is saved" in shown(answer)
        new = write(case_of(), Letter.REFUSAL, ground="excessive")
        assert "Sadly, no." in new.message.text
        assert "Sadly, no." not in old.message.text
        assert (old.wording.number, new.wording.number, new.wording.saved_by) == (1, 2, lead.actor)
        assert new.wording.why == "Clearer."
        assert Entry.objects.filter(event="letter_wording_saved").count() == 2

    @pytest.mark.parametrize(
        ("changes", "told"),
        [
            ({"opening": "{recieved_on} and {received_on}"}, "Did you mean {received_on}?"),
            (
                {"opening": "{received_on} {asked"},
                "A curly bracket may only stand around a placeholder",
            ),
            ({"opening": "We cannot."}, "must hold {received_on}"),
            ({"opening": ""}, "cannot be left out: UK GDPR Article 12(4) asks for it"),
            (
                {
                    "rights": "{your_data} {controller_address} {regulator_name} "
                    "{regulator_address} {regulator_website}"
                },
                "must say “court”",
            ),
            ({"rights": ""}, "“The right to complain and to go to court” cannot be left out"),
            ({"reasons": "Because: {ground}"}, "{ground} must stand in a paragraph of its own"),
            (
                {"opening": "{answer_by} {received_on}"},
                "“{answer_by}” is no placeholder of this letter",
            ),
            ({"opening": "{received_on}" + "x" * 4000}, "at most 4000 characters"),
            ({"why": ""}, "Say why, for whoever asks later."),
        ],
    )
    def test_a_faulty_wording_is_refused_in_words(self, desk, changes, told):
        answer = desk.post(REFUSAL, words(**changes))
        assert answer.status_code == 200
        assert told in shown(answer).replace("&#x27;", "'")
        assert "Clearer." in shown(answer) or not changes.get("why", "x"), "what was typed stays"
        assert not LetterWording.objects.exists()

    def test_a_block_that_no_law_asks_for_may_go(self, desk):
        desk.post(f"{LIST}acknowledgement/words/", words("acknowledgement", not_you=""))
        assert "If it was not you" not in write(case_of(), Letter.ACKNOWLEDGEMENT).message.text

    def test_the_same_words_are_no_new_version(self, desk):
        assert "Nothing was saved" in shown(desk.post(REFUSAL, words(), follow=True))
        assert not LetterWording.objects.exists()

    def test_a_quicker_colleague_is_not_overwritten(self, desk):
        mine = words(closing="Bye")
        desk.post(REFUSAL, words(closing="Yours"))
        assert "Somebody saved another version meanwhile" in shown(desk.post(REFUSAL, mine))
        assert versions.latest("refusal").blocks["closing"] == "Yours"

    def test_others_read_and_do_not_edit(self, agent, auditor, operator, signed_in):
        for reader in (agent, auditor):
            client = signed_in(reader)
            assert client.get(LIST).status_code == client.get(REFUSAL).status_code == 200
            assert "Save as the next version" not in shown(client.get(REFUSAL))
            assert client.post(REFUSAL, words(closing="x")).status_code == 403
        assert signed_in(operator).get(LIST).status_code == 403
        assert not LetterWording.objects.exists()

    def test_every_version_can_be_read(self, desk):
        desk.post(REFUSAL, words(closing="Bye <b>now</b>"))
        row = versions.latest("refusal")
        page = shown(desk.get(f"{LIST}{row.pk}/change/"))
        assert "Bye &lt;b&gt;now&lt;/b&gt;" in page
        assert f"{LIST}{row.pk}/change/" in shown(desk.get(REFUSAL))

    def test_what_is_not_there_is_not_found(self, desk):
        assert (
            desk.get(f"{LIST}nothing/words/").status_code
            == desk.get(f"{LIST}99/change/").status_code
            == 404
        )


class TestPreview:
    @pytest.mark.parametrize("letter", list(Letter))
    def test_every_letter_can_be_previewed(self, desk, letter):
        page = shown(desk.get(f"{LIST}{letter}/words/"))
        assert "Dear Ms Ada Lovelace," in page
        assert "R-7K3F-9QXD-2RTB" in page

    def test_edited_words_are_shown_and_not_saved(self, desk):
        page = shown(
            desk.post(
                REFUSAL, words(press="look", why="", kind="rectification", closing="Bye <b>now</b>")
            )
        )
        assert page.count("Bye &lt;b&gt;now&lt;/b&gt;") == 2  # in the preview and in its field
        assert "What you can add" in page
        assert not LetterWording.objects.exists()

    def test_a_fault_is_shown_before_it_is_saved(self, desk):
        answer = desk.post(REFUSAL, words(press="look", subject="No: {refrence} {reference}"))
        assert "Did you mean {reference}?" in shown(answer)

    def test_it_is_an_accessible_pdf_too(self, desk):
        answer = desk.post(f"{REFUSAL}preview.pdf", words(press="pdf", why="", closing="Bye"))
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Content-Disposition"] == 'attachment; filename="preview-refusal.pdf"'
        assert "no-store" in answer["Cache-Control"]
        assert squeezed("Ms Ada Lovelace 1 Mill Lane Bradford") in words_of(answer.content)
        assert "H1" in dict.fromkeys(tag for _, tag in tags(answer.content))

    def test_a_faulty_pdf_comes_back_as_the_form(self, desk, agent, signed_in):
        answer = desk.post(f"{REFUSAL}preview.pdf", words(press="pdf", rights=""))
        assert "cannot be left out" in shown(answer)
        assert (
            signed_in(agent)
            .post(f"{REFUSAL}preview.pdf", words(press="pdf", rights=""))
            .status_code
            == 403
        )


class TestVersions:
    def test_new_shipped_words_are_a_new_version_by_themselves(self, monkeypatch):
        write(case_of(), Letter.ACKNOWLEDGEMENT)
        row = versions.latest("acknowledgement")
        assert versions.in_use("acknowledgement", now=NEXT) == row
        monkeypatch.setattr(
            versions, "texts_in_use", lambda letter: {**frame(letter).shipped, "closing": "Bye"}
        )
        newer = versions.in_use("acknowledgement", now=NEXT)
        assert (newer.number, newer.shipped, newer.blocks["closing"]) == (2, True, "Bye")

    def test_an_older_wording_gets_what_the_program_asks_for_now(self, lead):
        blocks = {
            name: text for name, text in frame("refusal").shipped.items() if name != "rights"
        } | {"closing": "Bye"}
        LetterWording.objects.create(
            letter="refusal",
            number=1,
            blocks=blocks,
            shipped=False,
            saved_at=NEXT,
            saved_by=lead.actor,
            why="Before.",
        )
        row = write(case_of(), Letter.REFUSAL, ground="excessive")
        assert "go to court" in row.message.text
        assert "Bye" in row.message.text
        assert (row.wording.number, row.wording.saved_by) == (2, "job:letters")


class TestPrinting:
    def test_a_letter_waits_among_the_others_and_is_posted(self, agent, signed_in, trail):
        row, client = write(case_of(given=POST), Letter.MESSAGE, text="Words."), signed_in(agent)
        url = f"/admin/outbox/message/{row.message_id}/letter.pdf"
        page = shown(client.get("/admin/outbox/message/letters/"))
        assert "Case message" in page
        assert url in page
        answer = client.get(url)
        assert (answer["Content-Type"], "attachment" in answer["Content-Disposition"]) == (
            "application/pdf",
            True,
        )
        assert "no-store" in answer["Cache-Control"]
        assert squeezed(f"Ada Lovelace {HOME}") in words_of(answer.content)
        assert trail("message_viewed").actor == agent.actor
        client.post("/admin/outbox/message/letters/posted/", {"letter": str(row.message_id)})
        assert Message.objects.get().state == "sent"

    def test_it_is_printed_from_its_file(self, agent, signed_in):
        row = write(case_of(given=POST), Letter.MESSAGE, text="Zebedee")
        page = shown(
            signed_in(agent).post(
                "/admin/outbox/message/letters/print/", {"letter": str(row.message_id)}
            )
        )
        assert "Zebedee" not in page

    def test_an_email_has_no_file(self, agent, operator, signed_in):
        email, post = (
            write(case_of(), Letter.MESSAGE, text="x"),
            write(case_of(given=POST), Letter.MESSAGE, text="x"),
        )
        assert (
            signed_in(agent).get(f"/admin/outbox/message/{email.message_id}/letter.pdf").status_code
            == 404
        )
        assert (
            signed_in(operator)
            .get(f"/admin/outbox/message/{post.message_id}/letter.pdf")
            .status_code
            == 403
        )
        assert not Entry.objects.filter(event="message_viewed").exists()


def test_the_lists_ask_the_database_little(desk, django_assert_max_num_queries):
    for letter in Letter:
        versions.in_use(letter, now=NEXT + datetime.timedelta(days=1))
    desk.get(LIST)
    with django_assert_max_num_queries(6):
        desk.get(LIST)
    with django_assert_max_num_queries(10):
        desk.get(REFUSAL)
