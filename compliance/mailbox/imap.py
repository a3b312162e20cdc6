"""Emails from a mailbox on a mail server (IMAP): each is stored, moved to the folder of what is
done, and read.

Whatever lies in the folder is new: it does not matter whether somebody has looked at it with a mail
program. Killed between storing and moving, the next run finds the message known and moves it.
"""

import datetime
import imaplib
import io
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from compliance.mailbox import storage, transports
from compliance.mailbox.states import Transport

PIECE = 1_000_000  # bytes fetched at once
TIMEOUT = 60  # seconds
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class NoMailbox(Exception):
    """The mailbox cannot be used; the text says why and carries neither a name nor a password."""


@dataclass(frozen=True)
class ImapMailbox:
    """Where a mailbox is. Printed without its password."""

    host: str
    port: int
    secure: bool
    user: str
    password: str
    folder: str
    done: str

    def __repr__(self) -> str:
        return f"Box({self.host})"


def parse(url: str) -> ImapMailbox:
    """A mailbox from MAILBOX_URL: `imaps://USER:PASSWORD@HOST:993/INBOX?done=Done`. NoMailbox when
    it is not one.

    Without TLS (`imap://`) only on a loopback address.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise NoMailbox(
            "MAILBOX_URL cannot be read: percent-encode what is special in the name and the "
            "password."
        ) from None
    if parts.scheme not in ("imaps", "imap") or not parts.hostname or not parts.username:
        raise NoMailbox(
            "Set MAILBOX_URL to imaps://USER:PASSWORD@HOST/INBOX, or use --maildir or standard "
            "input."
        )
    secure = parts.scheme == "imaps"
    if not secure and parts.hostname not in LOOPBACK:
        raise NoMailbox(
            "MAILBOX_URL must begin with imaps:// : a password is not sent in the clear."
        )
    done = parse_qs(parts.query).get("done", ["Done"])[0]
    return ImapMailbox(
        parts.hostname,
        port or (993 if secure else 143),
        secure,
        unquote(parts.username),
        unquote(parts.password or ""),
        unquote(parts.path.strip("/")) or "INBOX",
        done,
    )


def collect(box: ImapMailbox, *, by: str, now: datetime.datetime) -> int:
    """Take in every message of a mailbox; how many there were. NoMailbox when the server cannot be
    reached or refuses."""
    count = 0
    with _opened(box) as server:
        for uid in _all(server):
            fetched = _fetch(server, uid)
            if fetched is None:
                continue  # another run has moved it
            arrived, delivered = fetched
            mail = storage.store(
                arrived, transport=Transport.IMAP, by=by, now=now, received_at=delivered
            )
            count += 1
            _move(server, uid, box.done)
            del fetched, arrived  # it may be large, and is read from the database again
            transports.read(mail, by=by, now=now)
    return count


@contextmanager
def _opened(box: ImapMailbox) -> Iterator[imaplib.IMAP4]:
    """A connection with the folder selected."""
    try:
        server = (
            imaplib.IMAP4(box.host, box.port, timeout=TIMEOUT)
            if not box.secure
            else imaplib.IMAP4_SSL(
                box.host, box.port, ssl_context=ssl.create_default_context(), timeout=TIMEOUT
            )
        )
    except OSError as fault:
        raise NoMailbox(f"The mail server cannot be reached ({type(fault).__name__}).") from None
    try:
        server.login(box.user, box.password)
        if server.select(_quoted(box.folder))[0] != "OK":
            raise NoMailbox("The folder in MAILBOX_URL does not exist.")
        server.create(_quoted(box.done))  # answers NO when it is there already
        yield server
    except (imaplib.IMAP4.error, OSError) as fault:
        raise NoMailbox(f"The mail server refused or broke off ({type(fault).__name__}).") from None
    finally:
        try:
            server.logout()
        except (imaplib.IMAP4.error, OSError):
            server.shutdown()


def _quoted(folder: str) -> str:
    escaped = folder.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _all(server: imaplib.IMAP4) -> list[str]:
    answer = server.uid("SEARCH", "UNDELETED")[1]
    return [uid.decode() for line in answer if line for uid in line.split()]


class RemoteMessage(io.RawIOBase):
    """One message on the server as a stream, fetched piece by piece and without marking it as
    read."""

    def __init__(self, server: imaplib.IMAP4, uid: str) -> None:
        self.server, self.uid, self.offset, self.ended = server, uid, 0, False

    def readable(self) -> bool:
        return True

    def read(self, size: int = PIECE) -> bytes:
        if self.ended:
            return b""
        answer = self.server.uid("FETCH", self.uid, f"(BODY.PEEK[]<{self.offset}.{PIECE}>)")[1]
        piece = next((part[1] for part in answer if isinstance(part, tuple)), b"")
        self.offset += len(piece)
        self.ended = len(piece) < PIECE
        return bytes(piece)


def _fetch(
    server: imaplib.IMAP4, uid: str
) -> tuple[storage.RawMessage, datetime.datetime | None] | None:
    """A message and the moment at which the server received it; None when it is gone."""
    answer = server.uid("FETCH", uid, "(INTERNALDATE RFC822.SIZE)")[1]
    found = next((part for part in answer if part), None)
    if found is None:
        return None
    text = found[0] if isinstance(found, tuple) else found
    size = re.search(rb"RFC822\.SIZE (\d+)", text)
    arrived = storage.read_stream(RemoteMessage(server, uid))  # type: ignore[arg-type]  # all of a file that it needs
    if size and int(size[1]) and not arrived.size:
        return None  # moved while we looked
    return arrived, _moment(text)


def _moment(text: bytes) -> datetime.datetime | None:
    found = re.search(rb'INTERNALDATE "([^"]+)"', text)
    try:
        return (
            datetime.datetime.strptime(found[1].decode().strip(), "%d-%b-%Y %H:%M:%S %z")
            if found
            else None
        )
    except ValueError:
        return None


def _move(server: imaplib.IMAP4, uid: str, folder: str) -> None:
    """Move a message that is stored. When the server cannot, it stays, and the next run knows
    it."""
    capabilities = server.capabilities
    if "MOVE" in capabilities:
        server.uid("MOVE", uid, _quoted(folder))
        return
    if server.uid("COPY", uid, _quoted(folder))[0] == "OK":
        server.uid("STORE", uid, "+FLAGS.SILENT", r"(\Deleted)")
        if "UIDPLUS" in capabilities:
            server.uid("EXPUNGE", uid)
