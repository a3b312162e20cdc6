"""System checks of the letters: each has its wording, and what a right asks of them is there."""

from collections.abc import Iterator
from typing import Any

from django.core import checks

from compliance.cases.models.letters import Letter
from compliance.cases.rights import FILES
from compliance.letters import wording

HOME = "compliance/letters/wordings"


@checks.register("letters")
def every_letter_is_whole(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """An error for whatever is missing from a letter, with the file to write it in."""
    return [*_wordings(), *_files(), *_conditions()]


def _wordings() -> Iterator[checks.CheckMessage]:
    for letter in Letter.values:
        try:
            wording.frame(letter)
        except FileNotFoundError:
            yield checks.Error(
                f"The letter {letter} has no wording.",
                hint=f"Write it in {HOME}/{letter}.toml.",
                id="letters.E001",
            )
        except (ValueError, KeyError) as fault:
            yield checks.Error(
                f"A wording is not as it should be: {fault}",
                hint=f"Mend {HOME}/{letter}.toml.",
                id="letters.E002",
            )


def _files() -> Iterator[checks.CheckMessage]:
    for file in sorted(wording.FOLDER.glob("*.toml")):
        if file.stem not in (*Letter.values, "shared"):
            yield checks.Error(
                f"{HOME}/{file.name} is the wording of no letter.",
                hint="Add it to Letter in compliance/cases/models/letters.py.",
                id="letters.E003",
            )


def _conditions() -> Iterator[checks.CheckMessage]:
    printed = wording.conditions_used()
    for file, right in FILES.items():
        for condition in right.conditions:
            if condition not in printed:
                yield checks.Error(
                    f"No block of a letter is printed when “{condition}”.",
                    hint=f"Add a block to a file in {HOME}, or take the condition out of "
                    f"compliance/cases/rights/{file}.py.",
                    id="letters.E004",
                )
