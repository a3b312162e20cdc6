"""Acts that take two people: one asks, another approves or refuses, and either ends them.

A room names its acts as it starts (`register`); the desk lists what waits for a second person and
asks again on the day of review. `by` names the actor (`staff:ID`), `now` is an aware moment.
"""

import datetime
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from django.db import models, transaction
from django.utils import timezone

from accounts.models import Approval, ApprovalQuerySet, StaffUser
from audit import events
from audit.actions import AlreadyDone, Refused

Verdict = Approval.Verdict
ASK, DECIDE = "accounts.add_approval", "accounts.change_approval"


@dataclass(frozen=True)
class Act:
    """One kind of act that takes two people. `permission` says who may know of it at all."""

    code: str
    label: str
    says: str  # what comes of approving it
    permission: str
    url: Callable[[Approval], str]  # the page of its subject


_acts: dict[str, Act] = {}


def register(act: Act) -> None:
    """Name an act that takes two people."""
    _acts[act.code] = act


def act_of(approval: Approval) -> Act:
    """What an approval is about."""
    return _acts[approval.what]


def visible(user: StaffUser) -> ApprovalQuerySet:
    """The decisions that a member of staff may know of."""
    known = [act.code for act in _acts.values() if user.has_perm(act.permission)]
    return Approval.objects.filter(what__in=known)


@transaction.atomic
def ask(
    what: str,
    subject: models.Model,
    *,
    reason: str,
    review_on: datetime.date,
    by: str,
    now: datetime.datetime,
    person: uuid.UUID | None = None,
) -> Approval:
    """Ask another colleague to decide on an act. `person` is the customer whom it is about.

    Refused for a day of review that has passed; AlreadyDone while the same is asked already.
    """
    if review_on <= timezone.localdate(now):
        raise Refused("Give a later day, on which somebody looks whether it is still right.")
    label, key = subject._meta.label, str(subject.pk)
    made, new = Approval.objects.get_or_create(
        what=what,
        subject_label=label,
        subject_id=key,
        verdict="",
        ended_at=None,
        defaults={
            "person": person,
            "reason": reason.strip(),
            "review_on": review_on,
            "asked_by": by,
            "asked_at": now,
        },
    )
    if not new:
        raise AlreadyDone("That waits for a second person already. Nothing was changed.")
    events.approval_changed(by=by, subject=person, approval=made.pk, change="asked")
    return made


def approve(approval: Approval, *, by: str, now: datetime.datetime) -> Approval:
    """Agree, as the second person: it is in force from now on, in place of an earlier one."""
    return _decide(approval, Verdict.APPROVED, by=by, now=now)


def refuse(approval: Approval, *, by: str, now: datetime.datetime) -> Approval:
    """Do not agree, as the second person: it is over."""
    return _decide(approval, Verdict.REFUSED, by=by, now=now)


@transaction.atomic
def _decide(
    approval: Approval, verdict: Approval.Verdict, *, by: str, now: datetime.datetime
) -> Approval:
    approval = _locked(approval)
    if approval.verdict == verdict:
        raise AlreadyDone("That was decided already. Nothing was changed.")
    if approval.verdict or approval.ended_at:
        raise Refused("A colleague was quicker: it was decided or taken back already.")
    if approval.asked_by == by:
        raise Refused("You asked for it. Another colleague decides.")
    if verdict == Verdict.APPROVED:
        earlier = Approval.objects.in_force().filter(
            what=approval.what,
            subject_label=approval.subject_label,
            subject_id=approval.subject_id,
        )
        for one in earlier:
            end(one, by=by, now=now)
    else:
        approval.ended_by, approval.ended_at = by, now
    approval.verdict, approval.decided_by, approval.decided_at = verdict, by, now
    approval.save(update_fields=["verdict", "decided_by", "decided_at", "ended_by", "ended_at"])
    events.approval_changed(
        by=by, subject=approval.person, approval=approval.pk, change=verdict.value
    )
    return approval


@transaction.atomic
def end(approval: Approval, *, by: str, now: datetime.datetime) -> Approval:
    """End what is in force, or take back what was asked. One person is enough: what was before it
    holds again."""
    approval = _locked(approval)
    if approval.ended_at:
        raise AlreadyDone("That is over already. Nothing was changed.")
    approval.ended_by, approval.ended_at = by, now
    approval.save(update_fields=["ended_by", "ended_at"])
    events.approval_changed(by=by, subject=approval.person, approval=approval.pk, change="ended")
    return approval


def _locked(approval: Approval) -> Approval:
    return Approval.objects.select_for_update().get(pk=approval.pk)
