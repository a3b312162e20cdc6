"""disclosures as an import file: searches, reports, filings and feeds, and what was passed to
carriers, collectors, insurers, authorities and others."""

import datetime
from collections.abc import Callable, Sequence

from compliance.disclosures import against
from compliance.disclosures.models import FITS, Disclosure
from customers import normalise
from customers.importing import encode, values
from customers.importing.formats import (
    CUSTOMER,
    UNKNOWN_CUSTOMER,
    Column,
    FileKind,
    Refusal,
    Row,
    RowRefused,
)

# The recipient as the register named it on the day of the disclosure.
NAMED = """(SELECT r.name FROM register_recipient r WHERE r.code = s.recipient
    AND (r.valid_from IS NULL OR r.valid_from <= s.occurred_on) AND (r.valid_to IS NULL OR r.valid_to >= s.occurred_on)
    ORDER BY r.valid_from DESC NULLS LAST LIMIT 1)"""


# The sorts of recipient that each kind fits, as rows of SQL.
FITTING = ", ".join(
    f"('{kind.value}', '{sort.value}')" for kind, sorts in FITS.items() for sort in sorts
)
UNFIT = f"""EXISTS (SELECT FROM register_recipient r WHERE r.code = s.recipient)
    AND NOT EXISTS (SELECT FROM register_recipient r JOIN (VALUES {FITTING}) AS fits (kind, sort)
        ON fits.sort = r.kind WHERE r.code = s.recipient AND fits.kind = s.kind)"""  # noqa: S608  our own codes alone


def check(row: Row, today: datetime.date) -> None:
    """A report names its account, and a search comes before the end of the negotiations it was made
    for."""
    if row["kind"] == Disclosure.Kind.REPORT and row["credit_account"] is None:
        raise RowRefused("credit_account is missing: an account report names its account")
    if row["negotiations_ended_on"] and row["negotiations_ended_on"] < row["occurred_on"]:
        raise RowRefused("negotiations_ended_on: before the search")


def stage() -> Callable[[Row], Sequence[str]]:
    """Encode one disclosure."""
    plain, text = encode.plain, encode.text

    def staged(row: Row) -> Sequence[str]:
        return (
            text(row["reference"]),
            row["customer_number"],
            row["kind"],
            str(row["occurred_on"]),
            row["recipient"],
            text(row["recipient_name"]),
            row["purpose"],
            text(row["application"] or ""),
            plain(row["negotiations_ended_on"]),
            text(row["credit_account"]),
            text(row["detail"] or ""),
        )

    return staged


DISCLOSURES = FileKind(
    name="disclosures",
    model=Disclosure,
    columns=(
        Column("reference", values.identifier(64), required=True),
        Column("customer_number", normalise.customer_number, required=True),
        Column("kind", values.choice(dict(Disclosure.Kind.choices)), required=True),
        Column("occurred_on", values.date, required=True, past=True),
        Column("recipient", values.slug(40), required=True),
        Column("recipient_name", values.text(120)),
        Column("purpose", values.slug(40), required=True),
        Column("application", values.identifier(40)),
        Column("negotiations_ended_on", values.date),
        Column("credit_account", values.identifier(32)),
        Column("detail", values.text(120)),
    ),
    staged={
        "reference": "text",
        "customer_number": "text",
        "kind": "text",
        "occurred_on": "date",
        "recipient": "text",
        "recipient_name": "text",
        "purpose": "text",
        "application": "text",
        "negotiations_ended_on": "date",
        "credit_account": "text",
        "detail": "text",
    },
    stage=stage,
    values={
        "reference": "s.reference",
        "customer_id": "c.id",
        "kind": "s.kind",
        "occurred_on": "s.occurred_on",
        "recipient": "s.recipient",
        "recipient_name": f"COALESCE(s.recipient_name, {NAMED})",
        "purpose": "s.purpose",
        "application": "s.application",
        "negotiations_ended_on": "s.negotiations_ended_on",
        "credit_account_id": "a.id",
        "detail": "s.detail",
    },
    key=("reference",),
    file_key=("reference",),
    joins=f"{CUSTOMER} LEFT JOIN customers_creditaccount a ON a.account_number = s.credit_account",
    refusals=(
        UNKNOWN_CUSTOMER,
        Refusal(
            "s.credit_account IS NOT NULL AND a.customer_id IS DISTINCT FROM c.id",
            "credit_account: not on record for this customer",
        ),
        Refusal(
            f"s.recipient_name IS NULL AND {NAMED} IS NULL",
            "recipient: the register names none with this code on that day, and the line gives "
            "no name",
        ),
        Refusal(UNFIT, "recipient: the register says that it is of another kind"),
    ),
    check=check,
    after=against.mark_imported,
)
