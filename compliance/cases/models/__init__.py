"""Rights requests: the cases with everything that happened to them."""

from compliance.cases.models.case import Attachment, Case, CaseEvent
from compliance.cases.models.effects import (
    DataCopy,
    Outcome,
    ProcessingStop,
    Restriction,
    Statement,
)
from compliance.cases.models.letters import CaseMessage, Letter, LetterWording
from compliance.cases.models.tasks import Task
from compliance.cases.models.visits import CaseChallenge, CaseVisit

__all__ = [
    "Attachment",
    "Case",
    "CaseChallenge",
    "CaseEvent",
    "CaseMessage",
    "CaseVisit",
    "DataCopy",
    "Letter",
    "LetterWording",
    "Outcome",
    "ProcessingStop",
    "Restriction",
    "Statement",
    "Task",
]
