"""Emails from a mail folder (Maildir): each is stored, moved to the folder `.done`, and read.

A process that is killed in between leaves a message in its old place; the next run finds that it is
stored already, moves it and reads it if need be. Two runs at once share the work: whoever comes
second finds the file gone, or the message known.
"""

import datetime
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from compliance.mailbox import storage, transports
from compliance.mailbox.states import Transport

KEPT = datetime.timedelta(days=7)  # how long what was stored stays in .done
BEGINS_WITH_TIME = re.compile(r"^(\d{9,11})\.")


class NoMaildir(Exception):
    """The folder is not a Maildir."""


@dataclass
class MaildirCounts:
    """How many messages were stored, and how many files could not be read."""

    stored: int = 0
    unreadable: int = 0


def collect(folder: Path, *, by: str, now: datetime.datetime) -> MaildirCounts:
    """Take in every message of a Maildir. A file that cannot be opened stays and is counted; the
    others go on."""
    if not all((folder / name).is_dir() for name in ("new", "cur", "tmp")):
        raise NoMaildir
    done = folder / ".done"
    for name in ("tmp", "new", "cur"):
        (done / name).mkdir(parents=True, exist_ok=True, mode=0o700)
    counts = MaildirCounts()
    for file in list(_messages(folder)):
        try:
            with file.open("rb") as stream:
                written = os.fstat(stream.fileno()).st_mtime
                arrived = storage.read_stream(stream)
        except FileNotFoundError:
            continue  # another run, or a mail program, has moved it
        except OSError:
            counts.unreadable += 1
            continue
        mail = storage.store(
            arrived,
            transport=Transport.MAILDIR,
            by=by,
            now=now,
            received_at=_delivered(file.name, written),
        )
        counts.stored += 1
        try:
            file.rename(done / "cur" / file.name)
        except FileNotFoundError:
            pass
        except OSError:
            counts.unreadable += 1
        del arrived  # it may be large, and is read from the database again
        transports.read(mail, by=by, now=now)
    _forget(done / "cur", now)
    return counts


def _messages(folder: Path) -> Iterator[Path]:
    """The files of new/ and cur/, oldest first; not those that a mail program marked as thrown
    away."""
    found = [
        Path(entry.path)
        for name in ("new", "cur")
        for entry in os.scandir(folder / name)
        if not entry.name.startswith(".") and entry.is_file(follow_symlinks=False)
    ]
    return iter(sorted(found, key=lambda file: file.name))


def _delivered(name: str, written: float) -> datetime.datetime:
    """When a message was put into the folder: its name begins with the second, and its file bears
    the time."""
    found = BEGINS_WITH_TIME.match(name)
    return datetime.datetime.fromtimestamp(int(found[1]) if found else written, datetime.UTC)


def _forget(folder: Path, now: datetime.datetime) -> None:
    """Remove what was stored some days ago: the portal keeps it sealed, here it lies in the
    clear."""
    for entry in os.scandir(folder):
        try:
            if (
                entry.is_file(follow_symlinks=False)
                and entry.stat().st_ctime < (now - KEPT).timestamp()
            ):
                Path(entry.path).unlink()
        except FileNotFoundError:
            continue
