"""Erasure (UK GDPR Article 17): the retention engine for one person, told line by line.

The plan that is shown is made anew at the moment of erasing, under the lock against purges and with
the person's row locked.
"""

import datetime

from django.db.models import Q
from django.utils import timezone

from audit.actions import Refused
from audit.evidence import Evidence
from compliance.cases.lines import Line
from compliance.cases.models import Case, Outcome
from compliance.disclosures import instructions
from compliance.outcomes import recipients
from compliance.outcomes.base import ERASE, Effect, EffectResult, Given
from compliance.preferences import customer_contacts
from compliance.preferences.actions import object_to
from compliance.preferences.channels import CHANNELS
from compliance.preferences.models import ChoiceEvent
from compliance.preferences.vocabulary import THIRD_PARTIES, US, ChoiceSource
from compliance.retention import on_request
from customers import erasure_lock
from customers.models import ContactPoint, Customer

MOVED = "A record changed meanwhile. Nothing was erased: look at the list again."
LISTED = "List of those who want no marketing"
ON_IT = "Your details are on it"
STAYS = (
    "A scrambled form of each address and number stays on it, so that nobody writes to you if "
    "your details reach us "
    "again. It cannot be turned back and serves for nothing else"
)


def preview(case: Case, *, today: datetime.date) -> on_request.ErasurePlan | None:
    """What would be erased and kept on this day; None while nobody is matched."""
    if case.customer is None or case.customer.erased_at:
        return None
    return on_request.plan(case.customer, today=today, needless=_needless(case))


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
        customer = Case.objects.filter(pk=case.pk, customer__isnull=False).values("customer")
        list(
            Case.objects.filter(customer__in=customer)
            .order_by("pk")
            .select_for_update(of=("self",))
            .values_list("pk", flat=True)
        )

    def perform(self, case: Case, given: Given, *, by: str, now: datetime.datetime) -> EffectResult:
        assert case.customer is not None  # noqa: S101 the effect asks for a customer
        customer = Customer.objects.lock_living(case.customer.pk)
        _keep_to_answer(case, customer)
        stopped = _stop_marketing(case, customer, by=by, now=now)
        told_of = recipients.read(customer, filings=False)
        instructions.keep_findable(customer)
        plan = on_request.plan(customer, today=timezone.localdate(now), needless=_needless(case))
        going = plan.going()
        try:
            run = on_request.erase(plan, by=by, now=now)
        except on_request.PlanOutdatedError:
            raise Refused(MOVED) from None
        if plan.whole:
            case.customer = Customer.objects.get(pk=customer.pk)

        def tell(outcome: Outcome) -> None:
            if going or plan.whole:
                recipients.erased(case, outcome, told_of, whole=plan.whole)

        lines = [told(line, Evidence.row(run, now)) for line in plan.lines()]
        if stopped is not None:
            lines.append(Line.proved(LISTED, ON_IT, stopped, why=STAYS))
        return EffectResult(
            after=tell,
            lines=lines,
            codes={"run": run.pk, "erased": len(going) + plan.whole, "whole": plan.whole},
        )


def told(line: on_request.CategoryFate, erased: Evidence) -> Line:
    """The fate of a category as the person is told it; `erased` is what proves that it went."""
    noun = "record" if line.count == 1 else "records"
    what = f"{line.category} ({line.count:,} {noun})"
    if line.erased:
        return Line.erased(what, erased, why=line.why)
    return Line.kept(what, line.why, line.until or "")


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
