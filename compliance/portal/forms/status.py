"""The forms of somebody who follows a request: its reference, and what they add to it."""

import uuid
from typing import Any

from crispy_forms.layout import Layout
from django import forms

from compliance.cases import filetypes
from compliance.portal.forms.fields import AGAIN, FILES, FilesField, LongText, Upload, faults
from customers.identity.forms import PlainForm
from customers.lenient_fields import LenientCharField, token_in


class ReferenceForm(PlainForm):
    """Which request. What is typed is never called unknown: that would tell who has one."""

    form = LenientCharField(
        "", autocomplete="off", widget=forms.HiddenInput
    )  # the same form sent twice asks for one code
    reference = LenientCharField(
        "The reference of your request",
        autocomplete="off",
        spellcheck="false",
        autocapitalize="characters",
        help_text="It stands in our letter or email, such as R-7K3F-9QXD-2RTB.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.layout = Layout("form", "reference")

    def clean_form(self) -> uuid.UUID:
        return token_in(self.cleaned_data["form"])

    def clean_reference(self) -> str:
        typed = str(self.cleaned_data["reference"])
        if not typed:
            raise forms.ValidationError("Type the reference.")
        if typed.upper().replace(" ", "").startswith("M-"):
            raise forms.ValidationError(
                "References that begin with M are about marketing: there is nothing to follow here. "
                "If marketing still reaches you, call us."
            )
        return typed


class AddForm(PlainForm):
    """Something that the person adds to their request: an answer, a message, files."""

    form = LenientCharField("", autocomplete="off", widget=forms.HiddenInput)
    text = LongText("Your message")
    documents = FilesField(
        "Files (optional)",
        help_text=f"At most {FILES}, each up to {filetypes.largest()}: {filetypes.listed()}.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.layout = Layout("form", "text", "documents")

    def clean_form(self) -> uuid.UUID:
        return token_in(self.cleaned_data["form"])

    def clean_documents(self) -> list[Upload]:
        if found := faults(self.cleaned_data["documents"], FILES):
            raise forms.ValidationError(found)
        return list(self.cleaned_data["documents"])

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if not self.errors and not said["text"] and not said["documents"]:
            self.add_error("text", "Write something, or choose a file.")
        if self.errors and self.files and "documents" not in self.errors:
            self.add_error("documents", AGAIN)
        return said
