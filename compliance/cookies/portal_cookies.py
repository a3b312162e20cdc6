"""The cookies that this portal itself sets, by the codes of their rows: their names depend on the
settings.

All are strictly necessary. A test walks the pages and finds no other.
"""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage

from compliance.cookies import choice_cookie
from customers.identity import visits


def names() -> dict[str, str]:
    """Code of the row -> name of the cookie in the browser, on this installation."""
    return {
        "portal-form": settings.CSRF_COOKIE_NAME,
        "portal-choice": choice_cookie.cookie_name(),
        "portal-visitor": visits.COOKIE_NAME,
        "portal-staff": settings.SESSION_COOKIE_NAME,
        "portal-message": CookieStorage.cookie_name,
    }
