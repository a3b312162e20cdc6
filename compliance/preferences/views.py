"""The public pages that stop marketing for anybody: the form, its answer, and the link in an email.

Neither page has a power that a stranger lacks: whoever can reach them may send anything to them. So
the token against forged forms has nothing to protect here, and the cookie that it needs would keep
out whoever refuses cookies.
"""

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import SeeOther
from compliance.preferences import one_click, opt_out, partners
from compliance.preferences.channels import EMAIL, form_choices
from compliance.preferences.forms import OptOutForm, fresh
from compliance.register.kept_for import kept_for
from customers.csrf import from_another_site

METHODS = ["GET", "HEAD", "POST"]


# must work without cookies; the browser's own word is asked instead (see `from_another_site`)
@csrf_exempt
@never_cache
@require_http_methods(METHODS)
def stop(request: HttpRequest) -> HttpResponse:
    """Stop marketing: no sign-in, no proof, the same answer for everybody. One query to show."""
    if request.method != "POST":
        return render(request, "preferences/stop.html", {"fresh": fresh(), **_kept()})
    form, foreign = OptOutForm(request.POST), from_another_site(request)
    if not form.is_valid() or foreign:
        return render(
            request,
            "preferences/stop.html",
            {"form": form, "foreign": foreign, **_kept()},
            status=403 if foreign else 200,
        )
    clean = form.cleaned_data
    answer = opt_out.submit(
        form.given(),
        channels=clean["channels"],
        senders=clean["senders"],
        form=clean["form"],
        now=timezone.now(),
    )
    return SeeOther(reverse("preferences:stopped", args=[answer.sealed()]))


def _kept() -> dict[str, dict[str, str]]:
    """How long what is typed is kept, in words."""
    return {"kept": kept_for(request="marketing-request")}


@never_cache
@require_safe
def stopped(request: HttpRequest, sealed: str) -> HttpResponse:
    """What was stopped, and from when. Its address works for an hour; whoever has it learns nothing
    of anybody."""
    answer = opt_out.read_answer(sealed, now=timezone.now())
    if answer is None:
        return render(request, "preferences/stopped_gone.html", status=404)
    return render(request, "preferences/stopped.html", {"answer": answer})


# RFC 8058 section 3.2: the mail program posts from outside, without cookies and without a token
@csrf_exempt
@never_cache
@require_http_methods(METHODS)
def one_click_link(request: HttpRequest, token: str) -> HttpResponse:
    """The link in an email. Looking at it changes nothing, for programs look at every link; a POST
    stops the emails."""
    link = one_click.read(token)
    if link is None:
        return render(request, "preferences/link_unknown.html", status=404)
    context = {
        "sender": partners.name_of(link.sender, at=timezone.now()),
        "others": [box.words.lower() for box in form_choices().values() if box != EMAIL.choice],
    }
    if request.method != "POST":
        return render(request, "preferences/one_click.html", context)
    everything = _says(request, "everything")
    reference = one_click.stop(link, everything=everything, now=timezone.now())
    return render(
        request,
        "preferences/one_click_done.html",
        {
            **context,
            "reference": reference,
            "everything": everything,
        },
    )


one_click_link.takes_any_body = True  # type: ignore[attr-defined]  # config/odd_requests.py


def _says(request: HttpRequest, name: str) -> bool:
    """Whether a form holds a name. One that cannot be read holds none: the emails stop all the
    same."""
    try:
        return name in request.POST
    except (MultiPartParserError, SuspiciousOperation, UnreadablePostError):
        return False
