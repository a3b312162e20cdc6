"""What visitors are told about cookies: composed from the rows, then published as a frozen version.

Visitors read the published version, never the rows, and their choice answers it by number. So
half-done edits reach nobody, and a visitor is asked again exactly when what they were told is no
longer what we say.
"""

from typing import Any

from compliance.cookies.groups import BANNER, GROUPS, OPTIONAL
from compliance.cookies.models import Cookie, CookieWording
from compliance.register import blocks

Content = dict[str, Any]


def compose() -> Content:
    """The banner, the groups that have cookies, and the cookies in use, as the rows have them now.
    One query."""
    cookies = list(Cookie.objects.in_use())
    groups = [
        {
            "code": group.code,
            "name": group.name,
            "text": group.text,
            "cookies": [_shown(cookie) for cookie in cookies if cookie.group == group.code],
        }
        for group in GROUPS
    ]
    return {"banner": dict(BANNER), "groups": [group for group in groups if group["cookies"]]}


def _shown(cookie: Cookie) -> dict[str, str]:
    return {
        "code": cookie.code,
        "name": cookie.shown_name,
        "kind": cookie.get_kind_display(),
        "purpose": cookie.purpose,
        "life": cookie.life,
        "company": cookie.company,
        "policy": cookie.policy,
        "opt_out": cookie.opt_out,
        "place": cookie.get_place_display(),
    }


def asks(content: Content) -> list[str]:
    """The groups of a wording that a visitor can accept or refuse."""
    return [group["code"] for group in content["groups"] if group["code"] in OPTIONAL]


def current() -> CookieWording | None:
    """The version that visitors read. One query."""
    return CookieWording.objects.first()


def draft() -> tuple[Content, bool, CookieWording | None]:
    """The wording as it would be published now, whether it differs from the published one, and that
    one. Two queries."""
    content, published = compose(), current()
    return content, published is None or blocks.digest(content) != published.digest, published


def sections(content: Content) -> blocks.Content:
    """A wording in the shape of a notice, so that two can be compared word by word."""
    words = [
        content["banner"][name] for name in BANNER if name in content["banner"]
    ]  # the database keeps no order
    banner = blocks.section("banner", "The banner", [blocks.paragraph(text) for text in words])
    groups = [
        blocks.section(
            group["code"],
            group["name"],
            [
                blocks.paragraph(group["text"]),
                *(
                    blocks.entry(
                        cookie["code"],
                        cookie["name"],
                        cookie["purpose"],
                        [
                            ("Kind", [cookie["kind"]] if "kind" in cookie else []),
                            ("Stays", [cookie["life"]]),
                            ("Company", [cookie["company"]] if cookie["company"] else []),
                            ("Cookie policy", [cookie["policy"]] if cookie["policy"] else []),
                            ("Opt-out", [cookie["opt_out"]] if cookie["opt_out"] else []),
                            ("Set by", [cookie["place"]]),
                        ],
                    )
                    for cookie in group["cookies"]
                ),
            ],
        )
        for group in content["groups"]
    ]
    return {"sections": [banner, *groups]}
