"""The pack as one zip archive, written as a stream: memory stays flat however much is held."""

from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from compliance.access.reviewed import Texts
from customers.models import Customer


@dataclass(frozen=True)
class Made:
    """What was written: how many records, how many bytes, the SHA-256 of them, and the fingerprint of what was gathered."""

    records: int
    size: int
    digest: str
    fingerprint: str


def write(target: BinaryIO, customer: Customer, *, reference: str, texts: Texts, now: datetime) -> Made:
    """Write the archive into `target`, which need not seek. The same data at the same moment is the same bytes."""
    raise NotImplementedError
