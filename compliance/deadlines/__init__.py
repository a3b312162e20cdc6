"""The statutory clock: which law applies to a request, when its answer is due, and why, in words.

Pure: it imports no Django, reads no clock and no database. What it needs of the world (bank
holidays) is passed in.

    rules      every deadline as a dated rule with its section of law
    calendar   working days of the three jurisdictions, as one value
    events     what happened to a request, and how that is written in a file
    engine     compute(kind, received, jurisdiction, ...) -> Deadline
    explain    the Deadline in words, for a colleague, a regulator and a customer
    cases      one row of a file of cases
"""

from compliance.deadlines.calendar import Change, Holidays, NotCovered
from compliance.deadlines.engine import compute
from compliance.deadlines.events import Event, parse_events
from compliance.deadlines.rules import RULES, Rule, rule_for
from compliance.deadlines.steps import Deadline, Reason

__all__ = [
    "RULES",
    "Change",
    "Deadline",
    "Event",
    "Holidays",
    "NotCovered",
    "Reason",
    "Rule",
    "compute",
    "parse_events",
    "rule_for",
]
