"""Every letter says what the law asks for, the same in the email's text, in its HTML and in the
PDF."""

import datetime
import html
import re

import pytest
from django.core.management import call_command

from audit.actions import Refused
from compliance import letters
from compliance.cases.kinds import CaseKind as Kind
from compliance.cases.models import CaseMessage, Letter
from compliance.letters.wording import frame
from tests.factories import ContactPointFactory, CustomerFactory
from tests.letters.letters import EMAIL, HOME, NEXT, POST, case_of, happened, pdf_of, write
from tests.letters.pdf import squeezed, words_of

pytestmark = pytest.mark.django_db

DAY = datetime.date
TEXT = {"text": "We compared it with your agreement.\n\n- The first thing\n- The second thing"}
LINES = {
    "lines": [
        {
            "what": "Orders",
            "outcome": "kept",
            "why": "Tax law asks for it.",
            "until": DAY(2033, 1, 31),
        },
        {"what": "Notes of calls", "outcome": "erased", "why": "", "until": None},
    ]
}
TOLD = {"recipients": ["Experian Ltd", "Example Carrier Ltd"]}
AGENCIES = {
    "agencies": [
        {
            "name": "Experian Ltd",
            "address": "PO Box 9000, Nottingham NG80 7WF",
            "telephone": "0344 481 0800",
            "website": "https://www.experian.co.uk/",
            "asked": "Monday 1 June 2026",
        }
    ]
}
BY = {"answer_by": DAY(2026, 8, 14), "waiting_for": "identity"}
REGULATOR = (
    "Information Commissioner's Office",
    "Wycliffe House, Water Lane, Wilmslow, Cheshire SK9 5AF",
    "ico.org.uk",
)
THREE_WAYS = ("complain to us", "section 164A", "section 165", *REGULATOR, "go to court")
OMBUDSMAN = (
    "Financial Ombudsman Service",
    "Exchange Tower, London E14 9SR",
    "www.financial-ombudsman.org.uk",
    "free of charge",
    "within six months of the date of this letter",
    "very limited circumstances",
    "leaflet",
)
RECEIVED, DUE = "Thursday 2 July 2026", "Monday 3 August 2026"

# letter, kind, what it is given, the section of law, what it must say
LAW = [
    (
        Letter.ACKNOWLEDGEMENT,
        Kind.ACCESS,
        {},
        "UK GDPR Article 12A",
        (
            "You asked us for a copy of your personal data",
            RECEIVED,
            f"We will answer you by {DUE}",
            "/your-data/status/",
            "look for the data",
            "complain",
            *REGULATOR,
        ),
    ),
    (
        Letter.ACKNOWLEDGEMENT,
        Kind.MARKETING,
        {},
        "UK GDPR Article 21(3)",
        ("We stop at once", DUE, "28 days"),
    ),
    (
        Letter.ACKNOWLEDGEMENT,
        Kind.WITHDRAWAL,
        {},
        "UK GDPR Article 7(3)",
        ("stop at once", "holds from now on"),
    ),
    (
        Letter.ACKNOWLEDGEMENT,
        Kind.AGENCIES,
        {},
        "CCA 1974 s.157(1)",
        ("by Monday 13 July 2026", "name and address of each"),
    ),
    (
        Letter.IDENTITY,
        Kind.ACCESS,
        TEXT | BY,
        "UK GDPR Article 12(6)",
        (
            "proof of who you are",
            "The first thing",
            "only this, and no more",
            "by Friday 14 August 2026",
            "begins when we have it",
            "deleted 30 days",
        ),
    ),
    (
        Letter.AUTHORITY,
        Kind.ACCESS,
        TEXT | BY,
        "UK GDPR Article 12(6)",
        ("authority", "The first thing", "begins when", "stays open"),
    ),
    (
        Letter.CLARIFICATION,
        Kind.ACCESS,
        TEXT | BY,
        "UK GDPR Article 12A(5)",
        ("The first thing", "stands still", "need not narrow", "by Friday 14 August 2026"),
    ),
    (
        Letter.EXTENSION,
        Kind.ACCESS,
        TEXT,
        "UK GDPR Article 12A",
        ("by Friday 2 October 2026", "The first thing", "two further months", *THREE_WAYS),
    ),
    (
        Letter.REFUSAL,
        Kind.ACCESS,
        TEXT | {"ground": "privilege"},
        "UK GDPR Article 12(4)",
        (
            "confidential advice of lawyers",
            "Schedule 2 paragraph 19",
            "The first thing",
            *THREE_WAYS,
        ),
    ),
    (
        Letter.REFUSAL,
        Kind.RECTIFICATION,
        TEXT | {"ground": "accurate"},
        "UK GDPR Article 16",
        ("accurate and complete", "short statement", *THREE_WAYS),
    ),
    (
        Letter.PARTLY,
        Kind.ERASURE,
        TEXT | LINES | TOLD | {"ground": "legal-duty"},
        "UK GDPR Articles 12(4) and 17(3)",
        (
            "Orders: Kept until 31 January 2033. Tax law asks for it.",
            "Notes of calls: Erased.",
            "The law makes us keep",
            "Experian Ltd",
            "Example Carrier Ltd",
            "scrambled fingerprint",
            *THREE_WAYS,
        ),
    ),
    (
        Letter.COMPLETION,
        Kind.ACCESS,
        TEXT | {"searched": "Our shop and our credit system."},
        "UK GDPR Article 15(1)",
        (
            RECEIVED,
            DUE,
            "Identity confirmed on",
            "Our shop and our credit system.",
            "correct this data, to erase it",
            "restrict",
            "object to a use",
            *REGULATOR,
        ),
    ),
    (
        Letter.COMPLETION,
        Kind.RECTIFICATION,
        TEXT | TOLD | {"lines": [{"what": "Surname", "outcome": "changed"}]},
        "UK GDPR Articles 16 and 19",
        (
            "Surname: Changed.",
            "We tell everyone",
            "Experian Ltd",
            "who received this data",
            *THREE_WAYS,
        ),
    ),
    (
        Letter.COMPLETION,
        Kind.REVIEW,
        {"lines": [{"what": "Main factors", "outcome": "Your income.", "why": "It is new!"}]},
        "UK GDPR Article 22C",
        ("Main factors: Your income. It is new!",),
    ),
    (
        Letter.COMPLETION,
        Kind.ERASURE,
        TEXT | LINES | TOLD,
        "UK GDPR Articles 17 and 19",
        (
            "Orders: Kept until 31 January 2033. Tax law asks for it.",
            "Notes of calls: Erased.",
            "Experian Ltd",
            "scrambled fingerprint",
            "who received this data",
            *THREE_WAYS,
        ),
    ),
    (
        Letter.COMPLETION,
        Kind.RESTRICTION,
        TEXT,
        "UK GDPR Article 18(2) and (3)",
        (
            "keep the data and do nothing else with it",
            "unless you agree",
            "legal claim",
            "before we lift the restriction",
        ),
    ),
    (
        Letter.COMPLETION,
        Kind.OBJECTION,
        TEXT,
        "UK GDPR Articles 12(4) and 21(1)",
        ("The first thing", *THREE_WAYS),
    ),
    (
        Letter.COMPLETION,
        Kind.MARKETING,
        {},
        "UK GDPR Article 21(3)",
        ("have stopped marketing", "shopping", "28 days"),
    ),
    (
        Letter.COMPLETION,
        Kind.WITHDRAWAL,
        {},
        "UK GDPR Article 7(3)",
        ("consent is withdrawn", "stays lawful"),
    ),
    (
        Letter.COMPLETION,
        Kind.PORTABILITY,
        TEXT,
        "UK GDPR Article 20(1)",
        ("computers and other companies can read", "CSV"),
    ),
    (
        Letter.COMPLETION,
        Kind.REVIEW,
        TEXT,
        "UK GDPR Article 22C",
        (
            "A person who can change the decision",
            "what you told us included",
            "The first thing",
            *THREE_WAYS,
        ),
    ),
    (
        Letter.WITHDRAWN,
        Kind.ACCESS,
        {},
        "UK GDPR Article 12(2)",
        ("you take it back", "ask again at any time"),
    ),
    (
        Letter.LAPSED,
        Kind.ACCESS,
        BY,
        "UK GDPR Article 12(4)",
        ("heard nothing", "proof of identity", "open it again", *THREE_WAYS),
    ),
    (
        Letter.ACKNOWLEDGEMENT,
        Kind.COMPLAINT,
        {},
        "DPA 2018 section 164A",
        (
            "We have your complaint",
            RECEIVED,
            "begun to look into it",
            "/your-data/status/",
            *REGULATOR,
        ),
    ),
    (
        Letter.ACKNOWLEDGEMENT,
        Kind.CREDIT_COMPLAINT,
        {},
        "DISP 1.6.1R",
        (
            "You will have our final answer by Thursday 27 August 2026",
            "eight weeks",
            "Financial Ombudsman Service",
        ),
    ),
    (
        Letter.COMPLETION,
        Kind.COMPLAINT,
        TEXT | {"outcome": "upheld"},
        "DPA 2018 sections 164A, 165 and 167",
        ("We agree with your complaint", "The first thing", *REGULATOR, "go to court"),
    ),
    (
        Letter.COMPLETION,
        Kind.CREDIT_COMPLAINT,
        TEXT | {"outcome": "rejected"},
        "DISP 1.6.2R",
        ("final response", "We do not agree with your complaint", "The first thing", *OMBUDSMAN),
    ),
    (
        Letter.AGENCIES,
        Kind.AGENCIES,
        TEXT | AGENCIES,
        "CCA 1974 s.157(1)",
        (
            "section 157",
            "Experian Ltd",
            "PO Box 9000, Nottingham NG80 7WF",
            "0344 481 0800",
            "200 words",
        ),
    ),
    (
        Letter.AGENCIES,
        Kind.AGENCIES,
        {"agencies": []},
        "CCA 1974 s.157(1)",
        ("We asked none", "section 157"),
    ),
    (
        Letter.REMINDER,
        Kind.ACCESS,
        BY,
        "UK GDPR Article 12(2)",
        ("proof of identity", "by Friday 14 August 2026", "close your"),
    ),
    (
        Letter.MESSAGE,
        Kind.ACCESS,
        TEXT,
        "UK GDPR Article 12(1)",
        ("The first thing", "/your-data/status/"),
    ),
]


@pytest.fixture(autouse=True)
def register():
    call_command("load_register", verbosity=0)


def seen(markup):
    """What somebody reads of an HTML email."""
    return squeezed(
        html.unescape(re.sub(r"<(style|title).*?</\1>|<[^>]+>", "", markup, flags=re.S))
    )


def ready(kind, letter, given):
    case = case_of(kind, given=given)
    return happened(case, "extended") if letter == Letter.EXTENSION else case


@pytest.mark.parametrize(
    ("letter", "kind", "context", "law", "says"),
    LAW,
    ids=[f"{row[0]}-{row[1]}-{place}" for place, row in enumerate(LAW)],
)
def test_says_what_the_law_asks(letter, kind, context, law, says):
    email, post = (write(ready(kind, letter, given), letter, **context) for given in (EMAIL, POST))
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


def test_a_late_notice_of_extension_is_refused():
    case = happened(case_of(), "extended", on=DAY(2026, 8, 4))
    with pytest.raises(Refused, match="would have no effect"):
        write(case, Letter.EXTENSION, **TEXT)


def test_no_due_date_is_promised_while_we_wait():
    case = happened(case_of(identified=False), "id_requested")
    told = write(case, Letter.IDENTITY, **TEXT).message.text
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
