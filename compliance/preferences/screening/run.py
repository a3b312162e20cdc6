"""Screening one list: every line of it goes into exactly one of three files, and the screening into
the log.

The list is read twice. First each line's digests go to the database, which answers in one
statement; then the lines are copied as they are, byte for byte, into the file where they belong.
One byte a line is all that is held in memory.
"""

import contextlib
import csv
import datetime
import io
import os
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from django.db import connection, transaction
from django.utils import timezone
from django.utils.text import slugify

from audit import events
from compliance.disclosures.models import Disclosure
from compliance.preferences import (
    actions,
    contact_forms,
    customer_contacts,
    may_contact,
)
from compliance.preferences.channels import CHANNELS
from compliance.preferences.contact_digests import digest as digest_of
from compliance.preferences.models import Screening
from compliance.preferences.rules import FRESH
from compliance.preferences.screening import columns
from compliance.preferences.screening.line_digests import (
    BROKEN,
    FIRST_REASON,
    LineCodes,
    LineDigests,
    Progress,
)
from compliance.preferences.screening.verdicts import (
    ALLOWED,
    BLOCKED,
    BLOCKED_LINES,
    LINES,
    NO_CONSENT,
    REASONS,
    UNSURE,
    ScreeningQuestion,
)
from compliance.preferences.vocabulary import US, ContactKind
from compliance.register.models import Recipient
from customers.importing import encode
from customers.importing.reader import BLANK, CsvSource, InputError, inspect
from privacy import keys
from privacy.words import in_words

FILES = ("allowed.csv", "suppressed.csv", "unreadable.csv")
FETCHED = 50_000  # verdicts at a time


@dataclass
class ScreeningResult:
    """What came of a screening."""

    source: CsvSource
    columns: Sequence[str]
    folder: Path
    allowed: int = 0
    reasons: Counter[str] = field(default_factory=Counter)  # of suppressed lines
    faults: Counter[str] = field(default_factory=Counter)  # of unreadable ones
    blank: int = 0  # lines that hold nothing, which stand with the unreadable ones
    disclosed: int = 0
    seconds: float = 0.0

    @property
    def suppressed(self) -> int:
        return self.reasons.total()

    @property
    def unreadable(self) -> int:
        return self.faults.total()


def screen(
    path: Path,
    *,
    channel: str,
    sender: str,
    folder: Path,
    by: str,
    now: datetime.datetime,
    campaign: str = "",
    named: Sequence[str] = (),
    suppression_only: bool = False,
    progress: Progress = int,
) -> ScreeningResult:
    """Screen a CSV list and write `allowed.csv`, `suppressed.csv` and `unreadable.csv` into
    `folder`.

    `named` names the columns (see `columns.find`). The verdict of each line is that of
    `may_contact.may_contact` at `now`, an aware moment, or with `suppression_only` just whether it is on
    the suppression list. For another sender than us, the customers on the list get an entry in
    their log of who received their data. InputError, with what to do, when the list, the sender or
    a preference service's file is not as it must be; nothing is written then.
    """
    started = time.monotonic()
    question = _question(channel, sender, suppression_only, now)
    _entries_can_be_matched()
    source = inspect(path)
    kind = CHANNELS[channel].kind
    layout = columns.find(kind, source.header, named)
    if not named:
        columns.ask_about_others(kind, layout, source.header, source.records(multiline=True))
    outcome = ScreeningResult(source, layout.columns, folder)
    customer_contacts.suppress_pending(now=now)
    with _parts(folder, source) as parts, transaction.atomic(), connection.cursor() as cursor:
        codes = LineCodes()
        cursor.execute(LINES)
        digests = LineDigests(source, layout, question, codes)
        into = f"list_lines (line, digest{', lookup, surname' if question.names_owners else ''})"
        encode.copy_in(cursor, into, digests.rows(progress))
        question = ScreeningQuestion(**{**vars(question), "several": digests.several})
        _ask(cursor, question, codes, now)
        _take_out_stopped(cursor, question, codes, now)
        _write(outcome, codes, parts)
        outcome.disclosed = _log(
            cursor, outcome, question, codes, slugify(campaign)[:60], by=by, now=now
        )
    outcome.seconds = time.monotonic() - started
    return outcome


def screened() -> list[str]:
    """The channels on which lists go out."""
    return [code for code, one in CHANNELS.items() if one.screened]


def _question(
    channel: str, sender: str, suppression_only: bool, now: datetime.datetime
) -> ScreeningQuestion:
    if channel not in (codes := screened()):
        raise InputError(f"There is no channel {channel!r}. The channels are: {', '.join(codes)}.")
    if sender != US and not actions.partner_exists(sender, now):
        raise InputError(
            f"The register knows no marketing partner {sender!r}. The sender is `us` or a "
            "partner's code."
        )
    question = ScreeningQuestion(channel, sender, suppression_only)
    if suppression_only and sender != US and CHANNELS[channel].needs_consent_for_others:
        raise InputError(
            f"Other organisations need consent for {CHANNELS[channel].noun.lower()}, which "
            "--suppression-only does not ask about: everybody who never objected would be passed "
            "on. Leave the option out."
        )
    if not question.asks_services:
        return question
    services = CHANNELS[channel].services
    files = may_contact.files_in_force(services, now)
    missing = [str(service.label) for service in services if service not in files]
    if missing:
        raise InputError(
            f"The list of the {' and the '.join(missing)} is missing or more than "
            f"{in_words(FRESH)} old. "
            "Load the newest "
            "one with load_preference_service first."
        )
    return ScreeningQuestion(channel, sender, files=tuple(file.pk for file in files.values()))


def _entries_can_be_matched() -> None:
    """An entry made with a key that is gone, or in a form that we do not know, would match nothing,
    and its owner would be written to."""
    ids = list(keys.ring("SUPPRESSION_KEYS").ids)
    known = [one for kind in ContactKind.values for one in (kind, contact_forms.versions(kind))]
    unknown = " ".join("WHEN %s THEN form <> ALL(%s)" for _ in ContactKind.values)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT key_id, kind, form FROM preferences_suppression WHERE key_id <> ALL(%s) "  # noqa: S608
            f"OR CASE kind {unknown} ELSE true END LIMIT 1",
            [ids, *known],
        )
        lost = cursor.fetchone()
    if not lost:
        return
    key_id, kind, form = lost
    if key_id not in ids:
        raise InputError(
            f"The suppression list holds entries made with the key {key_id!r} (form {form}), "
            "which SUPPRESSION_KEYS lacks. Put that key back: without it these people would be "
            "written to."
        )
    raise InputError(
        f"The suppression list holds entries of the kind {kind!r} in form {form}, which this "
        "version of the portal does not know. Install the version that made them: without it these "
        "people would be written to."
    )


def _ask(
    cursor: Any, question: ScreeningQuestion, codes: LineCodes, now: datetime.datetime
) -> None:
    """Have the database judge every line; a line that comes twice is allowed when one of its owners
    allows it."""
    cursor.execute("ANALYZE list_lines; SET LOCAL work_mem = '64MB'")
    cursor.execute(
        "DECLARE verdicts NO SCROLL CURSOR FOR " + question.sql(now), question.params(now)
    )
    marks, seen = codes.bytes, bytearray(len(codes.bytes))
    doubtful: list[int] = []
    while True:
        cursor.execute(f"FETCH {FETCHED} FROM verdicts")
        rows = cursor.fetchall()
        for line, code in rows:
            if line < 0:
                if code not in (ALLOWED, NO_CONSENT):
                    doubtful.append(-line)
            elif not seen[line] or code == ALLOWED:
                marks[line], seen[line] = code, 1
        if len(rows) < FETCHED:
            cursor.execute("CLOSE verdicts")
            break
    for line in doubtful:  # it may be somebody else's, and is left out all the same
        if marks[line] == ALLOWED and not seen[line]:
            marks[line] = UNSURE


def _take_out_stopped(
    cursor: Any, question: ScreeningQuestion, codes: LineCodes, now: datetime.datetime
) -> None:
    """Take out the contact points of people whose data the gate stops for this use."""
    kind = CHANNELS[question.channel].kind
    blocked = customer_contacts.stopped_contacts(kind, question.sender, now)
    if not blocked:
        return
    cursor.execute(BLOCKED_LINES, {"blocked": [digest_of(one) for one in blocked]})
    for (line,) in cursor.fetchall():
        if codes.bytes[abs(line)] in (ALLOWED, UNSURE):
            codes.bytes[abs(line)] = BLOCKED if line > 0 else UNSURE


@contextlib.contextmanager
def _parts(folder: Path, source: CsvSource) -> Iterator[list[BinaryIO]]:
    """The three files, readable for their owner alone; they take their names only when all is
    written and logged."""
    targets = [folder / name for name in FILES]
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(target.exists() and target.samefile(source.path) for target in targets):
            raise InputError(
                f"The list itself lies in {folder} under the name of a result. Choose another "
                "folder with "
                "--out."
            )
        with contextlib.ExitStack() as opened:
            parts = [target.with_name(f".{target.name}.{os.getpid()}.part") for target in targets]
            for part in parts:
                opened.callback(part.unlink, missing_ok=True)
            handles = [
                os.open(part, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600) for part in parts
            ]
            yield [
                opened.enter_context(os.fdopen(handle, "wb", buffering=1 << 20))
                for handle in handles
            ]
            for part, target in zip(parts, targets, strict=True):
                part.replace(target)
    except OSError as error:
        raise InputError(f"The results cannot be written to {folder}: {error.strerror}.") from None


def _write(outcome: ScreeningResult, codes: LineCodes, parts: list[BinaryIO]) -> None:
    """Copy every line into its file, and count."""
    allowed, suppressed, unreadable = parts
    lines, end = outcome.source.lines(), b"\r" if outcome.source.separator == b"\r" else b"\n"
    header = (next(lines, b"") or b"").removesuffix(b"\r")
    allowed.write(header + end)
    for file in (suppressed, unreadable):
        file.write(header + b",reason" + end)
    tails = {code: f",{reason}".encode() + end for code, reason in REASONS.items()}
    tails |= {code: f",{reason}".encode() + end for (reason, _), code in codes.reasons.items()}
    width, counts, let, keep = (
        len(outcome.source.header),
        Counter(codes.bytes),
        allowed.write,
        suppressed.write,
    )
    for code, raw in _records(lines, codes.bytes, end):
        if code == ALLOWED:
            let(raw + end)
        elif code < FIRST_REASON:
            keep(raw.removesuffix(b"\r") + tails[code])
        else:
            unreadable.write(
                (_quoted(raw, width) if code >= BROKEN else raw.removesuffix(b"\r")) + tails[code]
            )
    for file in parts:
        file.flush()
    outcome.allowed = counts[ALLOWED]
    outcome.reasons.update(
        {reason: counts[code] for code, reason in REASONS.items() if counts[code]}
    )
    for (reason, _), code in codes.reasons.items():
        outcome.faults[reason] += counts[code]
    outcome.blank = outcome.faults.pop(BLANK, 0)


def _records(
    lines: Iterator[bytes | None], codes: bytearray, end: bytes
) -> Iterator[tuple[int, bytes]]:
    """Each record's code with its bytes; a line too long to hold comes empty."""
    whole, marks = (line or b"" for line in lines), codes[2:]
    return _joined(whole, marks, end) if 0 in marks else zip(marks, whole, strict=True)


def _joined(lines: Iterator[bytes], marks: bytearray, end: bytes) -> Iterator[tuple[int, bytes]]:
    held, code = b"", 0
    for mark, line in zip(marks, lines, strict=True):
        if mark:
            if code:
                yield code, held
            held, code = line, mark
        else:  # the record goes on over this line
            held += end + line
    if code:
        yield code, held


def _quoted(raw: bytes, width: int) -> bytes:
    """A line that has no fields, as one quoted field with as many empty ones as the header asks
    for."""
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(
        [raw.decode("latin-1").replace("\0", ""), *[""] * (width - 1)]
    )
    return text.getvalue().encode("latin-1")


def _log(
    cursor: Any,
    outcome: ScreeningResult,
    question: ScreeningQuestion,
    codes: LineCodes,
    campaign: str,
    *,
    by: str,
    now: datetime.datetime,
) -> int:
    """Note the screening and, when the list goes to somebody else, each customer on it; returns how
    many those are."""
    counts = {
        "allowed": outcome.allowed,
        "suppressed": outcome.suppressed,
        "unreadable": outcome.unreadable,
    }
    screening = Screening.objects.create(
        at=now,
        by=by,
        channel=question.channel,
        sender=question.sender,
        campaign=campaign,
        suppression_only=question.suppression_only,
        digest=outcome.source.digest,
        **counts,
    )
    disclosed = 0
    if question.sender != US:
        disclosed = _disclose(cursor, screening, codes, now)
        Screening.objects.filter(pk=screening.pk).update(disclosed=disclosed)
    events.list_screened(
        by=by,
        screening=screening.pk,
        channel=question.channel,
        sender=question.sender,
        campaign=campaign,
        **counts,
    )
    return disclosed


def _disclose(cursor: Any, screening: Screening, codes: LineCodes, now: datetime.datetime) -> int:
    """Enter the list in the log of recipients of every customer whose line may go."""
    cursor.execute(
        "DROP TABLE IF EXISTS pg_temp.list_allowed; "
        "CREATE TEMPORARY TABLE list_allowed (line integer) ON COMMIT DROP"
    )
    encode.copy_in(
        cursor,
        "list_allowed",
        (b"%d\n" % line for line, code in enumerate(codes.bytes) if code == ALLOWED),
    )
    day = timezone.localdate(now)
    name = (
        Recipient.objects.on(day)
        .filter(code=screening.sender)
        .values_list("name", flat=True)
        .first()
    )
    cursor.execute(
        """
        INSERT INTO disclosures_disclosure
            (customer_id, kind, reference, occurred_on, recipient, recipient_name, purpose, application, detail)
        SELECT DISTINCT p.customer_id, %s, 'screening-' || %s || '-' || p.customer_id, %s::date, %s, %s,
                        'partner-marketing', '', %s
        FROM list_allowed a JOIN list_lines l ON l.line = a.line
        JOIN customers_contactpoint p ON p.lookup = l.lookup AND p.valid_to IS NULL
        JOIN customers_customer c ON c.id = p.customer_id AND c.erased_at IS NULL
            AND (l.surname IS NULL OR c.surname_lookup = l.surname)""",
        [
            Disclosure.Kind.FEED,
            screening.pk,
            day,
            screening.sender,
            name or screening.sender,
            f"{screening.get_channel_display()}: {screening.campaign or 'list'}",
        ],
    )
    return int(cursor.rowcount)
