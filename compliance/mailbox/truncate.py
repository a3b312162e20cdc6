"""Making a large message small without losing a word: headers and text parts stay, other parts give
up their bodies.

It reads line by line and holds no more than it keeps, so a message of any size costs little memory.
"""

import re
from typing import BinaryIO

LINE = 65_536  # bytes read at once: a line may be endless
BOUNDARY = re.compile(
    rb"boundary\s*=\s*(?:\"([^\"\r\n]{1,200})\"|([^\s;\"]{1,200}))", re.IGNORECASE
)
TYPE = re.compile(rb"^content-type[ \t]*:\s*([\w.+-]+/[\w.+-]+)", re.IGNORECASE | re.MULTILINE)
ATTACHED = re.compile(rb"^content-disposition[ \t]*:\s*attachment", re.IGNORECASE | re.MULTILINE)
LEFT_OUT = re.compile(r"\[(\d+) bytes left out here\]")
MOST_BOUNDARIES = 100


class Truncator:
    """One pass over a message. `text` and `whole`: bytes kept of each text part, and of
    everything."""

    def __init__(self, text: int, whole: int) -> None:
        self.text, self.whole = text, whole
        self.kept: list[bytes] = []
        self.size = 0  # bytes kept
        self.dropped = 0  # bytes of the present part that were left out
        self.boundaries: set[bytes] = set()
        self.header: (
            list[bytes] | None
        ) = []  # the lines of the header being read; None inside a body
        self.room = text

    def run(self, stream: BinaryIO) -> bytes:
        """The message in `stream`, truncated."""
        fresh = True  # at the beginning of a line
        while line := stream.readline(LINE):
            if self.header is not None:
                self._header_line(line, self.header, fresh)
            elif not (fresh and self._is_boundary(line)):
                self._body_line(line)
            fresh = line.endswith(b"\n")
        self._note()
        return b"".join(self.kept)

    def _keep(self, line: bytes) -> bool:
        if self.size + len(line) > self.whole:
            return False
        self.kept.append(line)
        self.size += len(line)
        return True

    def _header_line(self, line: bytes, header: list[bytes], fresh: bool) -> None:
        if not (fresh and not line.strip()):
            if self._keep(line) and len(header) < 1_000:
                header.append(line)
            return
        self._keep(line)
        text = re.sub(rb"\r?\n[ \t]+", b" ", b"".join(header))
        if len(self.boundaries) < MOST_BOUNDARIES:
            self.boundaries.update(
                (found[1] or found[2]).rstrip() for found in BOUNDARY.finditer(text)
            )
        found = TYPE.search(text)
        kind = found[1].lower() if found else b"text/plain"
        if kind == b"message/rfc822":
            self.header = []  # its own header follows
            return
        readable = kind.startswith((b"text/", b"multipart/", b"message/")) and not ATTACHED.search(
            text
        )
        self.header, self.room = None, self.text if readable else 0

    def _is_boundary(self, line: bytes) -> bool:
        """Whether a line ends a part; what follows an opening one is a header."""
        bare = line.rstrip()
        if not bare.startswith(b"--") or not (
            bare[2:] in self.boundaries or bare[2:-2] in self.boundaries
        ):
            return False
        self._note()
        self._keep(line)
        self.header, self.room = ([] if bare[2:] in self.boundaries else None), self.text
        return True

    def _body_line(self, line: bytes) -> None:
        if self.dropped or len(line) > self.room or not self._keep(line):
            self.dropped += len(line)
        else:
            self.room -= len(line)

    def _note(self) -> None:
        if self.dropped:
            self.kept.append(b"[%d bytes left out here]\r\n" % self.dropped)
            self.dropped = 0


def truncate(stream: BinaryIO, *, text: int = 2_000_000, whole: int = 8_000_000) -> bytes:
    """The message without the bodies of its attachments, at most `text` bytes of each text part and
    `whole` in all."""
    return Truncator(text, whole).run(stream)
