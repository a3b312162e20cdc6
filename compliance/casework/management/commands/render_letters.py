from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from tqdm import tqdm

from audit.actions import Refused
from compliance.cases.kinds import CaseKind
from compliance.cases.models import CaseMessage
from compliance.cases.rights import right_of
from compliance.casework.letter_scenes import Scene, Stage, every_scene


class Command(BaseCommand):
    help = (
        "Write every letter that a request can lead to, for invented people, as a PDF each into "
        "one folder, with an index.html: to be read before a change of words goes live. Each goes "
        "through the steps that colleagues take, in a transaction that is taken back: nothing "
        "stays in the database. What a kind of request does not have is listed with its reason."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="The folder.")
        parser.add_argument(
            "--kind", choices=CaseKind.values, help="Only this kind of request: its code."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        out: Path = options["out"]
        out.mkdir(parents=True, exist_ok=True)
        stage = Stage(timezone.now())
        scenes = [one for one in every_scene() if options["kind"] in (None, one.kind)]
        rows = [self._row(stage, scene, number, out) for number, scene in _numbered(scenes)]
        index = render_to_string("letters/index.html", {"rows": rows, "at": stage.now})
        (out / "index.html").write_text(index, encoding="utf-8")
        written = sum(bool(row["file"]) for row in rows)
        self.stdout.write(f"{written} letters in {out}/index.html; nothing was kept.")

    def _row(self, stage: Stage, scene: Scene, number: int, out: Path) -> dict[str, str]:
        row = {"kind": right_of(scene.kind).label, "says": scene.says, "file": "", "why": ""}
        with transaction.atomic():
            try:
                with transaction.atomic():
                    case = stage.play(scene)
                last = CaseMessage.objects.filter(case=case).select_related("message").latest("pk")
                name = f"{number:03}-{scene.kind}-{last.letter}.pdf"
                (out / name).write_bytes(str(last.message.document or "").encode("latin-1"))
                row |= {"file": name, "letter": last.get_letter_display()}
            except Refused as refused:
                row["why"] = str(refused)
            transaction.set_rollback(True)
        return row


def _numbered(scenes: list[Scene]) -> Iterator[tuple[int, Scene]]:
    yield from enumerate(tqdm(scenes, desc="Letters", unit="letter", disable=None), 1)
