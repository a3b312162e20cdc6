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
    r"|\bwhat changed\b|\byou (?:have )?told us\b|\btell us at once\b"  # headings, what they do
    r"|\bonly the (?:newest|latest)\b|\bin that browser only\b|\bin print only\b",
    re.I,
)
PROVED = re.compile(r"\{% claim .*?\{% endclaim %\}", re.S)
MARKUP = re.compile(
    r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}|\{%.*?%\}|\{\{.*?\}\}|<[^>]*>|^\s*//.*?$",
    re.S | re.M,
)
FORMS = ("compliance/portal/forms", "compliance/preferences/forms.py", "customers/draws/forms.py")
# file -> how many such words it may have, and why they are true without evidence of their own.
REVIEWED: dict[str, tuple[int, str]] = {}


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
    assert len(here) <= most, f"{file}: put it into a claim, or review it: {here}"
    assert here, f"{file}: it has no such word any more: strike it from the list"
    assert why
