"""Every letter says what the law asks for, the same in the email's text, in its HTML and in the
PDF."""

import datetime
import html
import re

import pytest
from django.core.management import call_command

from audit.actions import Refused
from compliance import letters, outcomes
from compliance.cases.kinds import CaseKind as Kind
from compliance.cases.models import CaseMessage, Letter
from compliance.letters.wording import frame
from tests.factories import ContactPointFactory, CustomerFactory
from tests.letters.law import BY, DAY, LAW, TEXT
from tests.letters.letters import EMAIL, HOME, NEXT, POST, case_of, happened, pdf_of, write
from tests.letters.pdf import squeezed, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def register():
    call_command("load_register", verbosity=0)


def seen(markup):
    """What somebody reads of an HTML email."""
    return squeezed(
        html.unescape(re.sub(r"<(style|title).*?</\1>|<[^>]+>", "", markup, flags=re.S))
    )


# What must have been carried out before the answer may say so.
DONE = {
    Kind.RESTRICTION: ("restrict", {"ground": "claim"}),
    Kind.REVIEW: (
        "review",
        {"outcome": "stands", "factors": "Income.", "reasons": "It was paid.", "none": True},
    ),
}


def ready(kind, letter, given):
    ada = CustomerFactory(title="", given_names="Ada", surname="Lovelace")
    case = case_of(kind, given=given, customer=ada if kind in DONE else None)
    outcomes.at_once(case, by="staff:1", now=NEXT)
    if letter == Letter.COMPLETION and kind in DONE:
        effect, how = DONE[kind]
        outcomes.carry_out(case, effect, how, by="staff:1", now=NEXT)
    return happened(case, "extended") if letter == Letter.EXTENSION else case


@pytest.mark.parametrize(
    ("letter", "kind", "context", "law", "says"),
    LAW,
    ids=[f"{row[0]}-{row[1]}-{place}" for place, row in enumerate(LAW)],
)
def test_says_what_the_law_asks(letter, kind, context, law, says):
    email, post = (
        write(case, letter, **outcomes.letter_context(case) | context)
        for case in (ready(kind, letter, given) for given in (EMAIL, POST))
    )
    assert (email.message.means, post.message.means) == ("email", "letter")
    told = {
        "text": squeezed(f"{email.message.subject} {email.message.text}"),
        "html": seen(email.message.html),
        "pdf": words_of(pdf_of(post)),
    }
    told["html"] = squeezed(email.message.subject) + told["html"]
    for phrase in (*says, "Customer Care", "Dear Ada Lovelace,"):
        for way, words in told.items():
            assert squeezed(phrase) in words, f"{law}: {phrase!r} is not in the {way}"
    assert email.case.reference in email.message.subject
    assert post.message.recipient == f"Ada Lovelace\n{HOME}"


def test_every_letter_and_every_kind_is_in_the_table():
    assert {row[0] for row in LAW} | {
        Letter.COMPLAINT_ACKNOWLEDGEMENT,
        Letter.COMPLAINT_OUTCOME,
    } == set(Letter)
    assert {row[1] for row in LAW} == set(Kind)


@pytest.mark.parametrize(
    ("letter", "context", "lacks"),
    [
        (Letter.REFUSAL, TEXT, "Why we refuse"),
        (Letter.EXTENSION, {}, "What the member of staff writes"),
        (Letter.COMPLETION, {}, "What we did"),
        (Letter.IDENTITY, BY, "What the member of staff writes"),
    ],
)
def test_a_letter_that_lacks_what_the_law_asks_is_refused(letter, context, lacks):
    case = ready(Kind.ACCESS, letter, EMAIL)
    with pytest.raises(Refused, match=lacks):
        write(case, letter, **context)
    assert not CaseMessage.objects.exists()


@pytest.mark.parametrize(
    ("kind", "told", "claim"),
    [
        (Kind.REVIEW, "We have not noted yet that a person looked", "A person looked"),
        (Kind.RESTRICTION, "No restriction from this request is in force", "stands above"),
    ],
)
def test_an_answer_claims_no_more_than_is_noted(kind, told, claim):
    text = write(case_of(kind), Letter.COMPLETION, **TEXT).message.text
    assert squeezed(told) in squeezed(text)
    assert squeezed(claim) not in squeezed(text)


def test_a_late_notice_of_extension_is_refused():
    case = happened(case_of(), "extended", on=DAY(2026, 8, 4))
    with pytest.raises(Refused, match="would have no effect"):
        write(case, Letter.EXTENSION, **TEXT)


def test_no_due_date_is_promised_while_we_wait():
    case = happened(case_of(identified=False), "id_requested")
    told = write(case, Letter.IDENTITY, **TEXT, because="several").message.text
    assert "Please send it by" in told
    assert "We will answer you by" not in told


def test_somebody_who_acts_for_another_is_written_to_as_such():
    case = case_of(
        given={**EMAIL, "name": "Ada Lovelace"}, requester="agent", requester_name="Charles Babbage"
    )
    told = write(case, Letter.ACKNOWLEDGEMENT).message.text
    assert "Dear Charles Babbage," in told
    assert "for somebody else, for a copy of their personal data" in told
    assert "Lovelace" not in told


@pytest.mark.parametrize(
    ("day", "name"),
    [(DAY(2026, 7, 14), "Commissioner's Office"), (DAY(2026, 7, 15), "Information Commission,")],
)
def test_the_regulator_is_that_of_the_day(settings, day, name):
    settings.REGULATOR_CHANGES = [{"valid_from": "2026-07-15", "name": "Information Commission"}]
    now = datetime.datetime.combine(day, datetime.time(22, 59, 59), datetime.UTC)
    row = letters.send(case_of(), letter="acknowledgement", by="job:web_form", now=now)
    assert name in row.message.text
    assert "Wycliffe House" in row.message.text


def test_the_shipped_words_are_whole():
    for letter in Letter:
        found = frame(letter.value)
        assert found.blocks[0].name == "subject"
        assert found.title == letter.label
        assert len({block.name for block in found.blocks}) == len(found.blocks)


class TestAcknowledgement:
    """It goes to whatever address a stranger typed."""

    def test_known_and_unknown_people_get_the_same(self):
        unknown = write(case_of(identified=False), Letter.ACKNOWLEDGEMENT)
        ada = CustomerFactory(surname="Lovelace", given_names="Augusta Ada")
        ContactPointFactory(customer=ada, value="ada@example.org")
        known = write(case_of(identified=False), Letter.ACKNOWLEDGEMENT)
        assert known.case.customer == ada
        assert (
            known.message.text.replace(known.case.reference, unknown.case.reference)
            == unknown.message.text
        )
        assert "Augusta" not in known.message.text

    def test_it_repeats_no_words_of_theirs(self):
        case = case_of(
            identified=False,
            given={**EMAIL, "customer_number": "C9999999", "phone": "07700 900123"},
            words="Visit my casino",
            details={"what": "jackpot"},
        )
        told = write(case, Letter.ACKNOWLEDGEMENT).message
        for typed in ("casino", "jackpot", "C9999999", "900123"):
            assert typed not in told.text + told.html + told.subject

    @pytest.mark.parametrize(
        "name",
        [
            "Win at https://casino.example",
            "www.casino.example",
            "Call 0906 123 4567",
            "x" * 71,
            "casino.example/win",
            "me@casino.example",
        ],
    )
    def test_a_name_that_carries_a_message_is_not_repeated(self, name):
        told = write(
            case_of(identified=False, given={**EMAIL, "name": name}), Letter.ACKNOWLEDGEMENT
        ).message
        assert "Hello," in told.text
        assert name not in told.text + told.html

    def test_twice_is_once(self):
        case = case_of()
        first = write(case, Letter.ACKNOWLEDGEMENT)
        assert write(case, Letter.ACKNOWLEDGEMENT) == first
        assert first.message.key == f"case:{case.pk}:acknowledgement:1"

    def test_it_is_written_down_with_the_case(self, trail):
        row = letters.send(
            case_of(), letter="acknowledgement", by="job:web_form", now=NEXT, note="By the book."
        )
        event = row.case.events.get(kind="written")
        assert (event.codes["letter"], event.codes["wording"], event.text) == (
            "acknowledgement",
            1,
            "By the book.",
        )
        assert trail("case_step").facts["letter"] == "acknowledgement"
        assert (row.wording.number, row.wording.shipped) == (1, True)
