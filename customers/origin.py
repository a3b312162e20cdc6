"""From where a form was sent, told by the browser itself, for forms that must work without cookies
and so have no token."""

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
