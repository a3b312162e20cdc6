"""Building the archive of a checked copy: in one transaction, by a job, so that a killed worker
leaves nothing half done."""

import datetime

from django.db import OperationalError, transaction

from audit import events as audit
from audit.actions import Refused
from compliance.access import archive
from compliance.access.actions import steps
from compliance.access.actions.reviews import begin
from compliance.access.decisions import Decisions, unread
from compliance.access.models import Pack, PackPart
from compliance.access.parts import Sealing
from compliance.access.records import digests
from jobs.enqueue import enqueue

State = Pack.State
# a build that takes so long has lost its worker
LOST_AFTER = datetime.timedelta(hours=1)
JOB = audit.job("build_pack")


@transaction.atomic
def build(pack: Pack, *, by: str, now: datetime.datetime) -> Pack:
    """Put the archive together and keep it in sealed parts. AlreadyDone when another worker was
    quicker.

    A text that came or changed since the check sends the copy back to be read: nothing leaves that
    nobody has read.
    """
    pack = steps.lock(
        pack, State.CHECKED, done=[State.BUILT, State.RELEASED, State.IN_REVIEW, State.WITHDRAWN]
    )
    PackPart.objects.filter(pack=pack).delete()
    pack.tables = digests(
        pack.customer
    )  # before anything is written, so that what comes meanwhile is told
    if next(unread(pack), None) is not None:
        steps.back_to_reading(pack)
        audit.pack_step(by=by, subject=pack.customer_id, pack=pack.pk, step="unread_again")
        return pack
    with Sealing(pack) as target:
        made = archive.write(
            target, pack.customer, reference=pack.reference, texts=Decisions(pack), now=now
        )
    pack.state, pack.built_at, pack.records, pack.fingerprint = (
        State.BUILT,
        now,
        made.records,
        made.fingerprint,
    )
    pack.size, pack.digest = target.written, target.sha256.hexdigest()
    pack.save()
    audit.pack_built(
        by=by,
        subject=pack.customer_id,
        pack=pack.pk,
        records=pack.records,
        size=pack.size,
        digest=pack.digest,
    )
    return pack


@transaction.atomic
def give_up(pack: Pack, *, by: str, now: datetime.datetime) -> None:
    """Note that a copy could not be built. The list of jobs has the kind and the place of the
    fault."""
    pack = Pack.objects.select_for_update(of=("self",)).get(pk=pack.pk)
    if pack.state == State.CHECKED:
        pack.state = State.FAILED
        pack.save(update_fields=["state"])
        audit.pack_step(by=by, subject=pack.customer_id, pack=pack.pk, step="failed")


@transaction.atomic
def rebuild(pack: Pack, *, by: str, now: datetime.datetime) -> Pack:
    """Build a copy anew that failed, or that is out of date before it was released; the copy that
    is under way then.

    Decisions stay for every text that has not changed. When there is one to read, a new copy takes
    its place.
    """
    pack = steps.lock(pack, State.BUILT, State.FAILED, done=[State.CHECKED])
    if next(unread(pack), None) is not None:
        steps.withdraw(pack, why="Texts came or changed before it was released.", by=by, now=now)
        return begin(pack.customer, reference=pack.reference, by=by, now=now)
    pack.state = State.CHECKED
    pack.save(update_fields=["state"])
    audit.pack_step(by=by, subject=pack.customer_id, pack=pack.pk, step="rebuild")
    enqueue("compliance.access.tasks.build_pack", pack_id=pack.pk)
    return pack


def retry_lost_jobs(*, now: datetime.datetime) -> int:
    """Build the copies whose job was lost a while ago; how many there were. One that cannot be
    built is noted as failed, so that the next ones, and the messages that are sent after this, do
    not wait for it."""
    found = list(
        Pack.objects.filter(state=State.CHECKED, checked_at__lt=now - LOST_AFTER).order_by("pk")
    )
    for pack in found:
        try:
            build(pack, by=JOB, now=now)
        except Refused:
            continue  # built meanwhile, or taken out of the way
        except OperationalError:
            raise
        except Exception:
            give_up(pack, by=JOB, now=now)
    return len(found)
