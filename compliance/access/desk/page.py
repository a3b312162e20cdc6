"""One copy as its page shows it: where it stands, what to do next, what is left to read, what was
left out, who had it."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from accounts.desk import names_of, staff
from compliance.access import case_urls, changes
from compliance.access.actions import releases, reviews
from compliance.access.alerts import CHANGE, CHECK
from compliance.access.decisions import Decisions, held_back
from compliance.access.desk.common import may_read
from compliance.access.models import Pack
from compliance.access.records import passages, tables
from privacy.words import in_words

State = Pack.State

MOST_FETCHES = 50  # that the page of a copy lists
TONES = {
    State.IN_REVIEW: "quiet",
    State.READ: "warning",
    State.CHECKED: "quiet",
    State.FAILED: "danger",
    State.BUILT: "warning",
    State.RELEASED: "good",
    State.WITHDRAWN: "quiet",
}
READABLE = (State.IN_REVIEW, State.READ)


@dataclass(frozen=True)
class CopyStep:
    """One of the four steps of a copy. `at` is empty while it is not done."""

    title: str
    says: str
    at: Any
    who: str


@dataclass
class Group:
    """The texts of one table."""

    label: str
    title: str
    texts: int = 0
    left: int = 0
    yours: bool = True  # whether this colleague may read them


def context(request: HttpRequest, pack: Pack) -> dict[str, Any]:
    """Everything on the page of one copy."""
    now, by = timezone.now(), staff(request).actor
    fetches = list(pack.fetches.order_by("-pk")[:MOST_FETCHES])
    names = names_of(
        {
            pack.begun_by,
            pack.read_by,
            pack.checked_by,
            pack.released_by,
            pack.returned_by,
            pack.withdrawn_by,
            *(one.by for one in fetches),
        }
    )
    over = pack.state == State.RELEASED and pack.expires_at is not None and pack.expires_at <= now
    groups = _groups(request, pack) if pack.state in READABLE else []
    kept_out = held_back(pack)
    return {
        "tone": "quiet" if over else TONES[State(pack.state)],
        "stands": f"Its {in_words(releases.LASTS)} are over" if over else pack.get_state_display(),
        "over": over,
        "steps": _steps(pack, names),
        "groups": groups,
        "left": sum(group.left for group in groups),
        "yours_left": sum(group.left for group in groups if group.yours),
        "texts": sum(group.texts for group in groups),
        "tables": [one for one in tables(pack.customer) if may_read(request, one.label)]
        if pack.state in READABLE
        else [],
        "held_back": Counter(decision.reason for _, _, decision in kept_out).total(),
        "changed": changes.changed(pack) if pack.state == State.BUILT or over else [],
        "why_not_check": reviews.why_not_check(pack, by=by) if pack.state == State.READ else "",
        "may_check": request.user.has_perm(CHECK),
        "works": request.user.has_perm(CHANGE),
        "release_url": case_urls.of().release(pack.reference),
        "withdraw_url": case_urls.of().withdraw(pack.reference),
        "fetches": [(one, _who(one.by, names)) for one in fetches],
        "returned_by": names.get(pack.returned_by, ""),
        "withdrawn_by": names.get(pack.withdrawn_by, ""),
        "live": pack.state != State.WITHDRAWN,
    }


def _who(actor: str, names: dict[str, str]) -> str:
    return "the customer" if actor.startswith("customer:") else names.get(actor, "")


def _steps(pack: Pack, names: dict[str, str]) -> list[CopyStep]:
    built = f"{pack.records:,} records" if pack.built_at else "A job does this, once it is checked."
    until = (
        f"To fetch until {timezone.localtime(pack.expires_at):%-d %B %Y}"
        if pack.expires_at
        else "By post"
    )
    return [
        CopyStep(
            "Read",
            "Every free text, and what must be left out of it.",
            pack.read_at,
            names.get(pack.read_by, ""),
        ),
        CopyStep(
            "Checked",
            "By a second person, who read none of it.",
            pack.checked_at,
            names.get(pack.checked_by, ""),
        ),
        CopyStep("Built", built, pack.built_at, ""),
        CopyStep(
            "Released",
            until if pack.released_at else "From the page of the request.",
            pack.released_at,
            names.get(pack.released_by, ""),
        ),
    ]


def _groups(request: HttpRequest, pack: Pack) -> list[Group]:
    """The tables that have texts, with how many are left to read: those of which most is left come
    first."""
    made, found = Decisions(pack), dict[str, Group]()
    for passage in passages(pack.customer):
        group = found.setdefault(
            passage.label,
            Group(
                passage.label,
                passage.title.partition(":")[0],
                yours=may_read(request, passage.label),
            ),
        )
        group.texts += 1
        group.left += not made.is_read(passage)
    return sorted(found.values(), key=lambda group: (not group.left, group.title))
