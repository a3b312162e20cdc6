"""What the page after a form says: references, days and codes, and nothing about a person. It works
for an hour."""

import datetime
from dataclasses import asdict, dataclass, field

from compliance.cases import transitions
from compliance.cases.kinds import COMPLAINTS, EventKind
from compliance.deadlines.wording import words_of
from compliance.letters import phrases
from customers import sealed_address
from customers.contact_words import DETAIL_NOUNS

# how long the address of the page after a form works: it may be seen by others
SHOWN_FOR = datetime.timedelta(hours=1)
PAGE = "portal.answer"


@dataclass(frozen=True)
class Told:
    """One case, as its person reads of it."""

    reference: str
    kind: str
    promise: str  # by when we answer, in words
    due: str  # the day of that in ISO form; empty when there is none
    for_somebody: bool = False

    @property
    def asked(self) -> str:
        return phrases.asked(self.kind, for_somebody=self.for_somebody)

    @property
    def next_step(self) -> str:
        return phrases.next_step(self.kind)

    @property
    def due_words(self) -> str:
        return words_of(datetime.date.fromisoformat(self.due)) if self.due else ""


@dataclass(frozen=True)
class SealedAnswer:
    """The cases that a form opened, and how we write about them. The same for whoever we know and
    do not know."""

    at: int  # seconds since 1970
    cases: list[Told]
    means: str  # "email", "letter", or "file": to an address on file, if we find one
    quiet: bool = False  # too many today: no acknowledgement goes out
    proven: bool = False
    files: int = 0
    unread: list[str] = field(
        default_factory=list
    )  # what was given and could not be read, as in DETAIL_NOUNS
    marketing: str = ""  # the reference under which marketing was stopped

    @property
    def moment(self) -> datetime.datetime:
        return datetime.datetime.fromtimestamp(self.at, datetime.UTC)

    @property
    def unread_words(self) -> list[str]:
        return [DETAIL_NOUNS[kind] for kind in self.unread if kind in DETAIL_NOUNS]

    @property
    def complains(self) -> bool:
        return any(told.kind in COMPLAINTS for told in self.cases)

    @property
    def may_ask_who(self) -> bool:
        """Whether proof of identity may be asked for at all."""
        return not self.proven and self._may(EventKind.ID_REQUESTED)

    @property
    def may_take_longer(self) -> bool:
        return self._may(EventKind.EXTENDED)

    def _may(self, event: EventKind) -> bool:
        return any(told.kind in transitions.BY_EVENT[event].kinds for told in self.cases)

    def sealed(self) -> str:
        """The answer as the opaque part of an address."""
        return sealed_address.sealed(asdict(self), PAGE)


def opened(text: str, *, now: datetime.datetime) -> SealedAnswer | None:
    """The answer in a part of an address; None when it is not one of ours, or older than
    `SHOWN_FOR`."""
    try:
        content = sealed_address.opened(text, PAGE) or {}
        answer = SealedAnswer(**{**content, "cases": [Told(**told) for told in content["cases"]]})
    except (KeyError, TypeError):
        return None
    return answer if answer.moment > now - SHOWN_FOR else None
