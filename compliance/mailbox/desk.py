"""The mailbox on the desk: one email's page and what may be done with it."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from accounts.desk import desk_page, fetch, names_of, staff
from accounts.desk_form import perform, press
from audit import events
from compliance.mailbox import resolve
from compliance.mailbox.classify import classify
from compliance.mailbox.forms import CloseForm, MailStopForm
from compliance.mailbox.models import InboundMail
from compliance.mailbox.request_words import REQUESTS
from compliance.mailbox.states import WHY, MailOutcome, WaitReason
from compliance.preferences.channels import using
from compliance.preferences.desk import queue, words
from compliance.preferences.models import MarketingRequest
from compliance.preferences.vocabulary import ContactKind
from customers.desk import page_url
from customers.matching import Given

VIEW, CHANGE = "mailbox.view_inboundmail", "mailbox.change_inboundmail"
WAYS_TO_CLOSE = (
    (MailOutcome.PASSED_ON, "Another request: I have logged it"),
    (MailOutcome.ANSWERED, "I have answered it"),
    (MailOutcome.NOTHING, "Nothing to do"),
)


def show(request: HttpRequest, mail_id: str) -> HttpResponse:
    """One email: what it says, what was done at once, what may be done now."""
    return _page(request, _fetch(request, mail_id, VIEW), None)


def stop_for(request: HttpRequest, mail_id: int) -> HttpResponse:
    """“This is the customer”: by a proposal's button, or by a number typed."""
    mail = _fetch(request, mail_id, CHANGE)
    form = MailStopForm(request.POST, asked=mail)

    def action(given: dict[str, Any]) -> str:
        customer, (channels, senders) = given["customer_number"], form.scope()
        done = resolve.stop_for(
            mail.pk,
            customer,
            channels=channels,
            senders=senders,
            by=staff(request).actor,
            now=timezone.now(),
        )
        return (
            f"{done.reference}: stopped for customer {customer.customer_number}, with every contact "
            "detail on file."
        )

    return perform(request, form, action, _list_url(), lambda: _page(request, mail, form))


def stop_address(request: HttpRequest, mail_id: int) -> HttpResponse:
    """“Stop this address”, whoever it is."""
    mail = _fetch(request, mail_id, CHANGE)

    def action() -> str:
        done = resolve.stop_address(mail.pk, by=staff(request).actor, now=timezone.now())
        return f"{done.reference}: email marketing to this address is stopped."

    here = reverse("admin:mailbox_inboundmail_change", args=[mail.pk])
    return press(request, action, _list_url(), refused_back=here)


def close(request: HttpRequest, mail_id: int) -> HttpResponse:
    """“Not about marketing: dealt with”."""
    mail, form = _fetch(request, mail_id, CHANGE), CloseForm(request.POST)

    def action() -> str:
        done = resolve.close(
            mail.pk, **form.cleaned_data, by=staff(request).actor, now=timezone.now()
        )
        return f"{done} is closed: {done.get_outcome_display().lower()}."

    return press(request, action, _list_url()) if form.is_valid() else _page(request, mail, None)


def _list_url() -> str:
    return reverse("admin:mailbox_inboundmail_changelist")


def original(request: HttpRequest, mail_id: int) -> HttpResponse:
    """The message as it came, with the files in it, to be opened with a mail program. Never shown
    by the browser."""
    mail = _fetch(request, mail_id, VIEW)
    if not mail.original:
        raise Http404
    events.mail_viewed(
        by=staff(request).actor, subject=mail.customer_id, mail=mail.pk, original=True
    )
    return HttpResponse(
        mail.original,
        content_type="application/octet-stream",
        headers={
            "Content-Disposition": f'attachment; filename="email-{mail.pk}.eml"',
            "Content-Security-Policy": "sandbox",
            "Cache-Control": "no-store",
        },
    )


def _fetch(request: HttpRequest, mail_id: int | str, permission: str) -> InboundMail:
    return fetch(request, InboundMail.objects.select_related("customer"), mail_id, permission)


def _page(request: HttpRequest, mail: InboundMail, form: MailStopForm | None) -> HttpResponse:
    events.mail_viewed(
        by=staff(request).actor, subject=mail.customer_id, mail=mail.pk, original=False
    )
    may_act = mail.state in resolve.OPEN and request.user.has_perm(CHANGE)
    return desk_page(
        request,
        "admin/mailbox/mail.html",
        {
            "title": str(mail),
            "mail": mail,
            "may_act": may_act,
            "why": WHY[WaitReason(mail.reason)] if mail.reason else "",
            "other_right": mail.kind in REQUESTS,
            "stopped": _stopped(mail),
            "trail": [("Emails received", _list_url())],
            "customer_url": page_url(mail.customer_id) if mail.customer_id else "",
            "handled_by": names_of([mail.handled_by])[mail.handled_by] if mail.handled_by else "",
            **(_choices(mail, form) if may_act else {}),
        },
    )


def _stopped(mail: InboundMail) -> str:
    """What an email has stopped, in words: for a customer, or as far as an address alone can be
    stopped."""
    if not (mail.reference and mail.channels):
        return ""
    matched = MarketingRequest.objects.filter(
        reference=mail.reference, customer__isnull=False
    ).exists()
    channels = mail.channels if matched else using(ContactKind.EMAIL, mail.channels)
    whose = words.senders_in_words(mail.senders, {}).lower()
    place = (
        "for the customer and for the sender’s address"
        if matched
        else "for the sender’s address only"
    )
    return f"{words.channels_in_words(channels) or 'nothing'}, from {whose}, {place}."


def _choices(mail: InboundMail, form: MailStopForm | None) -> dict[str, Any]:
    """Who it could be, and what may be stopped."""
    people = resolve.addresses(mail)
    proposals = queue.proposals(_given(mail, people[0].value if people else ""))
    return {
        "form": form or MailStopForm(asked=mail),
        "proposals": proposals,
        "addresses": people,
        "closing": WAYS_TO_CLOSE,
        "close_form": CloseForm(initial={"kind": mail.kind}),
    }


def _given(mail: InboundMail, address: str) -> Given:
    """What an email says of its writer: enough to look for them by each detail."""
    if not mail.original:
        return Given(email=address)
    found = classify(mail.original, settings.CONTROLLER["email"]).candidates
    numbers = [*found.claimed, *found.numbers]
    return Given(
        name=found.names[0] if found.names else "",
        customer_number=numbers[0] if numbers else "",
        email=address,
    )
