"""The form in which the wording of a letter is edited: one field for each block, and the reason."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import BaseInput, Submit
from django import forms

from compliance.cases.models.letters import Letter
from compliance.cases.rights import RIGHTS, right_of
from compliance.letters.preview import kinds_of
from compliance.letters.wording import LONGEST, SUBJECT, Block, Frame, faults, tidy
from compliance.register.forms import why_field

SAVE, LOOK = "save", "look"


class Look(BaseInput):  # type: ignore[misc]  # untyped package
    """A button that shows and saves nothing."""

    input_type, field_classes = "submit", "btn btn-secondary"


class WordingForm(forms.Form):
    """The texts of one letter. What is wrong with the words stands beside each block, for a preview
    and for saving alike."""

    def __init__(self, *args: Any, frame: Frame, pdf_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.frame = frame
        for block in frame.blocks:
            self.fields[block.name] = _field(block)
        self.fields["kind"] = forms.ChoiceField(
            label="Preview it for",
            required=False,
            choices=[(kind, right_of(kind).label) for kind in kinds_of(Letter(frame.letter))],
        )
        self.fields["why"] = why_field()
        self.fields["why"].required = False  # asked when it is saved, not for a preview
        self.fields["why"].help_text = "Stays with the version, with your staff ID."
        self.fields["seen"] = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
        self.helper = FormHelper(self)
        self.helper.attrs = {"novalidate": ""}
        self.helper.add_input(Look(LOOK, "Preview"))
        self.helper.add_input(Look("pdf", "Preview as PDF", formaction=pdf_url))
        self.helper.add_input(Submit(SAVE, "Save as the next version", css_class="btn-primary"))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if SAVE in self.data and not given.get("why"):
            self.add_error("why", "Say why, for whoever asks later.")
        for name, told in faults(self.frame, self.texts).items():
            if name not in self.errors:
                self.add_error(name, told)
        return given

    @property
    def texts(self) -> dict[str, str]:
        """The texts as they were typed, block by block; browsers end their lines in two signs."""
        return {
            block.name: tidy(self.cleaned_data.get(block.name, "")) for block in self.frame.blocks
        }

    @property
    def kind(self) -> str:
        """The kind of case to preview."""
        return str(self.cleaned_data.get("kind") or kinds_of(Letter(self.frame.letter))[0])


def _field(block: Block) -> forms.CharField:
    told = []
    if block.when:
        named = [right.label.lower() for right in RIGHTS if set(block.when) & set(right.conditions)]
        told.append(
            f"Only printed for: {', '.join(named)}."
            if named
            else "Only printed where there is something to say."
        )
    if block.law:
        told.append(f"Must stay: {block.law}.")
    if block.needs:
        told.append(f"Must hold {', '.join(f'{{{name}}}' for name in block.needs)}.")
    if block.words:
        told.append(f"Must say {', '.join(f'“{word}”' for word in block.words)}.")
    rows = (
        1
        if block.name == SUBJECT
        else min(14, max(3, 1 + block.text.count("\n") + len(block.text) // 85))
    )
    headed = block.heading and block.heading != block.label
    label = f"{block.label}, under the heading “{block.heading}”" if headed else block.label
    widget: forms.Widget = (
        forms.TextInput() if block.name == SUBJECT else forms.Textarea(attrs={"rows": rows})
    )
    return forms.CharField(
        label=label,
        required=False,
        max_length=LONGEST,
        help_text=" ".join(told),
        widget=widget,
        strip=False,
    )
