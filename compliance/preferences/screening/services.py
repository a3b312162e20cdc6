"""Loading the lists of the Telephone and the Mailing Preference Service: digests, replaced whole by
the next file."""

import datetime
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone

from audit import events
from compliance.preferences.contact_digests import digester
from compliance.preferences.models import ListedContact, PreferenceServiceFile
from compliance.preferences.rules import FRESH
from compliance.preferences.screening import columns
from compliance.preferences.vocabulary import ContactKind, Service
from customers import normalise
from customers.importing import encode
from customers.importing.reader import InputError, inspect
from privacy import keys
from privacy.words import in_words

SHRUNK = 0.5  # a file with fewer than this share of the last one's lines is likely to be cut off


@dataclass
class LoadedFile:
    """What came of a file."""

    file: PreferenceServiceFile
    unreadable: int


class _Reading:
    """The digests of a file under every live key, as lines of COPY, counted on the way."""

    def __init__(self, path: Path, service: Service) -> None:
        self.lines = self.unreadable = 0
        self.path, self.kind = (
            path,
            ContactKind.ADDRESS if service == Service.MPS else ContactKind.PHONE,
        )
        self.digests = [digester(self.kind, key_id) for key_id in keys.ring("SUPPRESSION_KEYS").ids]
        self.read, self.first = self._reader()

    def _reader(self) -> tuple[Callable[[Sequence[str]], Sequence[str]], list[str]]:
        """How a line is read, and the first line where it is no header: the telephone lists come
        without one."""
        self.source = inspect(self.path)
        header = self.source.header
        if self.kind == ContactKind.PHONE and any(map(_is_phone, header)):
            position = next(place for place, value in enumerate(header) if _is_phone(value))
            return lambda fields: (normalise.phone(fields[position]),), header
        return columns.find(self.kind, header).keys, []

    def rows(
        self, file: PreferenceServiceFile, progress: Callable[[int], object]
    ) -> Iterator[bytes]:
        """Lines of COPY for `preferences_listedcontact (file_id, digest)`."""
        if self.first:
            yield from self._of(file, self.first)
        for record in self.source.records(multiline=True, progress=progress):
            if record.reason:
                self.unreadable += 1
            else:
                yield from self._of(file, record.fields)

    def _of(self, file: PreferenceServiceFile, fields: Sequence[str]) -> Iterator[bytes]:
        try:
            found = self.read(fields)
        except ValueError:
            self.unreadable += 1
            return
        self.lines += 1
        for key in found:
            for digest in self.digests:
                yield f"{file.pk}\t{digest(key)}\n".encode()


def _is_phone(text: str) -> bool:
    try:
        normalise.phone(text)
    except ValueError:
        return False
    return True


@transaction.atomic
def load(
    service: Service,
    path: Path,
    *,
    dated_on: datetime.date,
    by: str,
    now: datetime.datetime,
    shrunk: bool = False,
    progress: Callable[[int], object] = int,
) -> LoadedFile:
    """Put a preference service's file in force in place of the one before.

    `dated_on` is the day of the file, from which its time counts (PECR regulation 21(3)).
    InputError, and nothing changed, for a file of the future, one that is too old, an older one
    than that in force, one without a readable line, and, unless `shrunk`, one much shorter than the
    last.
    """
    today = timezone.localdate(now)
    if not today - FRESH <= dated_on <= today:
        raise InputError(f"The file's date must lie within the last {in_words(FRESH)}.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('preference_service'))")
    last = PreferenceServiceFile.objects.filter(service=service).first()
    if last and last.dated_on > dated_on:
        raise InputError(f"A newer file, of {last.dated_on:%d %B %Y}, is in force already.")
    reading = _Reading(path, service)
    file = PreferenceServiceFile.objects.create(
        service=service,
        dated_on=dated_on,
        loaded_at=now,
        by=by,
        lines=0,
        digest=reading.source.digest,
    )
    with connection.cursor() as cursor:
        encode.copy_in(
            cursor, "preferences_listedcontact (file_id, digest)", reading.rows(file, progress)
        )
    if not reading.lines:
        raise InputError("The file holds no line that can be read.")
    if last and reading.lines < last.lines * SHRUNK and not shrunk:
        raise InputError(
            f"The file has {reading.lines:,} lines, the one before had {last.lines:,}. If that "
            "is right, load "
            "it with --shrunk."
        )
    ListedContact.objects.filter(file__service=service).exclude(file=file).delete()
    file.lines = reading.lines
    file.save(update_fields=["lines"])
    events.preference_list_loaded(
        by=by, service=service, dated_on=dated_on, digest=file.digest, lines=file.lines
    )
    return LoadedFile(file, reading.unreadable)
