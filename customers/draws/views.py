"""The public pages: the draws, one draw with its form, and the draw that was made as a file to
check it by."""

import datetime
import json
import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from audit.actions import Refused
from customers.draws import draw_actions, entries, published
from customers.draws.forms import EntryForm
from customers.draws.models import DrawEvidence, PrizeDraw
from customers.draws.states import london_day, why_closed
from customers.identity import visits
from customers.identity.rate_limit import HOUR, exceeded
from privacy import seal

TOO_MANY = (
    "Many entries came from your internet connection just now. Try again in an hour: what "
    "you typed is still here."
)
# From one internet address: enough for a household, too little to write to strangers.
ENTRIES = ((20, HOUR),)
VISITOR = "customer:visitor"  # whoever it is: nobody has proved anything here


@require_safe
def draws(request: HttpRequest) -> HttpResponse:
    """Every published draw: those to enter first. One query."""
    today = london_day(timezone.now())
    found = list(PrizeDraw.objects.published().with_state())
    by_state = {
        state: [draw for draw in found if draw.state(today) == state] for state in PrizeDraw.State
    }
    states = PrizeDraw.State
    past = [draw for draw in found if today > draw.closes_on]
    return render(
        request,
        "draws/list.html",
        {
            "open": sorted(by_state[states.OPEN], key=lambda draw: draw.closes_on),
            "coming": sorted(by_state[states.COMING], key=lambda draw: draw.opens_on),
            "past": past,
            "any": bool(found),
        },
    )


@never_cache  # each form has a ticket number of its own
@require_http_methods(["GET", "HEAD", "POST"])
def draw(request: HttpRequest, code: str) -> HttpResponse:
    """One draw: its terms, then its form while it is open, or how it ended."""
    now = timezone.now()
    shown = get_object_or_404(PrizeDraw.objects.published().with_state(), code=code)
    if request.method == "POST":
        return _enter(request, shown, now)
    closed = why_closed(shown, now)
    form = None if closed else EntryForm(initial={"ticket": uuid.uuid4()})
    return _page(request, shown, now, closed=closed, form=form)


def _enter(request: HttpRequest, shown: PrizeDraw, now: datetime.datetime) -> HttpResponse:
    """The answer to an entry stands on the page itself: sent again, the form's ticket gives the
    same answer."""
    form, closed = EntryForm(request.POST), why_closed(shown, now)
    if not closed and form.is_valid() and _too_many(request, now):
        form.add_error(None, TOO_MANY)
    if not closed and form.is_valid():
        try:
            ticket = entries.enter(
                shown, form.entrant(), ticket=form.cleaned_data["ticket"], by=VISITOR, now=now
            )
        except Refused as refused:
            closed = str(refused)
        else:
            return render(request, "draws/entered.html", {"draw": shown, "ticket": ticket})
    return _page(request, shown, now, closed=closed, form=None if closed else form)


def _too_many(request: HttpRequest, now: datetime.datetime) -> bool:
    """Count one entry from the visitor's internet address; whether that is too many."""
    return exceeded(seal.lookup_hash("prize_address", visits.address(request)), ENTRIES, now=now)


def _page(
    request: HttpRequest,
    shown: PrizeDraw,
    now: datetime.datetime,
    *,
    closed: str,
    form: EntryForm | None,
) -> HttpResponse:
    evidence = _evidence(shown) if shown.drawn else None
    return render(
        request,
        "draws/draw.html",
        {
            "draw": shown,
            "closed": closed,
            "form": form,
            "too_late": request.method == "POST" and bool(closed),
            "now": now,
            "state": shown.state(london_day(now)),
            "evidence": evidence,
            "prizes": [] if evidence is None else draw_actions.prizes(evidence),
        },
    )


@require_safe
def published_draw(request: HttpRequest, code: str) -> HttpResponse:
    """The draw that was made, with every ticket number, for whoever wants to check it. Nothing
    personal."""
    shown = get_object_or_404(PrizeDraw.objects.published(), code=code)
    evidence = _evidence(shown, tickets=True)
    if evidence is None:
        raise Http404
    body = json.dumps(published.as_json(evidence), indent=1, ensure_ascii=False)
    return HttpResponse(
        body,
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{shown.code}.json"'},
    )


def _evidence(shown: PrizeDraw, *, tickets: bool = False) -> DrawEvidence | None:
    found = DrawEvidence.objects.filter(draw=shown).select_related("draw")
    return found.first() if tickets else found.defer("tickets").first()
