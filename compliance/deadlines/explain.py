"""A Deadline in plain words: one sentence, step by step, and for the customer. The words always
hold the computed date."""

import datetime
from dataclasses import replace

from compliance.deadlines import steps
from compliance.deadlines.events import FEE
from compliance.deadlines.rules import REGULATION, Rule, Unit
from compliance.deadlines.step_words import words
from compliance.deadlines.steps import Deadline, Extension, NoDateReason, Rolled
from compliance.deadlines.wording import (
    ASKED_FOR,
    days_in_words,
    listed,
    lower,
    missing_in_words,
    moment_in_words,
    number_of,
    ordinal,
    words_of,
)
from customers.nations import JURISDICTIONS

NO_DAY: dict[NoDateReason | None, str] = {
    NoDateReason.OUTSIDE_WINDOW: "no last day",
    NoDateReason.MET: "no last day any more",
}


def due_in_words(deadline: Deadline) -> str:
    """The due day or moment, or “no last day yet”."""
    if deadline.due is None:
        return NO_DAY.get(deadline.reason, "no last day yet")
    return (
        moment_in_words(deadline.due)
        if isinstance(deadline.due, datetime.datetime)
        else words_of(deadline.due)
    )


def sentence(deadline: Deadline) -> str:
    """The outcome and its reason in one sentence, with the section of law."""
    lead = f"Under {_law(deadline, ' with ')},"
    if deadline.due is None:
        return f"{lead} there is {due_in_words(deadline)}: {_reasons(deadline)}."
    due_is = lower(deadline.rule.due_is)
    return (
        f"{lead} {due_is} is {due_in_words(deadline)}: "
        f"{_basis(deadline)}{_without_effect(deadline)}."
    )


def _reasons(deadline: Deadline) -> str:
    why = (steps.Unanswered, steps.StillPaused, steps.Window, steps.Met)
    told = " ".join(words(step, deadline) for step in deadline.steps if isinstance(step, why))
    return "; ".join(lower(one) for one in told.rstrip(".").split(". "))


def _basis(deadline: Deadline) -> str:
    counted = [
        step
        for step in deadline.steps
        if isinstance(step, (steps.Counted, steps.WorkingDays, steps.Hours))
    ][-1]
    if isinstance(counted, steps.Hours):
        return f"{counted.hours} hours from {moment_in_words(counted.aware)}"
    if isinstance(counted, steps.WorkingDays):
        return (
            f"the {ordinal(len(counted.counted))} working day after "
            f"{words_of(deadline.received)} in "
            f"{JURISDICTIONS.get(counted.jurisdiction, counted.jurisdiction)}"
        )
    text = f"{lower(counted.period)} from {words_of(counted.start)}"
    if counted.start != deadline.received:
        text += f" ({_why_started(deadline)})"
    if deadline.excluded_days:
        text += f" and {number_of(deadline.excluded_days, 'day')} of pause"
    if counted.first_day_counts:
        text += ", that day counted"
    rolled = next((step for step in deadline.steps if isinstance(step, Rolled)), None)
    if rolled is None:
        return f"{text}{missing_in_words(counted)}"
    verb = "ends" if counted.period == "One month" and not deadline.excluded_days else "end"
    return (
        f"{text} {verb} on {words_of(rolled.end)}{missing_in_words(counted)}, which is not a "
        "working day"
    )


def _why_started(deadline: Deadline) -> str:
    came = [
        step.what for step in deadline.steps if isinstance(step, steps.Answered) and step.counts
    ]
    return "when " + " and ".join(
        "the fee was paid" if what == FEE else f"{ASKED_FOR[what]} came" for what in came
    )


def _without_effect(deadline: Deadline) -> str:
    found = ""
    for step in deadline.steps:
        if isinstance(step, steps.Extended) and step.outcome is not Extension.IN_TIME:
            found += f"; the notice of extension of {words_of(step.event.day, False)} has no effect"
        elif isinstance(step, (steps.PausedTooLate, steps.AskedTooLate)):
            day = step.event.day if isinstance(step, steps.PausedTooLate) else step.day
            found += f"; what was asked for on {words_of(day, False)} came too late to change it"
    return found


def _law(deadline: Deadline, joint: str = "; ") -> str:
    moved = any(isinstance(step, Rolled) for step in deadline.steps)
    return f"{deadline.rule.law}{joint}{REGULATION}" if moved else deadline.rule.law


def account(deadline: Deadline) -> list[str]:
    """Every step of the arithmetic as a sentence or two, the conclusion, our own target, and the
    rule."""
    told = [words(step, deadline) for step in deadline.steps]
    if deadline.due is not None:
        told.append(_conclusion(deadline))
    if deadline.rule.note and deadline.reason not in NO_DAY:
        told.append(deadline.rule.note)
    if deadline.target_on is not None and not deadline.rule.history:
        warned = (
            f"; reminders go out on {days_in_words(deadline.warn_on)}" if deadline.warn_on else ""
        )
        what = " for the outcome" if deadline.reason is NoDateReason.MET else ""
        told.append(f"Our own target{what} is {words_of(deadline.target_on)}{warned}.")
    told.append(
        f"Rule {deadline.version}, for what was received from "
        f"{words_of(deadline.rule.since, False)}."
    )
    return told


def _conclusion(deadline: Deadline) -> str:
    if any(isinstance(step, Rolled) for step in deadline.steps):
        lead = "So the"
    elif deadline.rule.rolls:
        lead = "That is a working day, so the"
    elif deadline.rule.unit is Unit.DAYS:
        lead = "Weekends and bank holidays do not move it: the"
    else:
        lead = "So the"
    due_is = deadline.rule.due_is
    rest = due_is.removeprefix("The") if due_is.startswith("The ") else f" {due_is}"
    return f"{lead}{rest} is {due_in_words(deadline)} ({_law(deadline)})."


def for_customer(deadline: Deadline) -> str:
    """What the status page says: the date, or what we wait for. No law, no arithmetic."""
    if deadline.late_for is not None:
        told = _came_late(deadline.late_for)
        return f"{told} {for_customer(replace(deadline, late_for=None))}"
    if deadline.due is not None:
        promise = deadline.rule.promise.format(due_in_words(deadline))
        return (
            f"{promise} We have told you that we need longer."
            if deadline.extension is Extension.IN_TIME
            else promise
        )
    if deadline.reason is NoDateReason.OUTSIDE_WINDOW:
        return _came_late(deadline.rule)
    if deadline.reason is NoDateReason.MET:
        met = next(step.day for step in deadline.steps if isinstance(step, steps.Met))
        return (
            f"We confirmed on {words_of(met)} that we have it. We tell you the outcome as "
            "soon as we can."
        )
    if deadline.reason is NoDateReason.PAUSED:
        return (
            "We have asked you a question about your request. The time for our answer stands "
            "still until you reply."
        )
    asked = listed(
        [ASKED_FOR[step.what] for step in deadline.steps if isinstance(step, steps.Unanswered)]
    )
    return f"We have asked you for {asked}. The time for our answer begins when we have it."


def _came_late(rule: Rule) -> str:
    return (
        f"Your request came more than {number_of(rule.window_days or 0, 'day')} after your "
        "application was closed, so we answer it as a request for your personal data."
    )
