"""A word that claims an effect or a whole stands in a claim that names its evidence, or was reviewed.

Walked: public pages, emails, letters, the copy of somebody's data, the words of public forms. What
stands inside `{% claim %}`, or in a block of a letter with `evidence`, is proved when it is printed.
The rest is counted, file by file: a file may not gain such a word without being looked at again.
"""

import ast
import re
import tomllib
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
WORD = re.compile(
    r"\b(stopped|erased|changed|restricted|told|everything|all|everyone|only|never|nothing else"
    r"|at once)\b",
    re.I,
)
# Phrases in which such a word claims nothing.
HARMLESS = re.compile(
    r"\bat all\b|\ball the same\b|\bif all else\b|\b(?:accept|refuse|see|show) all\b"
    r"|\ball (?:forms|versions|your requests|prize draws|requests)\b"  # links to lists
    r"|\bnothing (?:is|was) changed\b|\bnothing was changed\b"  # no action ran: the page says so
    r"|\blist of those to be told\b"  # listed, and no more
    r"|\bwhat changed\b|\byou (?:have )?told us\b|\btell us at once\b"  # headings, what they do
    r"|\bonly the (?:newest|latest)\b|\bin that browser only\b|\bin print only\b",
    re.I,
)
PROVED = re.compile(r"\{% claim .*?\{% endclaim %\}|claim\(\"[^\"]+\", \[.*?\]", re.S)
MARKUP = re.compile(
    r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}|\{%.*?%\}|\{\{.*?\}\}|<[^>]*>|^\s*//.*?$",
    re.S | re.M,
)
FORMS = ("compliance/portal/forms", "compliance/preferences/forms.py", "customers/draws/forms.py")
# file -> how many such words it has, and why they are true without evidence of their own.
REVIEWED: dict[str, tuple[int, str]] = {
    "compliance/letters/wordings/agencies.toml": (1, "the law of financial links"),
    "compliance/letters/wordings/clarification.toml": (1, "what the person may answer"),
    "compliance/letters/wordings/complaint_outcome.toml": (
        1,
        "the ombudsman’s own rule, DISP 1 Annex 3",
    ),
    "compliance/letters/wordings/completion.toml": (
        1,
        "“not stopped yet”, and blocks that their outcome prints",
    ),
    "compliance/letters/wordings/fee.toml": (1, "how the time counts; the clock’s own event"),
    "compliance/letters/wordings/identity.toml": (1, "what we ask the person to send"),
    "compliance/portal/forms/rectification.py": (1, "what the person told an agency"),
    "compliance/portal/forms/requester.py": (1, "“both at once”: what was given wrongly"),
    "compliance/portal/forms/review.py": (1, "what the person is asked"),
    "compliance/preferences/forms.py": (4, "how something is written; choices of the person"),
    "customers/draws/forms.py": (1, "how a number is written"),
    "templates/cookies/choices.html": (
        3,
        "what the visitor did; what this site sets: tests/cookies",
    ),
    "templates/draws/draw.html": (1, "the rule of the draw, printed before anybody enters"),
    "templates/draws/fair.html": (
        3,
        "“all ticket numbers”: the file is made from the rows, and its digest is checked",
    ),
    "templates/emails/choices_changed.html": (1, "sent by the act that changed them"),
    "templates/emails/choices_changed.txt": (2, "sent by the act that changed them"),
    "templates/emails/contact_changed.txt": (1, "sent by the act that changed it"),
    "templates/emails/deadline_reminder.txt": (2, "to colleagues: how often they are reminded"),
    "templates/emails/details_changed.html": (1, "sent by the act that changed them"),
    "templates/emails/details_changed.txt": (2, "sent by the act that changed them"),
    "templates/emails/prize_won.txt": (1, "a warning, and the rule of the draw"),
    "templates/packs/pack.typ": (
        2,
        "the file with every table is in the archive",
    ),
    "templates/portal/about/copy.html": (1, "what a proven visitor sees, on the next page"),
    "templates/portal/about/delete.html": (
        3,
        "the list that outlives erasure; a stop by form waits for nobody",
    ),
    "templates/portal/about/object.html": (
        1,
        "the stop of the use stands from the request on, in the gate of the register",
    ),
    "templates/portal/case.html": (
        2,
        "said as the person claims the request: letters/addresses.py goes by it",
    ),
    "templates/portal/my_data/contact.html": (
        4,
        "the change is made as the page is answered; what they said before",
    ),
    "templates/portal/my_data/contact_form.html": (
        1,
        "the old detail ends in the same transaction",
    ),
    "templates/portal/my_data/overview.html": (
        4,
        "headings and links; the restriction and marketing from their rows",
    ),
    "templates/portal/received.html": (
        1,
        "printed from the reference that the act in the ledger gave",
    ),
    "templates/portal/start.html": (
        2,
        "a stop by form waits for nobody; what a proven visitor sees",
    ),
    "templates/preferences/changed.html": (3, "what the visitor ticked, and a heading"),
    "templates/preferences/choices.html": (
        8,
        "labels of buttons; who was told is printed from the rows",
    ),
    "templates/preferences/one_click_done.html": (
        2,
        "a heading inside a condition, and the label of a button",
    ),
    "templates/preferences/stop.html": (1, "what the form is for; the list that it feeds"),
    "templates/preferences/stopped.html": (1, "the title of the window"),
    "templates/register/home.html": (1, "a stop by form waits for nobody"),
    "templates/register/notice.html": (1, "a draft asks for a member of staff"),
    "templates/register/versions.html": (1, "a trigger refuses to change a published notice"),
}


def found() -> dict[str, list[str]]:
    """Each such word with what stands around it, by file."""
    texts = [*_templates(), *_letters(), *_forms()]
    told: dict[str, list[str]] = {}
    for file, text in texts:
        plain = HARMLESS.sub(" ", " ".join(text.split()))
        for word in WORD.finditer(plain):
            around = plain[max(0, word.start() - 40) : word.end() + 30]
            told.setdefault(file, []).append(around)
    return told


def _templates():
    for file in sorted((ROOT / "templates").rglob("*")):
        if file.suffix in (".html", ".txt", ".typ") and "admin" not in file.parts:
            yield str(file.relative_to(ROOT)), MARKUP.sub(" ", PROVED.sub(" ", file.read_text()))


def _letters():
    for file in sorted((ROOT / "compliance/letters/wordings").glob("*.toml")):
        given = tomllib.loads(file.read_text())
        for block in given.get("block") or given.values():
            said = block.get("otherwise", "") if "evidence" in block else block.get("text", "")
            yield str(file.relative_to(ROOT)), said


def _forms():
    for place in FORMS:
        for file in (
            sorted((ROOT / place).rglob("*.py")) if (ROOT / place).is_dir() else [ROOT / place]
        ):
            tree = ast.parse(file.read_text())
            notes = {
                id(node.body[0].value)
                for node in ast.walk(tree)
                if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
                and node.body
                and isinstance(node.body[0], ast.Expr)
            }
            for node in ast.walk(tree):
                text = node.value if isinstance(node, ast.Constant) else None
                if isinstance(text, str) and " " in text and id(node) not in notes:
                    yield str(file.relative_to(ROOT)), text


FOUND = found()


@pytest.mark.parametrize("file", sorted({*FOUND, *REVIEWED}))
def test_it_is_proved_or_reviewed(file):
    most, why = REVIEWED.get(file, (0, ""))
    here = FOUND.get(file, [])
    assert len(here) == most, f"{file}: put it into a claim, or review it: {here}"
    assert why
