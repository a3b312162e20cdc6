"""A second clock, written only to disagree with the first: slow, from the words of the law, sharing
no code with it.

Bank holidays come from the Schedule of the Banking and Financial Dealings Act 1971 and the
proclamations, not from the package and not from the shipped list. Days are counted one by one, in
sets. It answers with a date, or None.
"""

import datetime

from dateutil.easter import easter
from dateutil.relativedelta import FR, MO, relativedelta

DATE, DAY = datetime.date, datetime.timedelta(days=1)
UK = ("england-and-wales", "scotland", "northern-ireland")
RIGHTS = (
    "sar",
    "rectification",
    "erasure",
    "restriction",
    "portability",
    "objection",
    "adm_review",
    "marketing_objection",
    "consent_withdrawal",
)
ONE_OFF = {
    DATE(1981, 7, 29): UK,
    DATE(1999, 12, 31): UK,
    DATE(2002, 6, 3): UK,
    DATE(2011, 4, 29): UK,
    DATE(2012, 6, 5): UK,
    DATE(2022, 6, 3): UK,
    DATE(2022, 9, 19): UK,
    DATE(2023, 5, 8): UK,
    DATE(2026, 6, 15): ("scotland",),
}
SPRING_MOVED = {2002: DATE(2002, 6, 4), 2012: DATE(2012, 6, 4), 2022: DATE(2022, 6, 2)}
EARLY_MAY_MOVED = {1995: DATE(1995, 5, 8), 2020: DATE(2020, 5, 8)}


def holidays(place: str, year: int) -> set[datetime.date]:
    """The bank holidays of a year that fall on Mondays to Fridays."""
    sunday = easter(year)
    first = DATE(year, 1, 1)
    fixed = [first, DATE(year, 12, 25), DATE(year, 12, 26)]
    moving = {
        sunday + relativedelta(weekday=FR(-1)),
        EARLY_MAY_MOVED.get(year, DATE(year, 5, 1) + relativedelta(weekday=MO(1))),
        SPRING_MOVED.get(year, DATE(year, 5, 31) + relativedelta(weekday=MO(-1))),
    }
    if place == "scotland":
        fixed.insert(1, DATE(year, 1, 2))
        moving.add(DATE(year, 8, 1) + relativedelta(weekday=MO(1)))
        if year >= 2007:
            fixed.append(DATE(year, 11, 30))
    else:
        moving |= {sunday + DAY, DATE(year, 8, 31) + relativedelta(weekday=MO(-1))}
    if place == "northern-ireland":
        fixed += [DATE(year, 3, 17), DATE(year, 7, 12)]
    taken = set(moving) | {
        day for day, where in ONE_OFF.items() if day.year == year and place in where
    }
    proper = {day for day in fixed if day.weekday() < 5}
    for day in fixed:  # those at a weekend get the next weekday that is nobody's
        if day.weekday() > 4:
            while day.weekday() > 4 or day in proper | taken:
                day += DAY
            taken.add(day)
    return taken | proper


def off(place: str, day: datetime.date, extra: frozenset = frozenset()) -> bool:
    return day.weekday() > 4 or day in holidays(place, day.year) or (place, day) in extra


def roll(place: str, day: datetime.date, extra: frozenset = frozenset()) -> datetime.date:
    while off(place, day, extra):
        day += DAY
    return day


def read(events: str) -> list[tuple[str, datetime.date, datetime.date | None]]:
    found = []
    for part in filter(None, (part.strip() for part in events.split(";"))):
        name, when = part.split(" ")
        begin, _, end = when.partition("..")
        found.append((name, DATE.fromisoformat(begin), DATE.fromisoformat(end) if end else None))
    return found


def due(
    kind: str, received: datetime.date, place: str, events: str = "", extra: frozenset = frozenset()
):
    """The due date of a kind counted in days, working days or months; None where there is none."""
    happened = read(events)
    if kind == "cra_disclosure":
        ended = [day for name, day, _ in happened if name == "negotiations_ended"]
        if ended and (received - ended[0]).days > 28:
            return None
        day, left = received, 7
        while left:
            day += DAY
            left -= not off(place, day, extra)
        return day
    if kind == "complaint_ack":
        return roll(place, received + 30 * DAY, extra)
    flat = {
        "fca_complaint_final": 56,
        "bereavement": 14,
        "cra_file_correction": 28,
        "tps_first_barred": 28,
        "adm_review_dpa1998": 21,
        "damage_notice_dpa1998": 21,
    }
    if kind in flat:
        return received + flat[kind] * DAY
    if kind == "sar_dpa1998":
        start = _start(received, happened, lambda day: day + 39 * DAY)
        return start and start + 39 * DAY
    assert kind in RIGHTS
    asks = kind not in ("marketing_objection", "consent_withdrawal")
    start = (
        _start(received, happened, lambda day: _months(kind, day, place, happened, extra))
        if asks
        else received
    )
    return start and _months(kind, start, place, happened, extra)


def _start(received, happened, end):
    """The latest of request, identity, authority and fee; None while one of them was asked for and
    has not come.

    Each is asked for once at most. What was asked for after the end that the others give is as if
    it had not been.
    """
    words = {
        "id_requested": "id_received",
        "authority_requested": "authority_received",
        "fee_requested": "fee_paid",
    }
    for question, answer in words.items():
        happened = _without_needless(
            happened, question, answer, question.replace("_requested", "_not_needed")
        )
    came = {name: [day for found, day, _ in happened if found == name] for name in words.values()}
    asked = sorted((day, words[name]) for name, day, _ in happened if name in words)
    first = {name: day for day, name in asked}
    start = max(
        [
            received,
            *(
                day
                for name, days in came.items()
                for day in days
                if day < first.get(name, DATE.max)
            ),
        ]
    )
    waiting = False
    for day, name in asked:
        last = end(start)
        if not waiting and last is not None and day > last:
            continue
        answers = [answer for answer in came[name] if answer >= day]
        waiting = waiting or not answers
        start = max([start, *answers])
    return None if waiting else start


def _without_needless(happened, question, answer, taken_back):
    """The events without each question that was taken back, the latest first, and its answers."""
    asked = sorted(day for name, day, _ in happened if name == question)
    reach = [*asked[1:], DATE.max]  # an answer belongs to the question before it
    gone = set()
    for day in sorted(day for name, day, _ in happened if name == taken_back):
        gone |= set([at for at, q in enumerate(asked) if q <= day and at not in gone][-1:])
    spans = [(asked[at], reach[at]) for at in gone]
    left = [q for at, q in enumerate(asked) if at not in gone]
    return [
        one
        for one in happened
        if one[0] != question
        and not (one[0] == answer and any(begin <= one[1] < end for begin, end in spans))
    ] + [(question, day, None) for day in left]


def _months(kind, start, place, happened, extra):
    months, excluded, answered, open_since = 1, set(), start, None
    for name, day, until in sorted(
        happened, key=lambda one: (one[1], one[0] != "paused", one[2] or DATE.max)
    ):
        end = roll(
            place, max(start + relativedelta(months=months) + len(excluded) * DAY, answered), extra
        )
        late = day > end and open_since is None
        if name == "paused" and kind == "sar" and not late:
            if until is None:
                open_since = open_since or day
            else:
                excluded |= {
                    day + number * DAY
                    for number in range((until - day).days + 1)
                    if day + number * DAY > start
                }
                answered = max(answered, until)
        if (
            name == "extended"
            and kind not in ("consent_withdrawal", "marketing_objection")
            and months == 1
            and not late
        ):
            months = 3
    if open_since is not None:
        return None
    return roll(
        place, max(start + relativedelta(months=months) + len(excluded) * DAY, answered), extra
    )
