"""A complaint about data protection (DPA 2018 section 164A)."""

import datetime

from compliance.cases.promises import PROGRESS
from compliance.cases.right import EVERYTHING, NO_DELAY, AtOnce, Right
from compliance.deadlines.events import ACKNOWLEDGED
from compliance.deadlines.rules import Rule, StatutoryClock, Unit
from compliance.mailbox.request_words import DATA, RequestWords, pattern

RIGHT = Right(
    code="complaint_ack",
    order=110,
    label="Complaint about data protection",
    clock=StatutoryClock(
        rules=(
            Rule(
                "complaint_ack",
                "Acknowledging a complaint about data protection",
                "DPA 2018 section 164A",
                30,
                Unit.DAYS,
                datetime.date(2026, 6, 19),
                rolls=True,
                target=29,
                warns=True,
                met_by=ACKNOWLEDGED,
                aim=30,
                revision=2,
                due_is="The last day to acknowledge it",
                promise="We will tell you by {} that we have your complaint and what happens next.",
                note="Not needed when the outcome goes out before. The target is a day less: the section "
                "can be read that way.",
            ),
        ),
        instead=(
            "no law set a date for acknowledging such a complaint; a complaint about credit is "
            "fca_complaint_final"
        ),
    ),
    asked="You complained about how we handle personal data.",
    asked_for_somebody="You complained, for somebody else, about how we handle personal data.",
    next_step=(
        "We look into it. You hear from us how it stands at least every "
        f"{PROGRESS.words}, until we tell you the outcome with our reasons."
    ),
    grounds={},
    complaint=True,
    often=True,
    at_once=AtOnce.NOTHING,
    needs=EVERYTHING,
    anybody_may=False,
    never_proof=NO_DELAY,
    may_extend=False,
    may_refuse=False,
    may_lapse=False,
    letters={"acknowledgement": "complaint_acknowledgement", "completion": "complaint_outcome"},
    conditions=("data_complaint",),
    mail=RequestWords(
        label="Complaint",
        turn=70,
        pattern=pattern(
            r"complain\w*",
            rf"(?:unhappy|upset|angry|disgusted|appalled)(?: \w+){{0,6}} {DATA}",
            rf"{DATA}(?: \w+){{0,3}} (?:leaked|lost|stolen|shared with)",
            rf"(?:gave|given|sent|passed)(?: \w+){{0,2}} {DATA} to (?:a stranger|someone|somebody)",
            r"ombudsman",
            r"\bico\b",
            r"information commissioner\w*",
            r"breach of",
            r"solicitors?",
            r"legal action",
            r"unlawful\w*",
            r"illegal\w*",
            r"(?:third|second|fourth|umpteenth|\d+) times?",
            r"already (?:asked|told|requested|written)",
            r"harass\w*",
        ),
        may_be_a_stop=False,
    ),
    outcome="complaint",
    carried_out={"complaint": "We looked into your complaint"},
    form="complaint",
)
