"""What the public templates need: the navigation, and the blocks of a notice."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.safestring import SafeString

from compliance.register import blocks, pages

register = template.Library()


@register.inclusion_tag("components/navigation.html", takes_context=True)
def navigation(context: dict[str, Any]) -> dict[str, Any]:
    """The main public pages as a list of links, the present one marked. An error page may have no
    request."""
    request = context.get("request")
    return {
        "pages": [page for page in pages.public() if page.main],
        "path": request.path if request else "",
    }


@register.simple_tag
def further_pages() -> list[pages.Page]:
    """The public pages that stand at the foot."""
    return [page for page in pages.public() if not page.main]


@register.filter
def linked(text: str) -> SafeString:
    """A text of the notice as HTML: escaped, its links made real."""
    return blocks.linked(text)


@register.filter
def labelled(row: Iterable[str], head: Iterable[str]) -> list[tuple[str, str]]:
    """Each cell of a row with the heading of its column, for a table whose rows stand on end on a
    phone."""
    return list(zip(head, row, strict=False))


@register.filter
def lines_of(text: str) -> list[str]:
    """The parts of a cell that belong on lines of their own."""
    return text.split(" · ")
