"""Proof that a visitor is the customer: who the visitor of a request is, and what a page may ask of
them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any, cast
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache

from customers.identity import limits
from customers.identity.models import CustomerVisit, Visit, VisitQuerySet
from customers.models import Customer
from privacy import seal

COOKIE_NAME = "__Host-visitor" if settings.HTTPS else "visitor"


def visitor(request: HttpRequest) -> Customer | None:
    """The proven customer of this short visit, or None. One query, and none without the cookie."""
    visit = visit_of(request)
    return visit.customer if visit else None


def visit_of(request: HttpRequest) -> CustomerVisit | None:
    """The running visit of a customer that a request's cookie names; asked of the database once for
    each request."""
    living = CustomerVisit.objects.filter(customer__erased_at__isnull=True)
    found: CustomerVisit | None = named_by(request, living.select_related("customer"))
    return found


def named_by(request: HttpRequest, visits: VisitQuerySet) -> Any:
    """The running one of some visits that a request's cookie names, or None; kept on the
    request."""
    kept = f"_{visits.model._meta.model_name}"
    if not hasattr(request, kept):
        setattr(request, kept, _find(request, visits))
    return getattr(request, kept)


def _find(request: HttpRequest, visits: VisitQuerySet) -> Any:
    token, now = request.COOKIES.get(COOKIE_NAME, ""), timezone.now()
    if not token:
        return None
    return (
        visits.named_by(token)
        .running(now)
        .filter(
            last_seen_at__gt=now - limits.VISIT_IDLE,
            browser_digest__in=seal.lookup_hashes("visitor_browser", browser(request)),
        )
        .first()
    )


def browser(request: HttpRequest) -> str:
    """What the browser calls itself: a session is of no use in another one."""
    return request.headers.get("User-Agent", "").encode("utf-8", "replace").decode()


def address(request: HttpRequest) -> str:
    """The internet address that a request came from; of an IPv6 address the half that names the
    household.

    Behind proxies it is the entry of X-Forwarded-For that the outermost of ours (`PROXIES` of
    them) has seen and added; whatever stands before it, anybody may have written.
    """
    given = request.META.get("REMOTE_ADDR", "")
    if settings.PROXIES:
        seen = request.headers.get("X-Forwarded-For", "").split(",")
        given = seen[-settings.PROXIES].strip() if len(seen) >= settings.PROXIES else ""
    try:
        found = ip_address(given)
    except ValueError:
        return ""
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or ip_network((found, 64), strict=False))
    return str(found)


def safe_next(request: HttpRequest) -> str:
    """The page of ours to which a visitor is to be led, from `next` in the form or the address;
    else an empty text."""
    to = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(to, allowed_hosts=None) and to.startswith("/")
    return to if ours else ""


@dataclass(frozen=True)
class Place:
    """Where a proven visitor can go: what it is called, the name of its address, and one sentence
    on it."""

    label: str
    url_name: str
    says: str

    @property
    def url(self) -> str:
        return reverse(self.url_name)


_places: list[Place] = []
Listener = Callable[[HttpRequest, Customer, datetime], None]
_listeners: list[Listener] = []


def on_proved(listener: Listener) -> None:
    """Let `listener(request, customer, now)` act when a visitor has shown who they are, in the
    transaction of that POST."""
    if listener not in _listeners:
        _listeners.append(listener)


def proved(request: HttpRequest, customer: Customer, now: datetime) -> None:
    """Tell the rooms above that this visitor is the customer."""
    for listener in _listeners:
        listener(request, customer, now)


def lead_to(place: Place, *, first: bool = False) -> None:
    """Offer a page to every proven visitor, at the end of the list or at its head. A room above
    calls this as it starts."""
    if place not in _places:
        _places.insert(0 if first else len(_places), place)


def places() -> tuple[Place, ...]:
    """Where a proven visitor can go, in the order in which the rooms start; they stand in the bar
    of every page too."""
    return tuple(_places)


class VisitorRequest(HttpRequest):
    """A request of a proven customer."""

    visitor: Customer


def visitor_of(request: HttpRequest) -> Customer:
    """The proven customer whom `required` found."""
    return cast(VisitorRequest, request).visitor


def required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let only a proven customer see a page: `visitor_of` says who. Others are asked
    for a code first."""

    @never_cache
    @wraps(view)
    def asking(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        visit = visit_of(request)
        if visit is None:
            return _to_proof(request)
        touch(visit)
        cast(VisitorRequest, request).visitor = visit.customer
        return view(request, *args, **kwargs)

    return asking


def ask_again(request: HttpRequest) -> HttpResponse:
    """Where a page sends a proven visitor whose proof is not `fresh`: to a new code, and then back
    to the page."""
    return _to_proof(request, again="1")


def _to_proof(request: HttpRequest, **asked: str) -> HttpResponse:
    if request.method in ("GET", "HEAD"):
        asked["next"] = request.get_full_path()
    return redirect(reverse("identity:prove") + (f"?{urlencode(asked)}" if asked else ""))


def touch(visit: Visit) -> None:
    """Keep a visit awake that is in use; written at most once a minute."""
    now = timezone.now()
    if now - visit.last_seen_at > limits.TOUCH_EVERY:
        type(visit)._default_manager.filter(pk=visit.pk, expires_at__gt=now).update(
            last_seen_at=now
        )


def fresh(request: HttpRequest) -> bool:
    """Whether the visitor gave a code so recently: asked before a download or a change of
    address."""
    visit = visit_of(request)
    return visit is not None and timezone.now() - visit.proved_at <= limits.FRESH
