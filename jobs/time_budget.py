"""How long one page may keep the database: what takes longer ends, and a page says so.

PostgreSQL ends a single statement, and a wait for a lock, after the times that `deploy/roles.sql`
gives each role. Here a page ends whose statements are each quick and together take too long.
"""

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template import loader

ENDED = {"57014": "statement timeout", "55P03": "lock timeout"}  # PostgreSQL, appendix A


class OutOfTime(OperationalError):
    """A page asked the database for more after its time was over."""


def out_of_time(fault: BaseException) -> bool:
    """Whether a fault only says that a page, a statement or a wait took too long."""
    return isinstance(fault, OutOfTime) or (
        isinstance(fault, OperationalError) and getattr(fault.__cause__, "pgcode", "") in ENDED
    )


def try_later() -> HttpResponse:
    """The page that asks to try again; what a transaction had begun is taken back by then."""
    page = loader.get_template("503.html").render()
    return HttpResponse(page, status=503, headers={"Retry-After": "60"})


class TimeBudgetMiddleware:
    """No statement of a page begins later than `REQUEST_SECONDS` after the page was asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        until = time.monotonic() + settings.REQUEST_SECONDS

        def execute(go_on: Callable[..., Any], *given: Any) -> Any:
            if time.monotonic() > until:
                raise OutOfTime("The time for this page is over.")
            return go_on(*given)

        with connection.execute_wrapper(execute):
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        """The same of a page that is filled in only when its view is done."""
        return try_later() if out_of_time(fault) else None
