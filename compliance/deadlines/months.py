"""One month, or three when it was extended in time; longer by the days of a pause; rolled once,
last of all.

Events are taken in the order of their days, because what counts depends on whether the deadline had
passed by then.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field

from compliance.deadlines.arithmetic import DAY, Reader, add_months
from compliance.deadlines.events import EXTENDED, PAUSED, Event
from compliance.deadlines.rules import Rule
from compliance.deadlines.steps import (
    Counted,
    Extended,
    Extension,
    Lengthened,
    NoEffect,
    Paused,
    PausedTooLate,
    Rolled,
    Step,
    StillPaused,
)

DATE = datetime.date


@dataclass
class Months:
    """A clock of months while its events are told to it, one after the other."""

    rule: Rule
    start: DATE
    reader: Reader
    months: int = 1
    excluded: int = 0  # days of pauses
    covered: DATE = DATE.min  # the last day that a pause has excluded
    review_on: DATE | None = None
    running: bool = True
    extension: Extension | None = None
    notice_until: DATE | None = None
    due: DATE | None = None
    steps: list[Step] = field(default_factory=list)

    @property
    def ends(self) -> DATE | None:
        """The last day as things stand; None while the clock is paused."""
        if not self.running:
            return None
        return self.reader.roll(self._before_rolling(self.months))[0]

    def _before_rolling(self, months: int) -> DATE:
        """A pause asked for while the end rolls over a weekend may outlast its own days: no end
        before the answer came."""
        return max(add_months(self.start, months) + DAY * self.excluded, self.covered)

    def pause(self, event: Event) -> None:
        if not self.rule.pauses:
            self.steps.append(NoEffect(event))
            return
        ended = self.ends
        if ended is not None and event.day > ended:
            self.steps.append(PausedTooLate(event, ended))
            return
        if event.until is None:
            self.running = False
            review_on = add_months(event.day, 1)
            self.review_on = min(review_on, self.review_on or review_on)
            self.steps.append(StillPaused(event, review_on))
        else:
            first = max(event.day, self.start + DAY, self.covered + DAY)
            added = max(0, (event.until - first).days + 1)
            self.excluded += added
            self.covered = max(self.covered, event.until)
            self.steps.append(Paused(event, added, event.day <= self.start))
        self._note_window(event.day)

    def extend(self, event: Event) -> None:
        if not self.rule.extended_months:
            outcome = Extension.NOT_POSSIBLE
        elif self.months > 1:
            outcome = Extension.ONCE_ONLY
        elif self.notice_until is not None and event.day > self.notice_until:
            outcome = Extension.TOO_LATE
        else:
            outcome, self.months = Extension.IN_TIME, self.rule.extended_months
        if self.extension is not Extension.IN_TIME:
            self.extension = outcome
        self.steps.append(Extended(event, outcome, self.notice_until))

    def _note_window(self, day: DATE) -> None:
        """A pause that begins within the first month moves its end too; a later one finds it
        closed."""
        if self.notice_until is not None and day <= self.notice_until:
            self.notice_until = self._first_month() if self.running else None

    def _first_month(self) -> DATE | None:
        if not self.rule.extended_months:
            return None
        return self.reader.roll(self._before_rolling(1))[0]

    def _count(self, period: str, months: int) -> None:
        end = add_months(self.start, months)
        self.steps.append(
            Counted(period, self.start, end, 0 if end.day == self.start.day else self.start.day)
        )

    def run(self, events: Sequence[Event]) -> None:
        self._count("One month", 1)
        self.notice_until = self._first_month()
        for event in sorted(
            events, key=lambda event: (event.day, event.name != PAUSED, event.until or DATE.max)
        ):
            if event.name == PAUSED:
                self.pause(event)
            elif event.name == EXTENDED:
                self.extend(event)
        if self.months > 1:
            self._count(
                "Three months" if self.months == 3 else f"{self.months} months", self.months
            )
        if not self.running:
            return
        end = self._before_rolling(self.months)
        if self.excluded:
            counted = add_months(self.start, self.months) + DAY * self.excluded
            self.steps.append(Lengthened(self.excluded, counted, end))
        self.due, skipped = self.reader.roll(end)
        if skipped:
            self.steps.append(Rolled(end, skipped, self.due))


def in_months(rule: Rule, start: DATE, events: Sequence[Event], reader: Reader) -> Months:
    """The clock of a rule that counts months, from its first day, with all that happened."""
    clock = Months(rule, start, reader)
    clock.run(events)
    return clock
