"""The regulator as it is on a day: its name, address, telephone and website are dated settings.

`REGULATOR` says who it is; `REGULATOR_CHANGES` what is different from a later day on. The
Information Commissioner's Office is to become the Information Commission: a letter of a given day
prints the one that there was.
"""

import datetime

from django.conf import settings


def on(day: datetime.date) -> dict[str, str]:
    """The regulator's `name`, `address`, `telephone` and `website` on a day in London."""
    found = dict(settings.REGULATOR)
    for change in sorted(settings.REGULATOR_CHANGES, key=lambda change: str(change["valid_from"])):
        if str(change["valid_from"]) <= day.isoformat():
            found |= {name: value for name, value in change.items() if name != "valid_from"}
    return found
