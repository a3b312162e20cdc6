"""Restricting the use of somebody's data (UK GDPR Article 18), and ending it after a warning.

On a match marketing and the purge stop at once. Sharing with agencies stops when it is clear who
asks, or when a member of staff confirms it, for it is not undone by itself. What was shared before
is told to its recipients (Article 19).
"""

import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from audit import events as audit
from audit.actions import AlreadyDone, Refused
from audit.evidence import Evidence
from compliance import letters
from compliance.cases.actions import steps
from compliance.cases.kinds import CaseKind, CaseStatus, EventKind
from compliance.cases.lines import Line
from compliance.cases.models import Case, Letter, Outcome, Restriction
from compliance.deadlines.wording import words_of
from compliance.disclosures.models import Disclosure, Instruction
from compliance.outcomes import recipients
from compliance.outcomes.base import Effect, EffectResult, Given
from compliance.register import gate
from compliance.retention import holds
from compliance.retention.models import LegalHold
from customers import erasure_lock

REVIEW_AFTER = datetime.timedelta(
    days=30
)  # when the desk asks whether the purge must still be kept away
NOTICE = datetime.timedelta(days=5)  # from the warning to the end: a letter has come by then
A_DAY = datetime.timedelta(days=1)
GROUND = {CaseKind.OBJECTION: Restriction.Ground.OBJECTION}
# The ground, as the person reads it.
WHY = {
    Restriction.Ground.ACCURACY: "You say that it is not accurate, and we check it (UK GDPR "
    "Article 18(1)(a))",
    Restriction.Ground.UNLAWFUL: "We should not be using it, and you do not want it erased (UK "
    "GDPR Article 18(1)(b))",
    Restriction.Ground.CLAIM: "You need it for a legal claim (UK GDPR Article 18(1)(c))",
    Restriction.Ground.OBJECTION: "You objected to a use, and we weigh your reasons (UK GDPR "
    "Article 18(1)(d))",
}


MARKETING = ("marketing", "partner-marketing", "tailoring")  # for now


def _stops(purpose: str) -> QuerySet[Any, Any]:
    rows = Restriction.objects.exclude(mistaken=True)
    if purpose not in MARKETING:
        rows = rows.filter(sharing_stopped_at__isnull=False)
    return rows.values(person=F("customer"), since=F("began_at"), until=F("lifted_on"))


STOP = gate.Stop(
    "restricted",
    "The use of this person's data is restricted.",
    "UK GDPR Article 18(2)",
    _stops,
)


def stranded(rows: QuerySet[Restriction]) -> QuerySet[Restriction]:
    """Those whose request ended without leading to one: it was refused, taken back, merged, or
    nobody answered."""
    return rows.filter(
        case__status__in=[
            CaseStatus.REFUSED,
            CaseStatus.WITHDRAWN,
            CaseStatus.LAPSED,
            CaseStatus.MERGED,
        ]
    )


def broken(rows: QuerySet[Restriction]) -> QuerySet[Restriction]:
    """Those of whose people something was passed on after sharing stopped. A filing against fraud
    is another matter: the law lets it be made for the rights of others (Article 18(2))."""
    shared = Disclosure.objects.filter(
        customer=OuterRef("customer"), occurred_on__gt=OuterRef("sharing_stopped_at__date")
    )
    return rows.filter(Exists(shared.exclude(kind=Disclosure.Kind.FILING)))


def begin(case: Case, *, by: str, now: datetime.datetime, ground: str = "") -> Restriction | None:
    """Stop marketing and the purge for the customer of a case; None while nobody is matched. Safe
    to repeat.

    Where the case was matched to somebody else before, that person's restriction ends: it was never
    theirs. When it is clear who asks, sharing stops too.
    """
    if case.customer is None or case.customer.erased_at:
        return None
    for wrong in Restriction.objects.in_force().filter(case=case).exclude(customer=case.customer):
        _end(wrong, by=by, now=now, reason="The case is somebody else’s.", mistaken=True)
    found = Restriction.objects.in_force().filter(case=case).first()
    if found is None:
        customer, hold = case.customer, _hold(case, by=by, now=now)
        found = Restriction.objects.create(
            customer=customer,
            case=case,
            began_at=now,
            began_by=by,
            hold=hold,
            ground=ground or GROUND.get(case.kind, Restriction.Ground.ASKED),
        )
        audit.restriction_began(
            by=by, subject=customer.pk, restriction=found.pk, case=case.pk, ground=found.ground
        )
    if case.identified_at and found.sharing_stopped_at is None:
        _stop_sharing(found, by=by, now=now)
    return found


def _hold(case: Case, *, by: str, now: datetime.datetime) -> LegalHold:
    assert case.customer is not None  # noqa: S101 the caller has asked
    return holds.place(
        case.customer,
        kind=LegalHold.Kind.REQUEST,
        reason=f"Restriction of use: case {case.reference}",
        by=by,
        now=now,
        review_on=timezone.localdate(now) + REVIEW_AFTER,
    )


def _stop_sharing(restriction: Restriction, *, by: str, now: datetime.datetime) -> None:
    restriction.sharing_stopped_at, restriction.sharing_stopped_by = now, by
    restriction.save(update_fields=["sharing_stopped_at", "sharing_stopped_by"])
    audit.restriction_changed(
        by=by, subject=restriction.customer_id, restriction=restriction.pk, change="sharing_stopped"
    )


class Restrict(Effect):
    """Confirm a restriction: its ground, that nothing goes to the agencies any more, and who must
    be told."""

    code = "restrict"
    label = "Confirm the restriction"
    says = (
        "Marketing and the purge stand still already. This says on which ground, "
        "stops what goes to the agencies, and lists who must be told."
    )
    again = False

    def lock(self, case: Case) -> None:
        erasure_lock.exclusive()

    def perform(self, case: Case, given: Given, *, by: str, now: datetime.datetime) -> EffectResult:
        ground = str(given["ground"])
        found = begin(case, by=by, now=now, ground=ground)
        if found is None:
            raise Refused("Nobody is matched yet.")
        if found.ground != ground:
            found.ground = ground
            found.save(update_fields=["ground"])
            audit.restriction_changed(
                by=by, subject=found.customer_id, restriction=found.pk, change="ground"
            )
        if found.sharing_stopped_at is None:
            _stop_sharing(found, by=by, now=now)

        begun, held = Evidence.row(found, found.began_at), Evidence.row(found.hold, found.began_at)

        def tell(outcome: Outcome) -> None:
            recipients.to_tell(case, outcome, Instruction.What.RESTRICT)

        return EffectResult(
            after=tell,
            codes={"ground": ground},
            lines=[
                Line.proved("Why", WHY[Restriction.Ground(ground)], begun),
                Line.stopped(
                    "Marketing", begun, why="Nothing is sent to you for as long as it lasts"
                ),
                Line.restricted(
                    "Your records", held, why="They are not erased for as long as it lasts"
                ),
                Line.stopped("Reports to agencies", begun),
            ],
        )


@transaction.atomic
def stop_sharing(restriction: Restriction, *, by: str, now: datetime.datetime) -> Restriction:
    """A member of staff confirms that nothing goes to the agencies any more, before it is proved
    who asks."""
    restriction = _locked(restriction)
    if restriction.sharing_stopped_at:
        raise AlreadyDone("That is confirmed already. Nothing was changed.")
    _stop_sharing(restriction, by=by, now=now)
    return restriction


@transaction.atomic
def hold_again(restriction: Restriction, *, by: str, now: datetime.datetime) -> Restriction:
    """Place the hold of a restriction anew that somebody released: while it is in force nothing may
    be erased."""
    erasure_lock.exclusive()
    restriction = _locked(restriction)
    if restriction.hold.released_on is None:
        raise AlreadyDone("Its hold is in place. Nothing was changed.")
    case = restriction.case
    case.customer = restriction.customer
    restriction.hold = _hold(case, by=by, now=now)
    restriction.save(update_fields=["hold"])
    return restriction


@transaction.atomic
def warn(
    restriction: Restriction, *, text: str, by: str, now: datetime.datetime, write: bool = True
) -> Restriction:
    """Tell the person that the restriction will be lifted, and when (Article 18(3)).

    Without `write` they were told in our answer already: refused when none was written.
    """
    restriction = _locked(restriction)
    if restriction.warned_on:
        raise AlreadyDone(
            f"They were told on {words_of(restriction.warned_on, False)}. Nothing was changed."
        )
    today = timezone.localdate(now)
    if write:
        ends = words_of(today + NOTICE + A_DAY, False)
        said = steps.need(text, "Write why it is lifted: the person must know before it ends.")
        letters.send(
            restriction.case,
            letter=Letter.MESSAGE,
            by=by,
            now=now,
            context={
                "text": (
                    "The use of your data has been restricted since "
                    f"{words_of(timezone.localdate(restriction.began_at), False)}. "
                    f"We will lift this restriction, not before {ends}.\n\n{said}"
                )
            },
        )
    elif not restriction.case.messages.filter(
        letter__in=[Letter.REFUSAL, Letter.PARTLY, Letter.COMPLETION]
    ).exists():
        raise Refused("No answer was written in this case yet, so it cannot have told them.")
    restriction.warned_on, restriction.warned_by = today, by
    restriction.save(update_fields=["warned_on", "warned_by"])
    audit.restriction_changed(
        by=by, subject=restriction.customer_id, restriction=restriction.pk, change="warned"
    )
    return restriction


@transaction.atomic
def lift(restriction: Restriction, *, reason: str, by: str, now: datetime.datetime) -> Restriction:
    """End a restriction. Refused until the person was warned and has had the time to answer; the
    recipients are told."""
    restriction = _locked(restriction)
    if restriction.warned_on is None:
        raise Refused(
            "Tell the person first that it will be lifted: the law asks for that (UK GDPR "
            "Article 18(3))."
        )
    first = restriction.warned_on + NOTICE + A_DAY
    if timezone.localdate(now) < first:
        raise Refused(
            f"They were told on {words_of(restriction.warned_on, False)}. It can be lifted from "
            f"{words_of(first, False)} on, so that they can still answer."
        )
    _end(restriction, by=by, now=now, reason=steps.need(reason, "Write why it is lifted."))
    recipients.take_back(restriction, by=by, now=now)
    return restriction


def _locked(restriction: Restriction) -> Restriction:
    """The restriction as it stands now, its row locked; AlreadyDone when it has ended."""
    fresh = (
        Restriction.objects.select_for_update(of=("self",))
        .select_related("case", "customer", "hold")
        .get(pk=restriction.pk)
    )
    if fresh.lifted_on:
        raise AlreadyDone(
            f"It was lifted on {words_of(fresh.lifted_on, False)}. Nothing was changed."
        )
    return fresh


def _end(
    restriction: Restriction,
    *,
    by: str,
    now: datetime.datetime,
    reason: str,
    mistaken: bool = False,
) -> None:
    restriction.lifted_on, restriction.lifted_by = timezone.localdate(now), by
    restriction.reason, restriction.mistaken = reason, mistaken
    restriction.save(update_fields=["lifted_on", "lifted_by", "reason", "mistaken"])
    if restriction.hold.released_on is None:
        holds.release(restriction.hold, by=by, now=now)
    steps.record(
        restriction.case,
        EventKind.EFFECT,
        by=by,
        now=now,
        codes={"effect": "lift", "mistaken": mistaken},
    )
    audit.restriction_changed(
        by=by, subject=restriction.customer_id, restriction=restriction.pk, change="lifted"
    )


EFFECTS: tuple[Effect, ...] = (Restrict(),)
