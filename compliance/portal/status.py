"""What somebody who follows a request sees of it: what we understood, where it stands, what we
wrote, what they said.

Never what a colleague noted, who works on it, or that anything about it is held back.
"""

import datetime
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import prefetch_related_objects
from django.utils import timezone

from audit.actions import Refused
from compliance.cases.actions import clock, steps
from compliance.cases.kinds import CaseKind, CaseStatus, EventKind, Requester
from compliance.cases.models import Attachment, Case, CaseEvent, Letter
from compliance.casework.actions.requester_actions import SITE
from compliance.deadlines.explain import sentence
from compliance.deadlines.wording import words_of
from compliance.letters import certain, facts, phrases, recipient
from compliance.letters.addresses import TELLING, TELLS_NOTHING
from compliance.portal.case_codes import contact_digest
from customers.models import Customer
from customers.outbox.models import Message

STATES = {
    CaseStatus.OPEN: ("working", "Open"),
    CaseStatus.WAITING: ("yours", "We wait for you"),
    CaseStatus.COMPLETED: ("done", "Answered"),
    CaseStatus.PARTLY: ("done", "Answered in part"),
    CaseStatus.REFUSED: ("done", "Answered: we could not do it"),
    CaseStatus.WITHDRAWN: ("done", "You took it back"),
    CaseStatus.MERGED: ("done", "Part of another request"),
    CaseStatus.LAPSED: ("done", "Closed: we heard nothing from you"),
}
LATE = ("late", "Late: we are sorry")
# The person may be alive, and then it is for them to say so.
OF_THE_DEAD = "Somebody wrote to us that the person whose account this is has died. If that is not so, tell us."
SENT_FOR_YOU = "Somebody else sent it, who says that they act for you."
AWAITED = {
    "identity": "We asked you to show who you are.",
    "authority": "We asked you to show that you may ask for somebody else.",
    "fee": "We asked you for a fee.",
    "clarification": "We asked you a question, so that we can find what you are looking for.",
}


@dataclass(frozen=True)
class StatusEntry:
    """One thing that was written: by us, or by them."""

    at: datetime.datetime
    title: str
    text: str = ""
    ours: bool = False
    not_sent: bool = False

    @property
    def parts(self) -> list[tuple[bool, str]]:
        """What we wrote, paragraph by paragraph, each with whether it is a heading; without the
        foot of the email."""
        found = []
        for paragraph in (
            self.text.partition("\n-- \n")[0].partition("\n--\n")[0].strip().split("\n\n")
        ):
            first, _, rest = paragraph.partition("\n")
            heading = bool(rest) and not rest.strip("-")
            found.append((heading, first if heading else paragraph))
        return found


@dataclass(frozen=True)
class CaseStanding:
    """A case, as its person reads it."""

    case: Case
    asked: str
    told: list[tuple[str, str]]
    state: str
    state_words: str
    promise: str
    why: str
    waits: list[str]
    entries: list[StatusEntry]
    promised: dict[str, datetime.date] = field(default_factory=dict)  # what we have to do, by when
    merged_into: str = ""
    may_claim: bool = False


@dataclass(frozen=True)
class CaseReader:
    """Who reads a case: the customer whose case it is, or whoever got its code at one address
    (`contact`)."""

    customer: Customer | None = None
    contact: uuid.UUID | None = None

    @property
    def by(self) -> str:
        return f"customer:{self.customer.pk}" if self.customer else "job:web_form"


def standing(case: Case, reader: CaseReader, *, now: datetime.datetime) -> CaseStanding:
    """Where a case stands on this day. About seven queries."""
    prefetch_related_objects([case], "events")  # for its clock too
    events = list(case.events.all())
    deadline = clock.deadline(case) if case.is_open else None
    waiting = steps.awaited(events) if case.is_open else {}
    clear = certain(case)
    state, words = _state(case, now)
    return CaseStanding(
        case=case,
        asked=_asked(case, reader.customer is not None),
        told=list(_told(case)) if clear or not reader.customer else [],
        state=state,
        state_words=words,
        promise=facts.promise(case, deadline) if deadline else "",
        why=sentence(deadline) if deadline and case.due_on else "",
        waits=[AWAITED[what] for what in waiting] if clear or not reader.customer else [],
        entries=sorted(_entries(case, events, reader, clear), key=lambda one: one.at),
        promised=dict(case.tasks.to_do().values_list("kind", "due_on")),
        merged_into=case.merged_into.reference if case.merged_into else "",
        may_claim=may_claim(case, reader),
    )


@dataclass(frozen=True)
class StatusRow:
    """One line of the list of a customer's requests."""

    case: Case
    asked: str
    state: str
    state_words: str
    due: str


def rows(customer: Customer, *, now: datetime.datetime) -> list[StatusRow]:
    """Every request of a customer, the newest first. One query."""
    return [
        _row(case, now)
        for case in Case.objects.filter(customer=customer).order_by("-received_at", "-pk")
    ]


def _row(case: Case, now: datetime.datetime) -> StatusRow:
    state, words = _state(case, now)
    return StatusRow(
        case,
        _asked(case, True),
        state,
        words,
        words_of(case.due_on) if case.is_open and case.due_on else "",
    )


def _asked(case: Case, of_customer: bool) -> str:
    """What was asked, as whoever sent it reads it, or (`of_customer`) the person whose data it is
    about."""
    if of_customer and case.kind == CaseKind.BEREAVEMENT:
        return OF_THE_DEAD
    for_somebody = case.requester != Requester.CUSTOMER
    said = phrases.asked(case.kind, for_somebody=for_somebody and not of_customer)
    return f"{said} {SENT_FOR_YOU}" if for_somebody and of_customer else said


def _state(case: Case, now: datetime.datetime) -> tuple[str, str]:
    late = case.is_open and case.due_on is not None and case.due_on < timezone.localdate(now)
    return LATE if late else STATES[CaseStatus(case.status)]


def may_claim(case: Case, reader: CaseReader) -> bool:
    """Whether a proven customer can say that this request is theirs."""
    return (
        reader.customer is not None
        and case.is_open
        and case.identified_at is None
        and case.customer_id == reader.customer.pk
        and case.requester == Requester.CUSTOMER
    )


def _told(case: Case) -> Iterator[tuple[str, str]]:
    for question, answer in case.facts.items():
        yield question, str(answer)
    if case.words:
        yield "Your words", case.words


def _entries(
    case: Case, events: list[CaseEvent], reader: CaseReader, clear: bool
) -> Iterator[StatusEntry]:
    """What was written. Until it is `clear` who asks, the customer and whoever sent it read their
    own words alone."""
    answers = reads_answers(case, reader)
    hidden = () if answers else set(TELLING)
    if hidden and case.outcome_ground in TELLS_NOTHING:
        hidden -= {Letter.REFUSAL}
    for row in case.messages.select_related("message"):
        if row.letter not in hidden and _is_for(row.message, case, reader, clear, answers):
            yield StatusEntry(
                row.written_at,
                _title(row.letter),
                row.message.text,
                ours=True,
                not_sent=row.message.state
                in (Message.State.FAILED, Message.State.RETURNED, Message.State.EXPIRED),
            )
    for event in events:
        if (
            event.kind == EventKind.HEARD
            and event.codes.get("channel") == SITE
            and _is_of(event.by, case, reader, clear)
        ):
            yield StatusEntry(
                event.at, f"{_writer(event.by, case, reader)} wrote", event.text or ""
            )
    for one in Attachment.objects.filter(case=case).defer("content"):
        if one.added_by.startswith(("customer:", "job:")) and _is_of(
            one.added_by, case, reader, clear
        ):
            yield StatusEntry(
                one.added_at, f"{_writer(one.added_by, case, reader)} sent a file: {one.name}"
            )


def _writer(by: str, case: Case, reader: CaseReader) -> str:
    """Whose words they are, as this reader reads it: of a request for somebody else, two people may
    have written."""
    if by == reader.by or case.requester == Requester.CUSTOMER:
        return "You"
    return "Whoever acts for you" if reader.customer else "The person whose data it is"


def _is_of(by: str, case: Case, reader: CaseReader, clear: bool) -> bool:
    """Whether this reader may read what that actor wrote: nobody reads a customer to whom the case
    was matched by mistake."""
    return by == reader.by or (clear and by in (f"customer:{case.customer_id}", CaseReader().by))


def _is_for(message: Message, case: Case, reader: CaseReader, clear: bool, answers: bool) -> bool:
    """Whether this reader may read that message: one to an address on file is its customer's,
    another whoever gave it's."""
    if message.customer_id is None:
        return clear or reader.customer is None
    if reader.customer is not None:
        return message.customer_id == reader.customer.pk
    return message.customer_id == case.customer_id and (clear or answers)


def _title(letter: str) -> str:
    return f"We wrote: {Letter(letter).label}"


def reads_answers(case: Case, reader: CaseReader) -> bool:
    """Whether what we say of somebody's data may be read here: by the customer, or where such a
    letter would go now."""
    if reader.customer is not None:
        return True
    try:
        return contact_digest(recipient(case, Letter.COMPLETION)) == reader.contact
    except Refused:
        return False
