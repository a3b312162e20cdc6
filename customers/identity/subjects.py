"""What a one-time code can prove: that somebody is a customer (`customer.py`), or reads what is
sent to the address of one case (`compliance/portal/case_codes.py`).

Each is one `Subject`. Whatever is alike for both is written once, in `request_code`, `deliver`,
`verify_code`, `open_visit` and `end_visit`.
"""

import uuid
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, TypeVar

from customers.identity.models import Challenge, Visit
from customers.models import Customer
from customers.outbox.models import Message

C = TypeVar("C", bound=Challenge)
V = TypeVar("V", bound=Visit)


@dataclass(frozen=True)
class Destination:
    """Where a code goes: to a contact detail on file or to the address of a case, never to one that
    was merely typed on the page."""

    of: Any  # the customer or case that the code is for; its row is locked
    means: Message.Means | None = None  # None: nothing can be sent
    recipient: str = ""  # email address, E.164 number, or the lines of an envelope
    customer: Customer | None = None  # whose message it is
    sent_to: Any = None  # what is remembered of it: the value of `Challenge.SENT_TO`
    words: Mapping[str, str] = field(default_factory=dict)  # for the templates


class Subject(ABC, Generic[C, V]):
    """One thing that a code can prove."""

    code: ClassVar[str]  # in the purposes of keyed hashes
    message: ClassVar[str]  # its email template; the letter's and text message's follow from it
    code_page: ClassVar[str]  # the name of the address at which the code is typed
    actor: ClassVar[str]  # who stands in the trail for what the jobs do
    trail_names_unsent: ClassVar[bool]  # whether the trail names the person though no code went
    challenges: type[C]
    visits: type[V]

    @abstractmethod
    def find(self, given: Mapping[str, str]) -> Destination | None:
        """Where the code of what was typed goes, with the row of `of` locked; None when there is no
        such thing."""

    @abstractmethod
    def person(self, of: Any) -> uuid.UUID | None:
        """The customer's primary key, for the trail."""

    @abstractmethod
    def can_open(self, challenge: C) -> bool:
        """Whether a right code may open a visit now."""

    @abstractmethod
    def record_opened(self, visit: V) -> None:
        """Write to the trail that a visit began."""

    def record_ended(self, visit: V) -> None:
        """Write to the trail that a visit was ended."""


_subjects: dict[str, Subject[Any, Any]] = {}


def register(subject: Subject[Any, Any]) -> None:
    """Have codes for this subject delivered, also those whose job was lost. A room above calls this
    as it starts."""
    _subjects[subject.code] = subject


def registered() -> Iterator[Subject[Any, Any]]:
    """Every subject, in the order in which the rooms start."""
    yield from _subjects.values()
