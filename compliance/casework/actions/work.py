"""Working a case: one function for each step of the table (`transitions.STEPS`).

Each locks the case's row, checks the table again, changes the case, writes the event and the audit
entry, works the clock out where the step moves it, and writes to the person where the law or
fairness asks for it: one transaction. Refused says in plain words why a step cannot be taken;
AlreadyDone says that a colleague, or a second click, was quicker. `by` names the actor, `now` is an
aware moment read once at the edge, `on` is a day in London. `text` is what the person reads;
`reason` and notes are for colleagues. A `token` names a form that was shown: the same one twice is
done once. Each returns the case as it is then.
"""

from compliance.casework.actions.daily_work import (
    acknowledge,
    assign,
    heard,
    match_to,
    note,
    reach,
    write,
)
from compliance.casework.actions.decisions import (
    complete,
    disown,
    extend,
    lapse,
    merge,
    refuse,
    reopen,
    withdraw,
)
from compliance.casework.actions.questions import (
    ask,
    identify,
    negotiations_ended,
    not_needed,
    received,
    remind,
)

__all__ = [
    "acknowledge",
    "ask",
    "assign",
    "complete",
    "disown",
    "extend",
    "heard",
    "identify",
    "lapse",
    "match_to",
    "merge",
    "negotiations_ended",
    "not_needed",
    "note",
    "reach",
    "received",
    "refuse",
    "remind",
    "reopen",
    "withdraw",
    "write",
]
