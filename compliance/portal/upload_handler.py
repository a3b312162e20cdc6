"""Taking in files of the public: in memory only, so that nothing unsealed ever lies on a disk, and
no more than we keep."""

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

from compliance.cases.filetypes import LARGEST

KEPT = 5  # files of one request whose content is kept at all; a form that takes fewer says so
ENDLESS = 20 * LARGEST  # bytes of one request after which nobody can mean well


class InMemory(FileUploadHandler):
    """Keeps what a form may keep. Of a larger file only its name and size are left, for the form to
    refuse it."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.files, self.total, self.size = 0, 0, 0
        self.parts: list[bytes] = []

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.files, self.size, self.parts = self.files + 1, 0, []

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.size += len(raw_data)
        self.total += len(raw_data)
        if self.total > ENDLESS:
            raise StopUpload(connection_reset=True)
        if self.size <= LARGEST and self.files <= KEPT:
            self.parts.append(raw_data)
        else:
            self.parts.clear()

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        return InMemoryUploadedFile(
            BytesIO(b"".join(self.parts)), self.field_name, str(self.file_name), "", file_size, None
        )


def in_memory(request: HttpRequest) -> None:
    """Have the files of a request kept in memory; call it before anything reads the form."""
    if request.method == "POST":
        request.upload_handlers = [InMemory(request)]
