"""Files of instructions: one tells one addressee of everybody at once, and what is in it counts as
told.

Making it again lists everything that was not confirmed, so nothing is lost with a broken download.
A room above registers a format of its own for what must not be told in clear.
"""

import csv
import hashlib
import io
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from compliance.disclosures import instructions
from compliance.disclosures.models import Instruction
from customers.spreadsheet import harmless

MOST_FILES = 20  # earlier files that an addressee's page lists
Lines = Mapping[uuid.UUID, Sequence[Sequence[str]]]


@dataclass(frozen=True)
class Format:
    """One sort of file: its name, which instructions it tells, its columns, and the lines of each;
    one without a line cannot be told by such a file."""

    code: str
    label: str
    tells: Q
    columns: Sequence[str]
    lines: Callable[[Sequence[Instruction]], Lines]


@dataclass(frozen=True)
class MadeFile:
    """A file that was made: how many people it tells of, how many instructions for the first time,
    and how many are not in it, because it has nothing to say of them."""

    people: int
    new: int
    left_out: int
    digest: str  # SHA-256 of the file


def _in_clear(rows: Sequence[Instruction]) -> Lines:
    """Whose data it is, in the lines by which the addressee finds the person."""
    return {
        row.pk: [
            (
                row.reference,
                row.get_what_display(),
                ", ".join(instructions.parts_in_words(row)),
                timezone.localdate(row.asked_at).isoformat(),
                row.about,
            )
        ]
        for row in rows
        if row.about
    }


_formats = {
    "instructions": Format(
        "instructions",
        "What to do, and with whose data",
        ~Q(what=Instruction.What.NO_MARKETING),
        ("reference", "what", "of", "since", "about"),
        _in_clear,
    )
}


def register(given: Format) -> None:
    """Add a format, or put one in the place of that with the same code."""
    _formats[given.code] = given


def formats() -> list[Format]:
    """Every format, in the order in which they were registered."""
    return list(_formats.values())


def format_of(code: str) -> Format | None:
    """A format by its code; None when there is none."""
    return _formats.get(code)


@transaction.atomic
def make(
    rows: "QuerySet[Instruction]",
    given: Format,
    deliver: Callable[[bytes], object],
    *,
    by: str,
    now: Any,
) -> MadeFile:
    """Write a file of those of `rows` that the format tells, hand its bytes to `deliver`, and note
    that they were told today.

    When `deliver` fails nothing is noted; when only the noting fails, the next file says the same
    again.
    """
    found = list(
        rows.filter(given.tells, impossible_on__isnull=True)
        .select_for_update(of=("self",))
        .order_by("asked_at", "pk")
    )
    lines = given.lines(found)
    in_it = [row for row in found if lines.get(row.pk)]
    data = _csv(given.columns, (line for row in in_it for line in lines[row.pk]))
    digest = hashlib.sha256(data).hexdigest()
    deliver(data)
    first = [row.pk for row in in_it if row.told_on is None]
    if first:
        instructions.told(first, on=timezone.localdate(now), by=by, now=now, file=digest)
    people = len({row.customer_id for row in in_it})
    return MadeFile(people, len(first), len(found) - len(in_it), digest)


def _csv(columns: Sequence[str], lines: Iterator[Sequence[str]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([harmless(cell) for cell in line] for line in lines)
    return text.getvalue().encode()


def made(rows: "QuerySet[Instruction]") -> list[dict[str, Any]]:
    """The days and files by which addressees were told, the newest first, with what they have
    confirmed."""
    told: Iterable[Any] = (
        rows.filter(told_on__isnull=False)
        .order_by()
        .values("told_on", "told_by", "file")
        .annotate(
            people=Count("customer", distinct=True),
            waiting=Count("pk", filter=Q(acknowledged_on__isnull=True, impossible_on__isnull=True)),
            confirmed=Min("acknowledged_on"),
            due=Min("due_on"),
        )
        .order_by("-told_on", "file")[:MOST_FILES]
    )
    return list(told)
