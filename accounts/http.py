"""What HTTP has and Django lacks."""

import re

from django.http import HttpResponseRedirect


class SeeOther(HttpResponseRedirect):
    """After a POST: fetch this page with a GET (RFC 9110 section 15.4.4)."""

    status_code = 303


def whole_number(text: str, *, most: int = 2**63 - 1) -> int | None:
    """A number from an address or a form that anybody may have written: plain digits, none above
    `most`; None for anything else, such as “²”, for which `str.isdigit` is True and `int` fails."""
    if not re.fullmatch(r"[0-9]{1,19}", text):
        return None
    return number if (number := int(text)) <= most else None
