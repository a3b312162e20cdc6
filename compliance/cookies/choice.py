"""What a visitor chose, as the pages and other rooms ask for it.

    choice.allowed(request, "statistics")

is True only when the visitor said yes to that group, to the wording that is published now, within
the last six months, and their browser does not object.
"""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from compliance.cookies import choice_cookie, gpc
from compliance.cookies.choice_cookie import StoredChoice
from compliance.cookies.groups import ADVERTISING, NECESSARY
from compliance.cookies.models import CookieWording


@dataclass(frozen=True)
class VisitorState:
    """One visitor on one request."""

    wording: CookieWording | None  # the published one, without its content
    choice: StoredChoice | None  # the answer to that wording, if it still counts
    gpc: bool

    @cached_property
    def open(self) -> tuple[str, ...]:
        """The groups about which there is something to ask: the browser's own refusal is not asked
        about again."""
        return tuple(
            group
            for group in (self.wording.asks if self.wording else ())
            if not self._objected(group)
        )

    @property
    def words(self) -> dict[str, str]:
        """The banner's words as they were published."""
        return getattr(self.wording, "words", {})

    @property
    def must_ask(self) -> bool:
        """Whether the banner is due."""
        return bool(self.open) and self.choice is None

    def accepts(self, group: str) -> bool:
        """Whether cookies of a group may be set."""
        return group == NECESSARY or bool(
            self.choice and group in self.choice.accepted and group in self.open
        )

    def _objected(self, group: str) -> bool:
        return self.gpc and group == ADVERTISING


def visitor_state(request: HttpRequest) -> VisitorState:
    """What is published and what this visitor said to it. One query for each request."""
    if not hasattr(request, "_cookie_state"):
        # The words are those of the published version, which the answer names; its long list of
        # cookies stays behind.
        wording = (
            CookieWording.objects.only("number", "asks", "published_at")
            .annotate(words=F("content__banner"))
            .first()
        )
        said = choice_cookie.read(request, timezone.now())
        current = said if wording and said and said.version == wording.number else None
        request._cookie_state = VisitorState(wording, current, gpc.signalled(request))  # type: ignore[attr-defined]  # kept on the request
    return request._cookie_state  # type: ignore[attr-defined, no-any-return]  # kept on the request


def allowed(request: HttpRequest, group: str) -> bool:
    """Whether this visitor lets us set cookies of a group (see `groups`); an unknown group is never
    allowed."""
    return visitor_state(request).accepts(group)
