"""The four groups of cookies, and every word of the banner that is not about one cookie.

The groups are the law's own division (PECR regulation 6 and Schedule A1), so they are code. So are
the banner's words: two answers of equal weight, with nothing that leans on the visitor. Both go
into each published wording; a change here makes a new draft. Pure: no model.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass

NECESSARY, STATISTICS, TAILORING, ADVERTISING = (
    "necessary",
    "statistics",
    "tailoring",
    "advertising",
)


@dataclass(frozen=True)
class CookieGroup:
    """One group: its code, its name and what it means, for a visitor."""

    code: str
    name: str
    text: str


GROUPS = (
    CookieGroup(
        NECESSARY,
        "Strictly necessary",
        "Without these a page could not do what you ask of it: keep a form safe, keep you signed "
        "in, remember this "
        "choice. The law lets us set them without asking, so they cannot be switched off here.",
    ),
    CookieGroup(
        STATISTICS,
        "Statistics",
        "They count visits and show which pages are read, so that we can see what works.",
    ),
    CookieGroup(
        TAILORING,
        "Tailoring and appearance",
        "They remember how you like the site, and show you what may suit you.",
    ),
    CookieGroup(
        ADVERTISING,
        "Advertising",
        "They let us and other companies choose advertisements for you and see whether they "
        "worked. They can follow "
        "you from one website to another.",
    ),
)
OPTIONAL = tuple(group.code for group in GROUPS if group.code != NECESSARY)
NAMES = {group.code: group.name for group in GROUPS}


def groups_in_words() -> Callable[[Collection[str]], str]:
    """The function from the codes of groups to their names, as a visitor saw them."""
    return lambda codes: ", ".join(NAMES.get(code, code) for code in codes)


BANNER = {
    "heading": "May we use cookies that are not strictly necessary?",
    "text": "Some cookies of ours, and of companies that work with us, are not needed to show "
    "you these pages. They need your yes. Nothing else counts as one, and you can change "
    "your mind at any time.",
    "accept": "Accept all",
    "refuse": "Refuse all",
    "choose": "Choose one by one",
}
