"""The statutory clock: when an answer is due under which law, and why; bank holidays.

`compute(...)` and all it needs are pure: no Django, no clock, no database. What they need of the
world (bank holidays) is passed in. Only `models`, `bank_holidays`, `checks` and `apps` know Django.
"""

from compliance.deadlines.calendar import CalendarChange, Holidays, NotCovered
from compliance.deadlines.engine import compute
from compliance.deadlines.events import Event, parse_events
from compliance.deadlines.other_clocks import OTHER_CLOCKS
from compliance.deadlines.rules import Rule, StatutoryClock, all_rules, register, rule_for
from compliance.deadlines.steps import Deadline, NoDateReason

__all__ = [
    "CalendarChange",
    "Deadline",
    "Event",
    "Holidays",
    "NoDateReason",
    "NotCovered",
    "Rule",
    "StatutoryClock",
    "all_rules",
    "compute",
    "parse_events",
    "rule_for",
]

register(*OTHER_CLOCKS)
