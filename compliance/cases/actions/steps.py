"""What every step of a case has in common: the locked row, the table, the refusal in words, the
event, the audit entry."""

import datetime
import uuid
from collections.abc import Iterable, Mapping

from django.utils import timezone

from accounts.desk import names_of
from audit import events as audit
from audit.actions import AlreadyDone, Refused
from compliance.cases import transitions
from compliance.cases.actions import to_do
from compliance.cases.kinds import CaseStatus, EventKind
from compliance.cases.models import Attachment, Case, CaseEvent
from compliance.cases.rights import right_of
from compliance.deadlines.wording import words_of
from privacy.free_text import mask_cards

# What can be awaited from the person: the event that asks, the event that answers, and how it is
# called.
ASKS = {
    "identity": EventKind.ID_REQUESTED,
    "authority": EventKind.AUTHORITY_REQUESTED,
    "fee": EventKind.FEE_REQUESTED,
    "clarification": EventKind.PAUSED,
}
ANSWERS = {
    "identity": EventKind.ID_RECEIVED,
    "authority": EventKind.AUTHORITY_RECEIVED,
    "fee": EventKind.FEE_PAID,
    "clarification": EventKind.RESUMED,
}
# The question was not needed after all: it moves nothing.
TAKES_BACK = {
    "identity": EventKind.ID_NOT_NEEDED,
    "authority": EventKind.AUTHORITY_NOT_NEEDED,
    "fee": EventKind.FEE_NOT_NEEDED,
}
CALLED = {
    "identity": "proof of identity",
    "authority": "proof of authority",
    "fee": "the fee",
    "clarification": "an answer to our question",
}
LONGEST = 50_000  # characters of one text

# Why a step is never taken, where the law says so.
NEVER = {
    EventKind.PAUSED: "Only a request for a copy of data can be paused for a question (UK GDPR "
    "Article 12A(5)). Write a message instead: the clock goes on.",
    EventKind.EXTENDED: "The law knows no extension of this deadline.",
    EventKind.REFUSED: "The law knows no ground to refuse this.",
    EventKind.PARTLY: "The law knows no ground to refuse this.",
    EventKind.LAPSED: "An objection, a withdrawal, a complaint and a question about agencies are "
    "answered, also when the person falls silent.",
}


def lock(case: Case, event: EventKind) -> Case:
    """The case as it stands now, its row locked until the transaction ends, if the table lets
    `event` happen to it.

    Refused with the reason in words; AlreadyDone when exactly that was the last thing that changed
    its state.
    """
    fresh = locked(case)
    if not transitions.may(event, fresh.kind, fresh.status):
        raise _why_not(fresh, event)
    return fresh


def locked(case: Case) -> Case:
    """The case as it stands now, its row locked."""
    return Case.objects.select_for_update(of=("self",)).select_related("customer").get(pk=case.pk)


def _why_not(case: Case, event: EventKind) -> Refused:
    step = transitions.BY_EVENT[event]
    if case.kind not in step.kinds:
        no_proof = right_of(case.kind).never_proof if event == EventKind.ID_REQUESTED else ""
        return Refused(
            no_proof or NEVER.get(event, f"“{event.label}” does not apply to this kind of request.")
        )
    if not case.is_open:
        if case.status == step.after:
            return AlreadyDone(f"That is done already: {_ended(case)}. Nothing was changed.")
        again = (
            "It was merged: work on the other case."
            if case.status == CaseStatus.MERGED
            else "Open it again first."
        )
        return Refused(f"This case is closed: {_ended(case)}. {again}")
    if event == EventKind.REOPENED:
        return AlreadyDone("The case is open already. Nothing was changed.")
    return Refused(
        "Only a case that waits for the person can be closed without an answer from them."
    )


def _ended(case: Case) -> str:
    kinds = [step.event for step in transitions.STEPS if step.after == case.status]
    last = case.events.filter(kind__in=kinds).order_by("-pk").defer("text").first()
    told = case.get_status_display().lower() if last is None else last.get_kind_display().lower()
    when = timezone.localtime(last.at if last else case.closed_at)
    who = f" by {name_of(last.by)}" if last else ""
    return f"{told} on {words_of(when.date(), False)} at {when:%H:%M}{who}"


def name_of(actor: str) -> str:
    """How a colleague reads who did something: “agent”, “the customer”, “send deadline
    reminders”."""
    if actor.startswith("customer:"):
        return "the customer"
    return names_of([actor])[actor].replace("_", " ")


def record(
    case: Case,
    event: EventKind,
    *,
    by: str,
    now: datetime.datetime,
    on: datetime.date | None = None,
    text: str = "",
    codes: Mapping[str, object] = {},
    token: uuid.UUID | None = None,
) -> CaseEvent:
    """Write the event and its audit entry. `on` is today unless given; `codes` are codes, ids and
    counts."""
    on = on or timezone.localdate(now)
    named = {"token": str(token)} if token else {}
    row = CaseEvent.objects.create(
        case=case,
        kind=event,
        at=now,
        on=on,
        by=by,
        text=clean(text) or None,
        codes={**codes, **named},
    )
    audit.case_step(by=by, subject=case.customer_id, case=case.pk, step=str(event), on=on, **codes)
    to_do.happened(case, event, by=by, now=now)
    return row


def clean(text: str) -> str:
    """A text as it is stored: no card numbers, no control characters, no longer than we keep."""
    kept = "".join(sign for sign in text.replace("\r\n", "\n") if sign in "\n\t" or ord(sign) >= 32)
    return mask_cards(kept[:LONGEST].strip())


def once(case: Case, event: EventKind, token: uuid.UUID | None) -> None:
    """Refuse the same form twice. The case's row is locked."""
    if token is not None and case.events.filter(kind=event, codes__token=str(token)).exists():
        raise AlreadyDone("That is written down already. Nothing was changed.")


def awaited(events: Iterable[CaseEvent]) -> dict[str, datetime.date]:
    """What was asked of the person, is still needed and has not come, with the day on which it was asked. `events`:
    of one case, in order."""
    asked = {event: what for what, event in ASKS.items()}
    answered = {event: what for one in (ANSWERS, TAKES_BACK) for what, event in one.items()}
    waiting: dict[str, datetime.date] = {}
    for event in events:
        if event.kind in asked:
            waiting.setdefault(asked[EventKind(event.kind)], event.on)
        elif event.kind in answered:
            waiting.pop(answered[EventKind(event.kind)], None)
    return waiting


def need(text: str, otherwise: str) -> str:
    """A text that must be there. Refused with `otherwise`."""
    if not (kept := clean(text)):
        raise Refused(otherwise)
    return kept


def close(case: Case, status: CaseStatus, *, by: str, now: datetime.datetime) -> None:
    """Close the case's row; the clock stays as it was, to tell whether the answer was in time.

    Proof of identity that convinced nobody is of no more use, and goes as soon as that which did.
    """
    case.status, case.closed_at, case.closed_on = status, now, timezone.localdate(now)
    case.save(update_fields=["status", "closed_at", "closed_on", "outcome_ground", "merged_into"])
    identity_checked(case, now=now)
    to_do.closed(case, by=by, now=now)


def identity_checked(case: Case, *, now: datetime.datetime) -> None:
    """The proof of identity in a case was looked at: the period of each document begins."""
    Attachment.objects.filter(
        case=case, purpose=Attachment.Purpose.IDENTITY, checked_on=None
    ).update(checked_on=timezone.localdate(now))
