"""The files of a case: the scan of a letter, an authority, proof of identity. Sealed, and told by
their content."""

import datetime

from django.db import transaction
from django.utils import timezone

from audit.actions import AlreadyDone, Refused
from compliance.cases import filetypes
from compliance.cases.actions import steps
from compliance.cases.kinds import EventKind
from compliance.cases.models import Attachment, Case
from privacy.free_text import mask_cards

Purpose = Attachment.Purpose
MOST = 50  # files of one case


@transaction.atomic
def attach(
    case: Case,
    *,
    purpose: Purpose | str,
    name: str,
    content: bytes,
    by: str,
    now: datetime.datetime,
) -> Attachment:
    """Put a file with a case. Refused when it is too large, empty, or neither PDF, JPEG, PNG nor
    plain text, whatever its name says. AlreadyDone when the case has a file of that name and
    content.

    Proof of identity that comes when it is clear who asks, or when the case is closed, was checked
    by whoever adds it: its period begins then.
    """
    case = steps.locked(case)
    if len(content) > filetypes.LARGEST:
        raise Refused(
            f"The file is larger than {filetypes.largest()}. Scan it with a lower resolution, or in parts."
        )
    media = filetypes.media_type(content)
    if not media:
        raise Refused(f"That is no file that we can keep: send {filetypes.one_of_them()}.")
    if media == filetypes.TEXT:
        content = mask_cards(filetypes.as_text(content) or "").encode()
    name, sealed = filetypes.safe_name(name, media), content.decode("latin-1")
    others = list(case.attachments.filter(size=len(content), media_type=media))
    if any(other.name == name and other.content == sealed for other in others):
        raise AlreadyDone("That file is with the case already.")
    if case.attachments.count() >= MOST:
        raise Refused(f"A case holds at most {MOST} files.")
    checked = (
        timezone.localdate(now)
        if purpose == Purpose.IDENTITY and (case.identified_at or not case.is_open)
        else None
    )
    row = Attachment.objects.create(
        case=case,
        purpose=purpose,
        name=name,
        media_type=media,
        size=len(content),
        content=sealed,
        added_at=now,
        added_by=by,
        checked_on=checked,
    )
    steps.record(
        case,
        EventKind.ATTACHED,
        by=by,
        now=now,
        codes={"file": row.pk, "purpose": str(purpose), "media_type": media, "bytes": len(content)},
    )
    return row


def content_of(row: Attachment) -> bytes:
    """The bytes of a file."""
    return str(row.content).encode("latin-1")
