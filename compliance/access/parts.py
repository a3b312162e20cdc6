"""The archive of a pack in sealed parts: written as it is made, read part by part. Never whole in
memory, never on a disk."""

import hashlib
import io
from collections.abc import Iterator
from typing import Any

from compliance.access.models import Pack, PackPart

PIECE = 1_000_000  # bytes in each part but the last


class Sealing(io.RawIOBase):
    """A file to write into, which keeps what is written as sealed parts of a pack. Close it to keep
    the last one."""

    def __init__(self, pack: Pack) -> None:
        super().__init__()
        self.pack, self.number, self.written = pack, 0, 0
        self.waiting, self.sha256 = bytearray(), hashlib.sha256()

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.written

    def write(self, data: Any) -> int:
        content = bytes(data)
        self.waiting += content
        self.written += len(content)
        self.sha256.update(content)
        while len(self.waiting) >= PIECE:
            self._keep(PIECE)
        return len(content)

    def close(self) -> None:
        if not self.closed and self.waiting:
            self._keep(len(self.waiting))
        super().close()

    def _keep(self, size: int) -> None:
        PackPart.objects.create(
            pack=self.pack, number=self.number, content=self.waiting[:size].decode("latin-1")
        )
        del self.waiting[:size]
        self.number += 1


class Opened(io.RawIOBase):
    """The archive of a pack to read and to seek in, one part in memory at a time."""

    def __init__(self, pack: Pack) -> None:
        super().__init__()
        self.pack, self.at = pack, 0
        self.number, self.content = -1, b""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self.at = (
            offset + {io.SEEK_SET: 0, io.SEEK_CUR: self.at, io.SEEK_END: self.pack.size}[whence]
        )
        return self.at

    def readinto(self, buffer: Any) -> int:
        number, skip = divmod(self.at, PIECE)
        if self.at >= self.pack.size:
            return 0
        if number != self.number:
            self.number, self.content = number, part(self.pack, number) or b""
        found = self.content[skip : skip + len(buffer)]
        buffer[: len(found)] = found
        self.at += len(found)
        return len(found)


def part(pack: Pack, number: int) -> bytes | None:
    """The bytes of one part; None when there is none of that number."""
    found = PackPart.objects.filter(pack=pack, number=number).first()
    return str(found.content).encode("latin-1") if found else None


def streamed(pack: Pack) -> Iterator[bytes]:
    """The archive part by part, for as long as the pack is released: a withdrawal stops a download
    that is under way."""
    for number in range(-(-pack.size // PIECE)):
        found = PackPart.objects.filter(
            pack=pack, number=number, pack__state=Pack.State.RELEASED
        ).first()
        if found is None:
            raise ConnectionAbortedError("the copy was withdrawn")
        yield str(found.content).encode("latin-1")
