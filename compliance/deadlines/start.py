"""When the clock begins: the latest of receipt, proof of identity, proof of authority and payment
of a fee (Article 12A).

What was asked for only after the deadline had passed cannot bring it back, and what was asked for
without need moves nothing: a question taken back is as if it had not been asked.
"""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from compliance.deadlines.events import ANSWERED, ASKED, NOT_NEEDED, Event
from compliance.deadlines.rules import Rule
from compliance.deadlines.steps import Answered, AskedTooLate, Step, TakenBack

DATE = datetime.date
Pair = tuple[DATE, str]  # a day, and what was asked for or came on it


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
    asked, answers, taken_back = _without_the_needless(
        *(_pairs(rule, events, names) for names in (ASKED, ANSWERED, NOT_NEEDED))
    )
    if not asked and not answers:
        return Start(received, taken_back)
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
    return Start(
        start, (*taken_back, *told, *late), tuple(sorted(awaited.items(), key=lambda pair: pair[1]))
    )


def _pairs(rule: Rule, events: Sequence[Event], names: Mapping[str, str]) -> list[Pair]:
    """The days of some of the events that the rule begins with, each with what it is about."""
    return sorted(
        (event.day, names[event.name])
        for event in events
        if event.name in names and names[event.name] in rule.begins_with
    )


def _without_the_needless(
    asked: list[Pair], answers: list[Pair], not_needed: list[Pair]
) -> tuple[list[Pair], list[Pair], tuple[TakenBack, ...]]:
    """Leave out each question that was taken back, with whatever came in answer to it."""
    told = []
    for day, what in not_needed:
        before = [pair for pair in asked if pair[1] == what and pair[0] <= day]
        if not before:
            continue
        question = before[-1]
        asked.remove(question)
        again = min(
            (other for other, name in asked if name == what and other >= question[0]),
            default=DATE.max,
        )
        answers = [
            pair for pair in answers if pair[1] != what or not question[0] <= pair[0] < again
        ]
        told.append(TakenBack(what, question[0], day))
    return sorted(set(asked)), sorted(set(answers)), tuple(told)
