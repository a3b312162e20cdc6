"""Whether a form was sent from a page of this site, told by the browser itself.

Browsers say where a request comes from in `Sec-Fetch-Site` and `Origin`; a page of another site can
write neither. This stands in for the form's token on the banner alone, because a token needs a
cookie and the banner stands on pages that set none (docs/decisions/0011).
"""

from django.conf import settings
from django.http import HttpRequest


def is_ours(request: HttpRequest) -> bool:
    """True when the browser says so. Silence, a sister site and an opaque origin are not enough."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return request.headers.get("Origin", "") in (
        f"{request.scheme}://{request.get_host()}",
        *settings.CSRF_TRUSTED_ORIGINS,
    )
