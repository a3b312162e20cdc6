"""Red by removal: wherever a claim is printed, it goes, or its smaller words come, as soon as
nothing proves it.

Every claim of a template and every block of a letter is found by reading them, so that a new one is
tried by itself.
"""

import dataclasses
import datetime
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, engines
from django.template.base import NodeList, TextNode
from django.utils.html import strip_tags

from audit.evidence import Evidence, Source, overridden
from audit.templatetags.claims import ClaimNode, claims_in
from compliance.access import document
from compliance.access.explanation import Explanation
from compliance.cases.kinds import CaseKind
from compliance.cases.models import Letter
from compliance.letters import compose, preview
from compliance.letters.parts import as_text
from compliance.letters.wording import PLACEHOLDER, frame
from customers.models import Customer
from tests.letters.pdf import words_of

TEMPLATES = Path(settings.BASE_DIR) / "templates"
PROOF = Evidence(Source.ROW, datetime.date(2026, 7, 2), "a row of a test")


class Anything(str):
    """A value with every name, for a page whose own data does not matter here."""

    def __new__(cls, name="1"):
        return super().__new__(cls, name)

    def __getattr__(self, name):
        if name.startswith("_") or name in (
            "resolve_expression",
            "as_widget",
            "do_not_call_in_templates",
        ):
            raise AttributeError(name)
        return Anything()

    def __getitem__(self, name):
        return Anything() if isinstance(name, str) else super().__getitem__(name)


class Whatever(Context):
    """A context in which every name stands for something."""

    def __getitem__(self, name):
        try:
            return super().__getitem__(name)
        except KeyError:
            return Anything()

    def new(self, values=None):
        return Whatever(values or {})


# A copy of somebody who received nothing, and of whom something goes abroad without protection.
COPY = Explanation(
    **{one.name: [] for one in dataclasses.fields(Explanation) if one.name != "complaints"},
    complaints={
        "us": {"name": "", "address": "", "telephone": "", "email": ""},
        "regulator": {"name": "", "address": "", "telephone": "", "website": ""},
    },
)
ABROAD = {"recipient": "Example", "country": "France", "safeguard": "", "detail": ""}


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", strip_tags(text))


def own_words(nodes: NodeList) -> list[str]:
    """The text that stands directly in a branch: what is printed whenever the branch is."""
    return [words for node in nodes if isinstance(node, TextNode) and (words := squeezed(node.s))]


def in_templates() -> list[tuple[str, int, ClaimNode]]:
    engine = engines["django"].engine
    return [
        (str(file.relative_to(TEMPLATES)), number, node)
        for file in sorted(TEMPLATES.rglob("*"))
        if file.suffix in (".html", ".txt") and "{% claim " in file.read_text(encoding="utf-8")
        for number, node in enumerate(
            claims_in(engine.get_template(str(file.relative_to(TEMPLATES))).nodelist)
        )
    ]


def in_letters() -> list[tuple[str, str]]:
    return [
        (letter, block.name)
        for letter in Letter.values
        for block in frame(letter).blocks
        if block.evidence
    ]


@pytest.mark.parametrize(
    ("file", "node"),
    [pytest.param(file, node, id=f"{file}-{number}") for file, number, node in in_templates()],
)
def test_a_page_an_email_a_pack(file, node):
    shown = {}
    for answer in (PROOF, None):
        with overridden(node.name, answer):
            context = Whatever()
            with context.bind_template(engines["django"].engine.get_template(file)):
                shown[answer] = squeezed(node.render(context))
    says, otherwise = own_words(node.says), own_words(node.otherwise)
    assert says, f"{file}: the claim {node.name} says nothing by itself"
    assert all(words in shown[PROOF] for words in says)
    assert not any(words in shown[None] for words in says if len(words) > 3)
    assert all(words in shown[None] for words in otherwise)
    assert shown[PROOF] != shown[None]


@pytest.mark.parametrize(
    ("name", "says"),
    re.findall(r'claim\("([a-z_.]+)", \[(.*?)\]', document.TEMPLATE.read_text(), re.S),
)
@pytest.mark.django_db
def test_a_copy_of_data(name, says):
    told = dataclasses.replace(
        COPY, transfers=[ABROAD] if name == "access.protected_abroad" else []
    )
    now = datetime.datetime(2026, 7, 2, 12, tzinfo=datetime.UTC)
    shown = {}
    for answer in (PROOF, None):
        with overridden(name, answer):
            pdf = document.render(Customer(), [], told, reference="R-1", files=["a.csv"], now=now)
        shown[answer] = words_of(pdf)
    assert squeezed(says) in shown[PROOF]
    assert squeezed(says) not in shown[None]


@pytest.mark.parametrize(("letter", "name"), in_letters())
@pytest.mark.django_db
def test_a_letter(letter, name):
    found = frame(letter)
    block = next(one for one in found.blocks if one.name == name)
    now = datetime.datetime(2026, 7, 2, 12, tzinfo=datetime.UTC)
    told = preview.known(CaseKind.ACCESS, now=now)
    said = {}
    for proved in (True, False):
        values = compose.LetterValues(
            told.greeting,
            told.values,
            told.parts,
            {*told.conditions, *block.when},
            frozenset({block.evidence} if proved else ()),
        )
        only = type(found)(
            found.letter, found.title, found.says, found.uses, (found.blocks[0], block)
        )
        said[proved] = squeezed(as_text(compose.compose(only, found.shipped, values).parts))
    for text, proved in ((block.text, True), (block.otherwise, False)):
        pieces = [squeezed(piece) for piece in PLACEHOLDER.split(text)[::2]]
        assert all(piece in said[proved] for piece in pieces), f"{letter}: {name}"
        first = max(pieces, key=len)
        assert not first or first not in said[not proved]
