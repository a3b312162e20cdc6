"""The desk's own pages about messages: one message, and the letters that wait to be printed."""

import re
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.desk import desk_page, staff
from accounts.desk_form import press
from accounts.http import SeeOther
from audit import events
from audit.actions import AlreadyDone, Refused
from customers.desk import page_url
from customers.outbox.messages import UNDELIVERED, posted, resend, settle
from customers.outbox.models import ONE_TIME_CODE, Message

MOST_LETTERS = 200  # to print that the page lists
SEALED = ("recipient", "subject", "text", "html", "headers", "document")
CODE = re.compile(r"\b\d{4} \d{4}\b|\b[A-Z2-9]{4} [A-Z2-9]{4}\b")
ERRORS = {
    "address_given_up": "The person gave this address up. Write to them anew.",
    "sent_back": "The mail server of the address sent it back. Find another way to reach the person.",
    "cut_off": "The program was cut off while it handed the message over.",
    "sms_is_off": "No way to send text messages is set up.",
    "Timeout": "The mail server did not answer in time.",
    "ConnectionRefused": "The mail server could not be reached.",
    "RecipientsRefused": "The mail server refuses this address.",
    "Unicode": "The mail server cannot write to this address.",
    "Header": "The address cannot be written to.",
}


@require_safe
def show(request: HttpRequest, message_id: str) -> HttpResponse:
    """One message as its reader sees it. That it was opened goes into the trail."""
    message = _fetch(request, message_id, "outbox.view_message")
    events.message_viewed(by=staff(request).actor, subject=message.customer_id, message=message.pk)
    return desk_page(
        request,
        "admin/outbox/message.html",
        {
            "title": kind_in_words(message),
            "trail": _trail(),
            "message": message,
            "State": Message.State,
            "text": _without_code(message),
            "page_url": page_url(message.customer_id) if message.customer_id else "",
            "fault": error_in_words(message.error),
            "controller": settings.CONTROLLER,
            "too_late": _too_late(message),
            "may_act": request.user.has_perm("outbox.change_message"),
            "needs_somebody": message.state in UNDELIVERED,
        },
    )


def kind_in_words(message: Message) -> str:
    """The kind of a message as staff read it: “Prize won”."""
    return message.kind.replace("_", " ").replace("-", " ").capitalize()


def error_in_words(code: str) -> str:
    """What went wrong, and the code by which an operator knows more."""
    if not code:
        return ""
    words = next(
        (words for part, words in ERRORS.items() if part in code), "The message was refused."
    )
    return f"{words} (Code: {code})"


def _too_late(message: Message) -> bool:
    return bool(message.send_before and message.send_before <= timezone.now())


def _without_code(message: Message) -> str:
    """The text, with a one-time code hidden where customers are real: it opens the customer's
    visit, not the agent's."""
    if message.kind == ONE_TIME_CODE and not settings.EMBEDDED_DATABASE:
        return CODE.sub("•••• ••••", message.text)
    return str(message.text)


@require_POST
def send_again(request: HttpRequest, message_id: uuid.UUID) -> HttpResponse:
    return _act(request, message_id, resend, "The message is on its way again.")


@require_POST
def leave(request: HttpRequest, message_id: uuid.UUID) -> HttpResponse:
    return _act(request, message_id, settle, "The message is settled. It is not sent again.")


def _act(
    request: HttpRequest, message_id: uuid.UUID, action: Callable[..., Message], done: str
) -> HttpResponse:
    """Do one thing with a message, say how it went, and show it."""
    message = _fetch(request, message_id, "outbox.change_message")

    def act() -> str:
        action(message, by=staff(request).actor, now=timezone.now())
        return done

    return press(request, act, reverse("admin:outbox_message_change", args=[message.pk]))


def _fetch(request: HttpRequest, message_id: uuid.UUID | str, permission: str) -> Message:
    """The message that a member of staff with `permission` asks for: 403 without it, 404 when there
    is none."""
    if not request.user.has_perm(permission):
        raise PermissionDenied
    try:
        key = uuid.UUID(str(message_id))
    except ValueError:
        key = uuid.UUID(int=0)
    return get_object_or_404(Message, pk=key)


# --- Letters --------------------------------------------------------------------------------------


def waiting(now: datetime) -> QuerySet[Message]:
    """The letters that wait to be printed, the oldest first; those that would come too late are not
    among them."""
    letters = Message.objects.queued().useful(now).filter(means=Message.Means.LETTER)
    return letters.order_by("queued_at", "pk")


@require_safe
def letters(request: HttpRequest) -> HttpResponse:
    """The letters to print, each with a box to tick."""
    _may(request, "outbox.view_message")
    found = list(
        waiting(timezone.now())
        .annotate(is_pdf=Q(document__isnull=False))
        .defer(*SEALED)[:MOST_LETTERS]
    )
    return render(
        request,
        "admin/outbox/letters.html",
        {
            **_context(request, "Letters to print"),
            "letters": [(letter, kind_in_words(letter)) for letter in found],
        },
    )


@never_cache
@require_safe
def document(request: HttpRequest, message_id: uuid.UUID) -> HttpResponse:
    """The PDF of a letter, as a file. That it was opened goes into the trail; no cache keeps it."""
    message = _fetch(request, message_id, "outbox.view_message")
    if message.document is None:
        raise Http404
    events.message_viewed(by=staff(request).actor, subject=message.customer_id, message=message.pk)
    answer = HttpResponse(message.document.encode("latin-1"), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="letter-{str(message.pk)[:8]}.pdf"'
    answer["Cache-Control"] = "no-store, private"
    return answer


@require_POST
def print_letters(request: HttpRequest) -> HttpResponse:
    """The ticked letters, each on a page of its own, with the address where the window of the
    envelope is."""
    _may(request, "outbox.change_message")
    ticked = _ticked(request, waiting(timezone.now())).annotate(is_pdf=Q(document__isnull=False))
    found, files = (
        list(ticked.filter(is_pdf=False)),
        list(ticked.filter(is_pdf=True).defer(*SEALED)),
    )
    if not found:
        messages.warning(
            request,
            "Tick the letters that you want to print. A letter that is a PDF is printed from its "
            "file; "
            "those printed already are not in the list.",
        )
        return SeeOther(reverse("admin:outbox_message_letters"))
    for letter in found:
        events.message_viewed(
            by=staff(request).actor, subject=letter.customer_id, message=letter.pk
        )
    return render(
        request,
        "admin/outbox/print.html",
        {
            **_context(request, "Letters"),
            "letters": found,
            "files": [(letter, kind_in_words(letter)) for letter in files],
        },
    )


@require_POST
def letters_posted(request: HttpRequest) -> HttpResponse:
    """Mark the ticked letters as printed and posted; one that is marked already stays as it is."""
    _may(request, "outbox.change_message")
    count, now = 0, timezone.now()
    for letter in _ticked(request, Message.objects.filter(means=Message.Means.LETTER)):
        try:
            posted(letter, by=staff(request).actor, now=now)
            count += 1
        except AlreadyDone:
            pass
        except Refused as refused:
            messages.error(request, str(refused))
    noun = "letter is" if count == 1 else "letters are"
    (messages.success if count else messages.info)(
        request,
        f"{count} {noun} marked as posted." if count else "Nothing was left to mark as posted.",
    )
    return SeeOther(reverse("admin:outbox_message_letters"))


def _ticked(request: HttpRequest, rows: QuerySet[Message]) -> QuerySet[Message]:
    keys = []
    for given in request.POST.getlist("letter"):
        try:
            keys.append(uuid.UUID(given))
        except ValueError:
            continue
    return rows.filter(pk__in=keys)


def _may(request: HttpRequest, permission: str) -> None:
    if not request.user.has_perm(permission):
        raise PermissionDenied


def _trail() -> list[tuple[str, str]]:
    return [("Messages", reverse("admin:outbox_message_changelist"))]


def _context(request: HttpRequest, title: str) -> dict[str, Any]:
    return {
        **admin.site.each_context(request),
        "title": title,
        "trail": _trail(),
        "controller": settings.CONTROLLER,
        "may_act": request.user.has_perm("outbox.change_message"),
        "now": timezone.localtime(),
    }
