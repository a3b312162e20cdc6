"""How every page of the desk does a thing: the form, then the action, then what is said of it.

An action is called with the clean values of the form and returns what to say. It raises
AlreadyDone after a second click or a quicker colleague, and Refused when it may not be done.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from accounts.desk import desk_page
from accounts.http import SeeOther
from audit.actions import AlreadyDone, Refused

Action = Callable[[dict[str, Any]], str]


def perform(
    request: HttpRequest,
    form: BaseForm,
    action: Action,
    back: str | Callable[[], str],
    page: Callable[[], HttpResponse],
    *,
    at: str | None = None,
    redirect: type[HttpResponseRedirect] = SeeOther,
) -> HttpResponse:
    """Do `action` when `form` was sent and is valid, say what came of it and go to `back`;
    otherwise show `page`.

    A refusal becomes an error of the form (of the field `at`, when it is given), and everything
    typed stays. What is done already is said, and leads to `back` too. `back` is a function where
    the address is known only afterwards.
    """
    if form.is_valid():
        try:
            messages.success(request, action(form.cleaned_data))
            return redirect(_address(back))
        except AlreadyDone as already:
            messages.info(request, str(already))
            return redirect(_address(back))
        except Refused as refused:
            form.add_error(at, str(refused))
    return page()


def action_page(
    request: HttpRequest,
    form: BaseForm | None,
    action: Action,
    *,
    title: str,
    explanation: str,
    back: str,
    trail: Sequence[tuple[str, str]] = (),
    then: str | Callable[[], str] = "",
    template: str = "admin/action.html",
    **context: Any,
) -> HttpResponse:
    """The page of one action: its form, which is also the confirmation; then the action; then the
    page `then`, or else the one that it was opened from, `back`.

    `trail` are the pages above it, by label and address. Without a form nothing can be done.
    """

    def page() -> HttpResponse:
        words = {"title": title, "explanation": explanation, "back": back, "trail": trail}
        return desk_page(request, template, {**words, "form": form, **context})

    return perform(request, form, action, then or back, page) if form else page()


def press(
    request: HttpRequest,
    action: Callable[[], str],
    back: str | Callable[[], str],
    *,
    refused_back: str = "",
) -> HttpResponse:
    """A button without a form: do `action`, say what came of it, also when it was refused, and go
    to `back`; to `refused_back`, when it is given, after a refusal."""
    try:
        messages.success(request, action())
    except AlreadyDone as already:
        messages.info(request, str(already))
    except Refused as refused:
        messages.error(request, str(refused))
        return SeeOther(refused_back or _address(back))
    return SeeOther(_address(back))


def hand_out(
    request: HttpRequest, take: Callable[[], tuple[str, bytes]], back: str, *, content_type: str
) -> HttpResponse:
    """A file that `take` gives by name and bytes, which no cache keeps; a refusal is said at
    `back`."""
    try:
        name, content = take()
    except Refused as refused:
        messages.error(request, str(refused))
        return SeeOther(back)
    return HttpResponse(
        content,
        content_type=content_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store, private",
            "X-Content-Type-Options": "nosniff",
        },
    )


def _address(back: str | Callable[[], str]) -> str:
    return back if isinstance(back, str) else back()
