"""Which messages are one and the same, however often and by whatever way they arrive."""

import hashlib

from compliance.mailbox import headers

NAMED = ("message-id", "from", "date", "subject")


def identify(raw: bytes) -> str:
    """A digest of who wrote what when (SHA-256, hex), the same for every copy of a message.

    It covers Message-ID, From, Date, Subject and body; not the lines that mail servers add on the
    way, nor the kind of line endings. A message under somebody else's Message-ID is therefore
    another message, and so is a new one from a program that numbers all of them alike. One with
    neither Message-ID nor Date counts with all its header lines.
    """
    header, body = headers.split(raw)
    found = headers.read(header)
    digest = hashlib.sha256()
    if found.get("message-id") or found.get("date"):
        for name in NAMED:
            digest.update(f"{name}:{' '.join(' '.join(found.get(name, [])).split())}\n".encode())
    else:
        digest.update(b"\n".join(line.rstrip() for line in header.splitlines()))
    digest.update(b"\n")
    digest.update(body.rstrip().replace(b"\r\n", b"\n"))
    return digest.hexdigest()
