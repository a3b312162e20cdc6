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
from compliance.cases.models import Case, CaseMessage
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
        scenes = [one for one in every_scene() if options["kind"] in (None, one.kind)]
        rows = sorted(_letters(Stage(timezone.now()), scenes, out), key=lambda row: row["number"])
        index = render_to_string("letters/index.html", {"rows": rows, "at": timezone.now()})
        (out / "index.html").write_text(index, encoding="utf-8")
        written = sum(bool(row["file"]) for row in rows)
        self.stdout.write(f"{written} letters in {out}/index.html; nothing was kept.")


def _letters(stage: Stage, scenes: list[Scene], out: Path) -> Iterator[dict[str, Any]]:
    """A row of the index for each scene, once its letter is written. Scenes with one beginning
    share it: it takes longer than what follows."""
    alike: dict[str, list[tuple[int, Scene]]] = {}
    for number, scene in enumerate(scenes, 1):
        alike.setdefault(scene.beginning, []).append((number, scene))
    with tqdm(total=len(scenes), desc="Letters", unit="letter", disable=None) as bar:
        for group in alike.values():
            with transaction.atomic():
                case = stage.begin(group[0][1])
                for number, scene in group:
                    yield _row(stage, scene, case.pk, number, out)
                    bar.update()
                transaction.set_rollback(True)


def _row(stage: Stage, scene: Scene, case_id: int, number: int, out: Path) -> dict[str, Any]:
    row = {"number": number, "kind": right_of(scene.kind).label, "says": scene.says}
    with transaction.atomic():
        case = Case.objects.get(pk=case_id)
        try:
            with transaction.atomic():
                stage.go_on(scene, case)
            last = CaseMessage.objects.filter(case=case).select_related("message").latest("pk")
            name = f"{number:03}-{scene.kind}-{last.letter}.pdf"
            (out / name).write_bytes(str(last.message.document or "").encode("latin-1"))
            row |= {"file": name, "letter": last.get_letter_display(), "why": ""}
        except Refused as refused:
            row |= {"file": "", "why": str(refused)}
        transaction.set_rollback(True)
    return row
