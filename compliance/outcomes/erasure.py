"""Erasure (UK GDPR Article 17): the retention engine for one person, told line by line.

The plan that is shown is made anew at the moment of erasing, under the lock against purges and with
the person's row locked. Carried out where nothing may go, it says why of each kind of record: then
the answer is a refusal; where something stays, an answer in part.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from audit.actions import Refused
from audit.evidence import Evidence
from compliance.cases.actions import steps
from compliance.cases.kinds import EventKind
from compliance.cases.lines import Line
from compliance.cases.models import Case, Outcome
from compliance.cases.rights.erasure import ALL, SOME
from compliance.disclosures import instructions
from compliance.outcomes import recipients
from compliance.outcomes.base import (
    ERASE,
    Effect,
    EffectResult,
    Extent,
    Given,
    lock_cases_of_person,
    text_of,
)
from compliance.preferences import customer_contacts
from compliance.preferences.actions import object_to
from compliance.preferences.channels import CHANNELS
from compliance.preferences.models import ChoiceEvent
from compliance.preferences.vocabulary import THIRD_PARTIES, US, ChoiceSource
from compliance.register.models import RetentionRule
from compliance.retention import erasing, on_request
from customers import erasure_lock, open_requests
from customers.models import ContactPoint, Customer
from customers.open_requests import OpenRequest

NOT_CONFIRMED = (
    "Rules of the register that keep some of these records are not confirmed yet: {rules}. The data "
    "protection lead confirms or changes them first, for they are told as the reason."
)
WHY_OTHERWISE = "Write why what another request needs is erased all the same."
MOVED = "A record changed meanwhile. Nothing was erased: look at the list again."
LISTED = "List of those who want no marketing"
ON_IT = "Your details are on it"
STAYS = (
    "Each address and number is on it as a code that we make with a secret key, so that nobody "
    "writes to you if your details reach us again. The code is pseudonymous, not anonymous: with "
    "our key we can tell that an address is on the list, and that is all we use it for"
)


@dataclass(frozen=True)
class Choice:
    """What a colleague chose: the categories and records to erase (None: all that may go), and the
    other open requests whose needs go all the same."""

    chosen: frozenset[str] | None = None
    otherwise: frozenset[int] = frozenset()

    @classmethod
    def of(cls, given: Given) -> "Choice":
        """The choice in the clean values of a form."""
        some = given.get("scope") == SOME
        return cls(
            frozenset(given.get("chosen", ())) if some else None,
            frozenset(int(key) for key in given.get("otherwise", ())),
        )


def other_requests(case: Case, *, today: datetime.date) -> list[OpenRequest]:
    """The other open requests of the person that need something."""
    if case.customer is None:
        return []
    return [one for one in open_requests.of(case.customer, on=today) if one.key != case.pk]


def preview(
    case: Case, *, today: datetime.date, choice: Choice = Choice()
) -> on_request.ErasurePlan | None:
    """What would be erased and kept on this day; None while nobody is matched."""
    if case.customer is None or case.customer.erased_at:
        return None
    return on_request.plan(
        case.customer,
        today=today,
        needless=_needless(case),
        chosen=choice.chosen,
        requests=[
            one for one in other_requests(case, today=today) if one.key not in choice.otherwise
        ],
    )


def _needless(case: Case) -> on_request.Needless:
    """This request needs nobody once it is being carried out: it holds what it takes to answer
    it."""
    return {Case: Q(pk=case.pk)}


class Erase(Effect):
    """Erase everything of a person that nothing keeps, after putting their contact details on the
    suppression list."""

    code = "erase"
    label = "Erase what nothing keeps"
    says = "What goes and what stays is shown first. It cannot be taken back."
    permission = ERASE
    proven = True

    def lock(self, case: Case) -> None:
        """Share the lock with other erasers, then lock every case of the person before anything is
        written to the trail: whoever writes in a closed one comes before us, or waits, and is never
        waited for."""
        erasure_lock.shared()
        lock_cases_of_person(case)

    def perform(self, case: Case, given: Given, *, by: str, now: datetime.datetime) -> EffectResult:
        customer = Customer.objects.lock_living(case.person.pk)
        choice, today = Choice.of(given), timezone.localdate(now)
        if choice.otherwise:
            text_of(given, "reason", WHY_OTHERWISE)
        _keep_to_answer(case, customer)
        # Whoever names a few records has not asked that we stop writing.
        stopped = _stop_marketing(case, customer, by=by, now=now) if choice.chosen is None else None
        told_of = recipients.read(customer, filings=False)
        instructions.keep_findable(customer)
        asking = other_requests(case, today=today)
        plan = preview(case, today=today, choice=choice)
        assert plan is not None  # noqa: S101 the customer is locked, and not erased
        _need_confirmed_rules(plan)
        going = plan.going()
        codes: dict[str, object] = {
            "erased": plan.goes(),
            "kept": plan.stays(),
            "whole": plan.whole,
            "asked": ALL if choice.chosen is None else SOME,
        }
        run = None
        if going or plan.whole:
            try:
                run = erasing.erase(plan, by=by, now=now)
            except erasing.PlanOutdatedError:
                raise Refused(MOVED) from None
            codes["run"] = run.pk
            _note_on_others(case, asking, choice, str(given.get("reason") or ""), by=by, now=now)
        if plan.whole:
            case.customer = Customer.objects.get(pk=customer.pk)

        def tell(outcome: Outcome) -> None:
            if run is not None and choice.chosen is None:
                recipients.erased(case, outcome, told_of, whole=plan.whole)

        proof = Evidence.row(run, now) if run is not None else None
        lines = [told(line, proof) for line in plan.lines()]
        if stopped is not None:
            lines.append(Line.proved(LISTED, ON_IT, stopped, why=STAYS))
        return EffectResult(
            after=tell,
            lines=lines,
            codes=codes,
        )

    def extent(self, case: Case) -> Extent | None:
        codes = list(
            case.outcomes.filter(effect=self.code).order_by("pk").values_list("codes", flat=True)
        )
        if not codes:
            return None
        if not any(one["erased"] for one in codes):
            return Extent.NOTHING
        return Extent.PART if codes[-1]["kept"] else Extent.ALL

    def stands(self, case: Case) -> bool:
        return self.extent(case) != Extent.NOTHING

    def tells(self, outcome: Outcome) -> list[Line]:
        """Of an earlier erasure in a case only what went: what stayed is told by the last."""
        later = outcome.case.outcomes.filter(effect=self.code, pk__gt=outcome.pk).exists()
        return [line for line in outcome.told if not later or line.code == "erased"]


def _need_confirmed_rules(plan: on_request.ErasurePlan) -> None:
    """A rule is told as the reason why something stays: the owner must have confirmed it."""
    waiting = RetentionRule.objects.unconfirmed().filter(code__in=plan.rules())
    if codes := sorted(waiting.values_list("code", flat=True)):
        raise Refused(NOT_CONFIRMED.format(rules=", ".join(codes)))


def _note_on_others(
    case: Case,
    asking: Sequence[OpenRequest],
    choice: Choice,
    reason: str,
    *,
    by: str,
    now: datetime.datetime,
) -> None:
    """Write into both timelines what became of what other open requests need."""
    for one in asking:
        fate = "taken" if one.key in choice.otherwise else "left"
        text = reason if fate == "taken" else ""
        for on, about in ((Case(pk=one.key), case.reference), (case, one.reference)):
            steps.record(
                steps.locked(on),
                EventKind.NOTED,
                by=by,
                now=now,
                codes={"erasure": fate, "request": about},
                text=text,
            )


def told(line: on_request.CategoryFate, erased: Evidence | None) -> Line:
    """The fate of a category as the person is told it; `erased` is what proves that it went."""
    noun = "record" if line.count == 1 else "records"
    what = f"{line.category} ({line.count:,} {noun})"
    if line.erased:
        assert erased is not None  # noqa: S101 a run proves each erasure
        return Line.erased(what, erased)
    return Line.kept(what, line.why, line.until)


def _keep_to_answer(case: Case, customer: Customer) -> None:
    """What the answer needs when the record is gone, kept with the request alone: the name, and
    where to write to."""
    changed = []
    if not case.name:
        case.name = customer.full_name
        changed.append("name")
    if not case.email and not case.address:
        for field in ("email", "address"):
            point = (
                ContactPoint.objects.in_use()
                .filter(customer=customer, kind=field)
                .order_by("-pk")
                .first()
            )
            if point is not None:
                setattr(case, field, point.value)
                changed.append(field)
                break
    if changed:
        case.save(update_fields=changed)


def _stop_marketing(
    case: Case, customer: Customer, *, by: str, now: datetime.datetime
) -> Evidence | None:
    """Suppress every contact point before it is gone, so that it stays so when the same details
    reach us again; what proves it, None where there was nothing to suppress."""
    if not any(True for _ in customer_contacts.contacts_of(customer)):
        return None
    reference = object_to(
        channels=list(CHANNELS),
        senders=[US, THIRD_PARTIES],
        source=ChoiceSource.REQUEST,
        by=by,
        now=now,
        customer=customer,
        reference=case.reference,
    )
    return Evidence.row(ChoiceEvent.objects.filter(reference=reference)[0], now)


EFFECTS: tuple[Effect, ...] = (Erase(),)
