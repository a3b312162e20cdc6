"""Publishing the notice: what the register says today, frozen for good."""

import datetime

from django.db import connection, transaction
from django.utils import timezone

from audit import events, evidence
from audit.actions import Refused
from compliance.register import blocks, checks, notice
from compliance.register.blocks import Content
from compliance.register.models import NoticeVersion


class NoticeRefusedError(Refused):
    """The notice was not published; the message says why, in words for the person who asked."""


class NothingChangedError(NoticeRefusedError):
    """The register says what the published notice says."""


# what every notice rests on, and what else a sentence may: what is wrong when it does not hold
RESTS_ON = {
    "register.rules_confirmed": "Retention rules wait for the owner’s confirmation, and the purge "
    "leaves their records alone.",
    "retention.purge_runs": "The last retention purge did not end well, or it is too long ago.",
    "retention.nothing_for_ever": "Some records would be kept for ever: nothing starts the clock "
    "of their retention rule, or the purge does not run.",
}
ALWAYS = ("register.rules_confirmed", "retention.purge_runs")


def missing() -> list[str]:
    """What keeps a notice from being published today: in sentences."""
    return [RESTS_ON[name] for name in ALWAYS if evidence.holds(name) is None]


def broken(version: NoticeVersion) -> list[str]:
    """What a published notice rests on and does not hold now: in sentences."""
    return [
        RESTS_ON.get(name, name)
        for name in sorted({*ALWAYS, *version.content.get("rests_on", ())})
        if name in evidence.known() and evidence.holds(name) is None
    ]


def latest() -> NoticeVersion | None:
    """The version that the public sees."""
    return NoticeVersion.objects.first()


SUMMARY_LENGTH = NoticeVersion._meta.get_field("summary").max_length or 0


def publish(*, summary: str, by: str, now: datetime.datetime) -> NoticeVersion:
    """Freeze the notice as the register has it now; return the new version.

    NoticeRefusedError while the register has a fault (a recipient abroad without a safeguard, say),
    while what it rests on does not hold (rules that the owner has not confirmed, no purge lately),
    without a summary, or when nothing has changed. Two at once: the second waits, and then finds
    that nothing has changed.
    """
    if not summary.strip():
        raise NoticeRefusedError(
            "Say in a few words what changed; customers read it in the list of versions."
        )
    if len(summary) > SUMMARY_LENGTH:
        raise NoticeRefusedError(f"Say what changed in at most {SUMMARY_LENGTH} characters.")
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('register.publish'))")
        found = checks.live_register_is_whole(None)
        if found:
            raise NoticeRefusedError(
                "The register is not complete: " + " ".join(fault.msg for fault in found)
            )
        if lacks := missing():
            raise NoticeRefusedError("The notice would promise too much. " + " ".join(lacks))
        content = notice.compose(timezone.localdate(now))
        digest, before = blocks.digest(content), latest()
        if before is not None and before.digest == digest:
            raise NothingChangedError(f"Nothing has changed since version {before.number}.")
        version = NoticeVersion.objects.create(
            number=before.number + 1 if before else 1,
            published_at=now,
            published_by=by,
            summary=summary.strip(),
            content=content,
            digest=digest,
        )
        events.notice_published(by=by, version=version.number, digest=digest)
    return version


def draft(now: datetime.datetime) -> tuple[Content, bool, NoticeVersion | None]:
    """The notice as it would be published now, whether it differs from the published one, and that
    one. Nine queries.
    """
    content, published = notice.compose(timezone.localdate(now)), latest()
    return content, published is None or blocks.digest(content) != published.digest, published
