"""What a right is: everything that holds for one kind of request, told once, in its own file.

Pure: no model, and of Django nothing at all, so that the clock works without it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from compliance.deadlines.rules import StatutoryClock
from compliance.mailbox.request_words import RequestWords

ANYBODY_MAY = (
    "Who asks is never asked here: marketing stops, and a consent ends, for whoever says so "
    "(UK GDPR Articles 7(3) and 21(3))."
)
NO_DELAY = "A complaint is not held up by a question who asks."
EVERYTHING = ("everything",)  # what a right needs that needs every record of the person


class RightError(Exception):
    """A right is not told in full; the text names what is missing and the file to write it in."""


@dataclass(frozen=True, kw_only=True)
class Ground:
    """A ground of the law, on which something is refused or asked for. `label` is for the desk,
    `words` for the person: whole sentences that say why, without revealing what it protects."""

    label: str
    words: str
    law: str

    @property
    def told(self) -> str:
        """As a letter says it."""
        return f"{self.words} ({self.law})"


@dataclass(frozen=True, kw_only=True)
class RefusalGround(Ground):
    """A reason of the law to refuse."""

    by_line: bool = False  # given only where what was carried out says why, line by line
    for_somebody: bool = False  # only where somebody asks for somebody else
    unproven: bool = False  # only until it is clear who asks


class AtOnce(StrEnum):
    """What takes effect when a request comes in, before anybody looks at it."""

    NOTHING = "nothing"
    STOP_MARKETING = "stop marketing"
    RESTRICT = "restrict"


@dataclass(frozen=True, kw_only=True)
class Right:
    """One right, or one kind of complaint. Nothing here has a default: every question is
    answered in the right's own file.

    A letter prints those of its blocks (`when` in letters/wordings) whose condition is named
    here. The right's effects are in compliance/outcomes, and its public form in
    compliance/portal/forms, each in the file that is named here.
    """

    code: str  # stored with every case, and the kind of its clock
    order: int  # its place in every list of rights
    label: str  # in lists, for the desk and for the customer
    clock: StatutoryClock

    # What a letter says. It goes to whatever address a stranger gave, so it says nothing that
    # holds for customers alone.
    asked: str
    asked_for_somebody: str
    next_step: str
    letters: Mapping[str, str]  # the letter that takes the place of a usual one
    conditions: tuple[str, ...]

    grounds: Mapping[str, RefusalGround]  # on which it may be refused, by their codes
    complaint: bool  # kept for longer, and answered with findings
    often: bool  # logged so often that the desk shows its button first
    at_once: AtOnce
    needs: Sequence[str]  # categories of the register that stay while it is open, or EVERYTHING
    anybody_may: bool  # holds for whoever says so: who asks never matters
    never_proof: str  # why proof of identity is never asked for; empty where it may be
    may_extend: bool
    may_refuse: bool
    may_lapse: bool  # may be closed when the person does not answer

    mail: RequestWords | None  # None: an email is not known by words as this request
    outcome: str  # the file in compliance/outcomes
    carried_out: Mapping[str, str]  # its effects by their codes, in words for the person
    form: str  # the file in compliance/portal/forms; empty: it has no form there

    def __post_init__(self) -> None:
        if self.clock.kind != self.code:
            raise RightError(f"the clock counts for {self.clock.kind}, not for {self.code}")

    @property
    def may_pause(self) -> bool:
        """Whether its clock stands still while a question is open."""
        return any(rule.pauses for rule in self.clock.rules)

    @property
    def asks_when_negotiations_ended(self) -> bool:
        """Whether it counts only for a time after negotiations about credit ended."""
        return any(rule.window_days is not None for rule in self.clock.rules)

    def needs_category(self, category: str) -> bool:
        """Whether the records of a category of the register stay while such a request is open."""
        return tuple(self.needs) == EVERYTHING or category in self.needs

    @property
    def met_by(self) -> str:
        """The event after which the law sets no last day any more; empty when there is none."""
        return self.clock.rules[-1].met_by

    def letter(self, usual: str) -> str:
        """The letter that goes in place of a usual one."""
        return self.letters.get(usual, usual)
