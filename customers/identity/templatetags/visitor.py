"""The bar that stands on every public page while a visit lasts, and the numbers of codes and visits
in words."""

from typing import Any

from django import template

from customers.identity import limits, visits

register = template.Library()


@register.inclusion_tag("components/visitor_bar.html", takes_context=True)
def visitor_bar(context: dict[str, Any]) -> dict[str, Any]:
    """Who the visitor has proved to be, by the end of the customer number and no name, where they
    can go, with the present page marked, and the button that ends it."""
    request = context.get("request")  # an error page may have none
    customer = visits.visitor(request) if request else None
    return {
        "number": (customer.customer_number or "")[-4:] if customer else "",
        "csrf_token": context.get("csrf_token"),
        "places": visits.places() if customer else (),
        "path": request.path if request else "",
    }


@register.simple_tag
def proof_limits() -> dict[str, str]:
    """How long codes and visits last, in words: `{% proof_limits as limits %}`."""
    return limits.in_words()
