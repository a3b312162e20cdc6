"""What a file is, by its content and not its name. No model here."""

PDF, JPEG, PNG, TEXT = "application/pdf", "image/jpeg", "image/png", "text/plain"
# the kinds of file that may be kept, as people call them: each is known by its content
NAMES = {PDF: "PDF", JPEG: "JPEG", PNG: "PNG", TEXT: "plain text"}
PICTURES = (JPEG, PNG)
ACCEPT = ".pdf,.jpg,.jpeg,.png,.txt"  # what a browser offers to choose
LARGEST = 10 * 1024 * 1024  # bytes of one file
ENDINGS = {PDF: (".pdf",), JPEG: (".jpg", ".jpeg"), PNG: (".png",), TEXT: (".txt", ".csv")}
LONGEST_NAME = 120  # characters
MARKS = ((b"%PDF-", PDF), (b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG))
# would show evil.exe.txt for evil.txt.exe
BIDI = "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def listed() -> str:
    """Which files may be sent: “PDF, JPEG, PNG or plain text”."""
    *names, last = NAMES.values()
    return f"{', '.join(names)} or {last}"


def one_of_them() -> str:
    """The same as one file: “a PDF, a JPEG or PNG picture, or plain text”."""
    pictures = " or ".join(NAMES[media] for media in PICTURES)
    return f"a {NAMES[PDF]}, a {pictures} picture, or {NAMES[TEXT]}"


def largest() -> str:
    """How large a file may be, in words: “10 MB”."""
    return f"{LARGEST // (1024 * 1024)} MB"


def media_type(content: bytes) -> str:
    """The media type of a file that may be kept; an empty text for any other, and for nothing at
    all."""
    for mark, found in MARKS:
        if content.startswith(mark):
            return found
    return TEXT if content and as_text(content) is not None else ""


def as_text(content: bytes) -> str | None:
    """The text of a plain text file, in UTF-8 or Windows-1252; None when it is no text."""
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if any(ord(sign) < 32 and sign not in "\t\n\r\f" for sign in text) else text
    return None


def tidy_name(name: str) -> str:
    """A file's name as it may be shown and saved under: without folders, control characters and
    marks of direction."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(sign for sign in last if sign.isprintable() and sign not in BIDI).strip(" .")
    return kept[-LONGEST_NAME:] or "file"


def safe_name(name: str, media: str) -> str:
    """The name of a file of that type, whose ending says what it is: text that calls itself `.hta`
    would run when opened."""
    name = tidy_name(name)
    return name if name.lower().endswith(ENDINGS[media]) else f"{name}{ENDINGS[media][0]}"
