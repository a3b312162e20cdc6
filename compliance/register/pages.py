"""The public pages that a customer can go to: one list behind the navigation, the home page and the
notice.

An upper room adds its own as it starts, so no link is ever printed before its page exists:

    pages.add(Page("Your data", "portal:start", "See what we hold.", in_notice="your-rights"))
"""

from dataclasses import dataclass

from django.urls import reverse


@dataclass(frozen=True)
class Page:
    """A public page: its label, the name of its address, one sentence for the home page, its place
    in the notice, whether it stands in the navigation at the top of every page (the others stand at
    its foot), and what its address needs.
    """

    label: str
    url_name: str
    says: str
    # the id of the section of the notice that sends readers there: "your-rights", "marketing"
    in_notice: str = ""

    main: bool = False
    args: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        return reverse(self.url_name, args=self.args)


_pages: list[Page] = [
    Page(
        "Prize draws",
        "draws:draws",
        "Enter an open draw, and see how the winners of the others were drawn.",
    ),
    Page(
        "Privacy notice",
        "register:notice",
        "What we hold about you, why, for how long and who receives it.",
        main=True,
    ),
    Page(
        "Earlier notices",
        "register:versions",
        "Every notice that we have published, and what changed.",
    ),
]


def add(page: Page) -> None:
    """Offer a public page; adding the same one again changes nothing."""
    if page not in _pages:
        _pages.append(page)


def public() -> tuple[Page, ...]:
    """Every public page, in the order in which they are shown."""
    return tuple(_pages)


def for_section(section: str) -> tuple[Page, ...]:
    """The pages that a section of the notice sends its readers to."""
    return tuple(page for page in _pages if page.in_notice == section)
