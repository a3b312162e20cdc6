"""What was decided about free text and whole records before they are shown, as the gathering asks
for it."""

from typing import Protocol

NOT_READ = "[left out: not yet read by a colleague]"
REDACTED = "[redacted: other person]"


class Texts(Protocol):
    """The decisions about one person's records. `label` is the model's, such as
    customers.ContactNote."""

    def text(self, label: str, pk: str, field: str, text: str) -> str:
        """A declared free text with its redactions, or NOT_READ while nobody has read it."""
        ...

    def shows(self, label: str, pk: str) -> bool:
        """False when the whole record is held back."""
        ...


class _Unread:
    def text(self, label: str, pk: str, field: str, text: str) -> str:
        return NOT_READ

    def shows(self, label: str, pk: str) -> bool:
        return True


class _Unredacted:
    def text(self, label: str, pk: str, field: str, text: str) -> str:
        return text

    def shows(self, label: str, pk: str) -> bool:
        return True


UNREAD: Texts = _Unread()  # nobody has read anything: the operator's command
UNREDACTED: Texts = (
    _Unredacted()
)  # everything as it stands: for those who read it, never for what is handed out
