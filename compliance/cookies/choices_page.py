"""The published groups as the choices page shows them: each with its cookies, its companies and the
visitor's answer."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from compliance.cookies.choice import VisitorState
from compliance.cookies.groups import NECESSARY
from compliance.cookies.models import CookieWording


def groups(wording: CookieWording | None, state: VisitorState) -> list[dict[str, Any]]:
    """The groups of a wording, each with `necessary`, `accepted` and `objected` (the browser
    refuses it by itself)."""
    return [
        {
            **group,
            "necessary": group["code"] == NECESSARY,
            "accepted": state.accepts(group["code"]),
            "objected": group["code"] != NECESSARY and group["code"] not in state.open,
        }
        for group in (wording.content["groups"] if wording else [])
    ]


def reach(request: HttpRequest) -> str:
    """Where a choice counts: the domain that the portal shares with the shop, or this host
    alone."""
    return settings.COOKIE_CHOICE_DOMAIN or request.get_host().split(":")[0]
