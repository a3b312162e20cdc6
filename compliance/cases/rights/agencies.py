"""Which credit reference agencies were asked (Consumer Credit Act 1974 section 157)."""

from compliance.cases.right import AtOnce, RefusalGround, Right
from compliance.deadlines.rules import DPA1998, NO_LAW, Rule, StatutoryClock, Unit
from compliance.mailbox.request_words import RequestWords, pattern
from privacy.words import in_words

PERIOD = 7  # working days to answer
WINDOW = 28  # days after the negotiations ended in which a request is within section 157

RIGHT = Right(
    code="cra_disclosure",
    order=20,
    label="Which credit reference agencies were asked",
    clock=StatutoryClock(
        rules=(
            Rule(
                "cra_disclosure",
                "Which credit reference agencies were asked",
                "Consumer Credit Act 1974 section 157(1), SI 2000/290 regulation 3",
                PERIOD,
                Unit.WORKING_DAYS,
                DPA1998,
                window_days=WINDOW,
                late_as="sar",
                warns=True,
                note="Failing is an offence (section 157(3)).",
            ),
        ),
        instead=NO_LAW,
    ),
    asked="You asked us which credit reference agencies we asked about you.",
    asked_for_somebody=(
        "You asked us, for somebody else, which credit reference agencies we asked about them."
    ),
    next_step=(
        "We look up who was asked, and send you the name and address of each agency, or tell "
        "you that there was none."
    ),
    grounds={
        "section-157": RefusalGround(
            label="Section 157(2A)",
            words="Naming the agencies is not required in this case.",
            law="Consumer Credit Act 1974 section 157(2A)",
        ),
    },
    complaint=False,
    often=True,
    at_once=AtOnce.NOTHING,
    needs=("disclosure", "credit_account"),
    anybody_may=False,
    never_proof=(
        f"Nothing holds up the {in_words(PERIOD, 'working day')} of section 157. If you doubt who asks, the "
        "answer goes to the address on file."
    ),
    may_extend=False,
    may_refuse=True,
    may_lapse=False,
    letters={"completion": "agencies"},
    conditions=("done", "complain"),
    mail=RequestWords(
        label="Which credit reference agencies were asked",
        turn=10,
        pattern=pattern(
            r"credit (?:reference|referencing|check\w*|search\w*|report\w*)(?: \w+){0,4} "
            r"(?:agenc(?:y|ies)|compan(?:y|ies)|used|use|asked)",
            r"credit reference agenc(?:y|ies)",
            r"section 157",
            r"s157",
            r"(?:which|what) (?:agenc(?:y|ies)|credit agenc(?:y|ies))",
        ),
        may_be_a_stop=False,
    ),
    outcome="agencies",
    carried_out={"agencies": "We looked up which agencies we asked"},
    form="agencies",
)
