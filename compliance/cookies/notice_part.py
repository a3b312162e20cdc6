"""The notice's section about cookies."""

from collections.abc import Iterator

from compliance.cookies import portal_cookies
from compliance.cookies.choice_cookie import LIFE
from compliance.register.blocks import Block, bullets, paragraph
from compliance.register.notice import RegisterOnDay, part
from compliance.register.promises import ways
from privacy.words import in_words


@part("cookies", "Cookies", after="marketing")
def cookies(facts: RegisterOnDay) -> Iterator[Block]:
    """What holds whatever the list says; the list itself is on the choices page, where it is always
    up to date."""
    names = portal_cookies.names()
    yield paragraph(
        "A cookie is a small text that a website leaves in your browser. While you only read "
        "these pages, we set "
        "none. Those that this portal itself can set are strictly necessary: "
        f"{names['portal-form']} protects forms, {names['portal-choice']} remembers your choice "
        "about cookies, "
        f"{names['portal-visitor']} lets you see your own details after you typed a code, and "
        f"{names['portal-staff']} and {names['portal-message']} are for our own staff."
    )
    yield paragraph(
        "Our shop, together with other companies, may use further cookies: to learn which pages "
        "and "
        "advertisements are seen and how often, whether advertising worked, and what may suit "
        "you. You decide:"
    )
    yield bullets(
        [
            "Our shop is told your choice, and is to set none of these before you have "
            "said yes. Refusing is as easy as accepting, and "
            "you can change your mind at "
            "any time, on the same page and as easily.",
            "On that page we name each cookie of our list: what it is for, how long it stays, which company "
            "is behind it, where that "
            "company explains it, and where you can say no to that company itself.",
            f"We ask again after {in_words(LIFE.months, 'month')}, and when the list changes.",
            "If your browser sends the signal Global Privacy Control, we take it as your refusal "
            "of advertising cookies, without "
            "asking. Once you have shown us who you are, we also note it as your objection to "
            "the sharing of your data for "
            "marketing.",
            "You can also refuse cookies in your browser, or have it tell you of each one. Most forms "
            "here work without any; the pages that you reach with a code do not.",
        ]
    )
    yield paragraph(
        "We count how often each of these pages is opened from the log of our web server. That "
        "takes no cookie, "
        "and what we keep is one number for each page and day, with nothing about who opened it."
    )
    yield ways("cookies")
