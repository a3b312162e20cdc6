"""prize_entries."""

import datetime
from collections.abc import Callable, Sequence

from customers import matching, normalise
from customers.draws.draw_actions import with_seed
from customers.draws.models import PrizeDraw, PrizeEntry, entrant_key
from customers.importing import encode, values
from customers.importing.formats import Column, FileKind, Refusal, Row, RowRefused, RunningMerge
from privacy import keys, seal

ADDRESS_LINES = ("address_1", "address_2", "address_3", "address_4")
TWICE = "the same person has another entry in this draw"


def check_entry(row: Row, today: datetime.date) -> None:
    """A draw opens before it closes, and an entry comes before its prize."""
    if (
        row["draw_opens_on"]
        and row["draw_closes_on"]
        and row["draw_closes_on"] < row["draw_opens_on"]
    ):
        raise RowRefused("draw_closes_on: before the draw opens")
    if row["awarded_on"] and row["awarded_on"] < row["entered_on"]:
        raise RowRefused("awarded_on: before the entry")


def stage_entry() -> Callable[[Row], Sequence[str]]:
    """Seal and hash one entry."""
    name, address, email = (
        encode.sealed(PrizeEntry, field) for field in ("name", "address", "email")
    )
    number, by_email, plain = (
        encode.sealed(PrizeEntry, "customer_number"),
        encode.hashed("contact_point"),
        encode.plain,
    )
    by_person, hashers = (
        encode.hashed("prize_entrant"),
        [seal.hasher("surname", key_id) for key_id in keys.ring().ids],
    )

    def staged(row: Row) -> Sequence[str]:
        lines = "\n".join(
            (
                *(row[line] for line in ADDRESS_LINES if row[line]),
                normalise.pretty_postcode(row["postcode"]),
            )
        )
        borne = matching.surnames(row["name"]) if row["customer_number"] else []
        return (
            row["draw"],
            encode.text(row["draw_name"]),
            plain(row["draw_opens_on"]),
            plain(row["draw_closes_on"]),
            plain(row["customer_number"]),
            number(row["customer_number"]),
            encode.NULL,
            "{" + ",".join(digest(surname).hex for digest in hashers for surname in borne) + "}",
            name(row["name"]),
            address(lines),
            email(row["email"]),
            by_email(f"email:{values.email_key(row['email'])}"),
            by_person(entrant_key(row["name"], lines)),
            str(row["entered_on"]),
            plain(row["awarded_on"]),
            plain(row["no_publicity"]),
        )

    return staged


def prepare(merge: RunningMerge) -> None:
    """Add the draws that are not on record, find whose the entries are, and leave each person one
    entry in the file."""
    _create_draws(merge)
    merge.cursor.execute("""
        UPDATE import_rows s SET customer_id = c.id FROM customers_customer c
        WHERE c.customer_number = s.customer_number AND c.surname_lookup = ANY(s.surnames)
    """)
    for same in ("person_lookup", "customer_id"):
        merge.reject(
            f"""
            DELETE FROM import_rows s USING (
                SELECT line, first_value(email_lookup) OVER (PARTITION BY draw, {same} ORDER BY line) AS first
                FROM import_rows WHERE {same} IS NOT NULL) o
            WHERE o.line = s.line AND o.first <> s.email_lookup RETURNING s.line
        """,
            TWICE,
        )


def _create_draws(merge: RunningMerge) -> None:
    """Add each draw that is not on record, from the first line that says its name and both dates;
    each gets its seed."""
    merge.cursor.execute("""
        DROP TABLE IF EXISTS pg_temp.import_draws;
        CREATE TEMPORARY TABLE import_draws (id bigint) ON COMMIT DROP;
        SELECT DISTINCT ON (s.draw) s.draw, s.draw_name, s.draw_opens_on, s.draw_closes_on FROM import_rows s
        WHERE s.draw_name IS NOT NULL AND s.draw_opens_on IS NOT NULL AND s.draw_closes_on IS NOT NULL
        AND NOT EXISTS (SELECT FROM draws_prizedraw d WHERE d.code = s.draw)
        ORDER BY s.draw, s.line
    """)
    created = PrizeDraw.objects.bulk_create(
        with_seed(PrizeDraw(code=code, name=name, opens_on=opens_on, closes_on=closes_on))
        for code, name, opens_on, closes_on in merge.cursor.fetchall()
    )
    merge.cursor.execute(
        "INSERT INTO import_draws SELECT unnest(%s::bigint[])", [[draw.pk for draw in created]]
    )


def remove_draws_without_entries(merge: RunningMerge) -> None:
    """Leave no draw behind that was created for entries that did not go in."""
    merge.cursor.execute("""
        DELETE FROM draws_prizedraw d USING import_draws n
        WHERE d.id = n.id AND NOT EXISTS (SELECT FROM draws_prizeentry e WHERE e.draw_id = d.id)
    """)


PRIZE_ENTRIES = FileKind(
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
        Column("no_publicity", values.yes_or_no),
    ),
    staged={
        "draw": "text",
        "draw_name": "text",
        "draw_opens_on": "date",
        "draw_closes_on": "date",
        "customer_number": "text",
        "sealed_number": "bytea",
        "customer_id": "uuid",
        "surnames": "uuid[]",
        "name": "bytea",
        "address": "bytea",
        "email": "bytea",
        "email_lookup": "uuid",
        "person_lookup": "uuid",
        "entered_on": "date",
        "awarded_on": "date",
        "no_publicity": "boolean",
    },
    stage=stage_entry,
    values={
        "draw_id": "d.id",
        "email_lookup": "s.email_lookup",
        "person_lookup": "s.person_lookup",
        "customer_id": "s.customer_id",
        "customer_number": "s.sealed_number",
        "name": "s.name",
        "address": "s.address",
        "email": "s.email",
        "entered_on": "s.entered_on",
        "awarded_on": "s.awarded_on",
        "no_publicity": "coalesce(s.no_publicity, e.no_publicity, false)",
    },  # a file that does not say leaves it as it is
    key=("draw_id", "email_lookup"),
    file_key=("draw", "email_lookup"),
    joins="LEFT JOIN draws_prizedraw d ON d.code = s.draw "
    "LEFT JOIN draws_prizeentry e ON e.draw_id = d.id AND e.email_lookup = s.email_lookup",
    refusals=(
        Refusal(
            "d.id IS NULL", "draw: not on record, and the line does not say its name and dates"
        ),
        Refusal(
            "s.draw_name <> d.name OR s.draw_opens_on <> d.opens_on OR s.draw_closes_on <> "
            "d.closes_on",
            "draw: its name or dates are not those on record",
        ),
        Refusal(
            "EXISTS (SELECT FROM draws_drawevidence v WHERE v.draw_id = d.id) AND "
            "(e.source_digest = s.digest OR e.source_digest = ANY(s.former)) IS NOT TRUE",
            "draw: it has been made, so its entries stand as they are",
        ),
        Refusal(
            "EXISTS (SELECT FROM draws_prizeentry o WHERE o.draw_id = d.id AND o.email_lookup <> "
            "s.email_lookup "
            "AND (o.person_lookup = s.person_lookup OR o.customer_id = s.customer_id))",
            TWICE,
        ),
        Refusal(
            "s.entered_on NOT BETWEEN d.opens_on AND d.closes_on AND d.published_at IS NOT NULL",
            "entered_on: outside the days of the draw",
        ),
    ),
    owned=False,
    check=check_entry,
    before=prepare,
    tidy=remove_draws_without_entries,
)
