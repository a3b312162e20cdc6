"""How sealed values that are kept as JSON read in words."""

import json
from collections.abc import Callable, Iterable
from typing import Any


def json_in_words() -> Callable[[str], str]:
    """The words of an object kept as JSON: a line for each name, of a list of objects a line for
    each."""
    return lambda text: "\n".join(_lines(json.loads(text)))


def _lines(value: Any) -> Iterable[str]:
    if isinstance(value, dict):
        return (
            f"{_capital(name)}: {_said(said)}"
            for name, said in value.items()
            if said not in (None, "", [], {})
        )
    if isinstance(value, list):
        return (_said(one) for one in value)
    return [str(value)]


def _said(value: Any) -> str:
    if isinstance(value, dict):
        return ". ".join(str(said).rstrip(".") for said in value.values() if said not in (None, ""))
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _capital(name: str) -> str:
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]
