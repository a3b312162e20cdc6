"""Correction (UK GDPR Article 16)."""

from compliance.cases.right import EVERYTHING, AtOnce, RefusalGround, Right
from compliance.cases.shared_grounds import ANY_REQUEST
from compliance.deadlines.rules import NO_LAW, StatutoryClock, gdpr
from compliance.mailbox.request_words import DATA, RequestWords, pattern

RIGHT = Right(
    code="rectification",
    order=30,
    label="Correction",
    clock=StatutoryClock(
        rules=gdpr("rectification", "Correction of personal data", "Article 16"), instead=NO_LAW
    ),
    asked="You asked us to correct your personal data.",
    asked_for_somebody="You asked us, for somebody else, to correct their personal data.",
    next_step=(
        "We check the data and put right what is wrong. We tell those who, by our log, received it from us."
    ),
    grounds={
        **ANY_REQUEST,
        "accurate": RefusalGround(
            label="The data is accurate",
            words="We find that the data is accurate and complete. We set out below what we compared it with.",
            law="UK GDPR Article 16",
        ),
        "opinion": RefusalGround(
            label="An opinion, recorded as one",
            words="What you ask us to change is an opinion, and our records show that it is one.",
            law="UK GDPR Articles 5(1)(d) and 16",
        ),
    },
    complaint=False,
    often=False,
    at_once=AtOnce.NOTHING,
    needs=EVERYTHING,
    anybody_may=False,
    never_proof="",
    may_extend=True,
    may_refuse=True,
    may_lapse=True,
    letters={},
    conditions=("done", "statement", "recipients_on_request", "three_ways"),
    mail=RequestWords(
        label="Correction of personal data",
        turn=80,
        pattern=pattern(
            r"(?:correct|update|chang\w*|amend|wrong|incorrect|inaccurate|misspel\w*)(?: \w+){0,5} "
            rf"(?:address|name|{DATA}|number|date of birth)",
            r"(?:address|(?:sur)?name|number|date of birth|details?)(?: \w+){0,3} (?:out of date|spelt|spelled)",
            r"(?:my|the)(?: \w+){0,4} (?:date of birth|birthday)(?: \w+){0,3} (?:wrong|incorrect)",
            r"have my(?: \w+){1,5} wrong",
            r"(?:have|ive|i) moved(?: house| home)?",
            r"new address",
            r"change of address",
            r"(?:address|name|number)(?: \w+){0,3} (?:wrong|incorrect)",
        ),
        may_be_a_stop=False,
    ),
    outcome="rectification",
    carried_out={"correct": "We corrected your data", "statement": "We kept your statement"},
    form="rectification",
)
