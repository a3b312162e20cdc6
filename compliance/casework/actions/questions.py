"""Asking the person for something, and what came of it: the steps that start, stop and pause the
clock."""

import datetime
import decimal
from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from audit.actions import AlreadyDone, Refused
from compliance import letters, outcomes
from compliance.cases import asking
from compliance.cases.actions import clock, steps
from compliance.cases.identity import CHECKS
from compliance.cases.kinds import CaseKind, CaseStatus, EventKind, Requester
from compliance.cases.models import Case, Letter
from compliance.deadlines.wording import upper, words_of
from compliance.outcomes import restriction

LETTERS = {
    "identity": Letter.IDENTITY,
    "authority": Letter.AUTHORITY,
    "fee": Letter.FEE,
    "clarification": Letter.CLARIFICATION,
}
REPLY_WITHIN = datetime.timedelta(
    days=14
)  # what a reminder gives the person; the same again before a case may lapse


@transaction.atomic
def ask(
    case: Case,
    *,
    what: str,
    text: str,
    by: str,
    now: datetime.datetime,
    ground: str = "",
    reason: str = "",
    amount: decimal.Decimal | None = None,
) -> Case:
    """Ask the person for `identity`, `authority`, a `fee` or `clarification`, and write to them;
    the case waits.

    All but clarification need a ground of `asking.GROUNDS` and the fact that bears it out, `reason`
    (UK GDPR Articles 12(5), 12(6) and 15(3)), and a fee its `amount` in pounds. Clarification is
    for access requests, and pauses them (Article 12A(5)).
    """
    event = steps.ASKS[what]
    case = steps.lock(case, event)
    asked = steps.awaited(case.events.all()).get(what)
    if asked:
        raise AlreadyDone(
            f"We asked for {steps.CALLED[what]} already, on {words_of(asked, False)}. Nothing "
            "was sent."
        )
    if what == "identity" and case.identified_at:
        raise Refused("It is clear already who asks, so there is no reasonable doubt to settle.")
    if what == "authority" and case.requester == Requester.CUSTOMER:
        raise Refused(
            "The person asks for themselves. Authority is asked of somebody who acts for them."
        )
    if what in asking.GROUNDS:
        reason = _borne_out(case, what, ground, reason)
    if what == "fee" and not amount:
        raise Refused("Say how much the fee is.")
    text = steps.need(text, "Write what the person reads.")
    case.status = CaseStatus.WAITING
    case.save(update_fields=["status"])
    codes = {"asked_because": ground} if ground else {}
    steps.record(case, event, by=by, now=now, text=reason, codes=codes)
    if what in ("identity", "authority"):
        restriction.postpone(case, asked_on=timezone.localdate(now))
    clock.apply(case, by=by, now=now, on=timezone.localdate(now), why=event.value)
    letters.send(
        case,
        letter=LETTERS[what],
        by=by,
        now=now,
        context={
            "text": text,
            "waiting_for": steps.CALLED[what],
            "because": ground,
            "fee": amount,
        },
    )
    return case


WHY_NOT = {
    "identity": "the law lets us ask only on a reasonable doubt",
    "authority": "who may act for somebody need not show it again",
    "fee": "we have to be able to prove it",
}


def _borne_out(case: Case, what: str, ground: str, fact: str) -> str:
    """The fact behind a ground. Refused without either, and for a ground that is not for this case."""
    found = asking.GROUNDS[what].get(ground)
    if found is None or (found.of_copies and case.kind != CaseKind.ACCESS):
        raise Refused(f"Choose why you ask: {WHY_NOT[what]}.")
    return steps.need(fact, f"Write down the fact: {WHY_NOT[what]}. {found.fact}")


@transaction.atomic
def not_needed(
    case: Case,
    *,
    what: str,
    reason: str,
    by: str,
    now: datetime.datetime,
    how: Collection[str] = (),
) -> Case:
    """Take back a question for `identity`, `authority` or a `fee`: it was not needed, or what we had
    answered it. The clock counts as if it had never been asked, and the person is told.

    `how`: codes of `identity.CHECKS`, where what we had shows who asks. Refused when it was never
    asked; AlreadyDone when it is taken back.
    """
    event = steps.TAKES_BACK[what]
    case = steps.lock(case, event)
    asked = case.events.filter(kind__in=[steps.ASKS[what], event]).order_by("pk").last()
    if asked is None:
        raise Refused(f"We never asked for {steps.CALLED[what]}. Nothing was changed.")
    if asked.kind == event:
        raise AlreadyDone(
            f"That was taken back already, on {words_of(asked.on, False)}. Nothing was changed."
        )
    reason = steps.need(reason, "Write down why it was not needed: it moves the last day back.")
    waiting = steps.awaited(case.events.all())
    waiting.pop(what, None)
    case.status = CaseStatus.WAITING if waiting else CaseStatus.OPEN
    case.save(update_fields=["status"])
    steps.record(case, event, by=by, now=now, text=reason)
    clock.apply(case, by=by, now=now, on=timezone.localdate(now), why=event.value)
    if what == "identity" and how:
        _identified(case, how, by=by, now=now)
    letters.send(
        case,
        letter=Letter.MESSAGE,
        by=by,
        now=now,
        context={"text": _taken_back(case, what, asked.on, timezone.localdate(now))},
    )
    return case


def _taken_back(case: Case, what: str, asked: datetime.date, today: datetime.date) -> str:
    told = (
        f"On {words_of(asked, False)} we asked you for {steps.CALLED[what]}. We do not need that, "
        "and we are sorry that we asked. You need not send anything for it."
    )
    if case.due_on is None:
        return told
    if case.due_on < today:
        return (
            f"{told}\n\nThe time for our answer counts as if we had not asked: it was due on "
            f"{words_of(case.due_on)}, so it is late. We are sorry for that too. You can complain, to "
            "us and to the regulator: our first letter says how."
        )
    return (
        f"{told}\n\nThe time for our answer counts as if we had not asked: we will answer you by "
        f"{words_of(case.due_on)}."
    )


@transaction.atomic
def received(
    case: Case,
    *,
    what: str,
    on: datetime.date,
    by: str,
    now: datetime.datetime,
    how: Collection[str] = (),
    text: str = "",
) -> Case:
    """What was asked for came on a day: the clock goes on, and by that day.

    Refused for a day to come, for one before it was asked for, and when it was not. With proof of
    identity the requester counts as identified (`how`: what was checked), and the documents go 30
    days later.
    """
    case = steps.lock(case, steps.ANSWERS[what])
    waiting = steps.awaited(case.events.all())
    if what not in waiting:
        if case.events.filter(kind=steps.ANSWERS[what]).exists():
            raise AlreadyDone(
                f"{upper(steps.CALLED[what])} is recorded as received already. Nothing was changed."
            )
        raise Refused(
            f"We never asked for {steps.CALLED[what]}, so it cannot move the clock. Write a note "
            "instead."
        )
    if on > timezone.localdate(now):
        raise Refused("It cannot have come on a day that has not come yet.")
    if on < waiting[what]:
        raise Refused(
            f"We asked for it on {words_of(waiting[what])}: it cannot have come before that."
        )
    _came(case, what, waiting, on=on, how=how, text=text, by=by, now=now)
    return case


def _came(
    case: Case,
    what: str,
    waiting: dict[str, datetime.date],
    *,
    on: datetime.date,
    how: Collection[str],
    text: str,
    by: str,
    now: datetime.datetime,
) -> None:
    del waiting[what]
    case.status = CaseStatus.WAITING if waiting else CaseStatus.OPEN
    case.save(update_fields=["status"])
    event = steps.ANSWERS[what]
    steps.record(case, event, by=by, now=now, on=on, text=text)
    if what == "identity":
        _identified(case, how, by=by, now=now)
    letters.hand_over(case)
    clock.apply(case, by=by, now=now, on=on, why=event.value)


@transaction.atomic
def identify(case: Case, *, how: Collection[str], by: str, now: datetime.datetime) -> Case:
    """It is clear that the requester is who they say; where proof of identity was awaited, it came
    today.

    `how`: codes of `identity.CHECKS`. AlreadyDone when it is clear already.
    """
    case = steps.lock(case, EventKind.IDENTIFIED)
    if case.identified_at:
        raise AlreadyDone(
            f"It is clear already who asks: {steps.name_of(case.identified_by)} recorded it on "
            f"{words_of(timezone.localdate(case.identified_at), False)}."
        )
    waiting = steps.awaited(case.events.all())
    if "identity" in waiting:
        _came(
            case, "identity", waiting, on=timezone.localdate(now), how=how, text="", by=by, now=now
        )
    else:
        _identified(case, how, by=by, now=now)
    return case


def _identified(case: Case, how: Collection[str], *, by: str, now: datetime.datetime) -> None:
    if not how or not set(how) <= CHECKS.keys():
        raise Refused("Tick what was checked.")
    steps.identity_checked(case, now=now)
    if not case.identified_at:
        case.identified_at, case.identified_by = now, by
        case.save(update_fields=["identified_at", "identified_by"])
        steps.record(
            case,
            EventKind.IDENTIFIED,
            by=by,
            now=now,
            codes={"checks": [code for code in CHECKS if code in how]},
        )
        letters.hand_over(case)
        outcomes.at_once(case, by=by, now=now)


@transaction.atomic
def negotiations_ended(case: Case, *, on: datetime.date, by: str, now: datetime.datetime) -> Case:
    """The credit negotiations ended on a day (Consumer Credit Act 1974 section 157(2)): a later
    entry corrects an earlier."""
    case = steps.lock(case, EventKind.NEGOTIATIONS_ENDED)
    if on > timezone.localdate(now):
        raise Refused("They cannot have ended on a day that has not come yet.")
    last = case.events.filter(kind=EventKind.NEGOTIATIONS_ENDED).order_by("-pk").first()
    if last and last.on == on:
        raise AlreadyDone("That day is recorded already. Nothing was changed.")
    steps.record(case, EventKind.NEGOTIATIONS_ENDED, by=by, now=now, on=on)
    clock.apply(case, by=by, now=now, on=on, why=EventKind.NEGOTIATIONS_ENDED.value)
    return case


@transaction.atomic
def remind(case: Case, *, by: str, now: datetime.datetime) -> Case:
    """Remind the person of what we asked for, once for each asking; it gives them a fortnight.

    AlreadyDone when they were reminded of it; Refused when nothing is awaited.
    """
    case = steps.locked(case)
    waiting = steps.awaited(case.events.all()) if case.is_open else {}
    if not waiting:
        raise Refused("We are waiting for nothing from this person.")
    if reminded_on(case, since=max(waiting.values())):
        raise AlreadyDone("They were reminded already. Nothing was sent.")
    steps.record(
        case, EventKind.REMINDED, by=by, now=now, codes={"who": "customer", "of": sorted(waiting)}
    )
    letters.send(
        case,
        letter=Letter.REMINDER,
        by=by,
        now=now,
        context={
            "waiting_for": " and ".join(steps.CALLED[what] for what in waiting),
            "answer_by": timezone.localdate(now) + REPLY_WITHIN,
        },
    )
    return case


def reminded_on(case: Case, *, since: datetime.date) -> datetime.date | None:
    """The day on which the person was last reminded of what we asked for since a day."""
    rows = case.events.filter(
        kind=EventKind.REMINDED, codes__who="customer", on__gte=since
    ).order_by("-pk")
    return rows.values_list("on", flat=True).first()
