"""Model fields for personal values: sealed at rest, found through a keyed hash."""

import datetime
import uuid
from collections.abc import Callable
from typing import Any

from django.core.exceptions import FieldError
from django.db import models

from privacy import seal


class SealedTextField(models.BinaryField):
    """Text that stands sealed in the database and open in Python. It can be tested for null, never compared."""

    description = "Sealed text"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("editable", True)
        super().__init__(*args, **kwargs)

    @property
    def sealed_column(self) -> str:
        """The `table.column` that each value is bound to."""
        return f"{self.model._meta.db_table}.{self.column}"

    def to_text(self, value: Any) -> str:
        """The text to seal for a Python value."""
        return str(value)

    def from_text(self, text: str) -> Any:
        """The Python value of an opened text."""
        return text

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return None if value is None else self.from_text(seal.unseal(value, self.sealed_column))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is None or isinstance(value, (bytes, memoryview)):
            return super().get_db_prep_value(value, connection, prepared)
        return super().get_db_prep_value(seal.seal(self.to_text(value), self.sealed_column), connection, prepared)

    def to_python(self, value: Any) -> Any:
        return value

    def value_to_string(self, obj: models.Model) -> str:
        value = self.value_from_object(obj)
        return "" if value is None else self.to_text(value)

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is sealed: look it up through its hash, not with {lookup_name!r}")
        return super().get_lookup(lookup_name)

    def formfield(self, **kwargs: Any) -> Any:
        from django import forms

        return models.Field.formfield(self, **{"form_class": forms.CharField, **kwargs})


class SealedDateField(SealedTextField):
    """A calendar date, sealed."""

    description = "Sealed date"

    def to_text(self, value: datetime.date) -> str:
        return value.isoformat()

    def from_text(self, text: str) -> datetime.date:
        return datetime.date.fromisoformat(text)

    def to_python(self, value: Any) -> Any:
        return datetime.date.fromisoformat(value) if isinstance(value, str) else value


class LookupHashField(models.UUIDField):
    """The keyed hash of another field's normalised value, worked out whenever the row is saved.

    `value_of` names the method of the model that returns the normalised text (empty or None: no hash), and
    `kind` the kind of value, which has a key of its own.
    """

    description = "Keyed look-up hash"

    def __init__(self, kind: str = "", value_of: str = "", **kwargs: Any) -> None:
        self.kind, self.value_of = kind, value_of
        kwargs.setdefault("null", True)
        kwargs.setdefault("editable", False)
        super().__init__(**kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "kind": self.kind, "value_of": self.value_of}

    def pre_save(self, model_instance: models.Model, add: bool) -> uuid.UUID | None:
        normalised: Callable[[], str | None] = getattr(model_instance, self.value_of)
        text = normalised()
        digest = seal.lookup_hash(self.kind, text) if text else None
        setattr(model_instance, self.attname, digest)
        return digest
