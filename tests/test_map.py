"""The map shows the house as it is: its picture, its rooms, its files; and no page of docs/ names a
path that is gone."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from docs import draw_map

ROOT = Path(settings.BASE_DIR)
MAP = ROOT / "docs/map.md"
FILES = ROOT / "docs/files.md"
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
ROOMS = ("config", "compliance", "customers", "accounts", "audit", "jobs", "privacy")
# Stand in every room under the same name; the map tells of them once.
EVERYWHERE = {"__init__.py", "apps.py", "claims.py", "urls.py"}
CODE = re.compile(r"`([^`]+)`")
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
ENDINGS = r"(?:py|toml|html|typ|md|css|js|json|csv|svg|sql|timer|service|txt)"
PATH = re.compile(rf"[\w.-]+(?:/[\w.-]+)*/|(?:[\w.-]+/)*[\w.-]+\.{ENDINGS}")
NAME = re.compile(r"[A-Za-z_]\w+")
# What an operator meets, or what stood in the code when a decision was taken: no file of ours.
NO_FILES = {
    "NAME.csv",
    "FILE.links.csv",
    "FILE.held.csv",
    "FILE.rejects.csv",
    "allowed.csv",
    "compliance/requests/",
    "cur/",
    "disclosures.csv.rejects.csv",
    "feed.csv",
    "manifest.txt",
    "new/",
    "orders.csv",
    "pack.json",
    "planning.py",
    "spring-screened/",
    "suppressed.csv",
    "unreadable.csv",
    ".local/",
}


def ours() -> set[str]:
    """Every file of ours and every folder that holds one, from the top of the clone."""
    skip = {".git", ".venv", ".local", "__pycache__", "node_modules", "staticfiles", "vendor"}
    files = [
        file.relative_to(ROOT)
        for file in ROOT.rglob("*")
        if not skip & set(file.relative_to(ROOT).parts[:-1]) and file.is_file()
    ]
    folders = {f"{folder}/" for file in files for folder in file.parents}
    return {str(file) for file in files} | folders


@pytest.fixture(scope="module")
def everything() -> set[str]:
    return ours()


def sections() -> dict[str, list[str]]:
    """The entries of docs/files.md by the room of their heading."""
    found: dict[str, list[str]] = {}
    for line in FILES.read_text().splitlines():
        if line.startswith("## "):
            room = line.strip("# `/")
            found[room] = []
        elif line.startswith("- "):
            found[room].append(line)
        elif line.startswith("  "):  # a long one goes on
            found[room][-1] += line
    return found


def placed(name: str, room: str, everything: set[str]) -> str | None:
    """The path that a name in a room's section stands for: below the room, below its tests, or
    from the top; None when there is nothing of that name."""
    tests = f"tests/{room.split('/')[-1]}"
    candidates = (f"{room}/{name}", f"{tests}/{name}", name)
    return next((one for one in candidates if one in everything), None)


def defined(name: str, text: str) -> bool:
    """Whether a module gives a value to a constant, or has a class or function of that name."""
    value = rf"^\s*(?:\w+, )*{name}\b(?:, \w+)*(?:: [^=\n]+)? ="
    return bool(re.search(rf"{value}|^\s*(?:class|def) {name}\b", text, re.MULTILINE))


class TestThePicture:
    def test_it_is_what_the_command_draws_now(self):
        assert draw_map.PICTURE.read_text() == draw_map.draw(), "run `make map`"


class TestTheRooms:
    def test_each_stands_in_the_map_with_the_job_that_it_says_itself(self):
        inside = draw_map.inside()
        rooms = [
            each
            for row in draw_map.layers()
            for room in row
            for each in (*(one for rows in inside.get(room, []) for one in rows), room)
            if each != "customers.models"
        ]
        section = MAP.read_text().split("## The rooms\n")[1].split("\n## ")[0]
        told = re.findall(r"^\| `([\w/]+)/` \| (.+) \|$", section, re.MULTILINE)
        assert told == [(room.replace(".", "/"), draw_map.job(room)) for room in rooms], (
            "docs/map.md, The rooms"
        )

    def test_each_has_its_files_told(self):
        rooms = {room.replace(".", "/") for row in draw_map.layers() for room in row}
        assert rooms <= set(sections())


class TestTheFiles:
    def test_every_module_is_named(self, everything):
        told = {
            placed(name, room, everything)
            for room, lines in sections().items()
            for line in lines
            for name in CODE.findall(line)
        }
        modules = {
            str(file.relative_to(ROOT))
            for room in ROOMS
            for file in (ROOT / room).rglob("*.py")
            if file.name not in EVERYWHERE and "migrations" not in file.parts
        }
        missing = sorted(modules - told)
        assert not missing, f"say in docs/files.md what they hold: {missing}"

    def test_every_name_beside_a_file_stands_in_it(self, everything):
        wrong = []
        for room, lines in sections().items():
            for line in lines:
                names = CODE.findall(line)
                paths = [placed(name, room, everything) for name in names if PATH.fullmatch(name)]
                text = " ".join(
                    (ROOT / path).read_text() for path in paths if path and not path.endswith("/")
                )
                wrong += [
                    f"{room}: {name} in “{line}”"
                    for name in names
                    if NAME.fullmatch(name)
                    and not placed(name, room, everything)
                    and not re.search(rf"\b{name}\b", text)
                ]
        assert not wrong

    def test_every_name_beside_a_file_of_the_map_stands_in_it(self):
        told = re.findall(rf"`([\w/]+\.{ENDINGS})`: ((?:`\w+`(?:, )?)+)", MAP.read_text())
        assert len(told) > 15
        for path, names in told:
            for name in CODE.findall(names):
                assert defined(name, (ROOT / path).read_text()), f"{path}: {name}"


class TestThePages:
    @pytest.mark.parametrize("document", PAGES, ids=lambda file: str(file.relative_to(ROOT)))
    def test_every_path_that_is_named_exists(self, document, everything):
        room, gone = "", []
        for number, line in enumerate(document.read_text().splitlines(), 1):
            where = f"{document.relative_to(ROOT)}:{number}"
            if document == FILES and line.startswith("## "):
                room = line.strip("# `/")
            for name in CODE.findall(line):
                if not PATH.fullmatch(name) or name in NO_FILES:
                    continue
                if room:
                    found = placed(name, room, everything) is not None
                elif document == MAP and name.startswith(ROOMS):
                    found = name in everything
                else:  # in prose a file may be called by the end of its path
                    found = any(f"/{one}".endswith(f"/{name}") for one in everything)
                gone += [] if found else [f"{where}: {name}"]
            gone += [
                f"{where}: {link}"
                for link in LINK.findall(line)
                if not (document.parent / link).exists()
            ]
        assert not gone
