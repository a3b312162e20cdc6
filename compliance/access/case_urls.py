"""Where the request that a copy answers is worked on. The room above that knows requests says so as
it starts."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class CaseUrls:
    """The addresses for a request's public reference: its page, and where its copy is released or
    withdrawn."""

    request: Callable[[str], str]
    release: Callable[[str], str]
    withdraw: Callable[[str], str]


_urls: list[CaseUrls] = []


def register(urls: CaseUrls) -> None:
    """Say where requests are worked on."""
    _urls[:] = [urls]


def of() -> CaseUrls:
    """Where requests are worked on."""
    return _urls[0]
