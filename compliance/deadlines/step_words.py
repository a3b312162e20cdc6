"""Each step of a computation as a sentence or two."""

from functools import singledispatch

from compliance.deadlines import steps
from compliance.deadlines.events import FEE, PAUSED
from compliance.deadlines.rules import Unit
from compliance.deadlines.steps import Deadline, Extension, NoDateReason, Rolled
from compliance.deadlines.wording import (
    ASKED_FOR,
    LONDON,
    NUMBERS,
    WEEKDAYS,
    day_off,
    days_in_words,
    event_in_words,
    listed,
    missing_in_words,
    moment_in_words,
    number_of,
    upper,
    words_of,
)
from customers.nations import JURISDICTIONS


@singledispatch
def words(step: object, deadline: Deadline) -> str:
    """One step in words."""
    raise TypeError(f"no words for {type(step).__name__}")


@words.register
def _(step: steps.Receipt, deadline: Deadline) -> str:
    if step.moment is None:
        return f"{deadline.rule.began} on {words_of(step.day)}."
    return (
        f"{deadline.rule.began} on {words_of(step.day)} at "
        f"{step.moment.astimezone(LONDON):%H:%M}, London time."
    )


@words.register
def _(step: steps.Answered, deadline: Deadline) -> str:
    came = (
        f"The fee was paid on {words_of(step.day)}"
        if step.what == FEE
        else (f"{ASKED_FOR[step.what].capitalize()} came on {words_of(step.day)}")
    )
    return (
        f"{came}, and the clock starts on that day."
        if step.counts
        else f"{came}, which does not move the start."
    )


@words.register
def _(step: steps.TakenBack, deadline: Deadline) -> str:
    return (
        f"{upper(ASKED_FOR[step.what])} was asked for on {words_of(step.asked)} without need, as "
        f"we found on {words_of(step.day)}: that does not move the start."
    )


@words.register
def _(step: steps.AskedTooLate, deadline: Deadline) -> str:
    return (
        f"{upper(ASKED_FOR[step.what])} was asked for on {words_of(step.day)}, after the last day "
        f"({words_of(step.ended)}): that does not bring the deadline back."
    )


@words.register
def _(step: steps.Unanswered, deadline: Deadline) -> str:
    return (
        f"{upper(ASKED_FOR[step.what])} was asked for on {words_of(step.asked)} and has not "
        "come, so the clock has not "
        f"started. Look again on {words_of(step.review_on)}."
    )


@words.register
def _(step: steps.NoEffect, deadline: Deadline) -> str:
    if step.event.name == PAUSED and deadline.rule.unit is Unit.MONTHS:
        return (
            "Only an access request can be paused for clarification, so "
            f"{event_in_words(step.event)} changes nothing."
        )
    return f"{upper(event_in_words(step.event))} does not change this deadline."


@words.register
def _(step: steps.Counted, deadline: Deadline) -> str:
    verb = "runs" if step.period == "One month" else "run"
    counted = ", with that day as the first," if step.first_day_counts else ""
    begins = f"{upper(step.period)} from {words_of(step.start)}{counted}"
    return f"{begins} {verb} to {words_of(step.end)}{missing_in_words(step)}."


@words.register
def _(step: steps.Paused, deadline: Deadline) -> str:
    until = step.event.until or step.event.day
    told = (
        f"Clarification was asked for on {words_of(step.event.day)} and came on {words_of(until)}"
    )
    if not step.added:
        return f"{told}: that adds no day."
    verb = "does" if step.added == 1 else "do"
    ends = (
        "the day on which the clock started is not in the period anyway"
        if step.from_start
        else "both ends included"
    )
    return f"{told}: {number_of(step.added, 'day')} {verb} not count ({ends})."


@words.register
def _(step: steps.PausedTooLate, deadline: Deadline) -> str:
    return (
        f"Clarification was asked for on {words_of(step.event.day)}, after the last day "
        f"({words_of(step.ended)}): that "
        "does not bring the deadline back."
    )


@words.register
def _(step: steps.StillPaused, deadline: Deadline) -> str:
    return (
        f"Clarification was asked for on {words_of(step.event.day)} and has not come, so the "
        "clock stands still. "
        f"Look again on {words_of(step.review_on)}."
    )


@words.register
def _(step: steps.Extended, deadline: Deadline) -> str:
    went = f"The notice of extension went out on {words_of(step.event.day)}"
    until = (
        f" (the last day for it was {words_of(step.last_day)})"
        if step.last_day
        else " (the clock stood still)"
    )
    return {
        Extension.IN_TIME: f"{went}, in time{until}.",
        Extension.TOO_LATE: f"{went}, too late{until}: it has no effect.",
        Extension.ONCE_ONLY: f"{went}, but a deadline is extended only once: it has no effect.",
        Extension.NOT_POSSIBLE: f"{went}, but this deadline cannot be extended: it has no effect.",
    }[step.outcome]


@words.register
def _(step: steps.Lengthened, deadline: Deadline) -> str:
    told = f"With {number_of(step.days, 'day')} of pause that becomes {words_of(step.counted)}"
    if step.end == step.counted:
        return f"{told}."
    return f"{told}, but the last day cannot come before the answer did, on {words_of(step.end)}."


@words.register
def _(step: Rolled, deadline: Deadline) -> str:
    off = listed([day_off(day, why) for day, why in step.skipped])
    return (
        f"{words_of(step.end)} is not a working day ({off}); the next one is {words_of(step.due)}."
    )


@words.register
def _(step: steps.Met, deadline: Deadline) -> str:
    when = "in time" if step.day <= step.due else "too late"
    return (
        f"It was acknowledged on {words_of(step.day)}, {when} (the last day for that was "
        f"{words_of(step.due)}). The "
        "outcome is due without undue delay, and the law sets no day for it. Look again on "
        f"{words_of(step.review_on)}."
    )


@words.register
def _(step: steps.WorkingDays, deadline: Deadline) -> str:
    where = JURISDICTIONS.get(step.jurisdiction, step.jurisdiction)
    off = [day_off(day, why) for day, why in step.skipped if why not in WEEKDAYS]
    passed = f" Not counted, beside weekends: {listed(off)}." if off else ""
    return (
        f"The {NUMBERS[len(step.counted)]} working days after it in {where} are "
        f"{days_in_words(step.counted)}.{passed}"
    )


@words.register
def _(step: steps.Window, deadline: Deadline) -> str:
    told = (
        f"Negotiations ended on {words_of(step.ended)}, so the section covers requests until "
        f"{words_of(step.last_day)}"
    )
    if deadline.reason is not NoDateReason.OUTSIDE_WINDOW and deadline.late_for is None:
        return f"{told}."
    return (
        f"{told}, and this one came on {words_of(deadline.received)}. Answer it as an access "
        "request (UK GDPR Article 15)."
    )


@words.register
def _(step: steps.Hours, deadline: Deadline) -> str:
    return (
        f"{deadline.rule.began} on {moment_in_words(step.aware)}. {step.hours} hours later is "
        f"{moment_in_words(step.due)}."
    )
