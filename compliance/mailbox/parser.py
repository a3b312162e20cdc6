"""What a raw message says: who, about what, in which words. Reads anything; raises for nothing."""

import email
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email import policy
from email.message import Message

from compliance.mailbox import headers, markup
from compliance.mailbox.charsets import decode, plain
from compliance.mailbox.truncate import LEFT_OUT, truncate

SMALL = 250_000  # bytes: a larger message is truncated before it is parsed
DEEPEST = 12  # messages within messages, and parts within parts
MOST_PARTS = 300
LONGEST = 60_000  # characters of text that are read
STUB = 12  # words: a plain part this short may be a stand-in for the HTML beside it
SEALED = {
    "application/pkcs7-mime",
    "application/x-pkcs7-mime",
    "multipart/encrypted",
    "application/pgp-encrypted",
}
REPORTS = {
    "message/delivery-status",
    "message/disposition-notification",
    "message/feedback-report",
}
SIGNATURES = {
    "application/pkcs7-signature",
    "application/x-pkcs7-signature",
    "application/pgp-signature",
}


@dataclass(frozen=True)
class MailAttachment:
    """One attached file: what it is called, of which type, and about how many bytes."""

    name: str
    type: str
    size: int

    def __repr__(self) -> str:
        return f"Attachment({self.type}, {self.size})"


@dataclass(frozen=True)
class Mail:
    """A message as far as it can be read. `senders` are (name, address) pairs of From; `named` all
    header lines by name."""

    named: dict[str, list[str]]
    subject: str = ""
    senders: tuple[tuple[str, str], ...] = ()
    reply_to: tuple[tuple[str, str], ...] = ()
    text: str = ""
    attachments: tuple[MailAttachment, ...] = ()
    forwarded: tuple["Mail", ...] = ()
    report: bool = False  # built as the report of a mail server, or a receipt, is
    reported: bool = False  # such a report is among its parts
    calendar: bool = False
    encrypted: bool = False
    faulty: bool = False  # its parts could not be told apart

    def __repr__(self) -> str:
        return "Mail(...)"

    def header(self, name: str) -> str:
        """The first value of a header, empty when there is none."""
        return next(iter(self.named.get(name, [])), "")


def read(raw: bytes) -> Mail:
    """A message taken apart. Attachments are listed; only text is read, and no more than `LONGEST`
    characters of it."""
    if len(raw) > SMALL:
        raw = truncate(io.BytesIO(raw), text=SMALL, whole=SMALL * 4)
    header, body = headers.split(raw)
    named = headers.read(header)
    try:
        if raw.lower().count(b"boundary=") > 100:
            raise ValueError("too many parts within parts")
        whole = email.message_from_bytes(_rebuilt(header, body), policy=policy.compat32)
        return _message(whole, named, 0)
    except Exception:  # whatever a hostile message does to the parser, its words are to be read
        return replace(_top(named), text=_tidy(decode(body[: LONGEST * 4])), faulty=True)


def _rebuilt(header: bytes, body: bytes) -> bytes:
    """The message without the header lines that are none: at the first of them the parser would
    take the rest for text."""
    kept: list[bytes] = []
    good = False
    for line in header.replace(b"\0", b"").splitlines():
        good = good if line[:1] in (b" ", b"\t") else bool(headers.FIELD.fullmatch(line))
        if good:
            kept.append(line)
    return b"\n".join(kept) + b"\n\n" + body


def _top(named: dict[str, list[str]]) -> Mail:
    return Mail(
        named=named,
        subject=headers.words(" ".join(named.get("subject", [])[:1]))[:1_000],
        senders=tuple(headers.people(named.get("from", []))),
        reply_to=tuple(headers.people(named.get("reply-to", []))),
    )


@dataclass
class PartsFound:
    """What the parts of a message hold, gathered while they are walked."""

    texts: list[str]
    attachments: list[MailAttachment]
    forwarded: list[Mail]
    kinds: set[str]


def _message(part: Message, named: dict[str, list[str]], depth: int) -> Mail:
    found = PartsFound([], [], [], set())
    report = _kind(part) == "multipart/report"
    budget = iter(range(MOST_PARTS))
    _walk(part, found, budget, depth, report=report)
    return replace(
        _top(named),
        text=_tidy("\n\n".join(text for text in found.texts if text.strip())),
        report=report,
        reported=bool(found.kinds & REPORTS),
        attachments=tuple(found.attachments),
        forwarded=tuple(found.forwarded),
        calendar="text/calendar" in found.kinds,
        encrypted=bool(found.kinds & SEALED),
    )


def _walk(
    part: Message, found: PartsFound, budget: Iterator[int], depth: int, *, report: bool
) -> None:
    if depth > DEEPEST or next(budget, None) is None:
        return
    kind = _kind(part)
    found.kinds.add(kind)
    children = part.get_payload()
    if isinstance(children, list) and kind == "message/rfc822":
        inner = next((one for one in children if isinstance(one, Message)), None)
        if inner is not None and not report:
            found.forwarded.append(_message(inner, _named(inner), depth + 1))
    elif isinstance(children, list) and kind == "multipart/alternative":
        found.texts.append(
            _best(
                [one for one in children if isinstance(one, Message)],
                found,
                budget,
                depth,
                report=report,
            )
        )
    elif isinstance(children, list):
        for child in children:
            if isinstance(child, Message):
                _walk(child, found, budget, depth + 1, report=report)
    elif _is_text(part, kind) and not (
        report and found.texts
    ):  # of a report only the first text is its own
        found.texts.append(_text(part, kind))
    elif kind not in SIGNATURES:
        found.attachments.append(_attachment(part, kind))


def _best(
    children: list[Message], found: PartsFound, budget: Iterator[int], depth: int, *, report: bool
) -> str:
    """The text of parts that say the same in several ways: plain, unless that is a stand-in for the
    HTML."""
    said: dict[str, str] = {}
    for child in children:
        kind = _kind(child)
        before = len(found.texts)
        _walk(child, found, budget, depth + 1, report=report)
        text = "\n\n".join(found.texts[before:])
        del found.texts[before:]
        said["plain" if kind == "text/plain" else "other"] = text
    short, long = said.get("plain", ""), said.get("other", "")
    if len(short.split()) <= STUB and len(long.split()) > 2 * len(short.split()):
        return f"{short}\n\n{long}" if short.strip() and short.strip() not in long else long
    return short or long


def _named(part: Message) -> dict[str, list[str]]:
    lines = [
        f"{name}: {value}".encode("utf-8", "surrogateescape") for name, value in part.raw_items()
    ]
    return headers.read(b"\n".join(lines))


def _kind(part: Message) -> str:
    try:
        return part.get_content_type().lower()
    except Exception:  # a type written so that the parser trips
        return "text/plain"


def _is_text(part: Message, kind: str) -> bool:
    if not kind.startswith("text/") or kind == "text/calendar":
        return False
    how = plain(str(part.get("Content-Disposition") or "")).strip().lower()
    return not how.startswith("attachment") and not (
        _file_name(part) and kind not in ("text/plain", "text/html")
    )


def _text(part: Message, kind: str) -> str:
    data = _payload(part)[: LONGEST * 8]
    text = decode(data, _parameter(part, "charset"))
    looks = kind in ("text/html", "text/enriched") or re.match(
        r"\s*<(?:!doctype html|html)\b", text, re.IGNORECASE
    )
    return plain(markup.to_text(text) if looks else text)


def _payload(part: Message) -> bytes:
    try:
        data = part.get_payload(decode=True)
    except Exception:
        data = None
    if isinstance(data, bytes):
        return data
    whole = part.get_payload()
    return whole.encode("utf-8", "surrogateescape") if isinstance(whole, str) else b""


def _parameter(part: Message, name: str) -> str:
    try:
        value = part.get_param(name)
        return str(value[2] if isinstance(value, tuple) else value or "")
    except Exception:
        return ""


def _file_name(part: Message) -> str:
    try:
        name = part.get_filename() or ""
    except Exception:
        name = ""
    return headers.words(plain(str(name).encode("utf-8", "replace").decode()))[:200]


def _attachment(part: Message, kind: str) -> MailAttachment:
    whole = part.get_payload()
    text = whole if isinstance(whole, str) else ""
    left_out = LEFT_OUT.search(text[-200:])
    base64 = str(part.get("Content-Transfer-Encoding") or "").strip().lower() == "base64"
    size = int(left_out[1][:12]) if left_out else len(text)
    return MailAttachment(_file_name(part), kind[:100], size * 3 // 4 if base64 else size)


def _tidy(text: str) -> str:
    return plain(text)[:LONGEST].strip()
