"""The periods that the public forms speak of, in words."""

from compliance.register import time_limits
from compliance.register.kept_for import kept_for


def of_forms() -> dict[str, dict[str, str]]:
    """For the templates: how long the law gives (`law`), and how long we keep (`kept`). One
    query."""
    return {
        "law": {
            "agencies": time_limits.period("cra_disclosure"),
            "window": time_limits.window("cra_disclosure"),
            "acknowledged": time_limits.period("complaint_ack"),
            "final": time_limits.weeks("fca_complaint_final"),
        },
        "kept": kept_for(
            request="request-case",
            complaint="request-complaint",
            order="order-tax",
            account="credit-agreement",
            person="identity-account",
        ),
    }
