"""Portability (UK GDPR Article 20): a file for computers, with what the person gave us or what
their dealings gave rise to.

The models say which of their fields that is (`PersonalData.portable`); the register says whether
the category rests on consent or a contract, without which the right does not reach it. Rows are
read and written one by one, so the file may be large. It is sealed with the case, handed out for 30
days, and every time is counted.
"""

import csv
import datetime
import hashlib
import io
import json
import tempfile
import zipfile
from collections.abc import Iterator

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from audit import events as audit
from audit.actions import Refused
from audit.evidence import Evidence
from compliance import letters
from compliance.access import records
from compliance.access.actions.releases import LASTS, last_moment
from compliance.access.records import PlainValue, RecordTable
from compliance.access.reviewed import UNREAD
from compliance.cases import promises
from compliance.cases.actions import to_do
from compliance.cases.lines import Line
from compliance.cases.models import Case, DataCopy, Letter, Outcome
from compliance.deadlines.wording import words_of
from compliance.outcomes.base import Effect, EffectResult, Given
from compliance.register.models import LawfulBasis, Purpose
from customers.models import Customer
from customers.spreadsheet import harmless
from privacy.words import in_words

LARGEST_IN_MEMORY = 4_000_000  # bytes; beyond it the archive is put together in a temporary file
RESTS_ON = (LawfulBasis.Article.CONSENT, LawfulBasis.Article.CONTRACT)
READY_AGAIN = (
    "The file with your data is ready again. Fetch it until {} from the page that follows your "
    "request, after a one-time code."
)
MOVED_AT = "Moving data: what you gave us, and what your orders and your account gave rise to."


def tables(customer: Customer) -> list[RecordTable]:
    """The tables with something of a person that can be moved, as the register stands now."""
    resting = Purpose.objects.in_use().filter(lawful_bases__article__in=RESTS_ON)
    codes = set(resting.values_list("categories__code", flat=True))
    return [
        table
        for table in records.tables(customer)
        if table.declaration.portable and table.declaration.category in codes
    ]


def rows(table: RecordTable, customer: Customer) -> Iterator[dict[str, PlainValue]]:
    """The records of one table as plain values, by the names that the person sees."""
    declaration = table.declaration
    for row in records.rows(
        table, customer, texts=UNREAD
    ):  # free text, which may name others, is none of it
        yield {declaration.export[name]: row.values[name] for name in declaration.portable}


def archive(customer: Customer, *, reference: str, now: datetime.datetime) -> tuple[bytes, int]:
    """The zip archive of a person's data (a CSV file for each table, and all as JSON), and how many
    records are in it."""
    count = 0
    with tempfile.SpooledTemporaryFile(max_size=LARGEST_IN_MEMORY) as file:
        with records.snapshot(), zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
            known = tables(customer)
            for table in known:
                count += _write_csv(made, table, customer)
            with made.open("data.json", "w") as target:
                out = io.TextIOWrapper(target, encoding="utf-8", write_through=True)
                _write_json(out, known, customer, reference=reference, now=now)
                out.detach()
        file.seek(0)
        return file.read(), count


def _write_csv(made: zipfile.ZipFile, table: RecordTable, customer: Customer) -> int:
    count = 0
    with made.open(f"{_file_of(table)}.csv", "w") as target:
        out = io.TextIOWrapper(target, encoding="utf-8-sig", newline="", write_through=True)
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(table.columns[name] for name in table.declaration.portable)
        for row in rows(table, customer):
            writer.writerow("" if value is None else harmless(str(value)) for value in row.values())
            count += 1
        out.detach()
    return count


def _write_json(
    out: io.TextIOWrapper,
    known: list[RecordTable],
    customer: Customer,
    *,
    reference: str,
    now: datetime.datetime,
) -> None:
    head = {
        "about": MOVED_AT,
        "from": settings.CONTROLLER["name"],
        "reference": reference,
        "made_on": timezone.localdate(now).isoformat(),
    }
    out.write(
        "{"
        + ", ".join(f"{json.dumps(name)}: {json.dumps(value)}" for name, value in head.items())
        + ', "data": {'
    )
    for number, table in enumerate(known):
        out.write(f"{', ' if number else ''}{json.dumps(_file_of(table))}: [")
        for place, row in enumerate(rows(table, customer)):
            out.write((", " if place else "") + json.dumps(row, ensure_ascii=False))
        out.write("]")
    out.write("}}\n")


def _file_of(table: RecordTable) -> str:
    return str(table.declaration.model._meta.verbose_name_plural).replace(" ", "_")


class MakeFile(Effect):
    """Make the file and keep it sealed with the case. Refused when there is nothing that can be
    moved."""

    code = "make_file"
    label = "Make the file"
    says = (
        "What the person gave us, and what their orders and account gave rise to, as CSV "
        f"and JSON. They can fetch it for {in_words(LASTS)}."
    )
    proven = True
    after_closing = True

    def perform(self, case: Case, given: Given, *, by: str, now: datetime.datetime) -> EffectResult:
        customer = case.person
        content, count = archive(customer, reference=case.reference, now=now)
        if not count:
            raise Refused("We hold nothing that can be moved: refuse it on that ground.")
        digest = hashlib.sha256(content).hexdigest()

        def keep(outcome: Outcome) -> None:
            copy = DataCopy.objects.create(
                case=case,
                outcome=outcome,
                content=content.decode("latin-1"),
                size=len(content),
                digest=digest,
                records=count,
                made_at=now,
                expires_at=last_moment(now),
            )
            audit.copy_made(by=by, subject=customer.pk, copy=copy.pk, records=count, digest=digest)
            to_do.fulfil(case, promises.NEW_COPY, by=by, now=now)
            if not case.is_open:
                text = READY_AGAIN.format(words_of(timezone.localdate(copy.expires_at), False))
                letters.send(case, letter=Letter.MESSAGE, by=by, now=now, context={"text": text})

        return EffectResult(after=keep, codes={"records": count, "bytes": len(content)})

    def tells(self, outcome: Outcome) -> list[Line]:
        """The file, while it is there."""
        made = DataCopy.objects.filter(outcome=outcome).defer("content").first()
        return (
            [
                Line.proved(
                    "Your file",
                    f"Ready, with {made.records:,} records. You can fetch it",
                    Evidence.row(made, made.made_at),
                    until=timezone.localdate(made.expires_at),
                    why="Go to the page on which you follow your request, or ask us to post it",
                )
            ]
            if made
            else []
        )


def latest(case: Case) -> DataCopy | None:
    """The file that was made last, without its content, whether or not its time is over; None when
    there is none (any more)."""
    return DataCopy.objects.filter(case=case).defer("content").order_by("-pk").first()


@transaction.atomic
def fetch(case: Case, *, by: str, now: datetime.datetime) -> tuple[str, bytes]:
    """Hand the file out: its name and its bytes, counted and recorded. Refused when it is gone.

    The caller has made sure who asks: the proven customer of the case, or a member of staff who
    posts it.
    """
    copy = (
        DataCopy.objects.select_for_update()
        .filter(case=case, expires_at__gt=now)
        .order_by("-pk")
        .first()
    )
    if copy is None:
        raise Refused("The file is not there any more. Your page lets you ask for a new one.")
    copy.downloads, copy.last_download_at = copy.downloads + 1, now
    copy.save(update_fields=["downloads", "last_download_at"])
    audit.copy_fetched(by=by, subject=case.customer_id, copy=copy.pk, times=copy.downloads)
    return f"my-data-{case.reference}.zip", str(copy.content).encode("latin-1")


EFFECTS: tuple[Effect, ...] = (MakeFile(),)
