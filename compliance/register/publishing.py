"""Publishing the notice: what the register says today, frozen for good."""

import datetime

from django.db import connection, transaction
from django.utils import timezone

from audit import events
from audit.actions import Refused
from compliance.register import blocks, checks, notice
from compliance.register.blocks import Content
from compliance.register.models import NoticeVersion


class NoticeRefusedError(Refused):
    """The notice was not published; the message says why, in words for the person who asked."""


class NothingChangedError(NoticeRefusedError):
    """The register says what the published notice says."""


def latest() -> NoticeVersion | None:
    """The version that the public sees."""
    return NoticeVersion.objects.first()


SUMMARY_LENGTH = NoticeVersion._meta.get_field("summary").max_length or 0


def publish(*, summary: str, by: str, now: datetime.datetime) -> NoticeVersion:
    """Freeze the notice as the register has it now; return the new version.

    NoticeRefusedError while the register has a fault (a recipient abroad without a safeguard, say),
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
