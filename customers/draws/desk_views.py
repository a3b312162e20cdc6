"""What the data protection lead does with a draw, each on a page that says what it means and asks
once more."""

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst

from accounts.desk import desk_page, staff
from accounts.desk_form import action_page
from audit.actions import Refused
from customers.draws import draw_actions
from customers.draws.models import PrizeDraw, PrizeEntry
from customers.draws.states import london_day
from customers.forms import ActionForm

CHANGE = "draws.change_prizedraw"


class PublishDrawForm(ActionForm):
    button = "Publish the draw"


class TakeBackForm(ActionForm):
    button = "Take it off the site"


class DrawWinnersForm(ActionForm):
    button = "Draw the winners"


class PassOnForm(ActionForm):
    button, tone = "Pass the prize to the next reserve", "danger"


class ObjectForm(ActionForm):
    button = "Do not name this entrant"


class WhoAsksForm(ActionForm):
    button = "Show whom to name"

    asker = forms.ChoiceField(
        label="Who asks?",
        choices=[
            ("entrant", "Somebody who entered"),
            ("public", "Anybody else"),
            ("authority", "The advertising authority"),
        ],
        widget=forms.RadioSelect,
        help_text="It is recorded that somebody asked, without their name.",
        error_messages={"required": "Say who asks."},
    )


def buttons(request: HttpRequest, draw: PrizeDraw) -> list[tuple[str, str]]:
    """What may be done with a draw as it stands, as addresses and labels. Asks for `with_state`'s
    annotations."""
    state, today = draw.state(london_day(timezone.now())), london_day(timezone.now())
    found = (
        []
        if draw.published_at is None
        else [(reverse("draws:draw", args=[draw.code]), "See it on the site")]
    )
    if not request.user.has_perm(CHANGE):
        return found
    actions = {
        "publish": (
            "Publish",
            draw.published_at is None and not draw.drawn and today <= draw.closes_on,
        ),
        "take_back": ("Take back to correct it", state == PrizeDraw.State.COMING),
        "draw": ("Draw the winners", state == PrizeDraw.State.TO_DRAW),
        "names": ("Tell somebody who won", state == PrizeDraw.State.DRAWN),
    }
    return found + [
        (reverse(f"admin:draws_prizedraw_{name}", args=[draw.pk]), label)
        for name, (label, may) in actions.items()
        if may
    ]


def publish(request: HttpRequest, draw_id: int) -> HttpResponse:
    found = _fetch(request, draw_id)

    def action() -> str:
        draw_actions.publish(found, by=staff(request).actor, now=timezone.now())
        return "The draw is published."

    return _act(
        request,
        found,
        PublishDrawForm,
        action,
        title="Publish the draw",
        explanation="The public sees it at once and can enter from "
        f"{date_format(found.opens_on)} to the end of "
        f"{date_format(found.closes_on)}. From then on nothing about it can be changed.",
    )


def take_back(request: HttpRequest, draw_id: int) -> HttpResponse:
    found = _fetch(request, draw_id)

    def action() -> str:
        draw_actions.take_back(found, by=staff(request).actor, now=timezone.now())
        return "The draw is off the site. Correct it and publish it again."

    return _act(
        request,
        found,
        TakeBackForm,
        action,
        title="Take the draw back",
        explanation="It leaves the site until it is published again. Only before its opening day.",
    )


def draw(request: HttpRequest, draw_id: int) -> HttpResponse:
    found = _fetch(request, draw_id)

    def action() -> str:
        evidence = draw_actions.run(found, by=staff(request).actor, now=timezone.now())
        return (
            f"{len(evidence.winners)} drawn from {evidence.entries:,} entries. The winners "
            "are written to."
        )

    return _act(
        request,
        found,
        DrawWinnersForm,
        action,
        title="Draw the winners",
        explanation=f"{found.winner_count} will be drawn from all entries by the seed that was "
        "fixed in advance. It "
        "happens once: the result is shown to the public and cannot be changed.",
    )


def pass_on(request: HttpRequest, draw_id: int, ticket: uuid.UUID) -> HttpResponse:
    found = _fetch(request, draw_id)

    def action() -> str:
        passed = draw_actions.pass_on(found, ticket, by=staff(request).actor, now=timezone.now())
        return f"The prize went to the reserve with the ticket {passed.reserve}, who is written to."

    return _act(
        request,
        found,
        PassOnForm,
        action,
        title="Pass the prize on",
        explanation=f"The holder of the ticket {ticket} did not answer in the time that the "
        "rules give. The next "
        "reserve gets the prize and an email. This cannot be taken back.",
    )


def names(request: HttpRequest, draw_id: int) -> HttpResponse:
    """Whom to name to somebody who asks who won: shown once it is said who asks."""
    found = _fetch(request, draw_id)
    form, named = WhoAsksForm(request.POST if request.method == "POST" else None), None
    if form.is_valid():
        try:
            named = draw_actions.name_winners(
                found, asker=form.cleaned_data["asker"], by=staff(request).actor
            )
        except Refused as refused:
            form.add_error(None, str(refused))
    return desk_page(
        request,
        "admin/draws/names.html",
        {
            "title": "Who won",
            "explanation": "Surname and town of each winner, without those who object.",
            "form": form if named is None else None,
            "named": named,
            **_of(found),
        },
    )


def object_to_publicity(request: HttpRequest, entry_id: int) -> HttpResponse:
    if not request.user.has_perm("draws.change_prizeentry"):
        raise PermissionDenied
    entry = get_object_or_404(PrizeEntry, pk=entry_id)

    def action() -> str:
        draw_actions.leave_unnamed(entry, by=staff(request).actor)
        return "Noted: they stand on no list of winners that the desk shows."

    return _act(
        request,
        entry,
        ObjectForm,
        action,
        title="Do not name this entrant",
        explanation="The entrant objects to their surname and town being given to people who "
        "ask who won.",
    )


def _fetch(request: HttpRequest, draw_id: int) -> PrizeDraw:
    if not request.user.has_perm(CHANGE):
        raise PermissionDenied
    return get_object_or_404(PrizeDraw, pk=draw_id)


def _act(
    request: HttpRequest,
    record: Model,
    form_class: type[ActionForm],
    action: Callable[[], str],
    **words: Any,
) -> HttpResponse:
    """One action: its page is the confirmation; then the page of the record that it was done to."""
    form = form_class(request.POST if request.method == "POST" else None)
    return action_page(request, form, lambda given: action(), **_of(record), **words)


def _of(record: Model) -> dict[str, Any]:
    """What a page about a record says of it: its name, and the pages above."""
    opts, key = record._meta, [record.pk]
    name = f"admin:{opts.app_label}_{opts.model_name}"
    back, above = reverse(f"{name}_change", args=key), reverse(f"{name}_changelist")
    trail = [(capfirst(opts.verbose_name_plural), above), (str(record), back)]
    return {"about": str(record), "back": back, "trail": trail}
