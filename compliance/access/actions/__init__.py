"""What is done with a copy of somebody's data, from the first text that is read to the day on which
it is withdrawn.

Each takes who (`by`) and when (`now`), and writes its audit entry in the transaction of its change.
None of them knows the request that a copy answers but by its public reference.
"""

from compliance.access.actions.builds import build, give_up, rebuild
from compliance.access.actions.releases import fetch, latest, print_out, release, withdraw
from compliance.access.actions.reviews import (
    begin,
    check,
    finish_review,
    hold_back,
    review,
    review_plain,
    send_back,
)
from compliance.access.changes import changed

__all__ = [
    "begin",
    "build",
    "changed",
    "check",
    "fetch",
    "finish_review",
    "give_up",
    "hold_back",
    "latest",
    "print_out",
    "rebuild",
    "release",
    "review",
    "review_plain",
    "send_back",
    "withdraw",
]
