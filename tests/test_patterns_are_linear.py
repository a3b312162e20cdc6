"""No pattern of ours takes time that grows faster than the text that a stranger sends.

Every compiled pattern of the house is found by walking its modules, and tried with texts made to be
hard for it: its own words and the signs that patterns stumble over, repeated, with an end that fits
nothing. Five times the text may take five times as long, and some more for the machine's moods.
"""

import importlib
import pkgutil
import re
import sys
import time
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
ROOMS = ("accounts", "audit", "compliance", "config", "customers", "jobs", "privacy")
SIGNS = [
    *"aA0 \t\n-_=*.,:;@<>()'/\"",
    *("=?", "a ", "a@", "a.", "0-", "-a", " \n", "<a", "Aa ", "é"),
]
SHORT, TIMES = 2_000, 5
QUICK = (
    0.008  # seconds of work: what grows with the square takes longer over the short text already
)
LONG = 0.5  # seconds that nothing may take over the short text
MOODS = 2.4
ANCHORED = {"match", "fullmatch"}
USES = re.compile(
    r"\b([A-Z][A-Z_0-9]*)\.(match|fullmatch|search|finditer|findall|sub|subn|split)\("
)
# Given only texts that are shorter than this, by the line that is named.
BOUNDED = {
    "compliance.preferences.former_forms.PLAIN_EMAIL": 64,  # PLAIN_LENGTH
    "customers.normalise.PLAIN_EMAIL": 64,  # PLAIN_LENGTH
    "customers.search.SURNAME_FIRST": 200,  # LONGEST
    "customers.search.POSTCODE_FIRST": 200,  # LONGEST
    "compliance.letters.compose.ENDING": 300,  # subjects of our own wordings
}


@cache
def used(module: str) -> dict[str, set[str]]:
    """By which methods a module uses its constants, by their names."""
    found: dict[str, set[str]] = {}
    for name, method in USES.findall(Path(importlib.import_module(module).__file__).read_text()):
        found.setdefault(name, set()).add(method)
    return found


def inside(value, depth=0):
    if isinstance(value, re.Pattern):
        yield value
    elif depth < 3:
        members = ()
        if isinstance(value, list | tuple | set | frozenset):
            members = value
        elif isinstance(value, dict):
            members = value.values()
        elif hasattr(value, "__dataclass_fields__") and not isinstance(value, type):
            members = [getattr(value, name, None) for name in value.__dataclass_fields__]
        for one in members:
            yield from inside(one, depth + 1)


MODULES = [
    one.name
    for room in ROOMS
    for one in pkgutil.walk_packages([str(ROOT / room)], f"{room}.")
    if ".migrations" not in one.name
]


def patterns():
    """Each compiled pattern with the name under which it was found first."""
    found = {}
    for name in MODULES:
        for constant, value in list(vars(importlib.import_module(name)).items()):
            for one in inside(value):
                found.setdefault(one, f"{name}.{constant}")
    return found


def texts(pattern):
    source = (
        pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    )
    words = dict.fromkeys(re.findall(r"[A-Za-z]{2,}", re.sub(r"\\[a-zA-Z]", " ", source)))
    return [*SIGNS, *(f"{word} " for word in list(words)[:8])]


def seconds(pattern, text, anchored):
    if isinstance(pattern.pattern, bytes):
        text = text.encode("latin-1", "replace")
    begun = time.process_time()
    if anchored:
        pattern.match(text)
        pattern.fullmatch(text)
    else:
        for _ in pattern.finditer(text):
            pass
    return time.process_time() - begun


def too_slow(pattern, name):
    module, _, constant = name.rpartition(".")
    methods = used(module).get(constant) if module in sys.modules else None
    methods = methods or {one for other in MODULES for one in used(other).get(constant, ())}
    anchored = bool(methods) and methods <= ANCHORED
    short = min(SHORT, BOUNDED.get(name, SHORT))
    for piece in texts(pattern):
        text = piece * (short // len(piece) + 1)
        first = seconds(pattern, f"{text[:short]}!", anchored)
        if first < QUICK:
            continue
        first = min(seconds(pattern, f"{text[:short]}!", anchored) for _ in range(3))
        if name in BOUNDED:
            yield piece, first
            continue
        if first > LONG:
            yield piece, first
            continue
        longer = seconds(pattern, f"{(text * TIMES)[: short * TIMES]}!", anchored)
        if longer > first * TIMES * MOODS:
            yield piece, longer


@pytest.mark.slow
def test_every_pattern_takes_time_that_grows_with_the_text():
    found = patterns()
    assert len(found) > 100
    slow = {
        name: hard for pattern, name in found.items() if (hard := list(too_slow(pattern, name)))
    }
    assert slow == {}


def test_a_pattern_that_grows_with_the_square_is_found():
    assert list(too_slow(re.compile(r"^\W*[-_*=]{2,}\s*forwarded", re.MULTILINE), "x.PASSED_ON"))
    assert not list(too_slow(re.compile(r"\bforwarded\b"), "x.FORWARDED"))
