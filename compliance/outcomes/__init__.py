"""What each right brings about: erase, restrict, correct, hand over, tell recipients.

`offered` says what can be done in a case now, `carry_out` does it, `done` whether what the kind
promises was done, `letter_context` what a letter says of it line by line, and `at_once` does what
waits for nobody: it is called when a case is opened, when it is matched and when it is clear who
asks, and may be called again. Each right names the module below that holds its effects.
"""

import datetime
import uuid
from typing import Any

from django.db import IntegrityError, OperationalError, transaction

from audit.actions import AlreadyDone, Refused
from compliance.cases import lines
from compliance.cases.actions import steps
from compliance.cases.kinds import EventKind, Requester
from compliance.cases.lines import Line
from compliance.cases.models import Case, Outcome
from compliance.cases.right import AtOnce, Right, RightError
from compliance.cases.rights import RIGHTS, part, right_of
from compliance.outcomes import agencies, marketing, recipients, restriction
from compliance.outcomes.base import Effect, Extent, Given, Offer, as_json, token_of

__all__ = [
    "EFFECTS",
    "Effect",
    "Extent",
    "Offer",
    "at_once",
    "carry_out",
    "done",
    "extent",
    "letter_context",
    "offered",
    "told_of",
]


def _effects_of(right: Right) -> tuple[Effect, ...]:
    says = f"what “{right.label}” brings about: EFFECTS = (...), see compliance/outcomes/base.py"
    effects: tuple[Effect, ...] = part(__name__, right.outcome, "EFFECTS", says)
    for effect in effects:
        if effect.code not in right.carried_out:
            raise RightError(
                f"“{right.label}” has no words for its effect {effect.code}. Write them under "
                "carried_out in its file in compliance/cases/rights."
            )
    return effects


OF_KIND = {right.code: _effects_of(right) for right in RIGHTS}
EFFECTS = {effect.code: effect for effects in OF_KIND.values() for effect in effects}
MEANWHILE = "Something changed meanwhile, so nothing was done. Look at the case again."
DEADLOCK = "40P01"  # PostgreSQL gave up one of two transactions that waited for each other


def offered(case: Case) -> list[Offer]:
    """What can be carried out in a case of this kind, in its order, each with the reason why it
    cannot be done yet."""
    done_already = set(Outcome.objects.filter(case=case).values_list("effect", flat=True))
    return [
        Offer(
            effect,
            case,
            effect.why_not(case, carried_out=effect.code in done_already),
            effect.code in done_already and effect.stands(case),
        )
        for effect in OF_KIND[case.kind]
        if effect.fits(case)
    ]


def carry_out(
    case: Case,
    effect: str,
    given: Given,
    *,
    by: str,
    now: datetime.datetime,
    token: uuid.UUID | None = None,
) -> Outcome:
    """Carry an effect out: one transaction with its event and its audit entry.

    `given` are the clean values of its form; `token` (or `given["token"]`) names the form: the same
    again is AlreadyDone. Refused, with nothing changed, when it cannot be done in this case now.
    """
    known = EFFECTS[effect]
    token = token or given.get("token") or uuid.uuid4()
    try:
        return _carried_out(case, known, {**given, "token": token}, token, by=by, now=now)
    except (
        IntegrityError
    ):  # found at the commit: a row was hung on one that went, or the same form came twice at once
        raise Refused(MEANWHILE) from None
    except OperationalError as fault:
        if getattr(fault.__cause__, "pgcode", "") != DEADLOCK:
            raise
        raise Refused(MEANWHILE) from None


def _carried_out(
    case: Case, known: Effect, given: Given, token: uuid.UUID, *, by: str, now: datetime.datetime
) -> Outcome:
    with transaction.atomic():
        known.lock(case)
        case = steps.locked(case)
        if Outcome.objects.filter(token=token).exists():
            raise AlreadyDone("That is done already. Nothing was changed.")
        if known not in OF_KIND[case.kind]:
            raise Refused(f"“{known.label}” does not go with this kind of request.")
        if reason := known.why_not(
            case, carried_out=case.outcomes.filter(effect=known.code).exists()
        ):
            raise Refused(reason)
        result = known.perform(case, given, by=by, now=now)
        outcome = Outcome.objects.create(
            case=case,
            effect=known.code,
            token=token,
            at=now,
            by=by,
            codes=result.codes,
            lines=lines.as_json(result.lines),
            record=as_json(result.record),
        )
        if result.after is not None:
            result.after(outcome)
        steps.record(
            case, EventKind.EFFECT, by=by, now=now, codes={"effect": known.code, **result.codes}
        )
        if known.concerns_others:
            _note_on_others(case, known, by=by, now=now)
    return outcome


def _note_on_others(case: Case, known: Effect, *, by: str, now: datetime.datetime) -> None:
    """Write what was carried out into the timelines of the person's other open requests, so that
    whoever answers them knows of it. The effect has locked them."""
    for other in Case.objects.open().filter(customer=case.customer).exclude(pk=case.pk):
        codes = {"effect": known.code, "elsewhere": case.reference}
        steps.record(other, EventKind.NOTED, by=by, now=now, codes=codes)


def done(case: Case) -> bool:
    """Whether what this kind of request promises was carried out. A complaint promises that its
    findings are noted."""
    counting = [
        effect.code for effect in OF_KIND[case.kind] if effect.counts and effect.stands(case)
    ]
    return Outcome.objects.filter(case=case, effect__in=counting).exists()


def extent(case: Case) -> Extent | None:
    """How much of what was asked for was carried out, where the effects themselves can tell."""
    found = (effect.extent(case) for effect in OF_KIND[case.kind])
    return next((one for one in found if one is not None), None)


def letter_context(case: Case) -> dict[str, Any]:
    """What a letter says of what was carried out: `lines` and `recipients` (see `letters.facts`);
    empty for nothing."""
    outcomes = list(Outcome.objects.filter(case=case).select_related("case"))
    told = [line for outcome in _standing(case, outcomes) for line in told_of(outcome)]
    searched = next(
        (found for outcome in reversed(outcomes) if (found := outcome.reasons.get("searched"))), ""
    )
    recipients_told = recipients.told(case)
    return {
        **({"nothing": True} if outcomes and not any(map(_gives, outcomes)) else {}),
        **({"lines": told} if told else {}),
        **({"recipients": recipients_told} if recipients_told else {}),
        **({"searched": searched} if searched else {}),
        **agencies.told(case),
    }


def told_of(outcome: Outcome) -> list[Line]:
    """What the person is told of one outcome now."""
    effect = EFFECTS.get(outcome.effect)
    return effect.tells(outcome) if effect else outcome.told


def _gives(outcome: Outcome) -> bool:
    effect = EFFECTS.get(outcome.effect)
    return effect is not None and effect.counts and effect.gives(outcome)


def _standing(case: Case, outcomes: list[Outcome]) -> list[Outcome]:
    """The outcomes that still hold: of what can end only the last, and nothing once it has
    ended."""
    ending = {code: effect for code, effect in EFFECTS.items() if effect.may_end}
    last = {outcome.effect: outcome.pk for outcome in outcomes}
    return [
        outcome
        for outcome in outcomes
        if (effect := ending.get(outcome.effect)) is None
        or (outcome.pk == last[outcome.effect] and effect.stands(case))
    ]


def at_once(case: Case, *, by: str, now: datetime.datetime) -> None:
    """Do what the law wants at once, for whoever is known so far: stop marketing, or restrict. Safe
    to repeat.

    Call it in the transaction that opens a case, matches it, or makes it clear who asks. A request
    for somebody else restricts nothing before it is clear that they may ask.
    """
    if not case.is_open:
        return
    effect = right_of(case.kind).at_once
    if effect == AtOnce.STOP_MARKETING:
        if marketing.stop_for(case, by=by, now=now):
            _by_itself(case, marketing.STOP, by=by, now=now)
    elif effect == AtOnce.RESTRICT and (case.requester == Requester.CUSTOMER or case.identified_at):
        restriction.begin(case, by=by, now=now)


def _by_itself(case: Case, effect: str, *, by: str, now: datetime.datetime) -> None:
    """Record, once, what took effect without anybody's pressing a button."""
    outcome, new = Outcome.objects.get_or_create(
        token=token_of(case, effect),
        defaults={
            "case": case,
            "effect": effect,
            "at": now,
            "by": by,
            "lines": lines.as_json(marketing.told(case)),
            "codes": {"channels": marketing.channels(case), "senders": marketing.senders(case)},
        },
    )
    if new:
        steps.record(
            case, EventKind.EFFECT, by=by, now=now, codes={"effect": effect, **outcome.codes}
        )
