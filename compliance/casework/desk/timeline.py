"""What happened to a case, event by event, in words for a colleague."""

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from accounts.desk import names_of
from compliance import outcomes
from compliance.cases import asking, stages
from compliance.cases.grounds import GROUNDS
from compliance.cases.identity import in_words
from compliance.cases.kinds import Arrival, EventKind
from compliance.cases.models import Attachment, CaseEvent, Letter
from compliance.cases.promises import PROMISES
from compliance.deadlines.wording import words_of
from customers.contact_words import CONTACT_NOUNS

WHY = {
    "matched": "it was matched to a customer",
    "reopened": "it was opened again",
    "extended": "it was extended",
    "bank_holiday": "the bank holidays changed",
    "recalculated": "it was worked out anew",
    "negotiations_ended": "the day on which negotiations ended was recorded",
    "acknowledged": "the complaint was acknowledged",
}
INSIDE, HEARD = "inside", "heard"  # how a text is shown: for colleagues, or theirs
OUTCOMES = {
    "upheld": "we agree with the complaint",
    "partly": "we agree in part",
    "rejected": "we do not agree",
}

# What became, in an erasure, of what another open request of the person needs.
ERASURES = {
    "left": "what is needed for the open request stays",
    "taken": "a colleague decided that what is needed for the open request goes too",
}


@dataclass(frozen=True)
class TimelineEntry:
    """One event as it is shown. `tone` says whose words `text` are; `quiet` ones are folded away at
    first."""

    at: datetime.datetime
    title: str
    detail: str
    text: str
    tone: str
    who: str
    url: str = ""
    quiet: bool = False


def entries(events: Iterable[CaseEvent], *, letters_shown: bool) -> list[TimelineEntry]:
    """The events, the latest first. One query, for the names of those who did them."""
    rows = list(events)
    assigned = [
        f"staff:{row.codes['to']}"
        for row in rows
        if row.kind == EventKind.ASSIGNED and row.codes.get("to")
    ]
    names = names_of([*(row.by for row in rows), *assigned])
    return [_entry(row, names, letters_shown) for row in reversed(rows)]


def _entry(row: CaseEvent, names: Mapping[str, str], letters_shown: bool) -> TimelineEntry:
    by = "the customer" if row.by.startswith("customer:") else names[row.by].replace("_", " ")
    url = ""
    if row.kind == EventKind.WRITTEN and letters_shown and row.codes.get("message"):
        url = reverse("admin:outbox_message_change", args=[row.codes["message"]])
    return TimelineEntry(
        row.at,
        _title(row),
        "; ".join(_details(row, names)),
        row.text or "",
        HEARD if row.kind in (EventKind.HEARD, EventKind.RESUMED) else INSIDE,
        by,
        url,
        quiet=row.kind == EventKind.DUE_CHANGED,
    )


def _title(row: CaseEvent) -> str:
    codes = row.codes
    if row.kind == EventKind.WRITTEN:
        return f"We wrote: {_label(Letter, codes.get('letter'))}"
    if row.kind == EventKind.NOTED and codes.get("task") in PROMISES:
        return f"Done: {PROMISES[codes['task']].label.lower()}"
    if row.kind == EventKind.NOTED and codes.get("changed"):
        return "How they are reached was changed"
    if row.kind == EventKind.NOTED and codes.get("erasure"):
        return "An erasure for this person was carried out"
    if row.kind == EventKind.NOTED and codes.get("effect") in outcomes.EFFECTS:
        label = outcomes.EFFECTS[codes["effect"]].label
        return f"Carried out in {codes.get('elsewhere')}: {label}"
    if row.kind == EventKind.REMINDED:
        return (
            "The person was reminded"
            if codes.get("who") == "customer"
            else "Reminder to colleagues"
        )
    if row.kind == EventKind.EFFECT and codes.get("effect") in outcomes.EFFECTS:
        return f"Carried out: {outcomes.EFFECTS[codes['effect']].label}"
    return row.get_kind_display()


def _details(row: CaseEvent, names: Mapping[str, str]) -> Iterable[str]:
    codes: Mapping[str, Any] = row.codes
    if row.on != row.at.date() and row.kind not in (EventKind.DUE_CHANGED, EventKind.RECEIVED):
        yield f"on {words_of(row.on, False)}"
    if row.kind == EventKind.DUE_CHANGED:
        yield _due(codes)
    if row.kind == EventKind.ASSIGNED:
        yield f"to {names['staff:' + str(codes['to'])]}" if codes.get("to") else "to nobody"
    for name, said in SAID.items():
        if name == "outcome" and row.kind != EventKind.COMPLETED:
            continue
        if words := said(codes[name]) if codes.get(name) else "":
            yield words


def _ground(code: Any) -> str:
    return f"{GROUNDS[code].label} ({GROUNDS[code].law})" if code in GROUNDS else ""


# What each code of an event says, in this order; nothing for a value that is not known.
SAID: dict[str, Callable[[Any], str]] = {
    "checks": lambda codes: "; ".join(in_words(codes)),
    "channel": lambda code: Arrival(code).label.lower() if code in Arrival.values else "",
    "means": lambda code: f"by {'email' if code == 'email' else 'letter'}",
    "ground": _ground,
    "asked_because": lambda code: asking.ALL[code].label if code in asking.ALL else "",
    "outcome": lambda code: OUTCOMES.get(code, ""),
    "late": lambda number: f"{days(number)} late",
    "told": lambda how: "nothing was sent" if how == "otherwise" else "",
    "stage": lambda code: stages.WORDS.get(code, ""),
    "purpose": lambda code: _label(Attachment.Purpose, code),
    "changed": lambda fields: ", ".join(CONTACT_NOUNS.get(name, name) for name in fields),
    "request": lambda reference: f"the other request: {reference}",
    "erasure": lambda fate: ERASURES.get(fate, ""),
    "merged": lambda merged: "from a case that was merged into this one",
}


def _due(codes: Mapping[str, Any]) -> str:
    def day(value: Any) -> str:
        return words_of(datetime.date.fromisoformat(value)) if value else "no last day"

    code = str(codes.get("why"))
    was = "" if code == EventKind.RECEIVED else f" (before: {day(codes.get('before'))})"
    because = f", because {WHY[code]}" if code in WHY else ""
    other = code in EventKind.values and code != EventKind.RECEIVED
    after = f", after: {EventKind(code).label.lower()}" if other and not because else ""
    return f"{day(codes.get('due'))}{was}{because}{after}"


def days(number: int) -> str:
    """“1 day”, “12 days”."""
    return f"{number:,} day{'' if number == 1 else 's'}"


def _label(choices: Any, code: Any) -> str:
    return str(choices(code).label) if code in choices.values else str(code)
