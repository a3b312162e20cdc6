"""A real browser for the journeys: Debian's chromium without its window, at a phone's width or a desk's, with
JavaScript or without.

`page_at(width)` opens a page whose every path is below the live server; `no_axe_violations(page)`
asks the accessibility rules. A journey that cannot find its browser fails: it is never skipped.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, Error, Page, expect

from accounts.models import StaffUser

PHONE, DESK = 360, 1280  # CSS pixels wide
HEIGHT = {PHONE: 740, DESK: 900}
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
UNDER_WAY = ("Execution context was destroyed", "because of a navigation", "axe is not defined")
SHOTS = os.environ.get(
    "SCREENSHOTS", ""
)  # a folder: pages that are named are kept there as pictures
RULES = Axe().axe_script
found_sound: set[int] = set()
# A page as it is built: its elements with what the rules look at, and where there is a text, but not
# which. Pages that are built alike in the same window have the same faults, and are asked about once.
BUILD = """() => JSON.stringify([innerWidth, matchMedia("(prefers-color-scheme: dark)").matches,
    [...document.querySelectorAll("*")].map(e => [e.tagName,
    [...e.attributes].map(a => /^(class|role|type|hidden|disabled|lang|dir|scope|tabindex|aria-.*)$/
        .test(a.name) && !/(by|owns|controls|details)$/.test(a.name)
        ? a.name + "=" + a.value.replace(/\\d+/g, "0") : a.name + (a.value.trim() && "!")),
    [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()), e.checkVisibility()])])"""


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    chromium = shutil.which("chromium-headless-shell")
    if chromium is None:
        pytest.fail(
            "chromium-headless-shell is missing: `make test` installs it.",
            pytrace=False,
        )
    return {"executable_path": chromium, "args": list(QUIET)}


@pytest.fixture
def width() -> int:
    """At which a journey walks: the narrow one is the harder. Each page must fit both."""
    return PHONE


@pytest.fixture
def page_at(browser: Browser, live_server) -> Iterator[Callable[..., Page]]:
    """`page_at(PHONE)`, `page_at(DESK, javascript=False)`, `page_at(DESK, staff=lead)`.

    `page.goto("/privacy/")` goes to the live server. The content security policy is passed by so
    that the accessibility rules can be put into the page; `strict=True` leaves it in force and
    collects the console in `page.complaints`.
    """
    contexts = []

    def open_page(
        width: int = DESK,
        *,
        javascript: bool = True,
        strict: bool = False,
        staff: StaffUser | None = None,
    ) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": HEIGHT.get(width, 900)},
            java_script_enabled=javascript,
            bypass_csp=not strict,
            locale="en-GB",
            timezone_id="Europe/London",
        )
        contexts.append(context)
        if staff is not None:
            context.add_cookies([_session_cookie(staff, live_server.url)])
        page = context.new_page()
        page.set_default_timeout(10_000)  # milliseconds
        page.complaints = []
        page.on(
            "console",
            lambda line: (
                page.complaints.append(line.text) if line.type in ("error", "warning") else None
            ),
        )
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        context.close()


def _session_cookie(staff: StaffUser, url: str) -> dict[str, str]:
    client = Client()
    client.force_login(staff)
    cookie = next(iter(client.cookies.values()))
    return {"name": cookie.key, "value": cookie.value, "url": url}


@pytest.fixture
def no_axe_violations() -> Callable[[Page], None]:
    """Fail with the rule, the reason and the element of every accessibility fault on the page as it
    stands."""

    def check(page: Page) -> None:
        build = hash(_settled(page, lambda: page.evaluate(BUILD)))
        if build in found_sound:
            return
        found = _settled(page, lambda: _violations(page))
        if not found:
            found_sound.add(build)
        report = [
            f"{rule['id']} ({rule['impact']}): {rule['help']}\n    {node['html'][:200]}"
            for rule in found
            for node in rule["nodes"]
        ]
        assert not report, f"{page.url} at {page.viewport_size['width']} px:\n" + "\n".join(report)

    return check


def _violations(page: Page) -> list[dict[str, Any]]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(RULES)
    return page.evaluate("axe.run({resultTypes: ['violations']}).then(found => found.violations)")


def _settled(page: Page, ask: Callable[[], Any], tries: int = 4) -> Any:
    """What is found on the page that a click may still be leading to: asked anew when it arrives
    meanwhile."""
    while True:
        page.wait_for_load_state()
        expect(page.locator("h1").first).to_be_visible()
        try:
            return ask()
        except Error as fault:
            tries -= 1
            if not tries or not any(words in fault.message for words in UNDER_WAY):
                raise


@pytest.fixture
def no_sideways_scroll() -> Callable[[Page], None]:
    """Fail with the elements that stick out when a page is wider than its window."""

    def check(page: Page) -> None:
        width = page.viewport_size["width"]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wide = page.evaluate(
                "w => [...document.body.querySelectorAll('*')]"
                ".filter(e => e.getBoundingClientRect().right > w + 1)"
                ".slice(0, 5).map(e => e.outerHTML.slice(0, 160))",
                width,
            )
            raise AssertionError(f"{page.url} scrolls sideways at {width} px:\n" + "\n".join(wide))

    return check


@pytest.fixture
def sound(no_axe_violations, no_sideways_scroll) -> Callable[..., None]:
    """`sound(page)`: the page as it stands has no accessibility fault, and fits a phone's window and a
    desk's, or those of `widths`.

    With a name it is also kept as a picture in the folder SCREENSHOTS.
    """

    def check(page: Page, name: str = "", widths: tuple[int, ...] = (PHONE, DESK)) -> None:
        before = page.viewport_size
        no_axe_violations(page)
        for width in widths:
            page.set_viewport_size({"width": width, "height": HEIGHT[width]})
            no_sideways_scroll(page)
            if SHOTS and name:
                page.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)
        page.set_viewport_size(before)

    return check
