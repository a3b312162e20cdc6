"""Bytes to text, whatever a message claims they are. Nothing here raises."""

import codecs
import re

# Codecs that read bytes as something else than the letters of a language.
NO_CHARSETS = {
    "unicode-escape",
    "raw-unicode-escape",
    "idna",
    "punycode",
    "undefined",
    "mbcs",
    "oem",
}
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
INVISIBLE = re.compile(
    "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
)  # marks of direction, too


def decode(data: bytes, claimed: str = "") -> str:
    """The text of `data`. UTF-8 that is valid wins over a wrong claim; what nothing reads is read
    as Windows-1252."""
    for name in _candidates(data, claimed.strip().strip("\"'").lower().replace("_", "-")):
        try:
            return data.decode(name).removeprefix("\ufeff")
        except (LookupError, ValueError):
            continue
    return data.decode("cp1252", "replace")


def _candidates(data: bytes, claimed: str) -> list[str]:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ["utf-16", "utf-8"]
    if claimed.startswith(
        ("utf-16", "utf-32", "utf-7", "iso-2022", "hz")
    ):  # these are ASCII or less to any other reader
        return [claimed, "utf-8"]
    return ["utf-8", claimed] if claimed and claimed not in NO_CHARSETS else ["utf-8"]


def plain(text: str) -> str:
    """A text without control characters and marks that nobody sees, and with one kind of line
    ending."""
    text = INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return CONTROL.sub(" ", text).encode("utf-8", "replace").decode()
