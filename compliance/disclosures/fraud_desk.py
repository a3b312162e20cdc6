"""Fraud work on the desk: a panel of the customer's page and a page for each step.

Whoever may not investigate finds no panel, no page and no line: every address here asks for the
permission first.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from accounts import approvals
from accounts.desk import FORM, staff
from compliance.deadlines.wording import lower
from compliance.disclosures import fraud, fraud_forms, instructions
from compliance.disclosures.models import Disclosure, Instruction
from compliance.register.kept_for import kept_for
from customers.desk import action_page, get_customer_or_404
from customers.desk_tables import list_url
from customers.forms import ActionForm
from customers.marker_states import NEXT
from customers.models import Customer, FraudMarker
from customers.models.markers import KEEP, TELL
from customers.panels import SEES_INVESTIGATIONS, Panel, register
from privacy.words import in_words

ADD, CHANGE = "customers.add_fraudmarker", "customers.change_fraudmarker"
MOST = 50  # markers and filings that the panel holds
TONES = {FraudMarker.Status.CONFIRMED: "danger", FraudMarker.Status.SUSPECTED: "warning"}
SILENT = (
    "Nobody may tell the customer of a suspicion: that can be an offence. What is confirmed, and a "
    "warning that protects them, they are told."
)


@dataclass(frozen=True)
class FraudStep:
    """One thing to do: its button, what it says (`_says` fills in the periods), its form, and the
    action with (row, given, by, now)."""

    label: str
    says: str
    form: type[ActionForm]
    perform: Callable[..., object]
    done: str


OPENING = {
    "suspect": FraudStep(
        "Open an investigation",
        f"Everything about them is put on hold, so that no evidence is erased. {SILENT}",
        fraud_forms.SuspectForm,
        fraud.suspect,
        "The investigation is open, and a hold keeps the evidence.",
    ),
    "victim": FraudStep(
        "Warn of a victim of impersonation",
        "Somebody else uses this person’s name. They are told of it, and with whom it is filed.",
        fraud_forms.VictimForm,
        fraud.warn,
        "The warning is on record.",
    ),
}


def _decide(to: str) -> Callable[..., object]:
    return lambda marker, **given: fraud.decide(marker, to=to, **given)


DECIDING = {
    "confirmed": FraudStep(
        "Fraud is confirmed",
        "The investigation ends, and a copy of their data tells of it from now on. Its hold stays "
        "until somebody releases it. It is kept for {confirmed} from its filing.",
        fraud_forms.ConfirmFraudForm,
        _decide("confirmed"),
        "Fraud is confirmed.",
    ),
    "cleared": FraudStep(
        "Clear it",
        "Nothing was found, or it was wrong. Its hold is released, a copy of their data tells of "
        "it from now on, and it goes after {unconfirmed}.",
        fraud_forms.ClearForm,
        _decide("cleared"),
        "The marker is cleared.",
    ),
    "victim": FraudStep(
        "They are a victim",
        "Somebody else did it in this person’s name. The hold is released; the warning "
        "protects them, and they are told of it and with whom it is filed.",
        fraud_forms.ToVictimForm,
        _decide("victim"),
        "The warning is on record.",
    ),
}
GOING_ON = FraudStep(
    "It goes on",
    "You looked at it, and it is still needed. Otherwise confirm or clear it: an enquiry that "
    "nobody looks at runs out.",
    fraud_forms.GoOnForm,
    fraud.go_on,
    "It goes on, until the day on which somebody looks at it again.",
)
FILING = FraudStep(
    "File with an agency",
    "For what was sent to the agency today. It enters the log under the agency’s name of today.",
    fraud_forms.FileForm,
    fraud.file,
    "The filing is in the log.",
)
DECISIONS = {
    KEEP: FraudStep(
        "Keep it from them",
        "Fraud records, filings and checks with fraud prevention agencies are left out of what "
        "this person is told, only as far as telling them would prejudice the prevention or "
        "detection of crime. A second colleague decides.",
        fraud_forms.DecideForm,
        fraud.decide_about,
        "A second colleague decides now. Nothing has changed yet.",
    ),
    TELL: FraudStep(
        "Tell them although it is a suspicion",
        "This person is told of an open investigation and of what was filed because of it. A "
        "second colleague decides.",
        fraud_forms.DecideForm,
        fraud.decide_about,
        "A second colleague decides now. Nothing has changed yet.",
    ),
}
WITHDRAWING = FraudStep(
    "Withdraw the filing",
    "It was found wrong. The agency must be told within {tell}, and should confirm that it is gone.",
    fraud_forms.WithdrawForm,
    fraud.withdraw,
    "The filing is withdrawn. Tell the agency, and note it under Instructions.",
)


def _says(step: FraudStep) -> str:
    if "{" not in step.says:
        return step.says
    kept = kept_for(confirmed="fraud-confirmed", unconfirmed="fraud-unconfirmed")
    return step.says.format(**kept, tell=in_words(instructions.ORDINARY.tell))


def _act(
    request: HttpRequest, customer: Customer, step: FraudStep, row: Model, **more: Any
) -> HttpResponse:
    def perform(given: dict[str, Any]) -> str:
        step.perform(row, **more, **given, by=staff(request).actor, now=timezone.now())
        return step.done

    return action_page(
        request, customer, step.form, title=step.label, explanation=_says(step), perform=perform
    )


@FORM
def open_one(request: HttpRequest, customer_id: uuid.UUID, step: str) -> HttpResponse:
    """A new investigation, or a new warning."""
    customer = get_customer_or_404(request, customer_id, ADD)
    if step not in OPENING:
        raise Http404
    return _act(request, customer, OPENING[step], customer)


@FORM
def decide(request: HttpRequest, customer_id: uuid.UUID, act: str) -> HttpResponse:
    """What is told or kept about one person, to be decided by two."""
    customer = get_customer_or_404(request, customer_id, SEES_INVESTIGATIONS)
    if not request.user.has_perm(approvals.ASK):
        raise PermissionDenied
    if act not in DECISIONS:
        raise Http404
    return _act(request, customer, DECISIONS[act], customer, act=act)


@FORM
def work_on(request: HttpRequest, marker_id: uuid.UUID, step: str) -> HttpResponse:
    """How an investigation ends or goes on, or a filing for it."""
    if not request.user.has_perm(CHANGE):
        raise PermissionDenied
    marker = get_object_or_404(FraudMarker.objects.select_related("customer"), pk=marker_id)
    known = {"file": FILING, "go-on": GOING_ON, **DECIDING}.get(step)
    if known is None:
        raise Http404
    return _act(request, marker.customer, known, marker)


@FORM
def withdraw(request: HttpRequest, filing_id: uuid.UUID) -> HttpResponse:
    """Withdraw a filing that was found wrong."""
    if not request.user.has_perm(CHANGE):
        raise PermissionDenied
    filing = get_object_or_404(
        Disclosure.objects.select_related("customer"), pk=filing_id, kind=Disclosure.Kind.FILING
    )
    return _act(request, filing.customer, WITHDRAWING, filing)


def panel(request: HttpRequest, customer: Customer) -> dict[str, Any] | None:
    """The markers and the filings of a customer, each with what can be done next, and what two
    people decided about the person. Four queries."""
    may = request.user.has_perm(CHANGE)
    found = list(customer.fraud_markers.order_by("-opened_on", "-pk")[:MOST])
    filed = list(
        Disclosure.objects.filter(customer=customer, kind=Disclosure.Kind.FILING).order_by(
            "-occurred_on", "-pk"
        )[:MOST]
    )
    withdrawn = fraud.withdrawals(filed)
    opens = request.user.has_perm(ADD) and not customer.erased_at
    decided = list(fraud.decisions(customer))
    if not (found or filed or opens or decided):
        return None
    asks = request.user.has_perm(approvals.ASK) and not customer.erased_at
    return {
        "caution": SILENT,
        "more": list_url("customers_fraudmarker", customer) if len(found) == MOST else "",
        "markers": [
            {
                "marker": one,
                "tone": TONES.get(FraudMarker.Status(one.status), "quiet"),
                "acts": _next(one) if may else [],
            }
            for one in found
        ],
        "filings": [
            {
                "filing": one,
                "state": _state(withdrawn.get(one.reference)),
                "acts": _follow(one, withdrawn.get(one.reference)) if may else [],
            }
            for one in filed
        ],
        "opens": [(step.label, _url("open", customer.pk, code)) for code, step in OPENING.items()]
        if opens
        else [],
        "decided": [
            (
                approvals.act_of(one).label,
                one,
                reverse("admin:accounts_approval_change", args=[one.pk]),
            )
            for one in decided
        ],
        "asks": [(step.label, _url("decide", customer.pk, act)) for act, step in DECISIONS.items()]
        if asks
        else [],
    }


def _url(page: str, *args: object) -> str:
    return reverse(f"admin:disclosures_fraud_{page}", args=args)


def _next(marker: FraudMarker) -> list[tuple[str, str]]:
    steps = [(DECIDING[to].label, _url("work", marker.pk, to)) for to in NEXT[marker.status]]
    if marker.status in fraud.FILED:
        return [(FILING.label, _url("work", marker.pk, "file")), *steps]
    if marker.status == FraudMarker.Status.SUSPECTED:
        return [(GOING_ON.label, _url("work", marker.pk, "go-on")), *steps]
    return steps


def _state(withdrawal: Instruction | None) -> str:
    if withdrawal is None:
        return "Stands"
    return f"Withdrawn. The agency: {lower(instructions.state_in_words(withdrawal))}"


def _follow(filing: Disclosure, withdrawal: Instruction | None) -> list[tuple[str, str]]:
    if withdrawal is None:
        return [(WITHDRAWING.label, _url("withdraw", filing.pk))]
    return [
        (
            "See the instruction",
            reverse("admin:disclosures_instruction_change", args=[withdrawal.pk]),
        )
    ]


register(Panel("Fraud work", "admin/disclosures/fraud.html", panel, SEES_INVESTIGATIONS, 110))
