"""Rights requests: the cases with everything that happened to them, and the calendar that their clocks need."""

from compliance.requests.models.calendar import ConfirmedYear, ProclaimedDay
from compliance.requests.models.case import Attachment, Case, CaseEvent
from compliance.requests.models.effects import DataCopy, Outcome, RecipientNotice, Restriction, Statement
from compliance.requests.models.letters import CaseMessage, Letter, LetterWording
from compliance.requests.models.visits import StatusAttempt, StatusVisit

__all__ = [
    "Attachment", "Case", "CaseEvent", "CaseMessage", "ConfirmedYear", "DataCopy", "Letter",
    "LetterWording", "Outcome", "ProclaimedDay", "RecipientNotice", "Restriction", "Statement", "StatusAttempt",
    "StatusVisit",
]
