"""What was decided about the texts and records of one request's copies, as the archive asks for it.

Decisions belong to the request: a copy that replaces another goes on from them. Of one text the
latest decision counts, and only as long as the text is the one that was read; whatever has changed
since must be read again.
"""

import datetime
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from django.db import models
from django.db.models import Max, QuerySet
from django.utils import timezone

from compliance.access import redaction_marks
from compliance.access.models import Pack, Reading, Redaction
from compliance.access.reasons import TOLD
from compliance.access.records import Passage, about, passages, shown, when_of
from compliance.access.redaction_marks import Mark
from compliance.access.reviewed import NOT_READ
from customers.models import ContactPoint, Customer
from customers.outbox.models import Message
from privacy import seal

KIND = "read_text"  # of the keyed digest of a text
LETTERS = "outbox.Message"
Key = tuple[str, str]  # row, field


@dataclass(frozen=True)
class Decision:
    """What one colleague decided about one text, or about a whole record."""

    digest: uuid.UUID | None
    reason: str
    marks: tuple[Mark, ...]
    at: datetime.datetime
    by: str

    def is_of(self, text: str) -> bool:
        """Whether this is the text that was read."""
        return self.digest in seal.lookup_hashes(KIND, text)


def digest(text: str) -> uuid.UUID:
    """The keyed digest of a text that was read."""
    return seal.lookup_hash(KIND, text)


class Decisions:
    """The decisions about one person for one request. Tables are loaded as they are asked for, one
    at a time.

    This is what the archive takes as its `Texts`.
    """

    def __init__(self, pack: Pack) -> None:
        self.pack, self._label = pack, ""
        self._loaded, self._later = dict[Key, Decision](), frozenset[str]()

    def text(self, label: str, pk: str, field: str, text: str) -> str:
        """A text with its redactions, or NOT_READ while nobody has read it as it stands."""
        found = self.about(label, pk, field)
        if found and found.is_of(text):
            return redaction_marks.redacted(text, found.marks)
        return text if self._is_theirs(label, pk, text) else NOT_READ

    def shows(self, label: str, pk: str) -> bool:
        """False when the whole record is held back, or comes of making this very copy."""
        found = self.about(label, pk)
        return (found is None or not found.reason) and pk not in self._later

    def about(self, label: str, row: str, field: str = "") -> Decision | None:
        """The decision that counts for a text, or for the whole record."""
        return self.of(label).get((row, field))

    def is_read(self, passage: Passage) -> bool:
        """Whether a text needs nobody's eyes any more: somebody decided about it as it stands now,
        or the person knows it anyhow, or it comes of making this very copy and does not stand in
        it."""
        found = self.about(passage.label, passage.pk, passage.field)
        return (
            (found is not None and found.is_of(passage.text))
            or passage.pk in self._later
            or self._is_theirs(passage.label, passage.pk, passage.text)
        )

    def _is_theirs(self, label: str, pk: str, text: str) -> bool:
        """Whether a text is nothing but a name, a number or an address of the person, or was sent
        to one of these."""
        return redaction_marks.plain(text).strip() in self._own or (
            label == LETTERS and pk in self._sent_to_them
        )

    def of(self, label: str) -> dict[Key, Decision]:
        """The decisions about one table, by row and field."""
        if label != self._label:
            self._label, self._loaded = (
                label,
                dict(_latest(readings(self.pack).filter(label=label))),
            )
            self._later = _later(self.pack, label)
        return self._loaded

    @cached_property
    def _own(self) -> frozenset[str]:
        return frozenset(own_values(self.pack.customer))

    @cached_property
    def _sent_to_them(self) -> frozenset[str]:
        sent = Message.objects.filter(customer=self.pack.customer_id).only("pk", "recipient")
        return frozenset(
            str(one.pk)
            for one in sent.iterator(chunk_size=500)
            if self._reaches_them(str(one.recipient))
        )

    def _reaches_them(self, recipient: str) -> bool:
        """Whether something goes to the person: to an address or number of theirs, or with their
        name to their house."""
        lines = redaction_marks.plain(recipient).strip()
        first, _, house = lines.partition("\n")
        return lines in self._own or (first.strip() in self._own and house.strip() in self._own)


def own_values(customer: Customer) -> set[str]:
    """What a person is called and where they are reached, now and before: theirs to know, wherever
    it stands."""
    named = {
        customer.full_name,
        customer.customer_number or "",
        customer.surname or "",
        customer.given_names or "",
    }
    points = {
        redaction_marks.plain(str(point.value)).strip()
        for point in ContactPoint.objects.filter(customer=customer)
    }
    return {value.strip() for value in named | points if value and value.strip()}


def _later(pack: Pack, label: str) -> frozenset[str]:
    """The rows of a table that came of answering the person since a pack was begun: a copy does not
    tell of itself."""
    declaration = next((one for one in shown() if one.label == label), None)
    when = when_of(declaration) if declaration and declaration.answering else None
    if declaration is None or when is None:
        return frozenset()
    moment = isinstance(declaration.model._meta.get_field(when), models.DateTimeField)
    since = pack.begun_at if moment else timezone.localdate(pack.begun_at)
    found = about(declaration, pack.customer_id).order_by().filter(**{f"{when}__gt": since})
    itself = [pack.pk] if declaration.model is Pack else []
    return frozenset(map(str, [*found.values_list("pk", flat=True), *itself]))


def readings(pack: Pack) -> QuerySet[Reading]:
    """Everything that was decided for the request of a pack, about its customer, the oldest
    first."""
    return Reading.objects.filter(
        pack__reference=pack.reference, pack__customer=pack.customer_id
    ).order_by("pk")


def _latest(rows: QuerySet[Reading]) -> Iterator[tuple[Key, Decision]]:
    for row in rows.prefetch_related("redactions"):  # of each key the last one stays
        marks = tuple(Mark(one.start, one.end, one.reason) for one in row.redactions.all())
        yield (row.row, row.field), Decision(row.digest, row.reason, marks, row.at, row.by)


def held_back(pack: Pack) -> list[tuple[str, str, Decision]]:
    """The whole records that are held back: table, row and decision."""
    rows = readings(pack).filter(field="")
    latest = {(row.label, row.row): row for row in rows}
    return [
        (label, key, Decision(None, row.reason, (), row.at, row.by))
        for (label, key), row in latest.items()
        if row.reason
    ]


def without(customer: Customer) -> dict[str, set[str]]:
    """The records that a copy of a person leaves out as a whole: primary keys by the model's label.
    One query.

    Whatever the person reads beside a copy leaves them out too: else the two could be compared, and
    what leaves no trace in the one would be found in the other.
    """
    last = Reading.objects.filter(pack__customer=customer, field="").order_by(
        "pack__reference", "label", "row", "-pk"
    )
    found: dict[str, set[str]] = {}
    for label, row, reason in last.distinct("pack__reference", "label", "row").values_list(
        "label", "row", "reason"
    ):
        if reason:
            found.setdefault(label, set()).add(row)
    return found


def unread(pack: Pack) -> Iterator[Passage]:
    """The texts about a customer that nobody has read as they stand, in the order of tables and
    dates."""
    made = Decisions(pack)
    return (passage for passage in passages(pack.customer) if not made.is_read(passage))


def last_check(pack: Pack) -> datetime.datetime | None:
    """When a second person last checked what was decided for this request."""
    earlier = Pack.objects.filter(reference=pack.reference, customer=pack.customer_id)
    found: datetime.datetime | None = earlier.aggregate(last=Max("checked_at"))["last"]
    return found


def readers(pack: Pack) -> set[str]:
    """Who decided something that no second person has checked yet."""
    last, found = last_check(pack), readings(pack)
    return set((found.filter(at__gt=last) if last else found).values_list("by", flat=True))


def left_out(pack: Pack) -> list[str]:
    """What the person is told was left out, in words; nothing of what must leave no trace."""
    reasons: set[str] = {decision.reason for _, _, decision in held_back(pack)}
    made = Decisions(pack)
    for label in (
        Redaction.objects.filter(reading__in=readings(pack))
        .values_list("reading__label", flat=True)
        .distinct()
    ):
        reasons |= {mark.reason for decision in made.of(label).values() for mark in decision.marks}
    return [words for reason, words in TOLD.items() if reason in reasons]


def leaves_a_gap(label: str, field: str, text: str, marks: Iterable[Mark]) -> str:
    """The reason for which the whole record must go with a text: silent marks left nothing of it,
    and the field cannot be empty, so that an empty one would tell. Else an empty text."""
    silent = [mark.reason for mark in marks if mark.silent]
    if not silent or redaction_marks.redacted(text, marks).strip():
        return ""
    found = next(one for one in shown() if one.label == label)
    return "" if found.model._meta.get_field(field).null else silent[0]
