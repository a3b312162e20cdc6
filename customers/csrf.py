"""Protection against cross-site requests for pages that Django's middleware does not cover.

Browsers say where a request comes from in `Sec-Fetch-Site` and `Origin`; a page of another site can
write neither. That stands in for the token where a form must work without cookies.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.middleware.csrf import CsrfViewMiddleware


def from_another_site(request: HttpRequest) -> bool:
    """Whether the browser says that a form was sent from a page of somebody else. A browser that is
    silent is believed."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "cross-site"
    origin = request.headers.get("Origin", "null")
    ours = origin in settings.CSRF_TRUSTED_ORIGINS or urlsplit(origin).netloc == request.get_host()
    return origin != "null" and not ours


def from_this_site(request: HttpRequest) -> bool:
    """Whether the browser says that a form was sent from a page of this site. Silence, a sister
    site and an opaque origin are not enough (docs/decisions/0011)."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return request.headers.get("Origin", "") in (
        f"{request.scheme}://{request.get_host()}",
        *settings.CSRF_TRUSTED_ORIGINS,
    )


class _Token(CsrfViewMiddleware):
    """Django's own check, that says no instead of showing a page of its own."""

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponseForbidden:
        return HttpResponseForbidden(reason)


def lacks_token(request: HttpRequest) -> bool:
    """Whether a form came without the token that only a page of ours can give it. For a view that
    is let off Django's check to show the form again, with all that was typed, instead of an
    error."""
    return (
        _Token(lambda _: HttpResponse()).process_view(request, lambda _: HttpResponse(), (), {})
        is not None
    )
