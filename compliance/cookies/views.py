"""The public pages: the choices, the banner's answer, and where we say that we honour Global
Privacy Control."""

import uuid
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from compliance.cookies import actions, choice_cookie, choices_page, gpc, wording
from compliance.cookies.choice import VisitorState, visitor_state
from compliance.cookies.choice_cookie import LIFE
from compliance.cookies.forms import AnswerForm, ChoiceForm
from compliance.cookies.models import CookieReceipt
from customers import csrf
from customers.identity import visits
from privacy.words import in_words

KEPT = {
    "cookies": "kept"
}  # what tells the next page to say that the choice is kept: visitors have no session
MOVED = {"cookies": "moved"}


@require_http_methods(["GET", "HEAD", "POST"])
def choices(request: HttpRequest) -> HttpResponse:
    """Every cookie, the visitor's present choice, and the means to change it. Two queries to
    read."""
    found = visitor_state(request)
    form = ChoiceForm(request.POST or None, open_groups=found.open)
    if request.method == "POST" and form.is_valid():
        return _keep(request, form, found, CookieReceipt.Source.PAGE, reverse("cookies:choices"))
    return render(
        request,
        "cookies/choices.html",
        {
            "form": form,
            "state": found,
            "groups": choices_page.groups(wording.current(), found),
            "key": uuid.uuid4(),
            "reach": choices_page.reach(request),
            "says": request.GET.get("cookies", ""),
            "life": in_words(LIFE.months, "month"),
        },
        status=400 if form.errors else 200,
    )


# A token needs a cookie, and the banner stands on pages that set none before the visitor has
# chosen: the
@csrf_exempt
# browser's own word that the press came from our page is asked for instead (see `customers.csrf`).
@require_POST
def answer(request: HttpRequest) -> HttpResponse:
    """One press on the banner; back to the page on which it stood. Four queries."""
    if not csrf.from_this_site(request):
        return render(request, "cookies/not_ours.html", status=403)
    found = visitor_state(request)
    form = AnswerForm(request.POST, open_groups=found.open)
    if not form.is_valid():
        return redirect("cookies:choices")
    return _keep(
        request, form, found, CookieReceipt.Source.BANNER, _safe(request, form.cleaned_data["next"])
    )


def _keep(
    request: HttpRequest, form: AnswerForm, found: VisitorState, source: str, then: str
) -> HttpResponse:
    """Keep the answer, give its cookie to the browser and go on; to the choices when the wording
    has moved meanwhile."""
    now, customer, given = timezone.now(), visits.visitor(request), form.cleaned_data
    try:
        receipt = actions.choose(
            version=given["version"],
            accepted=form.accepted(),
            source=source,
            gpc=found.gpc,
            key=given["key"],
            customer=customer,
            now=now,
        )
    except actions.WordingMovedError:
        return redirect(_with(reverse("cookies:choices"), MOVED))
    response = redirect(_with(then, KEPT))
    choice_cookie.write(
        response,
        choice_cookie.StoredChoice(
            given["version"], frozenset(receipt.accepted), receipt.at, receipt.receipt
        ),
        now,
    )
    if customer is not None:
        gpc.record(request, customer, now)
    return response


def _safe(request: HttpRequest, address: str) -> str:
    """An address of this site that somebody came from; the first page when it is another's."""
    ours = address.startswith("/") and url_has_allowed_host_and_scheme(
        address, {request.get_host()}, request.is_secure()
    )
    return address if ours else reverse("register:home")


def _with(address: str, said: dict[str, str]) -> str:
    parts = urlsplit(address)
    query = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] not in said]
    return urlunsplit(("", "", parts.path, urlencode([*query, *said.items()]), ""))


@require_safe
def support(request: HttpRequest) -> HttpResponse:
    """/.well-known/gpc.json: that this site abides by Global Privacy Control, and since when."""
    return JsonResponse({"gpc": True, "lastUpdate": gpc.SUPPORTED_SINCE})
