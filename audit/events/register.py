"""The register and the privacy notice, as the trail tells of them."""

from collections.abc import Mapping, Sequence

from audit.trail import append


def register_loaded(*, by: str, added: Mapping[str, int]) -> None:
    """The shipped register was loaded; `added` counts the rows per table that were missing."""
    append("register_loaded", by=by, added=dict(added))


def register_changed(*, by: str, table: str, row: str, change: str, fields: Sequence[str]) -> None:
    """A register row was added, changed or retired; the register's own history holds before, after
    and why."""
    append("register_changed", by=by, table=table, row=row, change=change, fields=list(fields))


def notice_published(*, by: str, version: int, digest: str) -> None:
    """A version of the privacy notice was frozen and shown to the public."""
    append("notice_published", by=by, version=version, digest=digest)


def stop_list_written(*, by: str, purpose: str, people: int, digest: str) -> None:
    """The list of those whose data may not be used for a purpose went to the system that does the
    work; `digest` is the SHA-256 of the file."""
    append("stop_list_written", by=by, purpose=purpose, people=people, digest=digest)
