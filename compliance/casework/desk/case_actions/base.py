"""What everything that a colleague can do on a case has in common."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from compliance.cases import transitions
from compliance.cases.actions import steps
from compliance.cases.kinds import EventKind
from compliance.cases.models import Case, CaseEvent
from compliance.casework.desk.forms import CaseForm

Given = Mapping[str, Any]  # the clean values of a form


@dataclass(frozen=True)
class CaseToday:
    """A case as it stands when its page is shown."""

    case: Case
    events: Sequence[CaseEvent]
    today: datetime.date

    @property
    def waiting(self) -> dict[str, datetime.date]:
        """What we asked them for and still wait for, each with the day on which we asked."""
        return steps.awaited(self.events)


class CaseAction:
    """One thing that a colleague can do on a case: a subclass for each, with its button, its form
    and what happens.

    The table of transitions says what the state lets happen; `makes_sense` narrows it, so that a
    button that would only be refused is not shown. `perform` judges again, whatever was shown.
    """

    code: str
    label: str
    says: str  # stands above the form
    form: type[CaseForm]
    done: str  # is said when it is done
    event: EventKind | None = None  # its step in the table of transitions; None: at any time

    def perform(self, case: Case, given: Given, *, by: str, now: datetime.datetime) -> None:
        """Do it, with the clean values of the form. Refused or AlreadyDone when it cannot be."""
        raise NotImplementedError

    def makes_sense(self, on: CaseToday) -> bool:
        """Whether it makes sense now, where the state lets it happen."""
        return True

    def explanation(self, case: Case) -> str:
        """What stands above the form of one case."""
        return self.says

    def offered(self, on: CaseToday) -> bool:
        """Whether the state lets it happen, and it makes sense now."""
        lets = self.event is None or transitions.may(self.event, on.case.kind, on.case.status)
        return lets and self.makes_sense(on)
