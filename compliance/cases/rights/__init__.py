"""The rights that people have, each told once in a file of its own here.

A file holds one `RIGHT` (see `compliance.cases.right`). What follows from it elsewhere, the kinds
of case, their transitions, grounds, clocks, letters and the words of the mailbox, is made from it.
A new right is such a file, its effects in compliance/outcomes and its form in
compliance/portal/forms, then `manage.py makemigrations cases`. Pure: no model.
"""

import importlib
import importlib.util
import pkgutil
from typing import Any

from compliance.cases.right import Right, RightError
from compliance.deadlines import rules


def part(package: str, name: str, attribute: str, says: str) -> Any:
    """What the file `name` of a package tells of a right under an attribute. RightError names the
    file when it is missing or does not tell it; `says` is what is to be written there."""
    file = f"{package.replace('.', '/')}/{name}.py"
    if importlib.util.find_spec(f"{package}.{name}") is None:
        raise RightError(f"{file} is missing. Write in it {says}.")
    found = getattr(importlib.import_module(f"{package}.{name}"), attribute, None)
    if not found:
        raise RightError(f"{file} has no {attribute}. Write in it {says}.")
    return found


def _load() -> dict[str, Right]:
    found: dict[str, Right] = {}
    for module in pkgutil.iter_modules(__path__):
        try:
            right = part(__name__, module.name, "RIGHT", "RIGHT = Right(...)")
        except (TypeError, RightError) as error:
            raise RightError(f"compliance/cases/rights/{module.name}.py: {error}") from error
        for what in ("code", "order", "label"):
            same = [one for one in found.values() if getattr(one, what) == getattr(right, what)]
            if same:
                raise RightError(
                    f"compliance/cases/rights/{module.name}.py: its {what} is that of "
                    f"“{same[0].label}”: {getattr(right, what)}"
                )
        found[module.name] = right
    return dict(sorted(found.items(), key=lambda pair: pair[1].order))


FILES = _load()  # each right by the name of its file, in their order
RIGHTS = tuple(FILES.values())
BY_CODE = {right.code: right for right in RIGHTS}

rules.register(*(right.clock for right in RIGHTS))


def right_of(kind: str) -> Right:
    """The right that a case of a kind is about."""
    return BY_CODE[kind]
