"""When the clock begins: the latest of receipt, proof of identity, proof of authority and payment
of a fee (Article 12A).

What was asked for only after the deadline had passed cannot bring it back.
"""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from compliance.deadlines.events import ANSWERED, ASKED, Event
from compliance.deadlines.rules import Rule
from compliance.deadlines.steps import Answered, AskedTooLate, Step

DATE = datetime.date


@dataclass(frozen=True)
class Start:
    day: DATE
    steps: tuple[Step, ...] = ()
    unanswered: tuple[tuple[str, DATE], ...] = ()  # what is still awaited, and since when


def begin(
    rule: Rule, received: DATE, events: Sequence[Event], *, ends: Callable[[DATE], DATE | None]
) -> Start:
    """The first day of the clock. `ends` tells the last day of a clock that began on a day (None
    while it is paused)."""
    asked = sorted(
        {
            (event.day, ASKED[event.name])
            for event in events
            if event.name in ASKED and ASKED[event.name] in rule.begins_with
        }
    )
    answers = sorted(
        {
            (event.day, ANSWERED[event.name])
            for event in events
            if event.name in ANSWERED and ANSWERED[event.name] in rule.begins_with
        }
    )
    if not asked and not answers:
        return Start(received)
    first = {what: min(day for day, asked_for in asked if asked_for == what) for _, what in asked}
    counting = [
        pair for pair in answers if pair[0] < first.get(pair[1], DATE.max)
    ]  # came without being asked for
    start = max([received, *(day for day, _ in counting)])
    late: list[AskedTooLate] = []
    awaited: dict[str, DATE] = {}
    for position, (day, what) in enumerate(asked):
        end = None if awaited else ends(start)
        if end is not None and day > end:
            late.append(AskedTooLate(what, day, end))
            continue
        again = next((later for later, other in asked[position + 1 :] if other == what), DATE.max)
        replies = [answer for answer, other in answers if other == what and day <= answer < again]
        if replies:
            awaited.pop(what, None)
            counting.extend((reply, what) for reply in replies)
            start = max(start, replies[-1])
        else:
            awaited.setdefault(what, day)
    told = [
        Answered(what, day, counts=day == start and start > received)
        for day, what in sorted(counting)
    ]
    return Start(start, (*told, *late), tuple(sorted(awaited.items(), key=lambda pair: pair[1])))
