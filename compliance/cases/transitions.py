"""Which step may follow which: the one table that the actions obey, the desk offers and the
database knows.

No model here. A step is an EventKind; the table says from which statuses it may be taken, to which
it leads, and for which kinds of case. An answer leads to OPEN once nothing else is awaited: two
things may be asked for, and come one by one.
"""

from collections.abc import Callable
from dataclasses import dataclass

from compliance.cases.kinds import CaseStatus, EventKind
from compliance.cases.right import Right
from compliance.cases.rights import RIGHTS


def _kinds(fits: Callable[[Right], bool]) -> tuple[str, ...]:
    return tuple(right.code for right in RIGHTS if fits(right))


EVERY = _kinds(lambda right: True)
PROVABLE = _kinds(lambda right: not right.never_proof)  # where proof may be asked for
EXTENDABLE = _kinds(lambda right: right.may_extend)
PAUSABLE = _kinds(lambda right: right.may_pause)
AFTER_NEGOTIATIONS = _kinds(lambda right: right.asks_when_negotiations_ended)
REFUSABLE = _kinds(lambda right: right.may_refuse)
LAPSABLE = _kinds(lambda right: right.may_lapse)
OPEN, WAITING = CaseStatus.OPEN, CaseStatus.WAITING


@dataclass(frozen=True)
class Transition:
    """One step: from where, to where (None: it stays as it is), for which kinds."""

    event: EventKind
    before: tuple[CaseStatus, ...]
    after: CaseStatus | None = None
    kinds: tuple[str, ...] = EVERY


FINISHED = (
    CaseStatus.COMPLETED,
    CaseStatus.PARTLY,
    CaseStatus.REFUSED,
    CaseStatus.WITHDRAWN,
    CaseStatus.LAPSED,
)

STEPS: tuple[Transition, ...] = (
    Transition(EventKind.ID_REQUESTED, (OPEN, WAITING), WAITING, PROVABLE),
    Transition(EventKind.ID_RECEIVED, (OPEN, WAITING), OPEN, PROVABLE),
    Transition(EventKind.AUTHORITY_REQUESTED, (OPEN, WAITING), WAITING, PROVABLE),
    Transition(EventKind.AUTHORITY_RECEIVED, (OPEN, WAITING), OPEN, PROVABLE),
    Transition(EventKind.FEE_REQUESTED, (OPEN, WAITING), WAITING, PROVABLE),
    Transition(EventKind.FEE_PAID, (OPEN, WAITING), OPEN, PROVABLE),
    Transition(EventKind.ID_NOT_NEEDED, (OPEN, WAITING), OPEN, PROVABLE),
    Transition(EventKind.AUTHORITY_NOT_NEEDED, (OPEN, WAITING), OPEN, PROVABLE),
    Transition(EventKind.FEE_NOT_NEEDED, (OPEN, WAITING), OPEN, PROVABLE),
    Transition(EventKind.PAUSED, (OPEN, WAITING), WAITING, PAUSABLE),
    Transition(EventKind.RESUMED, (OPEN, WAITING), OPEN, PAUSABLE),
    Transition(EventKind.EXTENDED, (OPEN, WAITING), None, EXTENDABLE),
    Transition(EventKind.NEGOTIATIONS_ENDED, (OPEN,), None, AFTER_NEGOTIATIONS),
    Transition(EventKind.IDENTIFIED, (OPEN, WAITING), None, EVERY),
    Transition(EventKind.MATCHED, (OPEN, WAITING), None, EVERY),
    Transition(EventKind.ASSIGNED, (OPEN, WAITING), None, EVERY),
    Transition(EventKind.COMPLETED, (OPEN, WAITING), CaseStatus.COMPLETED, EVERY),
    Transition(EventKind.PARTLY, (OPEN, WAITING), CaseStatus.PARTLY, REFUSABLE),
    Transition(EventKind.REFUSED, (OPEN, WAITING), CaseStatus.REFUSED, REFUSABLE),
    Transition(EventKind.WITHDRAWN, (OPEN, WAITING), CaseStatus.WITHDRAWN, EVERY),
    Transition(EventKind.MERGED, (OPEN, WAITING), CaseStatus.MERGED, EVERY),
    Transition(EventKind.LAPSED, (WAITING,), CaseStatus.LAPSED, LAPSABLE),
    Transition(EventKind.REOPENED, FINISHED, OPEN, EVERY),
)
BY_EVENT = {step.event: step for step in STEPS}


def changes() -> list[Transition]:
    """The steps that may give a case another status: what the database lets through, and nothing
    else."""
    return [step for step in STEPS if step.after is not None]


def allowed(kind: str, status: str) -> list[Transition]:
    """The steps that a case of this kind in this status may take, in the order of the table."""
    return [step for step in STEPS if status in step.before and kind in step.kinds]


def may(event: EventKind, kind: str, status: str) -> bool:
    """Whether one step may be taken."""
    step = BY_EVENT.get(event)
    return step is not None and status in step.before and kind in step.kinds
