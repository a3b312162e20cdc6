"""How a case ends, and what puts its end off: extend, complete, refuse, withdraw, lapse, reopen,
merge."""

import contextlib
import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from audit.actions import AlreadyDone, Refused
from compliance import letters, outcomes
from compliance.access.models import Pack
from compliance.cases import promises
from compliance.cases.actions import clock, steps, to_do
from compliance.cases.grounds import grounds_for
from compliance.cases.kinds import COMPLAINTS, CaseKind, CaseStatus, EventKind, Requester
from compliance.cases.lines import unproved
from compliance.cases.models import Attachment, Case, CaseEvent, Letter
from compliance.cases.right import RefusalGround
from compliance.casework.actions import questions
from compliance.deadlines.steps import Deadline, Extension
from compliance.deadlines.wording import words_of
from compliance.outcomes import complaint, restriction
from customers import erasure_lock
from customers.identity.customer import CUSTOMER
from customers.identity.end_visit import end_others

NOTHING_DONE = (
    "Nothing of what was asked for could be done, so this is not done. Refuse it: the letter says "
    "why, line by line."
)
SOMETHING_STAYS = (
    "A part of what was asked for is not done. Answer in part: the letter says what stays, and why."
)
SOMETHING_DONE = (
    "A part of what was asked for is done already, so this is no refusal. Answer in part instead."
)
NO_PART = "What was carried out gives them no part of what they asked for. Refuse it, or answer it as done."
LINES_FIRST = (
    "Carry it out first: it shows what may go and what must stay, and the refusal then says why, "
    "line by line."
)


@transaction.atomic
def extend(case: Case, *, reason: str, by: str, now: datetime.datetime) -> Case:
    """Tell the person, with reasons, that three months are needed (UK GDPR Article 12A). Possible
    once, and in time.

    Refused with both days when it is too late; AlreadyDone when it was extended. The clock itself
    is the judge.
    """
    case = steps.lock(case, EventKind.EXTENDED)
    if case.extended:
        raise AlreadyDone(
            "This was extended already, and the law allows it once. Nothing was changed."
        )
    if case.paused:
        raise Refused(
            "The clock stands still until they answer our question, so there is no new last day "
            "to tell them yet. "
            "Extend it when they have answered."
        )
    reason = steps.need(
        reason, "Write why more time is needed: the person must be told the reasons."
    )
    until, today = case.extension_until, timezone.localdate(now)
    steps.record(case, EventKind.EXTENDED, by=by, now=now, text=reason)
    found = clock.apply(case, by=by, now=now, on=today, why=EventKind.EXTENDED.value)
    if found.extension is not Extension.IN_TIME:
        raise Refused(_too_late(found, until, today))
    letters.send(case, letter=Letter.EXTENSION, by=by, now=now, context={"text": reason})
    return case


def _too_late(found: Deadline, until: datetime.date | None, today: datetime.date) -> str:
    until = until or found.extension_until
    if found.extension is Extension.TOO_LATE and until:
        return (
            f"It is too late to extend this. The last day for the notice was {words_of(until)}, "
            "and today is "
            f"{words_of(today)}: a notice now would have no effect. Answer as soon as you can."
        )
    return "The clock of this case has not begun, so there is nothing to extend yet."


@transaction.atomic
def complete(case: Case, *, text: str, by: str, now: datetime.datetime, write: bool = True) -> Case:
    """Answer the request, and close the case. Refused while what the kind promises was not carried
    out.

    The outcome of a complaint is what was noted last when it was looked into. Without `write`
    nothing is sent: the person was told in another way, which `text` says for colleagues.
    """
    case = steps.lock(case, EventKind.COMPLETED)
    if outcomes.extent(case) == outcomes.Extent.NOTHING:
        raise Refused(NOTHING_DONE)
    _need_something_done(case)
    if outcomes.extent(case) == outcomes.Extent.PART:
        raise Refused(SOMETHING_STAYS)
    if write and case.kind == CaseKind.AGENCIES:  # its letter says it all
        text = steps.clean(text)
    else:
        text = steps.need(
            text, "Write what was done." if write else "Write how they were told, and when."
        )
    told = outcomes.letter_context(case)
    _need_to_be_so(case, text if write else "", told)
    steps.close(case, CaseStatus.COMPLETED, by=by, now=now)
    decided = {"outcome": complaint.found(case)[0]} if case.kind in COMPLAINTS else {}
    steps.record(
        case,
        EventKind.COMPLETED,
        by=by,
        now=now,
        text="" if write else text,
        codes={**_lateness(case, now), **decided, **({} if write else {"told": "otherwise"})},
    )
    if write:
        letters.send(
            case,
            letter=Letter.COMPLETION,
            by=by,
            now=now,
            context={"text": text, **decided, **told},
        )
    return case


def _need_something_done(case: Case) -> None:
    if not outcomes.done(case):
        raise Refused(
            "Nothing was carried out yet, so this is not done. Carry out what was asked for, or "
            "refuse it with its "
            "ground."
        )


def _need_to_be_so(case: Case, text: str, told: Mapping[str, Any]) -> None:
    """Our letter says “we erased it” only of what was erased. A complaint's findings tell of what
    was long ago."""
    lines = told.get("lines", ())
    if case.kind not in COMPLAINTS and (word := unproved(text, lines)):
        raise Refused(
            f"You write that we {word} something, and nothing of that was carried out in this case. "
            "Carry it out first, or say it in other words."
        )


def _lateness(case: Case, now: datetime.datetime) -> dict[str, int]:
    """How many days after the last day a case ends; nothing when it is in time."""
    late = (timezone.localdate(now) - case.due_on).days if case.due_on else 0
    return {"late": late} if late > 0 else {}


@transaction.atomic
def refuse(
    case: Case, *, ground: str, text: str, by: str, now: datetime.datetime, partly: bool = False
) -> Case:
    """Refuse a request, whole or in part, on a ground of the law for its kind (`grounds`), with the
    letter that the law asks for: reasons, and the ways to complain to us, to the regulator and to a
    court (UK GDPR Article 12(4)). Refused while nothing was carried out of what is answered in
    part.
    """
    event, status = (
        (EventKind.PARTLY, CaseStatus.PARTLY) if partly else (EventKind.REFUSED, CaseStatus.REFUSED)
    )
    case = steps.lock(case, event)
    if ground not in grounds_for(case.kind):
        raise Refused("Choose a ground that the law knows for this kind of request.")
    if reason := why_not_ground(case, grounds_for(case.kind)[ground]):
        raise Refused(reason)
    extent = outcomes.extent(case)
    if partly:
        _need_something_done(case)
    elif extent in (outcomes.Extent.PART, outcomes.Extent.ALL):
        raise Refused(SOMETHING_DONE)
    elif extent is None and grounds_for(case.kind)[ground].by_line:
        raise Refused(LINES_FIRST)
    text = steps.need(text, "Write the reasons, as the person will read them.")
    told = outcomes.letter_context(case) if partly or extent is not None else {}
    if partly and told.get("nothing"):
        raise Refused(NO_PART)
    _need_to_be_so(case, text if partly else "", told)
    case.outcome_ground = ground
    steps.close(case, status, by=by, now=now)
    steps.record(case, event, by=by, now=now, codes={"ground": ground, **_lateness(case, now)})
    letters.send(
        case,
        letter=Letter.PARTLY if partly else Letter.REFUSAL,
        by=by,
        now=now,
        context={
            "text": text,
            "ground": ground,
            **told,
        },
    )
    return case


def why_not_ground(case: Case, ground: RefusalGround) -> str:
    """Why a ground would tell the person what is not so; empty when it would not."""
    if ground.for_somebody and case.requester == Requester.CUSTOMER:
        return (
            "The person asks for themselves: the letter would say that they ask for somebody else."
        )
    if ground.unproven and case.identified_at is not None:
        return "It is clear who asks: the letter would say that we could not make sure of it."
    return ""


@transaction.atomic
def withdraw(
    case: Case, *, by: str, now: datetime.datetime, reason: str = "", write: bool = True
) -> Case:
    """The person took the request back; `reason` says how we know. What took effect already stays
    so."""
    case = steps.lock(case, EventKind.WITHDRAWN)
    steps.close(case, CaseStatus.WITHDRAWN, by=by, now=now)
    steps.record(case, EventKind.WITHDRAWN, by=by, now=now, text=reason)
    if write:
        letters.send(case, letter=Letter.WITHDRAWN, by=by, now=now)
    return case


@transaction.atomic
def disown(case: Case, *, reason: str, by: str, now: datetime.datetime) -> Case:
    """Whoever the case names says that they did not ask. Visits and codes in their name end. An open
    case is closed, and a restriction that it began ends as a mistake; what was changed in their
    contact details is a task to put back. `reason` says how we know."""
    case = steps.locked(case)
    reason = steps.need(reason, "Write how we know.")
    if case.customer is not None:
        end_others(CUSTOMER, case.customer, but=None, now=now)
    if case.is_open:
        case = steps.lock(case, EventKind.WITHDRAWN)
        restriction.undo(case, by=by, now=now)
        steps.close(case, CaseStatus.WITHDRAWN, by=by, now=now)
        codes = {"disowned": True}
        steps.record(case, EventKind.WITHDRAWN, by=by, now=now, text=reason, codes=codes)
    elif case.kind == CaseKind.RECTIFICATION:
        steps.record(case, EventKind.NOTED, by=by, now=now, text=reason)
        to_do.make(case, promises.PUT_BACK, by=by, now=now)
    else:
        raise Refused("It is closed already: there is nothing left to take back.")
    return case


@transaction.atomic
def lapse(case: Case, *, by: str, now: datetime.datetime) -> Case:
    """Close a case whose requester was asked who they are on a recorded doubt, reminded, and silent
    for a fortnight since.

    They are told, and it can be opened again. Refused when any of that is missing.
    """
    case = steps.lock(case, EventKind.LAPSED)
    if reason := why_not_lapse(case, timezone.localdate(now)):
        raise Refused(reason)
    steps.close(case, CaseStatus.LAPSED, by=by, now=now)
    steps.record(case, EventKind.LAPSED, by=by, now=now)
    letters.send(
        case,
        letter=Letter.LAPSED,
        by=by,
        now=now,
        context={"waiting_for": steps.CALLED["identity"]},
    )
    return case


def why_not_lapse(case: Case, today: datetime.date) -> str:
    """Why a waiting case may not be closed for want of an answer; empty when it may."""
    events = list(case.events.all())
    asked = steps.awaited(events).get("identity")
    if asked is None:
        return (
            "Only where we asked for proof of identity, on a recorded doubt, may a case be "
            "closed without an answer."
        )
    if heard_since(events, asked):
        return "Something came from the person since we asked. Look at it first."
    reminded = questions.reminded_on(case, since=asked)
    if reminded is None:
        return "Remind the person first, and give them a fortnight."
    if today <= reminded + questions.REPLY_WITHIN:
        return (
            "They were reminded, and have until "
            f"{words_of(reminded + questions.REPLY_WITHIN)} to answer."
        )
    return ""


def heard_since(events: Iterable[CaseEvent], day: datetime.date) -> bool:
    """Whether anything came from the person since a day: then they are not silent."""
    return any(
        event.kind in (EventKind.HEARD, EventKind.ATTACHED) and event.on >= day for event in events
    )


@transaction.atomic
def reopen(case: Case, *, reason: str, by: str, now: datetime.datetime) -> Case:
    """Open a closed case again, with its clock as it was: its last day may be past."""
    erasure_lock.exclusive()
    case = steps.lock(case, EventKind.REOPENED)
    if case.customer is not None and case.customer.erased_at:
        raise Refused("This customer was erased, so there is nothing left to work on.")
    reason = steps.need(reason, "Write why it is opened again.")
    case.status, case.closed_at, case.closed_on, case.outcome_ground = (
        CaseStatus.OPEN,
        None,
        None,
        "",
    )
    case.save(update_fields=["status", "closed_at", "closed_on", "outcome_ground"])
    steps.record(case, EventKind.REOPENED, by=by, now=now, text=reason)
    clock.apply(case, by=by, now=now, on=timezone.localdate(now), why=EventKind.REOPENED.value)
    to_do.begin(case, by=by, now=now, anew=True)
    return case


@transaction.atomic
def merge(case: Case, *, into: Case, by: str, now: datetime.datetime) -> Case:
    """Close a true duplicate: its words, its files and what it restricted go to the case that came
    first, whose clock counts. Returns that case.

    Refused unless both are of one customer and one kind, the other is open, and it came first.
    """
    for key in sorted(
        {case.pk, into.pk}
    ):  # always in this order, so that two agents cannot wait for each other
        steps.locked(Case(pk=key))
    case, into = steps.lock(case, EventKind.MERGED), steps.locked(into)
    if reason := why_not_merge(case, into):
        raise Refused(reason)
    case.merged_into = into
    steps.close(case, CaseStatus.MERGED, by=by, now=now)
    steps.record(case, EventKind.MERGED, by=by, now=now, codes={"into": into.pk})
    words = "\n\n".join(
        filter(
            None, [case.words, *(f"{name}: {value}" for name, value in case.facts.items() if value)]
        )
    )
    steps.record(
        into,
        EventKind.HEARD,
        by=by,
        now=now,
        on=case.received_on,
        text=words,
        codes={"merged": case.pk, "channel": case.channel},
    )
    Attachment.objects.filter(case=case).update(case=into)
    restriction.join(case, into, by=by, now=now)
    # Where nobody can be written to, the cases are merged all the same.
    with contextlib.suppress(Refused), transaction.atomic():
        letters.send(
            into,
            letter=Letter.MESSAGE,
            by=by,
            now=now,
            context={
                "text": (
                    "You asked us for the same thing twice: on "
                    f"{words_of(into.received_on, False)} and on "
                    f"{words_of(case.received_on, False)} (reference {case.reference}). We "
                    "answer both together, by the date of the "
                    f"first, under the reference {into.reference}. Nothing that you wrote is lost."
                    "\n\nIf they are not the same, tell us. You can also complain, to us and to the "
                    "regulator: our first letter says how."
                )
            },
        )
    return into


def why_not_merge(case: Case, into: Case) -> str:
    """Why one case is no duplicate of another that can be merged into it; empty when it is."""
    if case.pk == into.pk:
        return "A case cannot be merged with itself."
    if case.kind != into.kind:
        return "They ask for different things. A second, different request is worked on by itself."
    if case.customer_id is None or case.customer_id != into.customer_id:
        return "They are not known to be from the same customer. Match both first."
    if bool(case.identified_at) != bool(into.identified_at) or not (
        case.identified_at or letters.same_reach(case, into)
    ):
        return (
            "It is not clear yet that one person sent both, and whoever follows the one would "
            "read the words of the "
            "other. Make sure who asks in each first."
        )
    if not into.is_open:
        return "The other case is closed. Open it again first, or work on this one."
    if (into.received_at, into.pk) > (case.received_at, case.pk):
        return (
            "The other one came later. Merge that one into this: the clock of the earlier "
            "request counts."
        )
    if _begun(case):
        return (
            "Work on this one has begun: a copy or an outcome stands in it, which would be lost "
            "from sight. Go on with this one, or take the copy back first."
        )
    return ""


def _begun(case: Case) -> bool:
    """Whether a copy of the data stands in a case, or a colleague carried something else out."""
    about_copies = ("prepare_copy", "release_copy", "withdraw_copy")
    return (
        Pack.objects.standing().filter(reference=case.reference).exists()
        or case.outcomes.filter(by__startswith="staff:").exclude(effect__in=about_copies).exists()
    )
