"""`{% cookie_banner %}`: the question about cookies at the top of a public page, when it is due."""

import uuid
from typing import Any

from django import template
from django.urls import reverse

from compliance.cookies import choice

register = template.Library()


@register.inclusion_tag("cookies/banner.html", takes_context=True)
def cookie_banner(context: dict[str, Any]) -> dict[str, Any]:
    """The banner, the word that a choice is kept, or nothing. One query; an error page may have no
    request."""
    request = context.get("request")
    if request is None or request.path == reverse("cookies:choices"):
        return {}
    state = choice.visitor_state(request)
    return {
        "state": state,
        "key": uuid.uuid4(),
        "next": request.get_full_path(),
        "kept": state.choice is not None and request.GET.get("cookies") == "kept",
    }
