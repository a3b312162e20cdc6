"""contact_notes."""

import datetime
from collections.abc import Callable, Sequence

from customers import normalise
from customers.importing import encode, values
from customers.importing.formats import Column, FileKind, Row, RowRefused
from customers.models import ContactNote


def check_note(row: Row, today: datetime.date) -> None:
    """A matter closes after it was noted."""
    if (
        row["thread_closed_on"]
        and row["thread_closed_on"] < row["at"].astimezone(values.LONDON).date()
    ):
        raise RowRefused("thread_closed_on: before the contact")


def stage_note() -> Callable[[Row], Sequence[str]]:
    """Seal the text."""
    text = encode.sealed(ContactNote, "text")

    def staged(row: Row) -> Sequence[str]:
        return (
            encode.text(row["reference"]),
            row["customer_number"],
            row["kind"],
            row["at"].isoformat(),
            text(row["text"]),
            encode.text(row["taken_by"] or "shop"),
            encode.plain(row["thread_closed_on"]),
        )

    return staged


CONTACT_NOTES = FileKind(
    name="contact_notes",
    model=ContactNote,
    columns=(
        Column("reference", values.identifier(40), required=True),
        Column("customer_number", normalise.customer_number, required=True),
        Column("kind", values.choice(dict(ContactNote.Kind.choices)), required=True),
        Column("at", values.moment, required=True, past=True),
        Column("text", values.long_text, required=True),
        Column("taken_by", values.identifier(80)),
        Column("thread_closed_on", values.date, past=True),
    ),
    staged={
        "reference": "text",
        "customer_number": "text",
        "kind": "text",
        "at": "timestamptz",
        "text": "bytea",
        "taken_by": "text",
        "thread_closed_on": "date",
    },
    stage=stage_note,
    values={
        "reference": "s.reference",
        "customer_id": "c.id",
        "kind": "s.kind",
        "at": "s.at",
        "text": "s.text",
        "taken_by": "s.taken_by",
        "thread_closed_on": "s.thread_closed_on",
    },
    key=("reference",),
    file_key=("reference",),
    check=check_note,
    multiline=True,
)
