"""Reading lines of a web server's access log (the combined format of nginx, Apache and gunicorn).
Pure: no model.

What identifies a visitor is never looked at: the first field, where a server may write an address,
is skipped, and the name of the browser is only asked whether it is a program that reads pages by
itself.
"""

import datetime
import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from django.urls import Resolver404, get_resolver

QUOTED = rb'"((?:[^"\\]|\\.)*)"'
MINUTE = rb"\[(\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d):\d\d ([+-]\d{4})\]"
LINE = re.compile(
    rb"^\S+ \S+ \S+ "
    + MINUTE
    + rb" "
    + QUOTED
    + rb" (\d{3}) (?:\d+|-)(?: "
    + QUOTED
    + rb" "
    + QUOTED
    + rb")?"
)
REQUEST = re.compile(r"^(\S+) (\S+) HTTP/[\d.]+$")
SHOWN = {
    *range(200, 300),
    304,
}  # a redirect shows no page: the page that it leads to has a line of its own
# Programs that say what they are (a Cubot is a telephone). One that says nothing is not a person at
# a browser either.
PROGRAMS = re.compile(
    r"(?<!cu)bot\b|(?<!cu)bot[/;_-]|crawl|spider|slurp|archiver|fetch|monitor|uptime|check|scan|preview|headless|"
    r"lighthouse|curl|wget|python|java/|okhttp|go-http|libwww|httpclient|axios|node|ruby|perl|php|facebookexternalhit|"
    r"whatsapp|telegram|feed|validator|^-?$",
    re.IGNORECASE,
)
NO_PAGES = {
    "register:favicon",
    "cookies:gpc",
    "cookies:answer",
}  # public addresses that show nobody a page
LONDON = ZoneInfo("Europe/London")


class NotALogLine(ValueError):
    """The line is not one of an access log."""


@dataclass(frozen=True)
class PageView:
    """One opened page."""

    day: datetime.date
    page: str


def read(line: bytes) -> PageView | None:
    """The visit that a line tells of; None when it is something else: a program, a picture, the
    desk, a fault.

    Days are London days, whatever the zone of the server. Raises NotALogLine.
    """
    found = LINE.match(line)
    if found is None:
        raise NotALogLine
    minute, zone, asked, status, _, agent = found.groups(default=b"")
    day, request = day_of(minute, zone), REQUEST.match(asked.decode("utf-8", "replace"))
    if request is None or request[1] != "GET" or int(status) not in SHOWN or is_a_program(agent):
        return None
    page = page_of(request[2])
    return PageView(day, page) if page else None


@lru_cache(maxsize=4096)
def day_of(minute: bytes, zone: bytes) -> datetime.date:
    """The London day of a minute such as `02/Jul/2026:10:00` in a zone such as `+0100`. Raises
    NotALogLine."""
    try:
        at = datetime.datetime.strptime(f"{minute.decode()} {zone.decode()}", "%d/%b/%Y:%H:%M %z")
    except ValueError:
        raise NotALogLine from None
    return at.astimezone(LONDON).date()


@lru_cache(maxsize=4096)
def is_a_program(agent: bytes) -> bool:
    """Whether a user agent names a crawler, a monitor or a library."""
    return PROGRAMS.search(agent.decode("utf-8", "replace")) is not None


@lru_cache(maxsize=16_384)
def page_of(target: str) -> str:
    """The name of the public page at a request's target, without what stands in its address; "" for
    anything else."""
    try:
        match = get_resolver().resolve(unquote(urlsplit(target).path))
    except (Resolver404, ValueError):
        return ""
    public = match.namespaces and match.namespaces[0] != "admin" and match.view_name not in NO_PAGES
    return match.view_name if public else ""


def identity(line: bytes) -> bytes:
    """What a line is known by: all of it but the first field, where an address may stand."""
    return line.partition(b" ")[2].rstrip(b"\r\n")
