"""What the placeholders of a letter stand for in one case.

`context` is what a letter says beyond the case itself; every key is optional unless its letter
needs it:

text            what the colleague writes: paragraphs, points with “- ” (all but acknowledgements)
ground          a code of `grounds.GROUNDS`, or the words themselves (refusal, partly)
because         a code of `asking.ALL`: why we ask (identity, authority, fee)
fee             the amount in pounds (fee)
waiting_for     what we asked for: `identity`, `authority`, `fee`, or “your account number”
                (reminder, lapsed)
answer_by       a date: until when we wait for a reply, else the case's `review_on` (those that ask)
lines           `{"what", "outcome", "why", "until"}` for each kind of data (completion, partly)
recipients      names: who was told (completion, partly)
agencies        lines of `outcomes.agencies` (see `asked_agencies`); empty: none was asked (agencies)
fraud_agencies  names: fraud prevention agencies that were asked too (agencies)
late            whether it came too late for section 157 (agencies)
outcome         `upheld`, `partly` or `rejected` (complaint_outcome)
nothing         what was carried out gives them no part of what they asked for (completion, partly)
searched        what was searched, and why that was reasonable and proportionate (completion, partly)
"""

import dataclasses
import datetime
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from audit import evidence
from compliance.cases import asking
from compliance.cases.actions import clock
from compliance.cases.grounds import GROUNDS
from compliance.cases.kinds import CaseKind, Requester
from compliance.cases.lines import Line
from compliance.cases.models import Case
from compliance.cases.right import AtOnce
from compliance.cases.rights import right_of
from compliance.deadlines import Deadline
from compliance.deadlines.explain import for_customer
from compliance.deadlines.wording import ASKED_FOR, lower, words_of
from compliance.disclosures.agencies import notices
from compliance.letters import asked_agencies, compose, phrases
from compliance.letters.addresses import WhereTo
from compliance.letters.compose import LetterValues
from compliance.letters.parts import FactList, Part, Run, clean, one_line
from compliance.letters.periods import periods
from compliance.register import regulator
from compliance.register.models import Recipient
from privacy.free_text import mask_cards

WHOSE = "We stop as soon as we can tell which address, number or customer it is for."
OMBUDSMAN = "financial-ombudsman"  # its code in the register


def known(
    case: Case,
    where: WhereTo,
    context: Mapping[str, Any],
    *,
    now: datetime.datetime,
    claims: Collection[str] = (),
) -> LetterValues:
    """Everything that the letter of a case may say on this day; `claims` names the evidence that
    it would rest on. About five queries, and those of the evidence."""
    today = timezone.localdate(now)
    values = {**always(today), **_of_case(case, context), **ombudsman(today)}
    parts = {
        "text": _typed(context.get("text")),
        "searched": _typed(context.get("searched")),
        "ground": _ground(context),
        "dates": _dates(case),
        "lines": tuple(_lines(context.get("lines", ()))),
        "recipients": tuple(_lines(context.get("recipients", ()))),
        "agencies": tuple(asked_agencies.agencies(context.get("agencies", ()))),
        "fraud_agencies": asked_agencies.listed(
            (name, "") for name in context.get("fraud_agencies", ())
        ),
        "notices": asked_agencies.listed(notices(today) if case.kind == CaseKind.AGENCIES else ()),
    }
    return LetterValues(
        where.greeting,
        values,
        parts,
        frozenset(_conditions(case, context)),
        frozenset(name for name in claims if evidence.holds(name, case)),
    )


def always(today: datetime.date) -> dict[str, str]:
    """What holds for every letter of a day: who we are, who the regulator is, where our pages
    are, which periods hold."""
    us, office = settings.CONTROLLER, regulator.on(today)
    lead = us["data_protection_lead"]
    return {
        "today": words_of(today),
        "controller": us["name"],
        "controller_address": us["address"],
        "controller_telephone": us["telephone"],
        "controller_email": us["email"],
        "lead": lower(lead) if lead.startswith("The ") else lead,  # it stands within a sentence
        "status_page": settings.PUBLIC_URL + reverse("portal:status"),
        "your_data": settings.PUBLIC_URL + reverse("portal:start"),
        **periods(),
        **{
            f"regulator_{name}": office[name]
            for name in ("name", "address", "telephone", "website")
        },
    }


def _of_case(case: Case, context: Mapping[str, Any]) -> dict[str, str]:
    answer_by = context.get("answer_by") or case.review_on
    for_somebody = case.requester != Requester.CUSTOMER
    waiting = context.get("waiting_for", "")
    right = right_of(case.kind)
    stops = right.at_once == AtOnce.STOP_MARKETING and right.anybody_may
    stands = not stops or evidence.holds("preferences.stopped", case) is not None
    return {
        "reference": case.reference,
        "received_on": words_of(case.received_on),
        "asked": phrases.asked(case.kind, for_somebody=for_somebody),
        "called": phrases.called(case.kind),
        "promise": promise(case) if stands else WHOSE,
        "due_date": words_of(case.due_on) if case.due_on else "",
        "next_step": phrases.next_step(case.kind) if stands else "",
        "answer_by": words_of(answer_by) if answer_by else "",
        "waiting_for": ASKED_FOR.get(waiting, one_line(waiting)),
        "because": asking.told(str(context.get("because", ""))),
        "fee": f"£{context['fee']:,.2f}" if context.get("fee") else "",
        "decision": phrases.DECISIONS.get(context.get("outcome", ""), ""),
    }


def promise(case: Case, deadline: Deadline | None = None) -> str:
    """By when we answer, from the stored date, or what the answer waits for: the words of the
    status page. `deadline`: when it is worked out already."""
    deadline = deadline or clock.deadline(case)
    if case.due_on is not None:
        deadline = dataclasses.replace(deadline, due=case.due_on)
    return for_customer(deadline)


def ombudsman(today: datetime.date) -> dict[str, str]:
    """The ombudsman for complaints about credit, from the register as it stands on a day; nothing
    when it has none."""
    row = Recipient.objects.on(today).filter(code=OMBUDSMAN).order_by("-valid_from").first()
    return {
        f"ombudsman_{name}": getattr(row, name, "")
        for name in ("name", "address", "telephone", "website")
    }


def _conditions(case: Case, context: Mapping[str, Any]) -> Iterator[str]:
    not_now = {
        "statement": case.identified_at is None,  # nothing is kept for somebody unknown
        "copy_given": bool(context.get("nothing")),
    }
    yield from (one for one in right_of(case.kind).conditions if not not_now.get(one))
    if case.kind != CaseKind.CREDIT_COMPLAINT:
        yield "data_protection"
    yield "for_somebody" if case.requester != Requester.CUSTOMER else "in_person"
    yield "due" if case.due_on else "no_due"
    yield "identified" if case.identified_at else "unproven"
    if context.get("recipients"):
        yield "recipients"
    if context.get("lines"):
        yield "lines"
    yield "outside_window" if context.get("late") else "section_157"
    if context.get("agencies"):
        yield "agencies"
    elif "agencies" in context:
        yield "no_agencies"
    if context.get("fraud_agencies"):
        yield "fraud_agencies"


def _typed(text: str | None) -> tuple[Part, ...]:
    return compose.typed(mask_cards(clean(text or "").strip()))


def _ground(context: Mapping[str, Any]) -> tuple[Part, ...]:
    given = str(context.get("ground", ""))
    return compose.typed(GROUNDS[given].told if given in GROUNDS else clean(given))


def _dates(case: Case) -> tuple[Part, ...]:
    rows = {"Received on": words_of(case.received_on)}
    if case.start_on and case.start_on != case.received_on:
        rows["The time for our answer began on"] = words_of(case.start_on)
    if case.due_on:
        rows["To be answered by"] = words_of(case.due_on)
    if case.identified_at:
        rows["Identity confirmed on"] = words_of(timezone.localdate(case.identified_at))
    return compose.facts(rows)


def _lines(rows: Iterable[Line]) -> Iterator[Part]:
    """One row for each line: “Orders: Kept until 31 January 2033. Tax law asks for it.”"""
    told = tuple((one_line(row.what), (Run(one_line(row.sentences)),)) for row in rows)
    if told:
        yield FactList(told)
