"""The one cookie that holds a visitor's choice: its name, its writing and its reading. No model.

`cookie_choice` holds, in the clear and signed: the version of the wording, the accepted groups, the
second of the choice and the receipt. The shop reads it on its own server (docs/cookies.md), so it
is HttpOnly: no script needs it.
"""

import datetime
import uuid
from dataclasses import dataclass

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from compliance.cookies.groups import OPTIONAL

LIFE = relativedelta(months=6)  # then the visitor is asked again
SALT = "cookies.choice"


@dataclass(frozen=True)
class StoredChoice:
    """What a visitor's browser says that they chose."""

    version: int
    accepted: frozenset[str]
    at: datetime.datetime
    receipt: uuid.UUID

    @property
    def ends_at(self) -> datetime.datetime:
        """From this moment on the visitor is asked again."""
        ends_at: datetime.datetime = self.at + LIFE
        return ends_at


def cookie_name() -> str:
    """`__Host-cookie_choice`; without HTTPS, or when it is shared with the shop's own host, a name
    that allows it."""
    if not settings.HTTPS:
        return "cookie_choice"
    return "__Secure-cookie_choice" if settings.COOKIE_CHOICE_DOMAIN else "__Host-cookie_choice"


def write(response: HttpResponse, choice: StoredChoice, now: datetime.datetime) -> None:
    """Give the choice to the browser, for what is left of its six months."""
    groups = "+".join(group for group in OPTIONAL if group in choice.accepted) or "none"
    text = f"{choice.version}.{groups}.{int(choice.at.timestamp())}.{choice.receipt.hex}"
    response.set_cookie(
        cookie_name(),
        signing.Signer(salt=SALT).sign(text),
        max_age=max(0, int((choice.ends_at - now).total_seconds())),
        domain=settings.COOKIE_CHOICE_DOMAIN or None,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )


def read(request: HttpRequest, now: datetime.datetime) -> StoredChoice | None:
    """The choice in the browser; None when there is none, it is older than six months, or it is not
    of our making."""
    try:
        text = signing.Signer(salt=SALT).unsign(request.COOKIES.get(cookie_name(), ""))
        version, groups, second, receipt = text.split(".")
        choice = StoredChoice(
            int(version),
            frozenset(groups.split("+")) & frozenset(OPTIONAL),
            datetime.datetime.fromtimestamp(int(second), datetime.UTC),
            uuid.UUID(hex=receipt),
        )
    except (signing.BadSignature, ValueError, OverflowError):
        return None
    return choice if now < choice.ends_at else None
