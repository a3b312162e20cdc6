"""What is kept of marketing choices: the ledger, what is derived from it, and the requests that
wait for a person."""

from compliance.preferences.models.ledger import (
    ChoiceEvent,
    MarketingPermission,
    PendingSuppression,
    Wording,
)
from compliance.preferences.models.lists import (
    ListedContact,
    PreferenceServiceFile,
    Screening,
    Suppression,
)
from compliance.preferences.models.requests import MarketingRequest

__all__ = [
    "ChoiceEvent",
    "ListedContact",
    "MarketingPermission",
    "MarketingRequest",
    "PendingSuppression",
    "PreferenceServiceFile",
    "Screening",
    "Suppression",
    "Wording",
]
