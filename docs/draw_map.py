"""Draw docs/images/rooms.svg: the rooms as `pyproject.toml` layers them, each with its one job.

`make map` runs it. The rows are the layers of the import contract, and the words in each box are
the first sentence of the room's `__init__.py`, so the picture shows what the code says. A test
compares it with the file in the repository.
"""

import ast
import textwrap
import tomllib
from itertools import groupby
from pathlib import Path
from xml.sax.saxutils import escape

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs/images/rooms.svg"
# In units of the picture. At 360 pixels the smallest text is then 11 pixels high.
WIDTH = 392
MARGIN = 8
GAP = 5
PADDING = 7
NAME_LINE = 18
TEXT_LINE = 15
TEXT_CHARACTER = 6.3  # the mean width of a character of the small text, with some to spare

STYLE = """
    text { font-family: system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif; }
    .ground { fill: #ffffff; }
    .room { fill: #f1f5f9; stroke: #64748b; }
    .inner { fill: #ffffff; stroke: #94a3b8; }
    .name { font-size: 14px; font-weight: 600; fill: #0f172a; }
    .job { font-size: 12px; fill: #334155; }
    @media (prefers-color-scheme: dark) {
      .ground { fill: #0d1117; }
      .room { fill: #1e293b; stroke: #94a3b8; }
      .inner { fill: #0f172a; stroke: #64748b; }
      .name { fill: #f8fafc; }
      .job { fill: #cbd5e1; }
    }
"""


def layers() -> list[list[str]]:
    """The rooms, a row for each layer of the contract, the top one first: a row of two is
    `["compliance.mailbox", "compliance.cookies"]`."""
    return [[room.strip() for room in row.split("|")] for row in _contract(0)["layers"]]


def inside() -> dict[str, list[list[str]]]:
    """The rows of packages in a room that has layers of its own, by room."""
    contract = _contract(1)
    return {
        room: [[f"{room}.{name}"] for name in contract["layers"]] for room in contract["containers"]
    }


def job(package: str) -> str:
    """The first sentence of the docstring of a package: `audit` -> `What happened: ...`"""
    source = ROOT / package.replace(".", "/") / "__init__.py"
    docstring = ast.get_docstring(ast.parse(source.read_text()))
    if not docstring:
        raise SystemExit(f"{source.relative_to(ROOT)}: write what the room is for, in one sentence")
    return " ".join(docstring.split("\n\n")[0].split())


def draw() -> str:
    """The whole picture, as SVG."""
    boxes, bottom = _rows(_grouped(), MARGIN, MARGIN, WIDTH - 2 * MARGIN)
    height = bottom + MARGIN
    title = "The rooms of the portal: each imports only from those below it"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}" '
            f'width="{WIDTH * 3 // 2}" role="img" aria-label="{title}">',
            f"  <title>{title}</title>",
            f"  <style>{STYLE}  </style>",
            f'  <rect class="ground" width="{WIDTH}" height="{height:g}"/>',
            *boxes,
            "</svg>",
            "",
        ]
    )


def _contract(number: int) -> dict[str, list[str]]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contract: dict[str, list[str]] = settings["tool"]["importlinter"]["contracts"][number]
    return contract


def _grouped() -> list[list[str]]:
    """The rows of the whole picture: those of one folder, such as `compliance/`, are one box."""
    return [[folder] for folder, _ in groupby(row[0].split(".")[0] for row in layers())]


def _inner_rows(package: str) -> list[list[str]]:
    """The rows that are drawn inside the box of a package; none for most."""
    below = [row for row in layers() if row[0].startswith(f"{package}.")]
    return below or inside().get(package, [])


def _rows(rows: list[list[str]], left: float, top: float, width: float) -> tuple[list[str], float]:
    """Rows of boxes below each other, and where the last one ends."""
    parts: list[str] = []
    for row in rows:
        each = (width - GAP * (len(row) - 1)) / len(row)
        drawn = [
            _box(package, left + number * (each + GAP), top, each)
            for number, package in enumerate(row)
        ]
        bottom = max(one[1] for one in drawn)
        for number, (inner, _) in enumerate(drawn):
            x = left + number * (each + GAP)
            kind = "inner" if "." in row[number] else "room"
            parts.append(
                f'  <rect class="{kind}" x="{x:g}" y="{top:g}" width="{each:g}" '
                f'height="{bottom - top:g}" rx="4"/>'
            )
            parts += inner
        top = bottom + GAP
    return parts, top - GAP


def _box(package: str, left: float, top: float, width: float) -> tuple[list[str], float]:
    """What stands in the box of a package, and where the box ends."""
    x = left + PADDING
    baseline = top + PADDING + 11
    name = package.rpartition(".")[2] + "/"
    parts = [f'  <text class="name" x="{x:g}" y="{baseline:g}">{escape(name)}</text>']
    for number, line in enumerate(
        textwrap.wrap(job(package), int((width - 2 * PADDING) / TEXT_CHARACTER))
    ):
        baseline += TEXT_LINE if number else NAME_LINE
        parts.append(f'  <text class="job" x="{x:g}" y="{baseline:g}">{escape(line)}</text>')
    bottom = baseline + PADDING - 1
    if rows := _inner_rows(package):
        inner, bottom = _rows(rows, x, bottom, width - 2 * PADDING)
        return parts + inner, bottom + PADDING
    return parts, bottom


if __name__ == "__main__":
    PICTURE.write_text(draw())
