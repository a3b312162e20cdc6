"""Fields of the public forms: whatever somebody types is taken as it is, and never a reason to
fail."""

import re
import uuid
from typing import Any, cast

from django import forms

LONGEST = 2_000  # characters kept of each thing that was given
LONGEST_WORDS = 50_000  # and of what was written beside it
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def clean(text: str, longest: int = LONGEST) -> str:
    """A text without control characters (new lines and tabs stay) and broken Unicode, cut to
    `longest` characters."""
    return (
        CONTROL.sub(" ", text[:longest].replace("\r\n", "\n"))
        .encode("utf-8", "replace")
        .decode()
        .strip()
    )


def choice_field(form: forms.BaseForm, name: str) -> forms.ChoiceField:
    """The field of a form that offers choices, for a form that fills them in. TypeError for any
    other field."""
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(f"{name} offers no choices.")
    return field


class LenientCharField(forms.CharField):
    """A line or more as somebody typed it: never too long, never of the wrong signs."""

    def __init__(
        self,
        label: str,
        *,
        autocomplete: str,
        help_text: str = "",
        widget: type[forms.Widget] = forms.TextInput,
        longest: int = LONGEST,
        **attrs: Any,
    ) -> None:
        self.longest = longest
        super().__init__(
            label=label,
            required=False,
            help_text=help_text,
            widget=widget(attrs={"autocomplete": autocomplete, **attrs}),
        )

    def to_python(self, value: Any) -> str:
        return clean(str(value or ""), self.longest)


class LenientMultipleChoiceField(forms.MultipleChoiceField):
    """Boxes to tick. What is not on the list is passed over, and never a reason to refuse the
    rest."""

    def to_python(self, value: Any) -> list[str]:
        return [one for one in super().to_python(value) if self.valid_value(one)]


class LenientChoiceField(forms.ChoiceField):
    """One of several; whatever else arrives means the first."""

    def validate(self, value: Any) -> None:
        """Nothing is refused."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        return text if self.valid_value(text) else str(next(iter(cast(Any, self.choices)))[0])


def token_in(text: str) -> uuid.UUID:
    """The token of a page; a new one when it was left out or spoilt, for nothing is lost over
    it."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.uuid4()
