"""What somebody who follows a request sees of it: what we understood, where it stands, what we wrote, what they said.

Never what a colleague noted, who works on it, or that anything about it is held back.
"""

import datetime
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import timezone

from compliance.requests.actions import clock, steps
from compliance.requests.actions.following import SITE
from compliance.requests.clock.explain import sentence
from compliance.requests.clock.wording import words_of
from compliance.requests.kinds import CaseKind, EventKind, Requester, Status
from compliance.requests.letters import facts, phrases, recipient
from compliance.requests.letters.addresses import TELLING, TELLS_NOTHING
from compliance.requests.models import Attachment, Case, CaseEvent, CaseMessage, Letter
from compliance.requests.status_proof import contact_digest
from customers.actions import Refused
from customers.models import Customer, Message

STATES = {
    Status.OPEN: ("working", "We are working on it"), Status.WAITING: ("yours", "We wait for you"),
    Status.COMPLETED: ("done", "Answered"), Status.PARTLY: ("done", "Answered in part"),
    Status.REFUSED: ("done", "Answered: we could not do it"), Status.WITHDRAWN: ("done", "You took it back"),
    Status.MERGED: ("done", "Part of another request"), Status.LAPSED: ("done", "Closed: we heard nothing from you"),
}
LATE = ("late", "Late: we are sorry")
ACKNOWLEDGED = CaseMessage.objects.filter(letter=Letter.COMPLAINT_ACKNOWLEDGEMENT)
CONFIRMED = "We confirmed on {} that we have it. We are looking into it, and tell you the outcome as soon as we can."
AWAITED = {
    "identity": "We asked you to show who you are.",
    "authority": "We asked you to show that you may ask for somebody else.",
    "fee": "We asked you for a fee.",
    "clarification": "We asked you a question, so that we can find what you are looking for.",
}


@dataclass(frozen=True)
class Entry:
    """One thing that was written: by us, or by them."""

    at: datetime.datetime
    title: str
    text: str = ""
    ours: bool = False
    not_sent: bool = False

    @property
    def parts(self) -> list[tuple[bool, str]]:
        """What we wrote, paragraph by paragraph, each with whether it is a heading; without the foot of the email."""
        found = []
        for paragraph in self.text.partition("\n-- \n")[0].partition("\n--\n")[0].strip().split("\n\n"):
            first, _, rest = paragraph.partition("\n")
            heading = bool(rest) and not rest.strip("-")
            found.append((heading, first if heading else paragraph))
        return found


@dataclass(frozen=True)
class Standing:
    """A case, as its person reads it."""

    case: Case
    asked: str
    told: list[tuple[str, str]]
    state: str
    state_words: str
    promise: str
    why: str
    waits: list[str]
    entries: list[Entry]
    merged_into: str = ""
    may_claim: bool = False


@dataclass(frozen=True)
class Reader:
    """Who reads a case: the customer whose case it is, or whoever got its code at one address (`contact`)."""

    customer: Customer | None = None
    contact: uuid.UUID | None = None

    @property
    def by(self) -> str:
        return f"customer:{self.customer.pk}" if self.customer else "job:web_form"


def standing(case: Case, reader: Reader, *, now: datetime.datetime) -> Standing:
    """Where a case stands on this day. About ten queries."""
    events = list(case.events.all())
    waiting = steps.awaited(events) if case.is_open else {}
    told = ACKNOWLEDGED.filter(case=case).first() if case.kind == CaseKind.COMPLAINT else None
    due = None if told else case.due_on  # a complaint that we confirmed has no last day any more
    state, words = _state(case, due, now)
    promise = facts.promise(case) if case.is_open and not told else ""
    if told and case.is_open:
        promise = CONFIRMED.format(words_of(timezone.localdate(told.written_at)))
    return Standing(
        case=case, asked=phrases.asked(case.kind, for_somebody=case.requester != Requester.CUSTOMER), told=list(_told(case)),
        state=state, state_words=words, promise=promise,
        why=sentence(clock.deadline(case)) if case.is_open and due else "",
        waits=[AWAITED[what] for what in waiting], entries=sorted(_entries(case, events, reader), key=lambda one: one.at),
        merged_into=case.merged_into.reference if case.merged_into else "", may_claim=may_claim(case, reader))


@dataclass(frozen=True)
class Row:
    """One line of the list of a customer's requests."""

    case: Case
    asked: str
    state: str
    state_words: str
    due: str


def rows(customer: Customer, *, now: datetime.datetime) -> list[Row]:
    """Every request of a customer, the newest first. One query."""
    found = Case.objects.filter(customer=customer).annotate(told=Exists(ACKNOWLEDGED.filter(case=OuterRef("pk"))))
    return [_row(case, now) for case in found.order_by("-received_at", "-pk")]


def _row(case: Any, now: datetime.datetime) -> Row:
    due = None if case.kind == CaseKind.COMPLAINT and case.told else case.due_on
    state, words = _state(case, due, now)
    return Row(case, phrases.asked(case.kind, for_somebody=case.requester != Requester.CUSTOMER), state, words,
               words_of(due) if case.is_open and due else "")


def _state(case: Case, due: datetime.date | None, now: datetime.datetime) -> tuple[str, str]:
    late = case.is_open and due is not None and due < timezone.localdate(now)
    return LATE if late else STATES[Status(case.status)]


def may_claim(case: Case, reader: Reader) -> bool:
    """Whether a proven customer can say that this request is theirs."""
    return (reader.customer is not None and case.is_open and case.identified_at is None
            and case.customer_id == reader.customer.pk and case.requester == Requester.CUSTOMER)


def _told(case: Case) -> Iterator[tuple[str, str]]:
    for question, answer in case.facts.items():
        yield question, str(answer)
    if case.words:
        yield "Your words", case.words


def _entries(case: Case, events: list[CaseEvent], reader: Reader) -> Iterator[Entry]:
    hidden = () if reads_answers(case, reader) else set(TELLING)
    if hidden and case.outcome_ground in TELLS_NOTHING:
        hidden -= {Letter.REFUSAL}
    for row in case.messages.select_related("message"):
        if row.letter not in hidden:
            yield Entry(row.written_at, _title(row.letter), row.message.text, ours=True,
                        not_sent=row.message.state in (Message.State.FAILED, Message.State.EXPIRED))
    for event in events:
        if event.kind == EventKind.HEARD and event.codes.get("channel") == SITE:
            yield Entry(event.at, "You wrote", event.text or "")
    for one in Attachment.objects.filter(case=case).defer("content"):
        if one.added_by.startswith(("customer:", "job:")):
            yield Entry(one.added_at, f"You sent a file: {one.name}")


def _title(letter: str) -> str:
    return f"We wrote: {Letter(letter).label}"


def reads_answers(case: Case, reader: Reader) -> bool:
    """Whether what we say of somebody's data may be read here: by the customer, or where such a letter would go now."""
    if reader.customer is not None:
        return True
    try:
        return contact_digest(recipient(case, Letter.COMPLETION)) == reader.contact
    except Refused:
        return False
