"""A letter with made-up data: what an editor sees before saving. Nothing here touches a case."""

import datetime
from collections.abc import Mapping

from django.utils import timezone

from audit import evidence
from compliance.cases import asking
from compliance.cases.grounds import GROUNDS, grounds_for
from compliance.cases.kinds import CaseKind
from compliance.cases.models.letters import Letter
from compliance.cases.rights import RIGHTS, right_of
from compliance.deadlines.wording import words_of
from compliance.letters import asked_agencies, compose, facts, pdf, phrases
from compliance.letters.compose import LetterValues
from compliance.letters.parts import Bullets, Content, FactList, Part, Run
from compliance.letters.placeholders import PLACEHOLDERS
from compliance.letters.wording import Frame, Texts

NAME, HOME = "Ms Ada Lovelace", "1 Mill Lane\nBradford\nBD1 1AA"
ANSWER = "This is what a member of staff writes to this person.\n\n- One thing\n- Another thing"
LINES = (
    ("Your orders", "Kept until 31 January 2033. Tax law asks for it."),
    ("Notes of calls", "Erased."),
)
AGENCY = {
    "application": "APP-7",
    "ended": "Friday 5 June 2026",
    "name": "Example Credit Agency Ltd",
    "address": "1 Example Street, Leeds LS1 1AA",
    "telephone": "0113 496 0000",
    "asked": "Monday 1 June 2026 (full search)",
}


def kinds_of(letter: Letter) -> list[str]:
    """The kinds of case for which a letter can be previewed: those that have it in place of a
    usual one, else those that have no letter of their own."""
    own = [right.code for right in RIGHTS if letter in right.letters.values()]
    usual = [right for right in RIGHTS if not right.letters]
    if letter == Letter.CLARIFICATION:
        usual = [right for right in usual if right.may_pause]
    return own or [right.code for right in usual]


def content(frame: Frame, texts: Texts, kind: str, *, now: datetime.datetime) -> Content:
    """The letter in these words for a made-up case of a kind."""
    return compose.compose(frame, texts, known(kind, now=now))


def document(frame: Frame, texts: Texts, kind: str, *, now: datetime.datetime) -> bytes:
    """The same as a PDF."""
    return pdf.render(
        content(frame, texts, kind, now=now),
        to=f"{NAME}\n{HOME}",
        reference=PLACEHOLDERS["reference"].example,
        now=now,
    )


def known(
    kind: str, *, now: datetime.datetime, ombudsman: Mapping[str, str] | None = None
) -> LetterValues:
    """What the placeholders stand for in a made-up case that was received three days ago.

    The ombudsman is that of the register, unless given.
    """
    today = timezone.localdate(now)
    received, due = today - datetime.timedelta(days=3), today + datetime.timedelta(days=28)
    values = {name: one.example for name, one in PLACEHOLDERS.items() if one.example}
    values |= {
        **facts.always(today),
        **(ombudsman or facts.ombudsman(today)),
        "received_on": words_of(received),
        "due_date": words_of(due),
        "answer_by": words_of(today + datetime.timedelta(days=14)),
        "promise": f"We will answer you by {words_of(due)}.",
        "because": asking.told("excessive"),
        "asked": phrases.asked(kind, for_somebody=False),
        "called": phrases.called(kind),
        "next_step": phrases.next_step(kind),
    }
    parts: dict[str, tuple[Part, ...]] = {
        "text": compose.typed(ANSWER),
        "searched": compose.typed("Our shop, our credit system and the notes of your calls."),
        "ground": compose.typed([GROUNDS["excessive"], *grounds_for(kind).values()][-1].told),
        "dates": compose.facts({"Received on": values["received_on"]}),
        "lines": (FactList(tuple((what, (Run(says),)) for what, says in LINES)),),
        "recipients": (
            Bullets(((Run("Example Credit Agency Ltd"),), (Run("Example Carrier Ltd"),))),
        ),
        "agencies": tuple(asked_agencies.agencies([AGENCY])),
        "fraud_agencies": asked_agencies.listed([("Example Fraud Prevention Ltd", "")]),
        "notices": asked_agencies.listed(
            [("Example Credit Agency Ltd", "https://agency.example/crain")]
        ),
    }
    conditions = frozenset(
        {
            *right_of(kind).conditions,
            "in_person",
            "due",
            "identified",
            "recipients",
            "agencies",
            "section_157",
            "fraud_agencies",
            *({"data_protection"} if kind != CaseKind.CREDIT_COMPLAINT else ()),
            *({"lines"} if any(one.by_line for one in grounds_for(kind).values()) else ()),
        }
    )
    return LetterValues(f"Dear {NAME},", values, parts, conditions, evidence.known())
