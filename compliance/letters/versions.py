"""The versions of the wordings: the one in use, and saving a new one. A version is frozen for good
(the database sees to it).

As long as nobody here has edited a letter, its wording is the shipped one; a new release of the
program with other words is then a new version by itself.
"""

import datetime

from django.db import connection, transaction

from audit import events as audit
from audit.actions import AlreadyDone, Refused
from compliance.cases.models.letters import Letter, LetterWording
from compliance.letters.wording import Texts, faults, frame, tidy

PROGRAM = "job:letters"


def latest(letter: Letter | str) -> LetterWording | None:
    """The version saved last; None before the first letter was written."""
    return LetterWording.objects.filter(letter=letter).order_by("-number").first()


def texts_in_use(letter: Letter | str) -> dict[str, str]:
    """The words that the next letter will have."""
    row = latest(letter)
    found = frame(str(letter))
    return found.shipped if row is None or row.shipped else found.completed(row.blocks)


@transaction.atomic
def in_use(letter: Letter | str, *, now: datetime.datetime) -> LetterWording:
    """The version in whose words a letter is written now. Freezes one when the program brought
    words that none has yet."""
    letter = Letter(letter)
    row, texts = latest(letter), texts_in_use(letter)
    if row is not None and row.blocks == texts:
        return row
    _wait(letter)
    row = latest(letter)
    if row is not None and row.blocks == texts:
        return row
    ours = row is None or row.shipped
    why = (
        "As shipped."
        if ours
        else "This release of the program asks for more than the version before it held."
    )
    return _freeze(row, letter, texts, shipped=ours, why=why, by=PROGRAM, now=now)


@transaction.atomic
def save(
    letter: Letter | str, texts: Texts, *, seen: int, why: str, by: str, now: datetime.datetime
) -> LetterWording:
    """Freeze edited words as the next version. `seen` is the number of the version that the editor
    started from (0: none).

    Refused when a block that the law asks for is missing, a placeholder is misspelt, or somebody
    else was quicker; AlreadyDone when nothing is different.
    """
    letter = Letter(letter)
    _wait(letter)
    row, found = latest(letter), frame(letter)
    given = {block.name: tidy(texts.get(block.name, "")) for block in found.blocks}
    if given == texts_in_use(letter):
        raise AlreadyDone("These are the words in use. Nothing was saved.")
    if seen != (row.number if row else 0):
        raise Refused(
            "Somebody saved another version meanwhile. Your words are still here: compare them "
            "with the new ones "
            "before you save."
        )
    if wrong := faults(found, given):
        raise Refused(" ".join(text for told in wrong.values() for text in told))
    return _freeze(row, letter, given, shipped=False, why=why, by=by, now=now)


def _freeze(
    before: LetterWording | None,
    letter: Letter,
    texts: Texts,
    *,
    shipped: bool,
    why: str,
    by: str,
    now: datetime.datetime,
) -> LetterWording:
    row = LetterWording.objects.create(
        letter=letter,
        number=before.number + 1 if before else 1,
        blocks=dict(texts),
        shipped=shipped,
        saved_at=now,
        saved_by=by,
        why=why,
    )
    audit.letter_wording_saved(by=by, letter=str(letter), version=row.number)
    return row


def _wait(letter: Letter) -> None:
    """One new version of a letter at a time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"letters:{letter}"])
