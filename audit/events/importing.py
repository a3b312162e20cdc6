"""Imports, as the trail tells of them."""

from audit.trail import append


def file_imported(
    *, by: str, kind: str, digest: str, lines: int, added: int, changed: int, rejected: int
) -> None:
    """An import file went in; `digest` is the SHA-256 of its bytes."""
    append(
        "file_imported",
        by=by,
        kind=kind,
        digest=digest,
        lines=lines,
        added=added,
        changed=changed,
        rejected=rejected,
    )


def corrected_fields_held(*, by: str, digest: str, fields: int, confirmed: int) -> None:
    """A file of the shop brought otherwise what was corrected here, or again what was erased: so many
    fields stayed as they were corrected, or lines out, and so many corrections the file brought
    right; `digest` is the file's."""
    append("corrected_fields_held", by=by, digest=digest, fields=fields, confirmed=confirmed)
