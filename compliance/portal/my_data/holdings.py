"""What we hold about one person, for their own page: by category, with why and until when, and who
has received it.

Everything comes from the declarations and the register, so a new table appears here without an
edit. What must not be tipped off is in none of it: neither a record nor a count. The number of
queries does not grow with what is held.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Max, Min, OuterRef, Prefetch, Subquery
from django.utils import timezone

from compliance.access import newest_records
from compliance.access import records as gathering
from compliance.access.decisions import without as left_out_of_copies
from compliance.access.newest_records import Without
from compliance.access.records import RecordTable
from compliance.access.reviewed import UNREAD
from compliance.deadlines.wording import words_of
from compliance.disclosures import received
from compliance.disclosures.models import Disclosure
from compliance.portal.my_data import record_words
from compliance.register.models import DataCategory, Purpose
from compliance.retention.explain import KeptRecord, explain
from customers.models import Customer
from privacy.declarations import declaration_of

EXAMPLES = 3  # the newest records of a table that stand on the first page
A_PAGE = 20  # records of a table on a page of its own
FATES = 4  # sentences on until when; more than that are counted


@dataclass(frozen=True)
class Holding:
    """The records of one table."""

    table: RecordTable
    count: int
    records: Sequence[record_words.RecordInWords]
    kept: Sequence[KeptRecord]  # why and until when, the longest first

    @property
    def title(self) -> str:
        return self.table.title

    @property
    def name(self) -> str:
        """Its part of an address."""
        return self.table.file

    @property
    def more(self) -> bool:
        """Whether there are records that do not stand here."""
        return self.count > len(self.records)

    @property
    def left_out(self) -> list[str]:
        return record_words.left_out(self.table)

    @property
    def fates(self) -> Sequence[KeptRecord]:
        return self.kept[:FATES]

    @property
    def further(self) -> int:
        """How many records have a last day that is not told one by one."""
        return sum(line.count for line in self.kept[FATES:])


@dataclass(frozen=True)
class Held:
    """One category of the register, with what we hold in it."""

    category: DataCategory
    purposes: Sequence[Purpose]
    holdings: Sequence[Holding]
    today: datetime.date

    @property
    def count(self) -> int:
        return sum(one.count for one in self.holdings)

    @property
    def until(self) -> str:
        """The last day on which any of it is kept; empty while that is not known, and when only
        something else keeps it."""
        days = [line.until for one in self.holdings for line in one.kept]
        last = max((day for day in days if day), default=self.today)
        return words_of(last, False) if None not in days and last > self.today else ""


@dataclass(frozen=True)
class Passing:
    """What one recipient got for one purpose: how, how often, and between which days. `purpose` is
    empty for what somebody gets with every order, payment or message."""

    what: str
    purpose: str
    times: int
    first: datetime.date
    last: datetime.date


@dataclass(frozen=True)
class Receiver:
    """One recipient, as it was called when it last received something."""

    name: str
    passings: Sequence[Passing]


def held(customer: Customer, *, without: Without, now: datetime.datetime) -> list[Held]:
    """What we hold, in the order of the privacy notice. About ten queries, whatever that is."""
    tables, today = gathering.tables(customer), timezone.localdate(now)
    kept: dict[str, list[KeptRecord]] = defaultdict(list)
    for line in explain(customer, today=today, without=without):
        kept[line.label].append(line)
    examples = newest_records.newest(tables, customer, most=EXAMPLES, texts=UNREAD, without=without)
    found: dict[str, list[Holding]] = defaultdict(list)
    for table in tables:
        records = [record_words.record(table, row) for row in examples[table.label]]
        lines = sorted(
            kept[table.label], key=lambda line: line.until or datetime.date.max, reverse=True
        )
        count = sum(line.count for line in lines)
        if table.columns and count:
            found[table.declaration.category].append(Holding(table, count, records, lines))
    rows = DataCategory.objects.filter(code__in=found).prefetch_related(
        Prefetch("purposes", Purpose.objects.in_use().prefetch_related("lawful_bases"))
    )
    return [Held(row, list(row.purposes.all()), found[row.code], today) for row in rows]


def receivers(customer: Customer, *, without: Without) -> list[Receiver]:
    """Who has received the person's data from us, by the log and with every order, payment or
    message; whom only an investigation knows is not in it. Three queries."""
    declaration = declaration_of(Disclosure)
    rows = gathering.about(declaration, customer.pk).exclude(
        pk__in=without.get(declaration.label, ())
    )
    named = Subquery(Purpose.objects.filter(code=OuterRef("purpose")).values("name")[:1])
    rows = rows.annotate(use=named).order_by()
    rows = rows.values("recipient", "recipient_name", "kind", "purpose", "use")
    kinds = dict(Disclosure.Kind.choices)
    by_code: dict[str, list[tuple[str, Passing]]] = defaultdict(list)
    for row in rows.annotate(times=Count("pk"), first=Min("occurred_on"), last=Max("occurred_on")):
        purpose = row["use"] or row["purpose"].replace("-", " ")
        by_code[row["recipient"]].append(
            (
                row["recipient_name"],
                Passing(
                    str(kinds.get(row["kind"], row["kind"])),
                    purpose,
                    row["times"],
                    row["first"],
                    row["last"],
                ),
            )
        )
    for one in received.standing(customer, without=without):
        passing = Passing(one.what, "", one.times, one.first, one.last)
        by_code[one.code].append((one.name, passing))
    return sorted(
        (_receiver(found) for found in by_code.values()), key=lambda one: one.name.casefold()
    )


def _receiver(found: Iterable[tuple[str, Passing]]) -> Receiver:
    """A recipient that had several names bears its last one; what it got alike is counted
    together."""
    latest_first = sorted(found, key=lambda one: one[1].last, reverse=True)
    alike: dict[tuple[str, str], list[Passing]] = defaultdict(list)
    for _, one in latest_first:
        alike[one.what, one.purpose].append(one)
    return Receiver(
        latest_first[0][0],
        [
            Passing(
                what,
                purpose,
                sum(one.times for one in ones),
                min(one.first for one in ones),
                max(one.last for one in ones),
            )
            for (what, purpose), ones in alike.items()
        ],
    )


def table_of(customer: Customer, name: str) -> RecordTable | None:
    """The table of which `name` is the part of an address, when it holds something about this
    person."""
    return next((table for table in gathering.tables(customer) if table.file == name), None)


def page_of(
    table: RecordTable, customer: Customer, *, before: str
) -> tuple[list[record_words.RecordInWords], bool]:
    """The records of one table after the one of which `before` is the key, and whether there are
    more."""
    rows, more = newest_records.page(
        table,
        customer,
        most=A_PAGE,
        texts=UNREAD,
        before=before,
        without=left_out_of_copies(customer),
    )
    return [record_words.record(table, row) for row in rows], more
