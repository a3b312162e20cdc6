"""What every effect has in common: what it is called, in which cases it is offered, and the one way
of carrying it out."""

import datetime
import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from django.urls import reverse

from audit.actions import Refused
from compliance.cases.lines import Line
from compliance.cases.models import Case, Outcome

ADD, ERASE = "cases.add_outcome", "cases.erase_person"
Given = Mapping[str, Any]


class Extent(StrEnum):
    """How much of what was asked for was carried out: it decides which answer may be given."""

    NOTHING = "nothing"  # a refusal
    PART = "part"  # an answer in part
    ALL = "all"


@dataclass
class EffectResult:
    """What came of an effect. `lines` are for the person, each with what proves it (see
    `cases.lines`)."""

    lines: list[Line] = field(default_factory=list)
    record: dict[str, str] = field(default_factory=dict)  # sealed, for colleagues
    codes: dict[str, Any] = field(default_factory=dict)  # codes, dates and counts, for the trail
    after: Callable[..., None] | None = None  # what needs the outcome's row: called with it


class Click(NamedTuple):
    """One click that does it all: what it says beside its button, and the values that it sends."""

    says: str
    sends: Mapping[str, str]


class Effect:
    """One thing that can be carried out in the cases of a right: a subclass for each, listed under
    EFFECTS in the file of its right.

    A subclass names itself, and says in `perform` what happens; what is left out here stands as
    below.
    """

    code: str
    label: str
    says: str
    permission = ADD
    matched = True  # only when it is known whose data it is
    proven = False  # only when it is clear who asks
    after_closing = False  # also in a case that was answered
    again = True  # may be carried out more than once in a case
    counts = True  # the promise of the kind is kept with it
    closes = False  # the desk answers and closes with it, in the same transaction
    may_end = False  # what it did can end, as `stands` tells: only its last outcome is told
    concerns_others = False  # what it does changes what the person's other requests are about

    def perform(self, case: Case, given: Given, *, by: str, now: datetime.datetime) -> EffectResult:
        """Do it for a case that is locked, with the clean values of its form. Refused when it
        cannot be done."""
        raise NotImplementedError

    def lock(self, case: Case) -> None:
        """Take what is to be locked before the case itself: the lock against erasure (see
        `customers.erasure_lock`), or other cases, so that all are locked in one order."""
        if self.concerns_others:
            lock_cases_of_person(case)

    def hindrance(self, case: Case) -> str:
        """Why it cannot be done, for a reason of its own; empty when it can."""
        return ""

    def fits(self, case: Case) -> bool:
        """Whether it is shown at all in a case of its right."""
        return True

    def stands(self, case: Case) -> bool:
        """Whether what it did last still stands, where that can end."""
        return True

    def tells(self, outcome: Outcome) -> list[Line]:
        """What the person is told of an outcome now: as it was stored, unless rows say more."""
        return outcome.told

    def gives(self, outcome: Outcome) -> bool:
        """Whether an outcome of it gives the person a part of what they asked for."""
        return True

    def extent(self, case: Case) -> Extent | None:
        """How much of what was asked for it did; None where it was not carried out, or where
        colleagues say so."""
        return None

    def page(self, case: Case) -> str:
        """The page on which its work goes on; empty while there is none."""
        return ""

    def click(self, case: Case) -> Click | None:
        """The one click that does it all, where nobody has to decide anything and it `closes`."""
        return None

    def why_not(self, case: Case, *, carried_out: bool) -> str:
        """Why it cannot be carried out in this case now, in words; empty when it can."""
        if not (case.is_open or self.after_closing):
            return "This case is closed. Open it again first."
        if self.matched and case.customer_id is None:
            return "Nobody knows yet whose request this is. Match it to a customer first."
        if self.matched and case.customer is not None and case.customer.erased_at:
            return "This customer was erased."
        if self.proven and case.identified_at is None:
            return "It is not clear yet who asks. Note first how you know it."
        if carried_out and not self.again:
            return "That is done already."
        return self.hindrance(case)


@dataclass(frozen=True)
class Offer:
    """An effect as a case page offers it; `why_not` says why it cannot be pressed yet, empty when
    it can."""

    effect: Effect
    case: Case
    why_not: str
    carried_out: bool

    @property
    def code(self) -> str:
        return self.effect.code

    @property
    def label(self) -> str:
        return self.effect.label

    @property
    def says(self) -> str:
        return self.effect.says

    @property
    def permission(self) -> str:
        return self.effect.permission

    @property
    def url(self) -> str:
        """The page with its form, or on which its work goes on."""
        return self.effect.page(self.case) or reverse(
            "admin:cases_outcome_carry_out", args=[self.case.pk, self.effect.code]
        )


def lock_cases_of_person(case: Case) -> None:
    """Lock every case of the person, this one too, in one order: two that are carried out at the
    same time wait, and never for each other."""
    customer = Case.objects.filter(pk=case.pk, customer__isnull=False).values("customer")
    found = Case.objects.filter(customer__in=customer).order_by("pk")
    list(found.select_for_update(of=("self",)).values_list("pk", flat=True))


def text_of(given: Given, name: str, otherwise: str) -> str:
    """A text that must be given. Refused with `otherwise`."""
    text = str(given.get(name) or "").strip()
    if not text:
        raise Refused(otherwise)
    return text


def token_of(case: Case, what: str) -> uuid.UUID:
    """The token of what happens once in a case by itself."""
    return uuid.uuid5(case.token, what)


def as_json(record: Mapping[str, str]) -> str | None:
    """A record as it is sealed; None when there is nothing."""
    return json.dumps(record) if record else None
