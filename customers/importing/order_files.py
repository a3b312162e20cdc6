"""orders: what was bought, with or without its lines."""

import datetime
from collections.abc import Callable, Sequence
from functools import lru_cache

from django.conf import settings

from customers import normalise
from customers.financial_year import year_end
from customers.importing import encode, values
from customers.importing.formats import Child, Column, FileKind, Row, RowRefused, RunningMerge
from customers.models import Order, OrderLine
from privacy import seal

LINE = ("product_code", "description", "quantity", "unit_price", "safety_critical", "supplied_on")


def check(row: Row, today: datetime.date) -> None:
    """A line has its number, product, quantity and price; nothing is delivered before it is
    ordered."""
    if row["delivered_on"] and row["delivered_on"] < row["placed_on"]:
        raise RowRefused("delivered_on: before the order was placed")
    if row["product_code"]:
        for name in ("line_number", "quantity", "unit_price"):
            if row[name] is None:
                raise RowRefused(f"{name} is missing: an order line needs it")
        if row["supplied_on"] and row["supplied_on"] < row["placed_on"]:
            raise RowRefused("supplied_on: before the order was placed")
    elif row["line_number"] is not None or any(row[name] is not None for name in LINE):
        raise RowRefused("product_code is missing: an order line needs it")


def stage() -> Callable[[Row], Sequence[str]]:
    """Encode one row: the order's columns, and those of the line if it carries one (number 0:
    none)."""
    plain, text, digest = encode.plain, encode.text, seal.hasher("source")
    ends = settings.FINANCIAL_YEAR_END
    no_line = ("0", digest("").hex, *(encode.NULL,) * len(LINE))

    @lru_cache(maxsize=1 << 14)
    def financial_year_end(day: datetime.date) -> str:
        return str(year_end(day, ends))

    def staged(row: Row) -> Sequence[str]:
        placed_on, line = row["placed_on"], no_line
        if row["product_code"]:
            supplied_on = row["supplied_on"] or row["delivered_on"] or placed_on
            said = [str(row[name]) for name in LINE]
            line = (
                str(row["line_number"]),
                digest("\x1f".join(said)).hex,
                text(row["product_code"]),
                text(row["description"] or ""),
                str(row["quantity"]),
                str(row["unit_price"]),
                "t" if row["safety_critical"] else "f",
                str(supplied_on),
            )
        return (
            text(row["order_number"]),
            row["customer_number"],
            str(placed_on),
            financial_year_end(placed_on),
            str(row["total"]),
            plain(row["delivered_on"]),
            *line,
        )

    return staged


def create_customers(merge: RunningMerge) -> None:
    """Where the preset says so, add a customer for each number that is not on record: a number and
    a first order."""
    if merge.layout.create_customers:
        merge.cursor.execute("""
            DROP TABLE IF EXISTS pg_temp.import_customers;
            CREATE TEMPORARY TABLE import_customers (id uuid) ON COMMIT DROP;
            WITH created AS (
                INSERT INTO customers_customer (id, customer_number, relationship_began_on, created_at)
                SELECT gen_random_uuid(), s.customer_number, min(s.placed_on), now() FROM import_rows s
                WHERE NOT EXISTS (SELECT FROM customers_customer c WHERE c.customer_number = s.customer_number)
                GROUP BY s.customer_number RETURNING id
            ) INSERT INTO import_customers SELECT id FROM created
        """)


def remove_customers_without_orders(merge: RunningMerge) -> None:
    """Leave no customer behind who was created for orders that did not go in."""
    if merge.layout.create_customers:
        merge.cursor.execute("""
            DELETE FROM customers_customer c USING import_customers n
            WHERE c.id = n.id AND NOT EXISTS (SELECT FROM customers_order o WHERE o.customer_id = c.id)
        """)


def merge_lines(merge: RunningMerge) -> None:
    """Add and update order lines. Lines that the file does not name stay as they are."""
    names = ", ".join(LINE)
    merge.cursor.execute(f"""
        WITH merged AS (
            INSERT INTO customers_orderline AS l (order_id, line_number, {names})
            SELECT o.id, s.line_number, {", ".join(f"s.{name}" for name in LINE)}
            FROM import_rows s JOIN customers_order o ON o.number = s.order_number
            WHERE s.line_number > 0 AND NOT EXISTS (
                SELECT FROM customers_orderline l WHERE l.order_id = o.id AND l.line_number = s.line_number
                AND ROW({", ".join(f"l.{name}" for name in LINE)})
                    IS NOT DISTINCT FROM ROW({", ".join(f"s.{name}" for name in LINE)}))
            ON CONFLICT (order_id, line_number) DO UPDATE
            SET {", ".join(f"{name} = excluded.{name}" for name in LINE)}
            RETURNING l.id, l.order_id, l.xmax = 0 AS added
        )
        INSERT INTO import_children SELECT id, order_id, added FROM merged
    """)


ORDERS = FileKind(
    name="orders",
    model=Order,
    columns=(
        Column("order_number", values.identifier(32), required=True),
        Column("customer_number", normalise.customer_number, required=True),
        Column("placed_on", values.date, required=True, past=True),
        Column("total", values.amount, required=True),
        Column("delivered_on", values.date, past=True),
        Column("line_number", values.counting),
        Column("product_code", values.text(40)),
        Column("description", values.text(200)),
        Column("quantity", values.integer),
        Column("unit_price", values.amount),
        Column("safety_critical", values.yes_or_no),
        Column("supplied_on", values.date, past=True),
    ),
    staged={
        "order_number": "text",
        "customer_number": "text",
        "placed_on": "date",
        "financial_year_end": "date",
        "total": "numeric(12, 2)",
        "delivered_on": "date",
        "line_number": "integer",
        "line_digest": "uuid",
        "product_code": "text",
        "description": "text",
        "quantity": "integer",
        "unit_price": "numeric(12, 2)",
        "safety_critical": "boolean",
        "supplied_on": "date",
    },
    stage=stage,
    values={
        "number": "s.order_number",
        "customer_id": "c.id",
        "placed_on": "s.placed_on",
        "financial_year_end": "s.financial_year_end",
        "total": "s.total",
        "delivered_on": "s.delivered_on",
    },
    key=("number",),
    file_key=("order_number", "line_number"),
    record_key=("order_number",),
    row_digest="line_digest",
    undigested=frozenset(("line_number", *LINE)),
    check=check,
    child=Child(
        OrderLine,
        "order_id",
        "order lines",
        own_line="s.order_number = p.number AND s.line_number = t.line_number",
    ),
    before=create_customers,
    after=merge_lines,
    tidy=remove_customers_without_orders,
)
