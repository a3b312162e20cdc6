"""Whom a marketing choice is about, in words for the person."""

from collections.abc import Callable

from django.conf import settings
from django.db.models import F

from compliance.preferences.vocabulary import THIRD_PARTIES, US
from compliance.register.models import Recipient


def senders() -> Callable[[str | list[str]], str]:
    """The function from a sender's code, or a list of them, to names: as the register last called
    them."""
    known = dict(
        Recipient.objects.order_by(F("valid_from").asc(nulls_first=True)).values_list(
            "code", "name"
        )
    )
    known |= {US: settings.CONTROLLER["name"], THIRD_PARTIES: "All other organisations"}

    def words(value: str | list[str]) -> str:
        return ", ".join(
            known.get(code, code) for code in ([value] if isinstance(value, str) else value)
        )

    return words
