"""The fields that the forms of the public share: long texts, days in three parts, files."""

import datetime
from collections.abc import Sequence
from typing import Any, TypeAlias

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from accounts.http import whole_number
from compliance.cases import filetypes
from customers.lenient_fields import (
    LONGEST_WORDS,
    LenientCharField,
    LenientChoiceField,
    LenientMultipleChoiceField,
    clean,
)

Day = tuple[str, str, str]
Upload: TypeAlias = "UploadedFile[bytes]"  # in quotes: only the type checker may index it
NO_DAY: Day = ("", "", "")
MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
FILES = 3  # with one form
AGAIN = "Please choose your files once more: a browser does not send them twice."


def called(field: forms.Field) -> str:
    """What a field is called in a sentence."""
    return str(field.label).removesuffix(" (optional)")


class LongText(LenientCharField):
    """Free text of several lines. One that is longer than we keep is shown again, never cut."""

    def __init__(self, label: str, *, help_text: str = "", rows: int = 6) -> None:
        super().__init__(
            label,
            autocomplete="off",
            help_text=help_text,
            widget=forms.Textarea,
            longest=LONGEST_WORDS + 1,
            rows=rows,
        )

    def validate(self, value: str) -> None:
        if len(value) > LONGEST_WORDS:
            raise forms.ValidationError(
                f"“{called(self)}” has more than {LONGEST_WORDS:,} characters. Shorten it, or "
                "put it "
                "into a file (plain text or PDF) and add that below."
            )


class DayParts(forms.MultiWidget):
    """A day as three small boxes, in a group with a legend."""

    template_name = "portal/day.html"
    use_fieldset = True
    parts = (("day", "Day", 2), ("month", "Month", 9), ("year", "Year", 4))

    def __init__(self) -> None:
        super().__init__(
            {
                name: forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
                for name, _, _ in self.parts
            }
        )

    def decompress(self, value: Day | None) -> list[str]:
        return list(value or NO_DAY)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        for widget, (_, label, size) in zip(
            context["widget"]["subwidgets"], self.parts, strict=True
        ):
            widget["label"], widget["size"] = label, size
        return context

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        return render_to_string(self.template_name, self.get_context(name, value, attrs))


class DayField(forms.Field):
    """Three parts of a day as they were typed; what they mean says `day_of`."""

    widget = DayParts

    def __init__(self, label: str, *, help_text: str = "") -> None:
        super().__init__(label=label, required=False, help_text=help_text)

    def to_python(self, value: Any) -> Day:
        day, month, year = (clean(str(part or ""), 40) for part in [*(value or []), "", "", ""][:3])
        return day, month, year


def day_of(parts: Day) -> datetime.date | None:
    """The day that three parts name; None when all are empty. ValueError when there is no such
    day."""
    if not any(parts):
        return None
    day, month, year = (part.strip().casefold() for part in parts)
    found = [
        number
        for number, name in enumerate(MONTHS, 1)
        if len(month) >= 3 and name.startswith(month)
    ]
    numbers = [day, str(found[0]) if found else month, year]
    of_day, of_month, of_year = (whole_number(part, most=9999) for part in numbers)
    if of_day is None or of_month is None or of_year is None or len(year) != 4:
        raise ValueError("not a day")
    return datetime.date(of_year, of_month, of_day)


class ManyFiles(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class FilesField(forms.FileField):
    """Any number of files as they came; what is wrong with them says `faults`."""

    def __init__(self, label: str, *, help_text: str = "", many: bool = True) -> None:
        kind, more = (ManyFiles, {"multiple": True}) if many else (forms.FileInput, {})
        super().__init__(
            label=label,
            required=False,
            help_text=help_text,
            widget=kind(attrs={"accept": filetypes.ACCEPT, **more}),
        )

    def clean(self, value: Any, initial: Any = None) -> list[Upload]:
        return [one for one in (value if isinstance(value, list | tuple) else [value]) if one]


def faults(files: Sequence[Upload], most: int) -> list[str]:
    """What keeps files from being taken, in words for whoever sent them."""
    found = [f"Send at most {most} files at a time."] if len(files) > most else []
    for one in files[:most]:
        name = filetypes.tidy_name(one.name or "")
        if not one.size:
            found.append(f"“{name}” is empty.")
        elif one.size > filetypes.LARGEST:
            found.append(
                f"“{name}” is larger than {filetypes.largest()}. Save it smaller, or send it in parts."
            )
        elif not filetypes.media_type(one.read()):
            found.append(f"“{name}” is not {filetypes.one_of_them()}. Save it as one of these.")
        one.seek(0)
    return found


def boxes(
    label: str,
    choices: list[tuple[str, str]],
    *,
    initial: tuple[str, ...] = (),
    help_text: str = "",
) -> LenientMultipleChoiceField:
    """Boxes to tick, of which none needs to be."""
    return LenientMultipleChoiceField(
        label=label,
        choices=choices,
        initial=list(initial),
        help_text=help_text,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


def radio(label: str, choices: list[tuple[str, str]], *, help_text: str = "") -> LenientChoiceField:
    """One of several; the first unless another is chosen."""
    return LenientChoiceField(
        label=label,
        choices=choices,
        initial=choices[0][0],
        help_text=help_text,
        required=False,
        widget=forms.RadioSelect,
    )
