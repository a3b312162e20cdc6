"""Reading the texts of a copy, leaving out what must not be in it, and the second person's
check."""

import datetime
from collections.abc import Iterable

from django.db import transaction

from audit import events as audit
from audit.actions import AlreadyDone, Refused
from compliance.access import redaction_marks
from compliance.access.actions import steps
from compliance.access.decisions import Decisions, digest, leaves_a_gap, readers, unread
from compliance.access.models import Pack, Reading, Redaction
from compliance.access.reasons import OmissionReason
from compliance.access.records import Passage, tables, unreviewed
from compliance.access.redaction_marks import Mark
from customers.models import Customer
from jobs.enqueue import enqueue

State = Pack.State


@transaction.atomic
def begin(customer: Customer, *, reference: str, by: str, now: datetime.datetime) -> Pack:
    """Begin the copy that answers a request, or return the one that is under way.

    What was decided for an earlier copy of the request still counts for every text that has not
    changed. A copy of somebody else's data under this reference (the request was matched wrongly)
    is withdrawn.
    """
    Customer.objects.select_for_update(of=("self",)).get(
        pk=customer.pk
    )  # two at once are one after the other
    live = (
        Pack.objects.standing().select_for_update(of=("self",)).filter(reference=reference).first()
    )
    if live is not None and live.customer_id == customer.pk:
        return live
    if live is not None:
        steps.withdraw(live, why="The request is somebody else’s.", by=by, now=now)
    number = Pack.objects.filter(reference=reference).count() + 1
    pack = Pack.objects.create(
        customer=customer, reference=reference, number=number, begun_at=now, begun_by=by
    )
    audit.pack_step(by=by, subject=customer.pk, pack=pack.pk, step="begun")
    return pack


@transaction.atomic
def review(
    pack: Pack,
    passage: Passage,
    *,
    marks: Iterable[Mark] = (),
    whole: str = "",
    by: str,
    now: datetime.datetime,
) -> Reading:
    """Note that a text was read, what of it is left out, and (`whole`, a reason) that the record is
    held back as a whole.

    A record that was held back before and is not any more is shown again.
    """
    pack = steps.lock(pack, State.IN_REVIEW)
    found = redaction_marks.tidy(redaction_marks.plain(passage.text), marks)
    whole = whole or leaves_a_gap(passage.label, passage.field, passage.text, found)
    reading = Reading.objects.create(
        pack=pack,
        label=passage.label,
        row=passage.pk,
        field=passage.field,
        digest=digest(passage.text),
        at=now,
        by=by,
    )
    Redaction.objects.bulk_create(
        Redaction(reading=reading, start=mark.start, end=mark.end, reason=mark.reason)
        for mark in found
    )
    _whole(pack, passage.label, passage.pk, whole, by=by, now=now)
    audit.pack_step(
        by=by, subject=pack.customer_id, pack=pack.pk, step="text_read", reading=reading.pk
    )
    return reading


@transaction.atomic
def review_plain(
    pack: Pack, passages: Iterable[Passage], *, by: str, now: datetime.datetime
) -> int:
    """Note that texts were read and nothing of them is left out; how many. Those that were read
    already are passed over."""
    pack = steps.lock(pack, State.IN_REVIEW)
    made = Decisions(pack)
    fresh = [one for one in passages if not made.is_read(one)]
    Reading.objects.bulk_create(
        Reading(
            pack=pack,
            label=one.label,
            row=one.pk,
            field=one.field,
            digest=digest(one.text),
            at=now,
            by=by,
        )
        for one in fresh
    )
    if fresh:
        audit.pack_step(
            by=by, subject=pack.customer_id, pack=pack.pk, step="texts_read", texts=len(fresh)
        )
    return len(fresh)


@transaction.atomic
def hold_back(
    pack: Pack, *, label: str, row: str, reason: str, by: str, now: datetime.datetime
) -> None:
    """Leave a whole record out of a copy for a reason, or (without one) put it back. Refused when
    it is none of theirs."""
    pack = steps.lock(pack, State.IN_REVIEW)
    table = next((one for one in tables(pack.customer) if one.label == label), None)
    if table is None or not any(one.pk == row for one in unreviewed(table, pack.customer)):
        raise Refused("That record is not there any more. Look at the list again.")
    if not _whole(pack, label, row, reason, by=by, now=now):
        raise AlreadyDone("That is so already. Nothing was changed.")
    audit.pack_step(by=by, subject=pack.customer_id, pack=pack.pk, step="record_decided")


def _whole(
    pack: Pack, label: str, row: str, reason: str, *, by: str, now: datetime.datetime
) -> bool:
    """Decide about a whole record; False when that is what was decided before."""
    if reason and reason not in OmissionReason.values:
        raise Refused("Choose a reason that the law knows.")
    before = Decisions(pack).about(label, row)
    if (before.reason if before else "") == reason:
        return False
    Reading.objects.create(pack=pack, label=label, row=row, reason=reason, at=now, by=by)
    return True


@transaction.atomic
def finish_review(pack: Pack, *, by: str, now: datetime.datetime) -> Pack:
    """Hand a copy to the second person. Refused while a text is not read."""
    pack = steps.lock(pack, State.IN_REVIEW, done=[State.READ, State.CHECKED, State.BUILT])
    left = sum(1 for _ in unread(pack))
    if left:
        raise Refused(
            "One text is not read yet. Read it first."
            if left == 1
            else f"{left:,} texts are not read yet. Read them first."
        )
    pack.state, pack.read_at, pack.read_by = State.READ, now, by
    pack.save(update_fields=["state", "read_at", "read_by"])
    audit.pack_step(by=by, subject=pack.customer_id, pack=pack.pk, step="read")
    return pack


def why_not_check(pack: Pack, *, by: str) -> str:
    """Why this member of staff cannot be the second person; empty when they can."""
    if by == pack.read_by or by in readers(pack):
        return "You read texts of this copy yourself. A colleague has to check it."
    return ""


@transaction.atomic
def check(pack: Pack, *, by: str, now: datetime.datetime) -> Pack:
    """The second person agrees with everything that is left out, and with everything that is not;
    the copy is built.

    Refused for whoever read a text of it. The database refuses the same.
    """
    pack = steps.lock(pack, State.READ, done=[State.CHECKED, State.BUILT])
    if reason := why_not_check(pack, by=by):
        raise Refused(reason)
    pack.state, pack.checked_at, pack.checked_by = State.CHECKED, now, by
    pack.save(update_fields=["state", "checked_at", "checked_by"])
    audit.pack_step(by=by, subject=pack.customer_id, pack=pack.pk, step="checked")
    enqueue("compliance.access.tasks.build_pack", pack_id=pack.pk)
    return pack


@transaction.atomic
def send_back(pack: Pack, *, word: str, by: str, now: datetime.datetime) -> Pack:
    """Give a copy back to whoever reads it, with a word on what is to be changed. The reader may
    take it back so too."""
    pack = steps.lock(pack, State.READ, done=[State.IN_REVIEW])
    pack.word = steps.need(word, "Write what is to be changed.")
    pack.returned_at, pack.returned_by = now, by
    steps.back_to_reading(pack)
    audit.pack_step(by=by, subject=pack.customer_id, pack=pack.pk, step="sent_back")
    return pack
