"""contact_notes and prize_entries."""

import datetime
from collections.abc import Callable, Sequence

from customers import normalise
from customers.importing import encode, values
from customers.importing.formats import CUSTOMER, Column, Kind, Refusal, Refused, Row
from customers.importing.merge import Merge
from customers.models import ContactNote, PrizeEntry

ADDRESS_LINES = ("address_1", "address_2", "address_3", "address_4")


def check_note(row: Row, today: datetime.date) -> None:
    """A matter closes after it was noted."""
    if row["thread_closed_on"] and row["thread_closed_on"] < row["at"].astimezone(values.LONDON).date():
        raise Refused("thread_closed_on: before the contact")


def stage_note() -> Callable[[Row], Sequence[str]]:
    """Seal the text."""
    text = encode.sealed(ContactNote, "text")

    def staged(row: Row) -> Sequence[str]:
        return (encode.text(row["reference"]), row["customer_number"], row["kind"], row["at"].isoformat(),
                text(row["text"]), encode.text(row["taken_by"] or "shop"), encode.plain(row["thread_closed_on"]))

    return staged


CONTACT_NOTES = Kind(
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
    staged={"reference": "text", "customer_number": "text", "kind": "text", "at": "timestamptz", "text": "bytea",
            "taken_by": "text", "thread_closed_on": "date"},
    stage=stage_note,
    values={"reference": "s.reference", "customer_id": "c.id", "kind": "s.kind", "at": "s.at", "text": "s.text",
            "taken_by": "s.taken_by", "thread_closed_on": "s.thread_closed_on"},
    key=("reference",),
    file_key=("reference",),
    check=check_note,
    multiline=True,
)


def check_entry(row: Row, today: datetime.date) -> None:
    """A draw opens before it closes, and an entry comes before its prize."""
    if row["draw_opens_on"] and row["draw_closes_on"] and row["draw_closes_on"] < row["draw_opens_on"]:
        raise Refused("draw_closes_on: before the draw opens")
    if row["awarded_on"] and row["awarded_on"] < row["entered_on"]:
        raise Refused("awarded_on: before the entry")


def stage_entry() -> Callable[[Row], Sequence[str]]:
    """Seal and hash one entry."""
    name, address, email = (encode.sealed(PrizeEntry, field) for field in ("name", "address", "email"))
    number, by_email, plain = encode.sealed(PrizeEntry, "customer_number"), encode.hashed("contact_point"), encode.plain

    def staged(row: Row) -> Sequence[str]:
        lines = [row[line] for line in ADDRESS_LINES if row[line]]
        return (row["draw"], encode.text(row["draw_name"]), plain(row["draw_opens_on"]), plain(row["draw_closes_on"]),
                plain(row["customer_number"]), number(row["customer_number"]), name(row["name"]),
                address("\n".join((*lines, normalise.pretty_postcode(row["postcode"])))),
                email(row["email"]), by_email(f"email:{values.email_key(row['email'])}"),
                str(row["entered_on"]), plain(row["awarded_on"]))

    return staged


def create_draws(merge: Merge) -> None:
    """Add each draw that is not on record, from the first line that says its name and both dates."""
    merge.cursor.execute("""
        DROP TABLE IF EXISTS pg_temp.import_draws;
        CREATE TEMPORARY TABLE import_draws (id bigint) ON COMMIT DROP;
        WITH created AS (
            INSERT INTO customers_prizedraw (code, name, opens_on, closes_on)
            SELECT DISTINCT ON (s.draw) s.draw, s.draw_name, s.draw_opens_on, s.draw_closes_on FROM import_rows s
            WHERE s.draw_name IS NOT NULL AND s.draw_opens_on IS NOT NULL AND s.draw_closes_on IS NOT NULL
            AND NOT EXISTS (SELECT FROM customers_prizedraw d WHERE d.code = s.draw)
            ORDER BY s.draw, s.line RETURNING id
        ) INSERT INTO import_draws SELECT id FROM created
    """)


def remove_draws_without_entries(merge: Merge) -> None:
    """Leave no draw behind that was created for entries that did not go in."""
    merge.cursor.execute("""
        DELETE FROM customers_prizedraw d USING import_draws n
        WHERE d.id = n.id AND NOT EXISTS (SELECT FROM customers_prizeentry e WHERE e.draw_id = d.id)
    """)


PRIZE_ENTRIES = Kind(
    name="prize_entries",
    model=PrizeEntry,
    columns=(
        Column("draw", values.slug(40), required=True),
        Column("draw_name", values.text(120)),
        Column("draw_opens_on", values.date),
        Column("draw_closes_on", values.date),
        Column("customer_number", normalise.customer_number),
        Column("name", values.text(200), required=True),
        Column("address_1", values.text(200), required=True),
        *(Column(name, values.text(200)) for name in ADDRESS_LINES[1:]),
        Column("postcode", normalise.postcode, required=True),
        Column("email", values.email, required=True),
        Column("entered_on", values.date, required=True, past=True),
        Column("awarded_on", values.date, past=True),
    ),
    staged={"draw": "text", "draw_name": "text", "draw_opens_on": "date", "draw_closes_on": "date",
            "customer_number": "text", "sealed_number": "bytea", "name": "bytea", "address": "bytea", "email": "bytea",
            "email_lookup": "uuid", "entered_on": "date", "awarded_on": "date"},
    stage=stage_entry,
    values={"draw_id": "d.id", "email_lookup": "s.email_lookup", "customer_id": "c.id",
            "customer_number": "s.sealed_number", "name": "s.name", "address": "s.address", "email": "s.email",
            "entered_on": "s.entered_on", "awarded_on": "s.awarded_on"},
    key=("draw_id", "email_lookup"),
    file_key=("draw", "email_lookup"),
    joins=f"{CUSTOMER} LEFT JOIN customers_prizedraw d ON d.code = s.draw",
    refusals=(
        Refusal("d.id IS NULL", "draw: not on record, and the line does not say its name and dates"),
        Refusal("s.draw_name <> d.name OR s.draw_opens_on <> d.opens_on OR s.draw_closes_on <> d.closes_on",
                "draw: its name or dates are not those on record"),
    ),
    owned=False,
    check=check_entry,
    before=create_draws,
    tidy=remove_draws_without_entries,
)
