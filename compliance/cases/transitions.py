"""Which step may follow which: the one table that the actions obey, the desk offers and the
database knows.

No model here. A step is an EventKind; the table says from which statuses it may be taken, to which
it leads, and for which kinds of case. An answer leads to OPEN once nothing else is awaited: two
things may be asked for, and come one by one.
"""

from collections.abc import Callable
from dataclasses import dataclass

from compliance.cases.kinds import EventKind, Status
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
OPEN, WAITING = Status.OPEN, Status.WAITING


@dataclass(frozen=True)
class Step:
    """One step: from where, to where (None: it stays as it is), for which kinds."""

    event: EventKind
    before: tuple[Status, ...]
    after: Status | None = None
    kinds: tuple[str, ...] = EVERY


FINISHED = (Status.COMPLETED, Status.PARTLY, Status.REFUSED, Status.WITHDRAWN, Status.LAPSED)

STEPS: tuple[Step, ...] = (
    Step(EventKind.ID_REQUESTED, (OPEN, WAITING), WAITING, PROVABLE),
    Step(EventKind.ID_RECEIVED, (OPEN, WAITING), OPEN, PROVABLE),
    Step(EventKind.AUTHORITY_REQUESTED, (OPEN, WAITING), WAITING, PROVABLE),
    Step(EventKind.AUTHORITY_RECEIVED, (OPEN, WAITING), OPEN, PROVABLE),
    Step(EventKind.FEE_REQUESTED, (OPEN, WAITING), WAITING, PROVABLE),
    Step(EventKind.FEE_PAID, (OPEN, WAITING), OPEN, PROVABLE),
    Step(EventKind.PAUSED, (OPEN, WAITING), WAITING, PAUSABLE),
    Step(EventKind.RESUMED, (OPEN, WAITING), OPEN, PAUSABLE),
    Step(EventKind.EXTENDED, (OPEN, WAITING), None, EXTENDABLE),
    Step(EventKind.NEGOTIATIONS_ENDED, (OPEN,), None, AFTER_NEGOTIATIONS),
    Step(EventKind.IDENTIFIED, (OPEN, WAITING), None, EVERY),
    Step(EventKind.MATCHED, (OPEN, WAITING), None, EVERY),
    Step(EventKind.ASSIGNED, (OPEN, WAITING), None, EVERY),
    Step(EventKind.COMPLETED, (OPEN, WAITING), Status.COMPLETED, EVERY),
    Step(EventKind.PARTLY, (OPEN, WAITING), Status.PARTLY, REFUSABLE),
    Step(EventKind.REFUSED, (OPEN, WAITING), Status.REFUSED, REFUSABLE),
    Step(EventKind.WITHDRAWN, (OPEN, WAITING), Status.WITHDRAWN, EVERY),
    Step(EventKind.MERGED, (OPEN, WAITING), Status.MERGED, EVERY),
    Step(EventKind.LAPSED, (WAITING,), Status.LAPSED, LAPSABLE),
    Step(EventKind.REOPENED, FINISHED, OPEN, EVERY),
)
BY_EVENT = {step.event: step for step in STEPS}


def changes() -> list[Step]:
    """The steps that may give a case another status: what the database lets through, and nothing
    else."""
    return [step for step in STEPS if step.after is not None]


def allowed(kind: str, status: str) -> list[Step]:
    """The steps that a case of this kind in this status may take, in the order of the table."""
    return [step for step in STEPS if status in step.before and kind in step.kinds]


def may(event: EventKind, kind: str, status: str) -> bool:
    """Whether one step may be taken."""
    step = BY_EVENT.get(event)
    return step is not None and status in step.before and kind in step.kinds
