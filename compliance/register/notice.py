"""The privacy notice, composed from the register: it cannot say what the register does not hold.

`compose` gives the draft as plain content (see `blocks`); `publishing` freezes it. Each section is
one function. An upper room adds the section about its own matter (cookies) behind another one, or
takes the place of one by registering its own under the same id, in its AppConfig.
"""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Prefetch

from audit import evidence
from compliance.register.blocks import Block, Content, section
from compliance.register.models import (
    AdequacyDecision,
    DataCategory,
    LawfulBasis,
    Purpose,
    Recipient,
    RetentionRule,
)


@dataclass(frozen=True)
class RegisterOnDay:
    """The register on one day, as the sections read it."""

    today: datetime.date
    categories: list[DataCategory]
    purposes: list[Purpose]
    rules: list[RetentionRule]
    recipients: list[Recipient]  # of every day: see `current` and `former`
    adequacy: list[AdequacyDecision]
    rests_on: dict[str, None] = field(default_factory=dict)  # the evidence that was asked for, once

    def holds(self, name: str) -> bool:
        """Whether evidence holds today. A notice that says so rests on it, and says which."""
        if evidence.holds(name) is None:
            return False
        self.rests_on[name] = None
        return True

    @cached_property
    def current(self) -> list[Recipient]:
        """Who receives data today."""
        return [recipient for recipient in self.recipients if self.stands(recipient)]

    def former(self, recipient: Recipient) -> list[Recipient]:
        """The earlier rows of a recipient: its former names and addresses, oldest first."""
        return sorted(
            (
                other
                for other in self.recipients
                if other.code == recipient.code
                and other.pk != recipient.pk
                and other.valid_to is not None
                and other.valid_to < self.today
            ),
            key=lambda other: other.valid_to or datetime.date.max,
        )

    def stands(self, row: Recipient | AdequacyDecision) -> bool:
        """Whether a dated row counts today."""
        return (row.valid_from is None or row.valid_from <= self.today) and (
            row.valid_to is None or row.valid_to >= self.today
        )

    def uses(self, purpose: str) -> bool:
        """Whether a purpose is in use."""
        return any(found.code == purpose for found in self.purposes)


def read(today: datetime.date) -> RegisterOnDay:
    """The whole register in eight queries."""
    return RegisterOnDay(
        today=today,
        categories=list(DataCategory.objects.in_use()),
        purposes=list(
            Purpose.objects.in_use().prefetch_related(
                Prefetch("lawful_bases", LawfulBasis.objects.order_by("article")),
                Prefetch("categories", DataCategory.objects.in_use()),
                Prefetch("recipients", Recipient.objects.outside().on(today)),
            )
        ),
        rules=list(
            RetentionRule.objects.in_use()
            .select_related("category", "purpose")
            .order_by("category__position", "category__name", "code")
        ),
        recipients=list(Recipient.objects.outside().order_by("name", "pk")),
        adequacy=list(AdequacyDecision.objects.all()),
    )


Composer = Callable[[RegisterOnDay], Iterable[Block]]
_sections: dict[str, tuple[str, Composer]] = {}


def part(key: str, heading: str, *, after: str = "") -> Callable[[Composer], Composer]:
    """Register the function that composes a section: at the end, or behind the section named by
    `after`. A second one under the same id takes the place of the first.
    """

    def register(composer: Composer) -> Composer:
        _sections[key] = (heading, composer)
        if after:
            order = [other for other in _sections if other != key]
            order.insert(order.index(after) + 1, key)
            for name in order:
                _sections[name] = _sections.pop(name)
        return composer

    return register


def compose(today: datetime.date) -> Content:
    """The notice as the register has it today."""
    facts = read(today)
    sections = [
        section(key, heading, composer(facts)) for key, (heading, composer) in _sections.items()
    ]
    return {"sections": sections, "rests_on": sorted(facts.rests_on)}
