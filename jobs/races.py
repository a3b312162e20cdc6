"""An action that lost a race with another one is tried again.

PostgreSQL ends one of two transactions that wait for each other, or that cannot both be seen as
one after the other. What was ended left no trace, so it is simply done again: a page by the
middleware here, a job by going back into the queue, a batch of the purge by `tried_again`. Each of
our actions does once what is asked twice.
"""

import random
import time
from collections.abc import Callable
from typing import Any, TypeVar

from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponseBase

from jobs.time_budget import out_of_time, try_later

TRIES = 3
PAUSE = 0.05  # seconds before the second try; twice that before the third
LOST = {"40001": "serialization failure", "40P01": "deadlock"}  # PostgreSQL, appendix A

Result = TypeVar("Result")


def lost(fault: BaseException | None) -> bool:
    """Whether a fault only says that another transaction was quicker."""
    return isinstance(fault, OperationalError) and getattr(fault.__cause__, "pgcode", "") in LOST


def tried_again(action: Callable[[], Result], *, between: Callable[[], object] = int) -> Result:
    """Do something that is a transaction of its own, and do it again when it lost a race: at most
    three times in all, then the fault is raised. `between` is called before each further try.

    Inside a transaction it is done once: the whole of that has to be done again.
    """
    for number in range(1, TRIES):
        try:
            return action()
        except OperationalError as fault:
            if not lost(fault) or connection.in_atomic_block:
                raise
        time.sleep(PAUSE * number * random.uniform(0.5, 1.5))  # noqa: S311 no secret
        between()
    return action()


def in_words(fault: OperationalError) -> str:
    """What became of a command that the database ended, and what to do."""
    cause = type(fault).__name__
    if lost(fault):
        return f"Other work was at the same records ({cause}). Run it again."
    return f"The database did not answer ({cause}). Run it again when it is back."


class TryAgainMiddleware:
    """Answers a request anew when what it did lost a race. The last middleware: it calls the view."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponseBase],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> HttpResponseBase:
        """The view's answer."""

        def rewind() -> None:
            for _, files in request.FILES.lists():
                for file in files:
                    file.seek(0)

        try:
            return tried_again(lambda: view(request, *args, **kwargs), between=rewind)
        except OperationalError as fault:
            if not out_of_time(fault):
                raise
            return try_later()
