"""customers: who they are and how to reach them."""

import datetime
from collections.abc import Callable, Sequence

from customers import normalise
from customers.importing import encode, held, values
from customers.importing.formats import (
    ABSENT,
    CUSTOMER,
    Child,
    Column,
    FileKind,
    Refusal,
    Row,
    RowRefused,
    RunningMerge,
)
from customers.jurisdictions import Jurisdiction
from customers.models import ContactPoint, Customer

ADDRESS_LINES = ("address_1", "address_2", "address_3", "address_4")

COLUMNS = (
    Column("customer_number", normalise.customer_number, required=True),
    Column("title", values.text(40)),
    Column("given_names", values.text(200)),
    Column("surname", values.text(200)),
    Column("date_of_birth", values.date, past=True),
    Column("email", values.email),
    Column("phone", normalise.phone),
    *(Column(name, values.text(200)) for name in ADDRESS_LINES),
    Column("postcode", normalise.postcode),
    Column("jurisdiction", values.choice(dict(Jurisdiction.choices))),
    Column("relationship_began_on", values.date, past=True),
    Column("relationship_ended_on", values.date, past=True, blank_clears=True),
)


def check(row: Row, today: datetime.date) -> None:
    """An address needs its first line and its postcode; an end comes after a beginning."""
    if row["postcode"] and not row["address_1"]:
        raise RowRefused("address_1 is missing: a postcode needs an address")
    if row["postcode"] and not normalise.fold(row["address_1"]):
        raise RowRefused("address_1 holds no word and no number")
    if not row["postcode"] and any(row[name] for name in ADDRESS_LINES):
        raise RowRefused("postcode is missing: an address needs one")


def stage() -> Callable[[Row], Sequence[str]]:
    """Seal and hash one customer's values."""
    plain = encode.plain
    title, given_names = encode.sealed(Customer, "title"), encode.sealed(Customer, "given_names")
    surname, date_of_birth = (
        encode.sealed(Customer, "surname"),
        encode.sealed(Customer, "date_of_birth"),
    )
    point = encode.sealed(ContactPoint, "value")
    by_surname, by_point, by_postcode = (
        encode.hashed("surname"),
        encode.hashed("contact_point"),
        encode.hashed("postcode"),
    )
    none = (encode.NULL,) * 3

    def staged(row: Row) -> Sequence[str]:
        born, ended = row["date_of_birth"], row["relationship_ended_on"]
        name, email, phone, code = row["surname"], row["email"], row["phone"], row["postcode"]
        address = none
        if code:
            lines = [row[line] for line in ADDRESS_LINES if row[line]]
            whole = "\n".join((*lines, normalise.pretty_postcode(code)))
            address = (
                point(whole),
                by_point(f"address:{normalise.address_key(whole)}"),
                by_postcode(code),
            )
        return (
            row["customer_number"],
            title(row["title"]),
            given_names(row["given_names"]),
            surname(name),
            by_surname(normalise.surname(name) if name else None),
            date_of_birth(born.isoformat() if born else None),
            plain(row["jurisdiction"]),
            plain(row["relationship_began_on"]),
            "f" if ended is ABSENT else "t",
            plain(None if ended is ABSENT else ended),
            point(email),
            by_point(f"email:{values.email_key(email)}" if email else None),
            point(phone),
            by_point(f"phone:{phone}" if phone else None),
            *address,
        )

    return staged


def merge_contact_points(merge: RunningMerge) -> None:
    """Add what the shop says for the first time, and end what it said before.

    Only its own contact points end: what the customer or a member of staff gave stays. A detail
    that the shop repeats while somebody corrected it here is old news, and changes nothing.
    """
    said = """
        SELECT c.id AS customer_id, v.*, t.added FROM import_touched t
        JOIN customers_customer c ON c.id = t.id JOIN import_rows s ON s.customer_number = c.customer_number
        CROSS JOIN LATERAL (VALUES
            ('email', s.email, s.email_lookup, NULL::uuid),
            ('phone', s.phone, s.phone_lookup, NULL),
            ('address', s.address, s.address_lookup, s.postcode_lookup)
        ) AS v (kind, value, lookup, postcode_lookup)
        WHERE v.lookup IS NOT NULL"""
    insert = """
        INSERT INTO customers_contactpoint (customer_id, kind, value, lookup, postcode_lookup, valid_from, source)
        SELECT customer_id, kind, value, lookup, postcode_lookup, %(today)s, 'shop' FROM"""
    note = "INSERT INTO import_children SELECT id, customer_id"
    today = {"today": merge.today}
    merge.cursor.execute(
        f"""
        WITH said AS ({said} AND t.added), merged AS ({insert} said RETURNING id, customer_id)
        {note}, true FROM merged
    """,
        today,
    )
    merge.cursor.execute(
        f"""
        WITH said AS MATERIALIZED ({said} AND NOT t.added),
        news AS MATERIALIZED (
            SELECT n.* FROM said n
            WHERE NOT EXISTS (SELECT FROM customers_contactpoint p WHERE p.customer_id = n.customer_id
                              AND p.kind = n.kind AND p.lookup = n.lookup AND p.valid_to IS NULL)
            AND n.lookup IS DISTINCT FROM (
                SELECT p.lookup FROM customers_contactpoint p
                WHERE p.customer_id = n.customer_id AND p.kind = n.kind AND p.source = 'shop'
                ORDER BY p.valid_from DESC, p.id DESC LIMIT 1)
        ),
        ended AS (
            UPDATE customers_contactpoint p SET valid_to = GREATEST(%(today)s, p.valid_from) FROM news n
            WHERE p.customer_id = n.customer_id AND p.kind = n.kind AND p.source = 'shop' AND p.valid_to IS NULL
            RETURNING p.id, p.customer_id
        ),
        -- An address is found by postcode and first line; its other lines may have been put right.
        mended AS (
            UPDATE customers_contactpoint p SET value = n.value FROM said n
            WHERE p.customer_id = n.customer_id AND p.kind = n.kind AND p.lookup = n.lookup AND p.kind = 'address'
            AND p.source = 'shop' AND p.valid_to IS NULL
        ),
        merged AS ({insert} news RETURNING id, customer_id)
        {note}, added FROM (
            SELECT id, customer_id, true AS added FROM merged UNION ALL SELECT id, customer_id, false FROM ended) AS done
    """,
        today,
    )


CUSTOMERS = FileKind(
    name="customers",
    model=Customer,
    columns=COLUMNS,
    staged={
        "customer_number": "text",
        "title": "bytea",
        "given_names": "bytea",
        "surname": "bytea",
        "surname_lookup": "uuid",
        "date_of_birth": "bytea",
        "jurisdiction": "text",
        "began_on": "date",
        "ended_said": "boolean",
        "ended_on": "date",
        "email": "bytea",
        "email_lookup": "uuid",
        "phone": "bytea",
        "phone_lookup": "uuid",
        "address": "bytea",
        "address_lookup": "uuid",
        "postcode_lookup": "uuid",
    },
    stage=stage,
    joins=CUSTOMER,
    # A blank means "not said": what is on record stays. Only the end of the relationship is taken
    # back by a blank.
    values={
        "id": "gen_random_uuid()",
        "created_at": "now()",
        "customer_number": "s.customer_number",
        "title": "COALESCE(s.title, c.title)",
        "given_names": "COALESCE(s.given_names, c.given_names)",
        "surname": "COALESCE(s.surname, c.surname)",
        "surname_lookup": "CASE WHEN s.surname IS NULL THEN c.surname_lookup ELSE "
        "s.surname_lookup END",
        "date_of_birth": "COALESCE(s.date_of_birth, c.date_of_birth)",
        "jurisdiction": "COALESCE(s.jurisdiction, c.jurisdiction)",
        "relationship_began_on": "COALESCE(s.began_on, c.relationship_began_on)",
        "relationship_ended_on": "CASE WHEN s.ended_said THEN s.ended_on ELSE "
        "c.relationship_ended_on END",
        "ended_as_dormant": "NOT s.ended_said AND COALESCE(c.ended_as_dormant, false)",
    },
    key=("customer_number",),
    file_key=("customer_number",),
    insert_only=("id", "created_at"),
    refusals=(
        Refusal(
            "CASE WHEN s.ended_said THEN s.ended_on ELSE c.relationship_ended_on END"
            " < COALESCE(s.began_on, c.relationship_began_on)",
            "relationship_ended_on: before the relationship began",
        ),
    ),
    owned=False,
    check=check,
    child=Child(ContactPoint, "customer_id", "contact details"),
    before=held.hold,
    after=merge_contact_points,
)
