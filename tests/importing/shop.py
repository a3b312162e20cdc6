"""A shop that writes import files and hands them to the command."""

import io
from dataclasses import dataclass
from pathlib import Path

from django.core.management import call_command


@dataclass
class Result:
    code: int
    out: str
    err: str
    rejects: list[list[str]]


class Shop:
    def __init__(self, folder: Path) -> None:
        self.file = folder / "shop.csv"
        self.listed = folder / "shop.csv.rejects.csv"

    def sends(self, kind: str, text: str | bytes | list[str], **options) -> Result:
        """Write the file (lines, text or bytes) and import it."""
        text = "\n".join(text) + "\n" if isinstance(text, list) else text
        self.file.write_bytes(text.encode() if isinstance(text, str) else text)
        return self.again(kind, **options)

    def again(self, kind: str, file: Path | None = None, **options) -> Result:
        """Import the file as it lies there."""
        import csv

        out, err, code = io.StringIO(), io.StringIO(), 0
        try:
            call_command(
                "import_data", kind, str(file or self.file), stdout=out, stderr=err, **options
            )
        except SystemExit as end:
            code = int(end.code or 0)
        rejects = []
        if self.listed.exists():
            with self.listed.open(newline="", encoding="utf-8") as listed:
                rejects = list(csv.reader(listed))[1:]
        return Result(code, out.getvalue(), err.getvalue(), rejects)
