"""Packs: copies of everything held, as the trail tells of them."""

import uuid

from audit.trail import append


def pack_step(*, by: str, subject: uuid.UUID, pack: int, step: str, **codes: object) -> None:
    """A step of a copy of somebody's data: begun, read, checked, released, withdrawn. Never what
    was left out, or why."""
    append("pack_step", by=by, subject=subject, pack=pack, step=step, **codes)


def pack_built(
    *, by: str, subject: uuid.UUID, pack: int, records: int, size: int, digest: str
) -> None:
    """The archive of a copy was put together; `size` in bytes, `digest` the SHA-256 of its
    bytes."""
    append(
        "pack_built", by=by, subject=subject, pack=pack, records=records, size=size, digest=digest
    )


def pack_exported(
    *, by: str, subject: uuid.UUID, reference: str, records: int, size: int, digest: str
) -> None:
    """The operator wrote a copy of somebody's data to a file outside the portal, under a reference
    of its own."""
    append(
        "pack_exported",
        by=by,
        subject=subject,
        reference=reference,
        records=records,
        size=size,
        digest=digest,
    )


def pack_fetched(*, by: str, subject: uuid.UUID, pack: int, how: str, times: int) -> None:
    """A copy was fetched by its customer or printed for the post, for the n-th time."""
    append("pack_fetched", by=by, subject=subject, pack=pack, how=how, times=times)
