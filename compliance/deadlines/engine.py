"""From a request and what happened to it to its deadline. Pure: the same input always gives the
same Deadline.

The law: UK GDPR Articles 12 and 12A and Regulation 1182/71 Article 3 for months and complaints;
Consumer Credit Act 1974 sections 157 and 189 for working days; UK GDPR Article 33 for hours.
`docs/clock.md` has it in words.
"""

import datetime
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple
from zoneinfo import ZoneInfo

from compliance.deadlines import events as happened
from compliance.deadlines.arithmetic import DATE, DAY, Reader, add_months, before_target
from compliance.deadlines.calendar import Holidays
from compliance.deadlines.events import Event
from compliance.deadlines.months import in_months
from compliance.deadlines.rules import Rule, Unit, rule_for, rules_of
from compliance.deadlines.start import Start, begin
from compliance.deadlines.steps import (
    Counted,
    Deadline,
    Hours,
    Met,
    NoDateReason,
    NoEffect,
    Receipt,
    Rolled,
    Step,
    Unanswered,
    Window,
    WorkingDays,
)
from customers.nations import JURISDICTIONS

LONDON = ZoneInfo("Europe/London")
NO_EVENTS: tuple[Event, ...] = ()


def compute(
    kind: str,
    received: DATE | datetime.datetime,
    jurisdiction: str,
    events: Sequence[Event] = NO_EVENTS,
    *,
    holidays: Holidays,
    controller_jurisdiction: str = "",
    late_too: bool = False,
) -> Deadline:
    """The deadline of a request of this kind.

    `received`: a local day, or an aware moment, of which the London day counts; a breach needs a
    moment. `jurisdiction`: the customer's. `controller_jurisdiction`: where we handle requests; its
    calendar moves the last day of a data protection right, and gives the earlier target under
    section 157. Left out, it is the customer's. `late_too`: what came too late for section 157 gets
    the last day of the right under which it is answered (Article 15); without it there is none.

    ValueError, in words, for a kind, a jurisdiction or an event that makes no sense and for a
    request outside every rule's dates; NotCovered (a ValueError) when a year is needed whose bank
    holidays are not known.
    """
    rules_of(kind)  # an unknown kind is told before an odd date
    moment = received if isinstance(received, datetime.datetime) else None
    if moment is not None and moment.utcoffset() is None:
        raise ValueError(
            f"received: {moment.isoformat()} has no offset from UTC, so its day is not certain"
        )
    try:
        day = received if moment is None else moment.astimezone(LONDON).date()
        rule = rule_for(kind, day)
        _check_places(rule, jurisdiction, controller_jurisdiction)
        happened.check(events, day)
        case = _Case(
            rule,
            day,
            moment,
            jurisdiction,
            controller_jurisdiction or jurisdiction,
            events,
            holidays,
        )
        found = _METHODS[rule.unit](case)
        if late_too and found.reason is NoDateReason.OUTSIDE_WINDOW:
            return _answered_late(case, found)
        return found
    except OverflowError:
        raise ValueError(
            "a day of this case lies beyond the years that the calendar can hold"
        ) from None


def _check_places(rule: Rule, jurisdiction: str, controller: str) -> None:
    """A clock that no bank holiday can move does not ask whose holidays count."""
    if not jurisdiction and rule.uses_calendar:
        raise ValueError(f"jurisdiction: say whose bank holidays count, {', '.join(JURISDICTIONS)}")
    for place in (jurisdiction, controller):
        if place and place not in JURISDICTIONS:
            raise ValueError(
                f"there is no jurisdiction {happened.clipped(place)}; they are "
                f"{', '.join(JURISDICTIONS)}"
            )


class _Case(NamedTuple):
    rule: Rule
    received: DATE
    moment: datetime.datetime | None
    jurisdiction: str
    controller: str
    events: Sequence[Event]
    holidays: Holidays

    @property
    def opening(self) -> Receipt:
        return Receipt(self.received, self.moment)

    def without_effect(self) -> list[Step]:
        """The events that this kind of deadline does not know. Pauses and extensions of months are
        told where they stand."""
        known = {
            event
            for event, what in (happened.ASKED | happened.ANSWERED | happened.NOT_NEEDED).items()
            if what in self.rule.begins_with
        }
        if self.rule.unit is Unit.MONTHS:
            known |= {happened.PAUSED, happened.EXTENDED}
        if self.rule.window_days is not None:
            known.add(happened.NEGOTIATIONS_ENDED)
        known.add(self.rule.met_by)
        return [NoEffect(event) for event in self.events if event.name not in known]


def _months(case: _Case) -> Deadline:
    rule, reader = case.rule, Reader(case.holidays, case.controller)
    start = begin(
        rule,
        case.received,
        case.events,
        ends=lambda day: in_months(rule, day, case.events, reader).ends,
    )
    if start.unanswered:
        return _waiting(case, start, reader)
    count = in_months(rule, start.day, case.events, reader)
    target = start.day + DAY * ((rule.target or 0) * count.months + count.excluded)
    return Deadline(
        rule,
        case.controller,
        case.received,
        start.day,
        count.due,
        (case.opening, *start.steps, *count.steps, *case.without_effect()),
        reason=NoDateReason.PAUSED if count.due is None else None,
        review_on=count.review_on,
        extension=count.extension,
        extension_until=count.notice_until,
        excluded_days=count.excluded,
        target_on=target if count.due else None,
        warn_on=before_target(target, start.day) if count.due else (),
        examined=frozenset(reader.asked),
    )


def _days(case: _Case) -> Deadline:
    rule, reader = case.rule, Reader(case.holidays, case.controller)
    length = DAY * (rule.period - rule.first_day_counts)
    start = begin(rule, case.received, case.events, ends=lambda day: day + length)
    if start.unanswered:
        return _waiting(case, start, reader)
    end = start.day + length
    steps: list[Step] = [
        Counted(rule.period_in_words, start.day, end, first_day_counts=rule.first_day_counts)
    ]
    due, skipped = reader.roll(end) if rule.rolls else (end, ())
    if skipped:
        steps.append(Rolled(end, skipped, due))
    if met := min((event.day for event in case.events if event.name == rule.met_by), default=None):
        return _met(case, start, met, due, steps, reader)
    target = None if rule.target is None else start.day + DAY * rule.target
    return Deadline(
        rule,
        case.controller,
        case.received,
        start.day,
        due,
        (case.opening, *start.steps, *steps, *case.without_effect()),
        target_on=target,
        warn_on=before_target(target, start.day) if target and rule.warns else (),
        examined=frozenset(reader.asked),
    )


def _met(
    case: _Case, start: Start, day: DATE, due: DATE, steps: list[Step], reader: Reader
) -> Deadline:
    """The law sets no last day any more: what is left has a target of our own, and a day a week
    before it to look again."""
    aim = start.day + DAY * (case.rule.aim or 0)
    met = Met(day, due, aim - DAY * 7)
    return Deadline(
        case.rule,
        case.controller,
        case.received,
        start.day,
        None,
        (case.opening, *start.steps, *steps, met, *case.without_effect()),
        reason=NoDateReason.MET,
        review_on=met.review_on,
        target_on=aim,
        examined=frozenset(reader.asked),
    )


def _working_days(case: _Case) -> Deadline:
    """Section 157: the seventh working day after receipt by the customer's calendar. Target: the
    earlier calendar's."""
    rule, window = case.rule, _window(case)
    steps: list[Step] = [case.opening, *window]
    if any(case.received > step.last_day for step in window):
        return Deadline(
            rule,
            case.jurisdiction,
            case.received,
            None,
            None,
            (*steps, *case.without_effect()),
            reason=NoDateReason.OUTSIDE_WINDOW,
        )
    readers = [
        Reader(case.holidays, place)
        for place in dict.fromkeys((case.jurisdiction, case.controller))
    ]
    counts = [reader.working_days(case.received, rule.period) for reader in readers]
    counted, skipped = counts[0]
    soonest = min((days for days, _ in counts), key=lambda days: days[-1])
    steps.append(WorkingDays(tuple(counted), tuple(skipped), case.jurisdiction))
    return Deadline(
        rule,
        case.jurisdiction,
        case.received,
        case.received,
        counted[-1],
        (*steps, *case.without_effect()),
        target_on=soonest[-1],
        warn_on=(soonest[2], soonest[4]) if rule.warns else (),
        examined=frozenset().union(*(reader.asked for reader in readers)),
    )


def _answered_late(case: _Case, late: Deadline) -> Deadline:
    """What came too late for its own rule, by the clock of the right under which it is answered."""
    known = [event for event in case.events if event.name != happened.NEGOTIATIONS_ENDED]
    other = case._replace(rule=rule_for(case.rule.late_as, case.received), events=known)
    found = _METHODS[other.rule.unit](other)
    first, *rest = late.steps
    return replace(found, steps=(first, *rest, *found.steps[1:]), late_for=case.rule)


def _window(case: _Case) -> list[Window]:
    """Section 157(2): how long after the end of negotiations a request counts; nothing when that
    end is not known."""
    return [
        Window(event.day, event.day + DAY * (case.rule.window_days or 0))
        for event in case.events
        if event.name == happened.NEGOTIATIONS_ENDED
    ][:1]


def _hours(case: _Case) -> Deadline:
    """Elapsed hours, counted in UTC: a change of the clocks neither adds nor takes one."""
    if case.moment is None:
        raise ValueError(
            f"received: a {case.rule.kind} counts hours, so it needs a moment such as "
            "2026-03-27T17:00:00+00:00"
        )
    aware = case.moment.astimezone(datetime.UTC)
    due = aware + datetime.timedelta(hours=case.rule.period)
    return Deadline(
        case.rule,
        case.jurisdiction,
        case.received,
        case.received,
        due,
        (Hours(case.rule.period, aware, due), *case.without_effect()),
    )


_METHODS = {
    Unit.MONTHS: _months,
    Unit.DAYS: _days,
    Unit.WORKING_DAYS: _working_days,
    Unit.HOURS: _hours,
}


def _waiting(case: _Case, start: Start, reader: Reader) -> Deadline:
    """The clock has not begun: no due date, but a day on which somebody looks again, after about a
    month of silence."""
    waits = [Unanswered(what, asked, add_months(asked, 1)) for what, asked in start.unanswered]
    return Deadline(
        case.rule,
        case.controller,
        case.received,
        None,
        None,
        (case.opening, *start.steps, *waits),
        reason=NoDateReason.UNANSWERED,
        review_on=min(wait.review_on for wait in waits),
        examined=frozenset(reader.asked),
    )
