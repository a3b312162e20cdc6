"""The periods that letters speak of, in words: placeholders for every text, so that no wording can
promise what is not so."""

from compliance.register import time_limits
from compliance.register.kept_for import kept_for


def periods() -> dict[str, str]:
    """What each placeholder of a period stands for today. One query."""
    return {**fixed(), "proof_kept": kept_for(identity="request-identity")["identity"]}


def fixed() -> dict[str, str]:
    """Those of the law and of our own rules, without the database."""
    return {
        "acknowledged_within": time_limits.period("complaint_ack"),
        "final_within": time_limits.weeks("fca_complaint_final"),
        "agencies_within": time_limits.period("cra_disclosure"),
        "request_window": time_limits.window("cra_disclosure"),
        "agency_answers_within": time_limits.period("cra_file_correction"),
        "extension": time_limits.further("sar"),
    }
