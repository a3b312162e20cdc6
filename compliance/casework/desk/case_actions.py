"""Everything that can be done to a case on the desk: where its button stands, its form, and its
action.

The table of transitions says what the state lets happen; `when` narrows it to what makes sense now,
so that a button that would only be refused is not shown. The actions judge again, whatever was
shown.
"""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from compliance import outcomes
from compliance.cases import transitions
from compliance.cases.actions import files, steps
from compliance.cases.kinds import CaseKind, EventKind, Requester, Status
from compliance.cases.models import Case, CaseEvent, Letter
from compliance.cases.models.case import COMPLAINTS
from compliance.casework.actions import decisions, work
from compliance.casework.desk import forms
from compliance.casework.desk.forms import CaseForm
from compliance.deadlines.wording import words_of
from compliance.letters.phrases import DECISIONS
from compliance.outcomes.answers import found

ASK, GO_ON, END, SAY, WHO = "ask", "go_on", "end", "say", "who"
GROUPS = {
    GO_ON: "Go on",
    SAY: "Write",
    ASK: "Ask them for something",
    WHO: "Who it is, and who works on it",
    END: "Put it off, or end it",
}


@dataclass(frozen=True)
class Standing:
    """A case as it stands when its page is shown."""

    case: Case
    events: Sequence[CaseEvent]
    today: datetime.date

    @property
    def waiting(self) -> dict[str, datetime.date]:
        return steps.awaited(self.events)


ACKNOWLEDGEMENTS = (Letter.ACKNOWLEDGEMENT, Letter.COMPLAINT_ACKNOWLEDGEMENT)
Given = dict[str, Any]
Perform = Callable[..., Any]  # (case, given, *, by, now)
When = Callable[[Standing], bool]


@dataclass(frozen=True)
class Doing:
    """One thing that can be done. `says` stands above its form; `done` is told when it is done."""

    code: str
    label: str
    says: str
    group: str
    form: type[CaseForm]
    perform: Perform
    done: str
    event: EventKind | None = None  # the step of the table; None: at any time
    when: When = lambda standing: True

    def offered(self, standing: Standing) -> bool:
        """Whether the state lets it happen, and it makes sense now."""
        case = standing.case
        return (
            self.event is None or transitions.may(self.event, case.kind, case.status)
        ) and self.when(standing)


def _ask(what: str, label: str, says: str, form: type[CaseForm], when: When) -> Doing:
    def perform(case: Case, given: Given, **who: Any) -> Case:
        return work.ask(case, what=what, text=given["text"], reason=given.get("reason", ""), **who)

    return Doing(
        f"ask-{what}",
        label,
        says,
        ASK,
        form,
        perform,
        "They are asked. The case waits for them.",
        steps.ASKS[what],
        lambda standing: what not in standing.waiting and when(standing),
    )


def _came(what: str, label: str, form: type[CaseForm]) -> Doing:
    def perform(case: Case, given: Given, **who: Any) -> Case:
        return work.received(
            case,
            what=what,
            on=given["on"],
            how=given.get("how", ()),
            text=given.get("text", ""),
            **who,
        )

    return Doing(
        f"{what}-came",
        label,
        "The clock goes by the day on which it came, not by today.",
        GO_ON,
        form,
        perform,
        "Recorded. The clock was worked out anew.",
        steps.ANSWERS[what],
        lambda standing: what in standing.waiting,
    )


def _complete(case: Case, given: Given, **who: Any) -> Case:
    return work.complete(case, text=given["text"], write=not given["otherwise"], **who)


def _refuse(partly: bool) -> Perform:
    def perform(case: Case, given: Given, **who: Any) -> Case:
        return work.refuse(case, ground=given["ground"], text=given["text"], partly=partly, **who)

    return perform


def _add_file(case: Case, given: Given, **who: Any) -> Any:
    return files.attach(
        case, purpose=given["purpose"], name=given["file"].name, content=given["file"].read(), **who
    )


def _extendable(standing: Standing) -> bool:
    until = standing.case.extension_until
    return not standing.case.extended and until is not None and standing.today <= until


def _extension_says(case: Case) -> str:
    until = (
        f" The notice counts until {words_of(case.extension_until)}."
        if case.extension_until
        else ""
    )
    return f"Only when the request is complex, or one of many. Possible once.{until}"


DOINGS: tuple[Doing, ...] = (
    _came("identity", "Proof of identity came", forms.ProofCame),
    _came("authority", "Proof of authority came", forms.CameForm),
    _came("fee", "The fee was paid", forms.CameForm),
    _came("clarification", "They answered our question", forms.AnswerCame),
    Doing(
        "remind",
        "Remind them",
        "They are told what we wait for, and have a fortnight to answer.",
        GO_ON,
        forms.Confirm,
        lambda case, given, **who: work.remind(case, **who),
        "The reminder is on its way.",
        None,
        lambda standing: bool(standing.waiting) and standing.case.status == Status.WAITING,
    ),
    Doing(
        "acknowledge",
        "Confirm that we have it",
        "No acknowledgement has gone out yet. It says by when we answer, and what happens next.",
        GO_ON,
        forms.Acknowledge,
        lambda case, given, **who: work.acknowledge(case, **who),
        "The acknowledgement is on its way.",
        None,
        lambda standing: (
            standing.case.is_open
            and not any(event.codes.get("letter") in ACKNOWLEDGEMENTS for event in standing.events)
        ),
    ),
    Doing(
        "complete",
        "Answer, and close",
        "The answer goes out, and the case is closed.",
        GO_ON,
        forms.Complete,
        _complete,
        "The answer is on its way, and the case is closed.",
        EventKind.COMPLETED,
        lambda standing: standing.case.kind not in COMPLAINTS and outcomes.done(standing.case),
    ),
    Doing(
        "outcome",
        "Tell the outcome, and close",
        "The outcome of the complaint goes out, with the reasons.",
        GO_ON,
        forms.CompleteComplaint,
        _complete,
        "The outcome is on its way, and the case is closed.",
        EventKind.COMPLETED,
        lambda standing: standing.case.kind in COMPLAINTS and outcomes.done(standing.case),
    ),
    Doing(
        "reopen",
        "Open it again",
        "The clock is the old one: its last day may be past. A new request is logged as a new one.",
        GO_ON,
        forms.Reopen,
        lambda case, given, **who: work.reopen(case, reason=given["reason"], **who),
        "The case is open again.",
        EventKind.REOPENED,
    ),
    _ask(
        "clarification",
        "Ask what they mean",
        "The clock stands still from today until the day on which they answer. Only "
        "when you cannot find the data without it.",
        forms.AskClarification,
        lambda standing: True,
    ),
    _ask(
        "identity",
        "Ask who they are",
        "Only on a reasonable doubt, which you write down. The clock begins when proof comes.",
        forms.AskIdentity,
        lambda standing: standing.case.identified_at is None,
    ),
    _ask(
        "authority",
        "Ask for authority",
        "From somebody who acts for the person. The clock begins when it comes.",
        forms.AskAuthority,
        lambda standing: standing.case.requester != Requester.CUSTOMER,
    ),
    _ask(
        "fee",
        "Ask for a fee",
        "Rarely allowed. The clock begins when it is paid.",
        forms.AskFee,
        lambda standing: True,
    ),
    Doing(
        "extend",
        "Extend to three months",
        "Only when the request is complex, or one of many. Possible once. They are "
        "told the reasons.",
        END,
        forms.Extend,
        lambda case, given, **who: work.extend(case, reason=given["reason"], **who),
        "Extended. The notice is on its way.",
        EventKind.EXTENDED,
        _extendable,
    ),
    Doing(
        "partly",
        "Answer in part",
        "The letter says what is done, what is not, the ground, and how they can go on.",
        END,
        forms.Partly,
        _refuse(True),
        "The answer is on its way, and the case is closed.",
        EventKind.PARTLY,
        lambda standing: outcomes.done(standing.case),
    ),
    Doing(
        "refuse",
        "Refuse",
        "The letter gives the ground and the reasons, and says how to complain to us, to the "
        "regulator "
        "and to a court.",
        END,
        forms.Refuse,
        _refuse(False),
        "The refusal is on its way, and the case is closed.",
        EventKind.REFUSED,
    ),
    Doing(
        "withdraw",
        "They took it back",
        "What took effect already stays so.",
        END,
        forms.Withdraw,
        lambda case, given, **who: work.withdraw(
            case, reason=given["reason"], write=not given["silently"], **who
        ),
        "The case is closed as withdrawn.",
        EventKind.WITHDRAWN,
    ),
    Doing(
        "merge",
        "Merge a duplicate",
        "For the same request sent twice. Its words and files go to the one that came first, "
        "whose clock counts.",
        END,
        forms.Merge,
        lambda case, given, **who: work.merge(case, into=Case(pk=int(given["into"])), **who),
        "The cases are merged.",
        EventKind.MERGED,
        lambda standing: bool(forms.duplicates(standing.case)),
    ),
    Doing(
        "lapse",
        "Close it without an answer",
        "They were asked who they are, reminded, and have been silent since. They "
        "are told, and it can be opened again.",
        END,
        forms.Confirm,
        lambda case, given, **who: work.lapse(case, **who),
        "The case is closed.",
        EventKind.LAPSED,
        lambda standing: not decisions.why_not_lapse(standing.case, standing.today),
    ),
    Doing(
        "identified",
        "It is clear who asks",
        "Write down how you know it.",
        WHO,
        forms.Identified,
        lambda case, given, **who: work.identify(case, how=given["how"], **who),
        "Recorded: it is clear who asks.",
        EventKind.IDENTIFIED,
        lambda standing: standing.case.identified_at is None and "identity" not in standing.waiting,
    ),
    Doing(
        "match",
        "Say which customer it is",
        "Look at the proposals on the page first.",
        WHO,
        forms.Match,
        lambda case, given, **who: work.match_to(case, customer=given["customer_number"], **who),
        "Matched to that customer.",
        EventKind.MATCHED,
    ),
    Doing(
        "reach",
        "Change how they are reached",
        "Where letters about this case go. The customer’s own record stays as it is.",
        WHO,
        forms.Reach,
        lambda case, given, **who: work.reach(
            case, email=given["email"], phone=given["phone"], address=given["address"], **who
        ),
        "Recorded.",
    ),
    Doing(
        "assign",
        "Give it to somebody",
        "Reminders go to them.",
        WHO,
        forms.Assign,
        lambda case, given, **who: work.assign(case, to=given["to"], **who),
        "Recorded.",
        EventKind.ASSIGNED,
    ),
    Doing(
        "negotiations",
        "When negotiations ended",
        "Section 157 is for requests that come within 28 days after that.",
        WHO,
        forms.Negotiations,
        lambda case, given, **who: work.negotiations_ended(case, on=given["on"], **who),
        "Recorded. The clock was worked out anew.",
        EventKind.NEGOTIATIONS_ENDED,
    ),
    Doing(
        "write",
        "Message to the person",
        "It goes out to them.",
        SAY,
        forms.Write,
        lambda case, given, **who: work.write(
            case, text=given["text"], number=given["number"], **who
        ),
        "The message is on its way.",
        None,
        lambda standing: standing.case.status != Status.MERGED,
    ),
    Doing(
        "note",
        "Internal note",
        "For colleagues. Nothing is sent.",
        SAY,
        forms.Note,
        lambda case, given, **who: work.note(case, text=given["text"], token=given["token"], **who),
        "The note is kept.",
    ),
    Doing(
        "heard",
        "What they said",
        "A call, letter or message from the person about this case.",
        SAY,
        forms.Heard,
        lambda case, given, **who: work.heard(
            case,
            text=given["text"],
            on=given["on"],
            channel=given["channel"],
            token=given["token"],
            **who,
        ),
        "Kept with the case.",
    ),
    Doing(
        "file",
        "Add a file",
        "The scan of a letter, an authority, proof of identity.",
        SAY,
        forms.AddFile,
        _add_file,
        "The file is with the case.",
    ),
)
BY_CODE = {doing.code: doing for doing in DOINGS}


def offered(standing: Standing) -> list[Doing]:
    """What can be done now, in the order of the table."""
    return [doing for doing in DOINGS if doing.offered(standing)]


def first(standing: Standing, offers: Sequence[Doing]) -> str:
    """The code of what to do next: the one button that stands out. Empty when something else on the
    page comes first."""
    codes = [doing.code for doing in offers]
    case = standing.case
    if not case.is_open:
        return ""
    if standing.waiting:
        if "lapse" in codes:
            return "lapse"
        overdue = case.review_on is not None and case.review_on <= standing.today
        reminded = any(
            event.kind == EventKind.REMINDED
            and event.codes.get("who") == "customer"
            and event.on >= max(standing.waiting.values())
            for event in standing.events
        )
        return (
            "remind"
            if overdue and not reminded and "remind" in codes
            else next((code for code in codes if code.endswith("-came")), "")
        )
    if case.customer_id is None and case.kind not in (CaseKind.MARKETING, CaseKind.WITHDRAWAL):
        return ""  # the proposals, whose request it is
    if case.kind in transitions.RIGHTS and "identified" in codes:
        return "identified"  # nothing of what we hold is told before
    acknowledged = ("acknowledge",) if case.kind in COMPLAINTS else ()  # the law asks for that
    return next((code for code in ("complete", "outcome", *acknowledged) if code in codes), "")


def says(doing: Doing, case: Case) -> str:
    """What stands above the form of one case."""
    if doing.code == "outcome":
        decision = DECISIONS.get(found(case)[0], "")
        return (
            f"The letter begins with what was noted: “{decision}” It goes on with the words below."
        )
    return _extension_says(case) if doing.code == "extend" else doing.says
