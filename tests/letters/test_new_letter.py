"""What has to be told of a new letter: its wording in a file of its own, its name in `Letter`, and
the placeholders that no letter had before."""

import shutil
from typing import Any

import pytest
from django.db import models

from compliance.letters import checks, compose, wording
from compliance.letters.compose import LetterValues
from compliance.letters.parts import as_text
from compliance.letters.placeholders import PLACEHOLDERS, Placeholder

WORDING = """
title = "Birthday"
says = "Goes on their birthday."
uses = ["years"]

[[block]]
name = "subject"
label = "Subject"
text = "Many happy returns"

[[block]]
name = "wish"
label = "The wish"
text = "You have been with us for {years} years."

[[block]]
name = "proven"
label = "Only where it is clear who asks"
when = ["identified"]
text = "We know you well."
"""


def letters(*names: str) -> Any:
    return models.TextChoices("Letter", [(name.upper(), (name, name)) for name in names])


@pytest.fixture
def tell(tmp_path, monkeypatch):
    """`tell(wording, ...)`: the letters with a made-up one."""

    def write(text: str = WORDING, *, listed: bool = True, placeholder: bool = True) -> list[str]:
        for name in ("message.toml", "shared.toml"):
            shutil.copy(wording.FOLDER / name, tmp_path)
        if text:
            (tmp_path / "birthday.toml").write_text(text)
        monkeypatch.setattr(wording, "FOLDER", tmp_path)
        monkeypatch.setattr(checks, "Letter", letters("message", *(["birthday"] * listed)))
        if placeholder:
            monkeypatch.setitem(PLACEHOLDERS, "years", Placeholder("For how long.", "seven"))
        wording.frame.cache_clear()
        return [
            f"{fault.msg} {fault.hint}"
            for fault in checks.every_letter_is_whole(None)
            if fault.id != "letters.E004"  # the rights ask for blocks of the letters left out here
        ]

    yield write
    monkeypatch.undo()
    wording.frame.cache_clear()


def test_its_wording_and_its_name_are_enough(tell):
    assert tell() == []
    found = wording.frame("birthday")
    content = compose.compose(found, found.shipped, LetterValues("Dear Ada,", {"years": "seven"}))
    assert as_text(content.parts) == "Dear Ada,\n\nYou have been with us for seven years."


@pytest.mark.parametrize(
    ("forgotten", "says"),
    [
        ({"text": ""}, "Write it in compliance/letters/wordings/birthday.toml."),
        ({"listed": False}, "Add it to Letter in compliance/cases/models/letters.py."),
        ({"placeholder": False}, "birthday.toml uses placeholders that there are not: years"),
        (
            {"text": WORDING.replace("identified", "wealthy")},
            "birthday.toml prints a block when wealthy: no case has that",
        ),
        ({"text": WORDING.replace('text = "You', 'txet = "You')}, "birthday.toml"),
    ],
    ids=["wording", "name", "placeholder", "condition", "text"],
)
def test_whatever_is_forgotten_is_named(tell, forgotten, says):
    [fault] = tell(**forgotten)
    assert says in fault


def test_every_letter_of_the_product_is_whole():
    assert checks.every_letter_is_whole(None) == []
