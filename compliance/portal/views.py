"""The public pages with which people ask: choose a form, fill it in, read what happens next. No
account is needed.

A stranger's form has no power that a stranger lacks: whoever can reach it may send anything to it.
So it has no token against forged forms, and works for whoever refuses cookies. A proven visitor's
form has power: it carries the token, and one without it is shown again with all that was typed.
"""

import uuid
from functools import lru_cache
from typing import Any

from crispy_forms.utils import render_crispy_form
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import SeeOther
from compliance.cases.models import Attachment, Case
from compliance.letters import facts
from compliance.portal import answer as answers
from compliance.portal import intake, menu, periods, upload_handler
from compliance.portal.forms.public_form import PublicForm
from compliance.portal.forms.requester import AskForm
from compliance.preferences import change_choices, opt_out
from compliance.preferences.channels import CHANNELS, channels_of
from compliance.register import time_limits
from customers.csrf import from_another_site, lacks_token
from customers.identity import visits
from customers.models import Customer

METHODS = ["GET", "HEAD", "POST"]
PLACE = "the-token-stands-here"


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Choose in everyday words what to ask."""
    return render(request, "portal/start.html", {"public_forms": menu.PUBLIC_FORMS})


# must work without cookies; a proven visitor's token is asked inside, so that nothing typed is lost
@csrf_exempt
@never_cache
@require_http_methods(METHODS)
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """One form. Whoever sends it gets the same answer; a proven visitor need not say again who they
    are."""
    upload_handler.in_memory(request)
    public_form = menu.BY_SLUG.get(slug)
    if public_form is None:
        raise Http404("No such form.")
    customer = _proven(request)
    if request.method != "POST":
        return render(
            request,
            "portal/ask.html",
            {
                **periods.of_forms(),
                "public_form": public_form,
                "proven": customer,
                "fresh": fresh(public_form, customer, request.GET.get("what", "")),
            },
        )
    form = public_form.form(request.POST, request.FILES, proven=customer is not None)
    stray = from_another_site(request) or (customer is not None and lacks_token(request))
    if not form.is_valid() or stray:
        return render(
            request,
            "portal/ask.html",
            {
                **periods.of_forms(),
                "public_form": public_form,
                "proven": customer,
                "form": form,
                "stray": stray,
                "ended": customer is None and "proven" in request.POST,
            },
            status=403 if stray else 200,
        )
    return SeeOther(_submitted(request, form, customer))


def _proven(request: HttpRequest) -> Customer | None:
    """The proven visitor, unless they ask for somebody else, or fill in a page from before they
    proved it."""
    as_somebody_else = (
        "proven" not in request.POST if request.method == "POST" else "stranger" in request.GET
    )
    visit = None if as_somebody_else else visits.visit_of(request)
    if visit is None:
        return None
    visits.touch(visit)
    return visit.customer


def _submitted(request: HttpRequest, form: AskForm, customer: Customer | None) -> str:
    """Take a form in; the address of the page that answers it."""
    now, said, asked = timezone.now(), form.cleaned_data, _request(form)
    stops = form.marketing_stops() and not form.about_the_dead  # theirs are not of the writer
    stopped = _stop_marketing(request, form, customer) if stops else None
    if stopped and not asked.kinds:
        return stopped[1]
    quiet = intake.too_many(asked, customer=customer, address=visits.address(request), now=now)
    cases = intake.submit(asked, form=said["form"], customer=customer, quiet=quiet, now=now)
    return reverse(
        "portal:received",
        args=[
            answers.SealedAnswer(
                at=int(cases[0].received_at.timestamp()),
                cases=[_told(case, asked) for case in cases],
                means=_means(form),
                quiet=quiet,
                proven=customer is not None,
                files=len(asked.files),
                unread=form.unread,
                marketing=stopped[0] if stopped else "",
            ).sealed()
        ],
    )


def _told(case: Case, asked: intake.Request) -> answers.Told:
    return answers.Told(
        case.reference,
        case.kind,
        facts.promise(case),
        case.due_on.isoformat() if case.due_on else "",
        for_somebody=asked.requester != "customer",
    )


def _means(form: AskForm) -> str:
    """How the acknowledgement goes, by what was given."""
    given = form.given()
    if given.email and "email" not in form.unread:
        return "email"
    return "letter" if given.address and "address" not in form.unread else "file"


def _request(form: AskForm) -> intake.Request:
    """What a form asks. Its files leave the request's memory sealed or not at all."""
    said = form.cleaned_data
    files = [
        intake.File(one.name or "", one.read(), purpose)
        for purpose, name in (
            (Attachment.Purpose.AUTHORITY, "authority"),
            (Attachment.Purpose.OTHER, "documents"),
        )
        for one in said.get(name) or []
    ]
    for_somebody = (
        {}
        if form.proven
        else {"requester": said["requester"], "requester_name": said["requester_name"]}
    )
    return intake.Request(
        [str(kind) for kind in form.asked()],
        form.given(),
        form.free_words(),
        form.details(),
        form.codes(),
        files=files,
        **for_somebody,
    )


def _stop_marketing(
    request: HttpRequest, form: AskForm, customer: Customer | None
) -> tuple[str, str]:
    """Stop the marketing that the form names, at once; the reference of that, and the page that
    says so."""
    token, now = form.cleaned_data["form"], timezone.now()
    if customer is not None:
        stops = frozenset(
            (sender, channel)
            for boxes, senders in form.marketing_stops()
            for sender in opt_out.SENDERS[senders]
            for channel in channels_of(boxes)
        )
        everything = len(stops) == len(CHANNELS) * len(opt_out.SENDERS["both"])
        changes = change_choices.RequestedChanges(
            stops=frozenset() if everything else stops, everything=everything
        )
        reference = change_choices.change(
            customer, changes, form=token, origin=visits.address(request), now=now
        ).reference
        return reference, reverse(
            "preferences:changed", args=[reference]
        ) if reference else reverse("preferences:choices")
    answers = [
        opt_out.submit(form.given(), channels=list(boxes), senders=senders, form=token, now=now)
        for boxes, senders in form.marketing_stops()
    ]
    references = " and ".join(answer.reference for answer in answers)
    return references, reverse("preferences:stopped", args=[answers[0].sealed()])


@never_cache
@require_safe
def received(request: HttpRequest, sealed: str) -> HttpResponse:
    """What happens next. Its address works for an hour; whoever has it learns nothing of
    anybody."""
    answer = answers.opened(sealed, now=timezone.now())
    if answer is None:
        return render(request, "portal/received_gone.html", status=404)
    return render(
        request,
        "portal/received.html",
        {
            "answer": answer,
            "longer": time_limits.further("sar", "month"),
        },
    )


def fresh(public_form: PublicForm, customer: Customer | None, what: str = "") -> SafeString:
    """A form as it is first shown, with a token of its own. All else in it is the same for
    everybody: it is rendered once.

    `what` ticks one of the boxes of “What is it about?”, for a page that leads here; anything else
    is passed over.
    """
    known = [code for code, _ in getattr(public_form.form.base_fields.get("what"), "choices", ())]
    what = what if what in known else ""
    shown = _fresh(public_form.slug, customer is not None, settings.CONTROLLER["name"], what)
    return SafeString(shown.replace(PLACE, str(uuid.uuid4())))


@lru_cache(maxsize=128)
def _fresh(slug: str, proven: bool, controller: str, what: str) -> str:
    context: dict[str, Any] = {"public_form": menu.BY_SLUG[slug]}
    initial = {"form": PLACE, **({"what": [what]} if what else {})}
    return str(
        render_crispy_form(menu.BY_SLUG[slug].form(proven=proven, initial=initial), context=context)
    )
