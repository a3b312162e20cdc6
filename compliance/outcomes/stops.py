"""Uses that stop for a person for good, because an objection to them was upheld (UK GDPR Article
21(1)).

The stop is a row that the gate of the register reads: whatever asks there obeys it at once. Where
another system of ours does the work, it is told, and until it has confirmed nobody says that the
use stopped there.
"""

import datetime
import uuid
from collections.abc import Collection, Iterator
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from audit import events as audit
from audit.actions import AlreadyDone
from audit.evidence import Evidence
from compliance.cases.actions import steps
from compliance.cases.lines import Line
from compliance.cases.models import Case, ProcessingStop
from compliance.disclosures import instructions
from compliance.disclosures.models import Instruction, purposes_in_words
from compliance.outcomes.base import token_of
from compliance.register import gate
from compliance.register.models import Purpose, Recipient

What = Instruction.What


def _people(purpose: str) -> QuerySet[Any, Any]:
    return ProcessingStop.objects.filter(purpose=purpose).values(
        person=F("customer"), since=F("began_at"), until=F("ended_on")
    )


STOP = gate.Stop(
    "stopped",
    "They objected to this use, and their objection was upheld.",
    "UK GDPR Article 21(1)",
    _people,
)


def workers(purposes: Collection[str], *, on: datetime.date) -> dict[str, dict[str, str]]:
    """The other systems of ours that do the work of each purpose on a day: names by codes. One
    query."""
    found: dict[str, dict[str, str]] = {purpose: {} for purpose in purposes}
    rows = Purpose.objects.in_use().filter(
        Q(recipients__valid_from__isnull=True) | Q(recipients__valid_from__lte=on),
        Q(recipients__valid_to__isnull=True) | Q(recipients__valid_to__gte=on),
        code__in=purposes,
        recipients__kind=Recipient.Kind.OWN_SYSTEM,
    )
    for purpose, code, name in rows.values_list("code", "recipients__code", "recipients__name"):
        found[purpose][code] = name
    return found


def stop(case: Case, purpose: str, *, by: str, now: datetime.datetime) -> ProcessingStop:
    """Stop one use for the customer of a case, and list whom of ours must be told. Safe to
    repeat."""
    row, new = ProcessingStop.objects.get_or_create(
        customer=case.person,
        purpose=purpose,
        ended_on=None,
        defaults={
            "token": token_of(case, f"stop {purpose} {now.isoformat()}"),
            "began_at": now,
            "began_by": by,
        },
    )
    if new:
        audit.processing_stopped(by=by, subject=case.person.pk, stop=row.pk, purpose=purpose)
        instructions.instruct(
            case.person,
            workers([purpose], on=timezone.localdate(now))[purpose],
            What.STOP,
            origin=row.token,
            reference=case.reference,
            about=instructions.find_by(case.person),
            parts=[purpose],
            by=by,
            now=now,
        )
    return row


def told(rows: Collection[ProcessingStop]) -> Iterator[Line]:
    """What a person may read of uses that stopped for them: that it is so where the portal does the
    work, and else how far it is with telling the system that does. Two queries."""
    names = purposes_in_words()
    listed: dict[uuid.UUID, list[Instruction]] = {}
    for one in Instruction.objects.filter(origin__in=[row.token for row in rows]):
        listed.setdefault(one.origin, []).append(one)
    for row in rows:
        proof, others = Evidence.row(row, row.began_at), listed.get(row.token, [])
        name = names(row.purpose)
        if row.ended_on:
            yield Line.proved(name, "You allowed this use again", proof)
            continue
        if not others:
            yield Line.stopped(name, proof, why="You objected to this use, and we agree")
        for one in others:
            yield Line.told(
                f"{name}: {one.recipient_name}, which must stop it",
                one,
                Evidence.row(one, one.asked_at),
                why="You objected to this use, and we agree",
            )


@transaction.atomic
def end(row: ProcessingStop, *, why: str, by: str, now: datetime.datetime) -> ProcessingStop:
    """The person allows a use again, of which `why` is the proof. Refused without it; whoever was
    told to stop is told that the use may go on."""
    row = ProcessingStop.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if row.ended_on:
        raise AlreadyDone("That stop has ended already. Nothing was changed.")
    row.why_ended = steps.need(why, "Write how you know that they allow it again.")
    row.ended_on, row.ended_by = timezone.localdate(now), by
    row.save(update_fields=["ended_on", "ended_by", "why_ended"])
    audit.processing_resumed(by=by, subject=row.customer_id, stop=row.pk, purpose=row.purpose)
    before = Instruction.objects.filter(origin=row.token, what=What.STOP)
    untold = [one.pk for one in before.to_tell()]
    if untold:
        instructions.impossible(untold, why="They allowed the use again first.", by=by, now=now)
    was_told = before.filter(told_on__isnull=False)
    instructions.instruct(
        row.customer,
        dict(was_told.values_list("recipient", "recipient_name")),
        What.RESUME,
        origin=row.token,
        reference=next(iter(before.values_list("reference", flat=True)), ""),
        about=instructions.find_by(row.customer),
        parts=[row.purpose],
        by=by,
        now=now,
    )
    return row
