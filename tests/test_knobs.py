"""docs/knobs.md names the one place of each knob, and the place is there."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
NAME = re.compile(r"`([^`]+)`")


def rows() -> list[tuple[str, str, str]]:
    """What it rules, its file and its name."""
    lines = (ROOT / "docs/knobs.md").read_text().splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if "|" in line]
    return [
        (what, NAME.findall(file)[0], name)
        for what, file, names in cells
        if NAME.search(file)
        for name in NAME.findall(names)
    ]


def assigned(file: Path) -> dict[str, int]:
    """The names that a module assigns at its top, with their lines."""
    found = {}
    for node in ast.parse(file.read_text()).body:
        targets = (
            node.targets
            if isinstance(node, ast.Assign)
            else [node.target]
            if isinstance(node, ast.AnnAssign)
            else []
        )
        for target in targets:
            for one in ast.walk(target):
                if isinstance(one, ast.Name):
                    found[one.id] = node.lineno
    return found


def test_the_list_has_rows():
    assert len(rows()) > 60


@pytest.mark.parametrize(("what", "file", "name"), rows())
def test_each_knob_stands_where_the_list_says(what, file, name):
    assert name in assigned(ROOT / file), f"{what}: docs/knobs.md names {name} in {file}"


@pytest.mark.parametrize(("what", "file", "name"), rows())
def test_each_knob_says_its_unit_and_reason(what, file, name):
    lines = (ROOT / file).read_text().splitlines()
    line = assigned(ROOT / file)[name]
    end = next(
        node.end_lineno or line for node in ast.parse("\n".join(lines)).body if node.lineno == line
    )
    near = lines[max(0, line - 2) : end]
    assert any("#" in one for one in near), f"say beside {name} in {file} its unit and why"
