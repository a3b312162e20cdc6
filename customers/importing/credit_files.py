"""credit_accounts, payment_cards, financial_links and fraud_markers."""

import datetime
from collections.abc import Callable, Sequence

from customers import marker_states, normalise
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
from customers.models import CreditAccount, FinancialLink, FraudMarker, PaymentCard

CARD_YEARS = 25  # no card is issued for longer


def check_account(row: Row, today: datetime.date) -> None:
    """An account has ended or is open, and each date follows the one before."""
    status = row["status"] or CreditAccount.Status.OPEN
    if (status == CreditAccount.Status.OPEN) != (row["ended_on"] is None):
        raise RowRefused("ended_on: an open account has none, every other needs one")
    if row["ended_on"] and row["ended_on"] < row["opened_on"]:
        raise RowRefused("ended_on: before the account was opened")
    if row["default_resolved_on"] and not row["defaulted_on"]:
        raise RowRefused("defaulted_on is missing: a default was resolved")
    if row["default_resolved_on"] and row["default_resolved_on"] < row["defaulted_on"]:
        raise RowRefused("default_resolved_on: before the default")


def stage_account() -> Callable[[Row], Sequence[str]]:
    """Encode one credit account."""
    plain, text = encode.plain, encode.text

    def staged(row: Row) -> Sequence[str]:
        return (
            text(row["account_number"]),
            row["customer_number"],
            str(row["opened_on"]),
            str(row["credit_limit"]),
            str(row["balance"]),
            row["status"] or "open",
            plain(row["ended_on"]),
            plain(row["defaulted_on"]),
            plain(row["default_resolved_on"]),
            plain(row["judgment_on"]),
        )

    return staged


CREDIT_ACCOUNTS = FileKind(
    name="credit_accounts",
    model=CreditAccount,
    columns=(
        Column("account_number", values.identifier(32), required=True),
        Column("customer_number", normalise.customer_number, required=True),
        Column("opened_on", values.date, required=True, past=True),
        Column("credit_limit", values.amount, required=True),
        Column("balance", values.amount, required=True),
        Column("status", values.choice(dict(CreditAccount.Status.choices))),
        Column("ended_on", values.date, past=True),
        Column("defaulted_on", values.date, past=True),
        Column("default_resolved_on", values.date, past=True),
        Column("judgment_on", values.date, past=True),
    ),
    staged={
        "account_number": "text",
        "customer_number": "text",
        "opened_on": "date",
        "credit_limit": "numeric(12, 2)",
        "balance": "numeric(12, 2)",
        "status": "text",
        "ended_on": "date",
        "defaulted_on": "date",
        "default_resolved_on": "date",
        "judgment_on": "date",
    },
    stage=stage_account,
    values={
        "account_number": "s.account_number",
        "customer_id": "c.id",
        "opened_on": "s.opened_on",
        "credit_limit": "s.credit_limit",
        "balance": "s.balance",
        "status": "s.status",
        "ended_on": "s.ended_on",
        "defaulted_on": "s.defaulted_on",
        "default_resolved_on": "s.default_resolved_on",
        "judgment_on": "s.judgment_on",
    },
    key=("account_number",),
    file_key=("account_number",),
    check=check_account,
)


def check_card(row: Row, today: datetime.date) -> None:
    """The last four digits are known, and agree where they are given twice."""
    if row["card_number"] is None and row["last_four"] is None:
        raise RowRefused("last_four is missing")
    if (
        None not in (row["card_number"], row["last_four"])
        and row["card_number"] != row["last_four"]
    ):
        raise RowRefused("last_four: not the end of card_number")
    if row["expires_on"].year > today.year + CARD_YEARS:
        raise RowRefused("expires_on: too far in the future")
    row["last_four"], row["card_number"] = (
        row["last_four"] or row["card_number"],
        None,
    )  # either way the same row


def issue_number(text: str) -> str:
    """One or two digits."""
    if len(text) > 2 or not (text.isascii() and text.isdigit()):
        raise ValueError("not one or two digits")
    return text


def stage_card() -> Callable[[Row], Sequence[str]]:
    """Seal one card's token; the number itself is gone since it was parsed."""
    token, by_token, plain = (
        encode.sealed(PaymentCard, "token"),
        encode.hashed("card_token"),
        encode.plain,
    )

    def staged(row: Row) -> Sequence[str]:
        return (
            row["customer_number"],
            token(row["token"]),
            by_token(row["token"]),
            row["last_four"],
            str(row["expires_on"]),
            row["issue_number"] or "",
            plain(row["last_used_on"]),
        )

    return staged


PAYMENT_CARDS = FileKind(
    name="payment_cards",
    model=PaymentCard,
    columns=(
        Column("customer_number", normalise.customer_number, required=True),
        Column("token", values.token, required=True),
        Column("last_four", values.last_four),
        Column("card_number", values.last_four),
        Column("expires_on", values.expiry, required=True),
        Column("issue_number", issue_number),
        Column("last_used_on", values.date, past=True),
    ),
    staged={
        "customer_number": "text",
        "token": "bytea",
        "token_lookup": "uuid",
        "last_four": "text",
        "expires_on": "date",
        "issue_number": "text",
        "last_used_on": "date",
    },
    stage=stage_card,
    values={
        "customer_id": "c.id",
        "token": "s.token",
        "token_lookup": "s.token_lookup",
        "last_four": "s.last_four",
        "expires_on": "s.expires_on",
        "issue_number": "s.issue_number",
        "last_used_on": "s.last_used_on",
    },
    key=("customer_id", "token_lookup"),
    file_key=("customer_number", "token_lookup"),
    check=check_card,
    one_of=("last_four", "card_number"),
    holds_cards=True,
)


def check_link(row: Row, today: datetime.date) -> None:
    """The other person has a name, and the link begins before it ends."""
    if not normalise.fold(row["linked_person"]):
        raise RowRefused("linked_person: holds no letter")
    if row["disassociated_on"] and row["disassociated_on"] < row["linked_on"]:
        raise RowRefused("disassociated_on: before the link began")


def stage_link() -> Callable[[Row], Sequence[str]]:
    """Seal and hash the other person's name."""
    person, by_person = (
        encode.sealed(FinancialLink, "linked_person"),
        encode.hashed("linked_person"),
    )

    def staged(row: Row) -> Sequence[str]:
        name = row["linked_person"]
        return (
            row["customer_number"],
            row["kind"],
            person(name),
            by_person(normalise.fold(name)),
            str(row["linked_on"]),
            encode.plain(row["disassociated_on"]),
        )

    return staged


FINANCIAL_LINKS = FileKind(
    name="financial_links",
    model=FinancialLink,
    columns=(
        Column("customer_number", normalise.customer_number, required=True),
        Column("kind", values.choice(dict(FinancialLink.Kind.choices)), required=True),
        Column("linked_person", values.text(200), required=True),
        Column("linked_on", values.date, required=True, past=True),
        Column("disassociated_on", values.date, past=True),
    ),
    staged={
        "customer_number": "text",
        "kind": "text",
        "linked_person": "bytea",
        "linked_person_lookup": "uuid",
        "linked_on": "date",
        "disassociated_on": "date",
    },
    stage=stage_link,
    values={
        "customer_id": "c.id",
        "kind": "s.kind",
        "linked_person": "s.linked_person",
        "linked_person_lookup": "s.linked_person_lookup",
        "linked_on": "s.linked_on",
        "disassociated_on": "s.disassociated_on",
    },
    key=("customer_id", "kind", "linked_person_lookup"),
    file_key=("customer_number", "kind", "linked_person_lookup"),
    check=check_link,
)


def check_marker(row: Row, today: datetime.date) -> None:
    """An investigation opens before it closes."""
    if row["closed_on"] and row["closed_on"] < row["opened_on"]:
        raise RowRefused("closed_on: before the investigation opened")
    if row["status"] == FraudMarker.Status.CLEARED and row["closed_on"] is None:
        raise RowRefused("closed_on is missing: the investigation is over")


def stage_marker() -> Callable[[Row], Sequence[str]]:
    """Seal the details."""
    details, plain = encode.sealed(FraudMarker, "details"), encode.plain

    def staged(row: Row) -> Sequence[str]:
        return (
            encode.text(row["reference"]),
            row["customer_number"],
            row["status"],
            details(row["details"]),
            str(row["opened_on"]),
            plain(row["closed_on"]),
            plain(row["filed_on"]),
        )

    return staged


FRAUD_MARKERS = FileKind(
    name="fraud_markers",
    model=FraudMarker,
    columns=(
        Column("reference", values.identifier(40), required=True),
        Column("customer_number", normalise.customer_number, required=True),
        Column("status", values.choice(dict(FraudMarker.Status.choices)), required=True),
        Column("details", values.text(4_000)),
        Column("opened_on", values.date, required=True, past=True),
        Column("closed_on", values.date, past=True),
        Column("filed_on", values.date, past=True),
    ),
    staged={
        "reference": "text",
        "customer_number": "text",
        "status": "text",
        "details": "bytea",
        "opened_on": "date",
        "closed_on": "date",
        "filed_on": "date",
    },
    stage=stage_marker,
    values={
        "reference": "s.reference",
        "customer_id": "c.id",
        "status": "s.status",
        "details": "s.details",
        "opened_on": "s.opened_on",
        "closed_on": "s.closed_on",
        "filed_on": "s.filed_on",
        "review_on": f"s.opened_on + {marker_states.REVIEW_AFTER.days}",
    },
    key=("reference",),
    file_key=("reference",),
    insert_only=("review_on",),
    joins=f"{CUSTOMER} LEFT JOIN customers_fraudmarker m ON m.reference = s.reference",
    refusals=(
        UNKNOWN_CUSTOMER,
        Refusal(
            "m.id IS NOT NULL AND m.source_digest IS DISTINCT FROM s.digest "
            f"AND NOT ({marker_states.in_sql('m.status', 's.status')})",
            "status: the marker on record cannot go there; a new suspicion has a new reference",
        ),
    ),
    check=check_marker,
)
