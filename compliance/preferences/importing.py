"""marketing_choices as an import file: the shop's own records of what people said about marketing.

Objections take effect in the import's own transaction: the contact point named, every one on file,
and the partners to be told. A consent counts with the same evidence as any other, and is kept as a
fact whatever it lacks.
"""

import datetime
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db.models.expressions import RawSQL
from django.utils import timezone

from audit import events
from compliance.disclosures.instructions import MARKETING
from compliance.preferences import contact_digests as contacts
from compliance.preferences import contact_forms, customer_contacts, suppression, wordings
from compliance.preferences.actions import derive_permissions
from compliance.preferences.channels import CHANNELS, channel_of
from compliance.preferences.evidence import as_fact
from compliance.preferences.models import ChoiceEvent
from compliance.preferences.references import reference_of
from compliance.preferences.vocabulary import (
    STOPS,
    THIRD_PARTIES,
    US,
    ChoiceKind,
    ChoiceSource,
    ContactKind,
)
from compliance.register.models import Recipient
from customers import normalise
from customers.importing import encode, formats, values
from customers.importing.formats import CUSTOMER, Column, Refusal, Row, RowRefused, RunningMerge
from customers.models import Customer
from privacy import keys, seal

CUSTOMERS_AT_ONCE = 500
EVENTS_AT_ONCE = 2_000
ADDRESS = "preferences_choiceevent.contact_value"
STOP = "s.kind IN ('objection', 'withdrawal')"
# A marketing partner whom the register names: on the day, for a consent; on any day, for an
# objection.
PARTNER = f"""EXISTS (SELECT FROM register_recipient r WHERE r.code = s.sender AND r.kind = 'marketing_partner'
    AND ({STOP} OR ((s.at AT TIME ZONE 'Europe/London')::date
        BETWEEN COALESCE(r.valid_from, '-infinity') AND COALESCE(r.valid_to, 'infinity'))))"""

NOT_OF_ITS_KIND = {
    ContactKind.EMAIL: "contact: not an email address, as this channel needs",
    ContactKind.PHONE: "contact: not a telephone number, as this channel needs",
    ContactKind.ADDRESS: "contact: not a postal address with its postcode, or (of no customer) "
    "without a surname",
}


def lines_of(text: str) -> str:
    """A postal address in one field, “14 Mill Lane, Bradford, BD1 1AA”, as lines."""
    return "\n".join(part.strip() for part in text.split(",") if part.strip())


def kind_of(channel: str, contact: str) -> str:
    """Which kind of contact detail stands in the column `contact`."""
    uses = CHANNELS[channel].uses
    if ContactKind.PHONE in uses and "@" not in contact:
        return ContactKind.PHONE
    return uses[0]


def check(row: Row, today: datetime.date) -> None:
    """Who said it can be told, the contact detail suits the channel, and a consent is to
    somebody."""
    stop = row["kind"] in STOPS
    if not row["customer_number"] and not (stop and row["contact"]):
        raise RowRefused(
            "customer_number is missing: only an objection with its contact detail goes without"
        )
    if row["sender"] == THIRD_PARTIES and row["kind"] in (
        ChoiceKind.CONSENT,
        ChoiceKind.SOFT_OPT_IN,
    ):
        raise RowRefused("sender: a consent names each organisation, never third_parties")
    if row["kind"] == ChoiceKind.SOFT_OPT_IN and row["sender"] != US:
        raise RowRefused("sender: a soft opt-in is for us alone")
    if row["kind"] == ChoiceKind.SOFT_OPT_IN and not row["sale"]:
        raise RowRefused("sale is missing: a soft opt-in names its order or negotiation")
    if row["expires_at"] and (row["kind"] != ChoiceKind.CONSENT or row["expires_at"] <= row["at"]):
        raise RowRefused("expires_at: only for a consent, and after it was given")
    if row["contact"]:
        _check_contact(row)


def _check_contact(row: Row) -> None:
    kind = kind_of(row["channel"], row["contact"])
    try:
        if kind == ContactKind.ADDRESS:
            normalise.address_key(lines_of(row["contact"]))
            if not row["customer_number"]:
                contacts.address(row["surname"] or "", lines_of(row["contact"]))
        else:
            contacts.make(kind, row["contact"])
    except ValueError:
        raise RowRefused(NOT_OF_ITS_KIND[ContactKind(kind)]) from None


def stage() -> Callable[[Row], Sequence[str]]:
    """Seal, and work out the digests; those of a customer's postal address wait for the surname."""
    plain, text = encode.plain, encode.text
    value, origin = (
        encode.sealed(ChoiceEvent, "contact_value"),
        encode.sealed(ChoiceEvent, "origin"),
    )
    sale = encode.sealed(ChoiceEvent, "sale")
    act = seal.hasher("choice_act")

    def staged(row: Row) -> Sequence[str]:
        kind, contact, feed, given = "", encode.NULL, encode.NULL, None
        if row["contact"]:
            kind = kind_of(row["channel"], row["contact"])
            given = lines_of(row["contact"]) if kind == ContactKind.ADDRESS else row["contact"]
            if kind != ContactKind.ADDRESS or row["surname"]:
                contact, feed = _digests(contacts.make(kind, given, row["surname"] or ""))
        who = row["customer_number"] or contact
        return (
            plain(row["customer_number"]),
            row["kind"],
            row["channel"],
            row["sender"],
            kind,
            contact,
            value(given),
            feed,
            row["at"].isoformat(),
            row["source"] or ChoiceSource.SHOP,
            text(row["wording"]),
            encode.NULL,
            "t" if row["unticked"] else "f",
            text(row["page"] or ""),
            origin(row["origin"]),
            plain(row["notice_version"]),
            row["expires_at"].isoformat() if row["expires_at"] else encode.NULL,
            sale(row["sale"]),
            reference_of(act(f"{who}\x1f{row['at']}\x1f{row['source']}").int),
        )

    return staged


def _digests(contact: contacts.Contact) -> tuple[str, str]:
    feed = contacts.feed_digest(contact)
    return contacts.digest(contact).hex, encode.NULL if feed is None else f"\\\\x{feed.hex()}"


def prepare(merge: RunningMerge) -> None:
    """What needs more than the row itself: digests of customers' addresses, and the words as they
    are kept."""
    _digest_addresses(merge.cursor)
    _freeze_words(merge.cursor)


def _digest_addresses(cursor: Any) -> None:
    """A postal address counts together with the surname, which for a customer is the one on
    record."""
    cursor.execute(
        f"SELECT s.line, s.contact_value, c.surname FROM import_rows s {CUSTOMER} "
        "WHERE s.contact_kind = 'address' AND s.contact IS NULL AND c.surname IS NOT NULL"
    )
    found = []
    for line, value, surname in cursor.fetchall():
        name = seal.unseal(surname, f"{Customer._meta.db_table}.surname")
        if normalise.surname(name):
            made = contacts.address(name, seal.unseal(value, ADDRESS))
            found.append((line, contacts.digest(made), contacts.feed_digest(made)))
    if found:
        columns = list(map(list, zip(*found, strict=True)))
        cursor.execute(
            "UPDATE import_rows s SET contact = f.contact, feed = f.feed FROM unnest(%s::int[], "
            "%s::uuid[], "
            "%s::bytea[]) AS f (line, contact, feed) WHERE s.line = f.line",
            columns,
        )


def _freeze_words(cursor: Any) -> None:
    """Keep each text once. It names a partner only when the partner's name stands in it: a category
    is not enough."""
    cursor.execute(
        "SELECT s.wording, s.sender, s.channel, s.unticked, min(LEAST(s.at, now())) FROM "
        "import_rows s "
        "WHERE s.wording IS NOT NULL GROUP BY 1, 2, 3, 4"
    )
    for text, sender, channel, unticked, at in cursor.fetchall():
        named = [
            name.casefold() in text.casefold()
            for name in Recipient.objects.filter(code=sender).values_list("name", flat=True)
        ] or [sender == US]
        frozen = wordings.freeze(
            "shop",
            text,
            senders=[sender] if any(named) else [],
            channels=[channel],
            unticked=unticked,
            now=at,
        )
        cursor.execute(
            "UPDATE import_rows SET wording_id = %s WHERE wording = %s AND sender = %s AND "
            "channel = %s "
            "AND unticked = %s",
            [frozen.pk, text, sender, channel, unticked],
        )


def take_effect(merge: RunningMerge) -> None:
    """Make the objections that just went in work: contact points, those on file, partners to be
    told."""
    cursor = merge.cursor
    cursor.execute("""
        INSERT INTO preferences_pendingsuppression (customer_id)
        SELECT DISTINCT e.customer_id FROM preferences_choiceevent e JOIN import_touched t ON t.id = e.id
        WHERE e.customer_id IS NOT NULL AND e.kind IN ('objection', 'withdrawal') ORDER BY 1
        RETURNING customer_id, now()
    """)
    suppression.stage(())
    for batch in _batches(cursor.fetchall(), CUSTOMERS_AT_ONCE):
        suppression.stage(customer_contacts.entries_of([key for key, _ in batch], batch[0][1]))
    cursor.execute(
        f"""
        INSERT INTO stops_gathered SELECT s.contact, s.channel, s.sender, s.contact_kind, s.feed, s.source,
            LEAST(s.at, now()), %s, CASE WHEN s.feed IS NULL THEN '' ELSE %s END,
            (%s::jsonb ->> s.contact_kind)::smallint
        FROM import_rows s JOIN preferences_choiceevent e ON e.source_digest = s.digest JOIN import_touched t ON t.id = e.id
        WHERE {STOP} AND s.contact IS NOT NULL
    """,
        [
            contacts.current_key(),
            keys.ring("FEED_KEYS").current,
            json.dumps({kind: contact_forms.current(kind) for kind in ContactKind.values}),
        ],
    )
    suppression.add_staged()
    _tell_partners(cursor)
    _derive_permissions()


def _tell_partners(cursor: Any) -> None:
    """List the partners who have the data of those who objected, each once for an act, and again
    for channels that a later file adds to it (as `partners.note_withdrawal` does)."""
    cursor.execute(
        """
        INSERT INTO disclosures_instruction (id, customer_id, recipient, recipient_name, what, parts,
            origin, reference, confidential, asked_at, asked_by, due_on,
            told_by, file, acknowledged_by, impossible_by, escalated_by)
        SELECT gen_random_uuid(), a.customer_id, a.recipient, a.name, 'no_marketing', n.channels,
               md5(a.reference || CASE WHEN k.channels IS NULL THEN ''
                                       ELSE ' ' || array_to_string(n.channels, ' ') END
                   || ' ' || a.customer_id)::uuid, a.reference, false, now(), %s, %s,
               '', '', '', '', ''
        FROM (
            SELECT e.customer_id, d.recipient, e.reference, array_agg(DISTINCT e.channel) AS channels,
                   (array_agg(d.recipient_name ORDER BY d.occurred_on DESC, d.id DESC))[1] AS name
            FROM import_touched t JOIN preferences_choiceevent e ON e.id = t.id
            JOIN disclosures_disclosure d ON d.customer_id = e.customer_id AND d.kind = 'partner_feed'
                AND (e.sender = 'third_parties' OR e.sender = d.recipient)
            WHERE e.kind IN ('objection', 'withdrawal')
            GROUP BY e.customer_id, d.recipient, e.reference
        ) a
        CROSS JOIN LATERAL (
            SELECT array_agg(p) AS channels FROM disclosures_instruction i, unnest(i.parts) AS p
            WHERE i.reference = a.reference AND i.customer_id = a.customer_id
                AND i.recipient = a.recipient AND i.what = 'no_marketing'
        ) k
        CROSS JOIN LATERAL (
            SELECT array_agg(c ORDER BY c) AS channels FROM unnest(a.channels) AS c
            WHERE c <> ALL (COALESCE(k.channels, '{}'))
        ) n
        WHERE n.channels IS NOT NULL
        ON CONFLICT DO NOTHING
        """,
        [events.job("import_data"), timezone.localdate() + MARKETING.tell],
    )


def _batches(rows: Iterable[Any], size: int) -> Iterator[list[Any]]:
    rest = iter(rows)
    while batch := list(islice(rest, size)):
        yield batch


def _derive_permissions() -> None:
    """Derive what the proved consents among the rows allow."""
    proved = (
        ChoiceEvent.objects.filter(
            pk__in=RawSQL("SELECT id FROM import_touched", []),
            kind__in=[ChoiceKind.CONSENT, ChoiceKind.SOFT_OPT_IN],
        )
        .select_related("wording")
        .order_by("pk")
    )
    for batch in _batches(proved.iterator(chunk_size=EVENTS_AT_ONCE), EVENTS_AT_ONCE):
        derive_permissions(event for event in batch if as_fact(event).proved)


OF_A_CUSTOMERS_STOP = (
    f"{STOP} AND c.id IS NOT NULL"  # it is theirs, whichever contact detail they named
)

MARKETING_CHOICES = formats.FileKind(
    name="marketing_choices",
    model=ChoiceEvent,
    columns=(
        Column("customer_number", normalise.customer_number),
        Column("kind", values.choice(dict(ChoiceKind.choices)), required=True),
        Column("channel", channel_of, required=True),
        Column("sender", values.slug(40), required=True),
        Column("contact", values.text(400)),
        Column("surname", values.text(200)),
        Column("at", values.moment, required=True, past=True),
        Column("source", values.choice(dict(ChoiceSource.choices))),
        Column("wording", values.text(4_000)),
        Column("unticked", values.yes_or_no),
        Column("page", values.text(80)),
        Column("origin", values.text(200)),
        Column("notice_version", values.counting),
        Column("expires_at", values.moment),
        Column("sale", values.text(200)),
    ),
    staged={
        "customer_number": "text",
        "kind": "text",
        "channel": "text",
        "sender": "text",
        "contact_kind": "text",
        "contact": "uuid",
        "contact_value": "bytea",
        "feed": "bytea",
        "at": "timestamptz",
        "source": "text",
        "wording": "text",
        "wording_id": "bigint",
        "unticked": "boolean",
        "page": "text",
        "origin": "bytea",
        "notice_version": "integer",
        "expires_at": "timestamptz",
        "sale": "bytea",
        "reference": "text",
    },
    stage=stage,
    values={
        "customer_id": "c.id",
        "contact": f"CASE WHEN {OF_A_CUSTOMERS_STOP} THEN NULL ELSE s.contact END",
        "contact_kind": f"CASE WHEN {OF_A_CUSTOMERS_STOP} OR s.contact IS NULL THEN '' ELSE "
        "s.contact_kind END",
        "contact_value": f"CASE WHEN {STOP} THEN NULL ELSE s.contact_value END",
        "kind": "s.kind",
        "channel": "s.channel",
        "sender": "s.sender",
        "source": "s.source",
        "at": "LEAST(s.at, now())",
        "recorded_at": "now()",
        "by": f"'{events.job('import_data')}'",
        "wording_id": "s.wording_id",
        "page": "s.page",
        "notice_version": "s.notice_version",
        "origin": "s.origin",
        "expires_at": "s.expires_at",
        "sale": "s.sale",
        "reference": "s.reference",
    },
    key=("source_digest",),
    file_key=("digest",),
    refusals=(
        Refusal("s.customer_number IS NOT NULL AND c.id IS NULL", "unknown customer"),
        Refusal(
            f"s.sender NOT IN ('us', 'third_parties') AND NOT {PARTNER}",
            "sender: the register names no such marketing partner",
        ),
    ),
    owned=False,
    append_only=True,
    # an objection is never too old to be kept to; the nightly purge takes what is past its time
    expires=False,
    check=check,
    before=prepare,
    after=take_effect,
)
