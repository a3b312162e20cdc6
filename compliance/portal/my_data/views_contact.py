"""The pages on which customers change how we reach them. A fresh code comes before each form:
nothing typed is lost to it."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import SeeOther
from audit.actions import Refused
from compliance.cases.models import Case
from compliance.portal.my_data import contact, new_contact_code
from compliance.portal.my_data.contact import ContactWish
from compliance.portal.my_data.forms import ContactForm, NewCodeForm
from compliance.preferences import customer_contacts
from customers import sealed_address
from customers.contact_words import CONTACT_NOUNS
from customers.identity import limits, visits
from customers.identity.models import CustomerVisit
from customers.identity.rate_limit import exceeded, forget
from customers.identity.views import DID_NOT_WORK
from customers.lenient_fields import token_in
from customers.models import ContactPoint
from privacy import seal

METHODS = ["GET", "HEAD", "POST"]
PAGE = "portal.my_data.contact_form"
TOO_MUCH = (
    "You changed your details many times today. For your safety, please go on tomorrow, or call us."
)
TOO_MANY_CODES = (
    "We sent several codes already. For your safety, please wait {codes_within}, or call us."
)
KINDS = {
    "email": ("Email", "an email address"),
    "phone": ("Telephone", "a telephone number"),
    "address": ("Post", "a postal address"),
}
View = Callable[..., HttpResponse]


def keeping_what_was_typed(view: View) -> View:
    """Like `visits.required`; but a form that comes after the visit has ended, or too long after a
    code, is handed back."""
    asking = visits.required(view)

    @never_cache
    @wraps(view)
    def kept(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and not (visits.fresh(request) or _was_led_to(request)):
            pending = new_contact_code.opened(request.POST.get("pending", ""))
            typed = pending.wish.value if pending else request.POST.get("value", "")
            return render(request, "portal/my_data/ended.html", {"typed": typed}, status=403)
        return asking(request, *args, **kwargs)

    return kept


def _opening(request: HttpRequest) -> str:
    """What a form carries that was opened now, in this visit. Nobody else can seal it."""
    content = {"visit": str(_visit(request).pk), "at": timezone.now().timestamp()}
    return sealed_address.sealed(content, PAGE)


def _was_led_to(request: HttpRequest) -> bool:
    """Whether a fresh code of this visit led to this form, or to the code of a new address, and not
    too long ago.

    The wish that waits for a code needs no visit here: its code is of no use in another one.
    """
    visit, pending = (
        visits.visit_of(request),
        new_contact_code.opened(request.POST.get("pending", "")),
    )
    form = sealed_address.opened(request.POST.get("opened", ""), PAGE) or {}
    mine = visit is not None and form.get("visit") == str(visit.pk)
    at = form["at"] if mine else pending.at if visit and pending else 0
    return timezone.now().timestamp() - at <= limits.FORM_OPEN.total_seconds()


@visits.required
@require_safe
def details(request: HttpRequest) -> HttpResponse:
    """How we reach the customer now, and how we did before."""
    customer = visits.visitor_of(request)
    points = list(ContactPoint.objects.filter(customer=customer).order_by("-valid_from", "-pk"))
    reference = request.GET.get("done", "")
    done = Case.objects.filter(reference=reference, customer=customer).first()
    return render(
        request,
        "portal/my_data/contact.html",
        {
            "kinds": [
                (
                    kind,
                    heading,
                    one,
                    [point for point in points if point.kind == kind and point.valid_to is None],
                )
                for kind, (heading, one) in KINDS.items()
            ],
            "earlier": [point for point in points if point.valid_to],
            "customer": customer,
            "done": done,
            "stop_followed": done is not None
            and customer_contacts.took_along(customer, at=done.received_at),
        },
    )


@keeping_what_was_typed
@require_http_methods(METHODS)
def add(request: HttpRequest, kind: str) -> HttpResponse:
    """A further email address, telephone number or postal address."""
    if kind not in CONTACT_NOUNS:
        raise Http404("No such kind.")
    return _asked(request, kind, None)


@keeping_what_was_typed
@require_http_methods(METHODS)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Another value for one contact detail, or an end to it."""
    point = ContactPoint.objects.filter(pk=pk, customer=visits.visitor_of(request)).first()
    if point is None:
        raise Http404("No such contact detail of this person.")
    if point.valid_to is not None and request.method != "POST":
        return SeeOther(reverse("portal:my_contact"))
    return _asked(request, point.kind, point)


def _asked(request: HttpRequest, kind: str, point: ContactPoint | None) -> HttpResponse:
    """Show the form after a fresh code, and take it: at once, or to the code that proves a new
    address."""
    if request.method != "POST":
        if not visits.fresh(request):
            return visits.ask_again(request)
        return _form(request, ContactForm(kind=kind, opened=_opening(request)), point)
    if point is not None and "remove" in request.POST:
        form = ContactForm(kind=kind, opened=request.POST.get("opened", ""))
        return _done(
            request,
            ContactWish(kind, "", point.pk),
            token_in(request.POST.get("form", "")),
            form,
            point,
        )
    form = ContactForm(request.POST, kind=kind)
    if not form.is_valid():
        return _form(request, form, point)
    wish, token = (
        ContactWish(kind, form.cleaned_data["value"], point.pk if point else None),
        form.cleaned_data["form"],
    )
    if not new_contact_code.needed(wish):
        return _done(request, wish, token, form, point)
    customer, now = visits.visitor_of(request), timezone.now()
    if new_contact_code.too_many(customer, now=now):
        return _form(request, form, point, TOO_MANY_CODES.format(**limits.in_words()))
    pending = new_contact_code.send(customer, wish, form=token, visit=_visit(request), now=now)
    return _code(request, NewCodeForm(initial={"pending": pending.sealed()}), wish)


def _done(
    request: HttpRequest,
    wish: ContactWish,
    token: uuid.UUID,
    form: ContactForm,
    point: ContactPoint | None,
) -> HttpResponse:
    """Carry it out; a refusal is told on the form."""
    try:
        return _carried_out(request, wish, token)
    except Refused as refused:
        return _form(request, form, point, str(refused))


@keeping_what_was_typed
@require_POST
def prove(request: HttpRequest) -> HttpResponse:
    """Type the code that went to the new address: only then is anything changed."""
    pending = new_contact_code.opened(request.POST.get("pending", ""))
    if pending is None:
        return SeeOther(reverse("portal:my_contact"))
    form, refused = NewCodeForm(request.POST), ""
    if form.is_valid():
        if new_contact_code.is_right(
            pending, form.cleaned_data["code"], visit=_visit(request), now=timezone.now()
        ):
            try:
                return _carried_out(request, pending.wish, uuid.UUID(pending.form))
            except Refused as reason:
                refused = str(reason)
        else:
            form.add_error("code", DID_NOT_WORK)
    return _code(request, form, pending.wish, refused)


def _visit(request: HttpRequest) -> CustomerVisit:
    visit = visits.visit_of(request)
    assert visit is not None  # noqa: S101 the page asks for a proven visitor
    return visit


def _carried_out(request: HttpRequest, wish: ContactWish, form: uuid.UUID) -> HttpResponse:
    """Do it, and lead to the page that shows it. Refused with words for the form."""
    customer, now = visits.visitor_of(request), timezone.now()
    forget(now=now)
    if exceeded(
        seal.lookup_hash("own_contact_changes", str(customer.pk)), limits.CONTACT_CHANGES, now=now
    ):
        raise Refused(TOO_MUCH)
    case = contact.change(customer, wish, form=form, visit=_visit(request), now=now)
    return SeeOther(f"{reverse('portal:my_contact')}?done={case.reference}")


def _form(
    request: HttpRequest, form: ContactForm, point: ContactPoint | None, refused: str = ""
) -> HttpResponse:
    return render(
        request,
        "portal/my_data/contact_form.html",
        {
            "form": form,
            "point": point,
            "kind": form.kind,
            "called": CONTACT_NOUNS[form.kind],
            "one": KINDS[form.kind][1],
            "refused": refused,
        },
    )


def _code(
    request: HttpRequest, form: NewCodeForm, wish: ContactWish, refused: str = ""
) -> HttpResponse:
    return render(
        request,
        "portal/my_data/contact_code.html",
        {"form": form, "wish": wish, "called": CONTACT_NOUNS[wish.kind], "refused": refused},
    )
