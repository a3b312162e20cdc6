"""Model fields for personal values: sealed at rest, found through a keyed hash."""

import datetime
import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import FieldError
from django.db import models
from django.db.models import Value

from privacy import seal


class SealedTextField(models.BinaryField):  # type: ignore[type-arg]  # takes none at run time
    """Text that stands sealed in the database and open in Python. It can be tested for null, never
    compared."""

    description = "Sealed text"
    _pyi_private_set_type: Any  # what the type checker takes a value of this field for
    _pyi_private_get_type: Any
    empty_strings_allowed = False  # a value left out is null, not an envelope of nothing
    empty_values = [None, ""]

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
        if isinstance(value, (bytes, bytearray, memoryview)):
            raise TypeError(
                f"{self.sealed_column} takes text and seals it itself; bytes could be text in "
                "the clear"
            )
        sealed = None if value is None else seal.seal(self.to_text(value), self.sealed_column)
        return super().get_db_prep_value(sealed, connection, prepared)

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        self._refuse_expression(value)
        return super().get_db_prep_save(value, connection)

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        """The point that every UPDATE passes: refuses what would go in unsealed, or leave a look-up
        hash stale."""
        self._refuse_expression(value)
        query = compiler.query
        written = [entry[0] for entry in getattr(query, "values", [])] or getattr(
            query, "update_fields", []
        )
        if self in written:
            for lookup in self.model._meta.concrete_fields:
                if isinstance(lookup, LookupHashField) and lookup not in written:
                    raise FieldError(
                        f"{self.sealed_column} is written without {lookup.name!r}, which may be "
                        "worked out"
                        " from it: name both in update_fields, or save the whole row"
                    )
        return str(connection.ops.binary_placeholder_sql(value))

    def _refuse_expression(self, value: Any) -> None:
        if hasattr(value, "as_sql") and not _seals_its_values(value, self):
            raise FieldError(
                f"{self.sealed_column} is sealed in Python: the database cannot work out a value "
                "for it"
            )

    def to_python(self, value: Any) -> Any:
        return value

    def value_to_string(self, obj: models.Model) -> str:
        raise FieldError(
            f"{self.sealed_column} is not written out in the clear: pg_dump keeps it sealed"
        )

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(
                f"{self.name} is sealed: look it up through its hash, not with {lookup_name!r}"
            )
        return super().get_lookup(lookup_name)

    def formfield(self, **kwargs: Any) -> Any:
        empty = {"empty_value": None} if self.null else {}
        return models.Field.formfield(self, **{"form_class": forms.CharField, **empty, **kwargs})


def _seals_its_values(expression: Any, field: SealedTextField) -> bool:
    """Whether an expression writes only values that `field` seals itself, as bulk_update's CASE
    does."""
    parts = list(expression.flatten())
    return not any(
        (isinstance(part, Value) and part.value is not None and part.output_field is not field)
        or isinstance(getattr(part, "target", None), SealedTextField)
        for part in parts
    )


AS_DATE = models.DateField()


class SealedDateField(SealedTextField):
    """A calendar date, sealed."""

    description = "Sealed date"

    def to_text(self, value: datetime.date | str) -> str:
        return str(self.to_python(value).isoformat())

    def from_text(self, text: str) -> datetime.date:
        return datetime.date.fromisoformat(text)

    def to_python(self, value: Any) -> Any:
        return AS_DATE.to_python(value)

    def formfield(self, **kwargs: Any) -> Any:
        return models.Field.formfield(self, **{"form_class": forms.DateField, **kwargs})


class SealedSecretField(SealedTextField):
    """A secret of ours, sealed and rotated like the rest, that says nothing about anybody."""

    description = "Sealed secret"


class LookupHashField(models.UUIDField):  # type: ignore[type-arg]  # takes none at run time
    """The keyed hash of another field's normalised value, worked out whenever the row is saved.

    `value_of` names the method of the model that returns the normalised text (empty or None: no
    hash), and `kind` the kind of value, which has a key of its own. An UPDATE that writes a sealed
    field of the row and not this one is refused (see SealedTextField.get_placeholder), so no hash
    is ever left behind.
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

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        if hasattr(
            value, "as_sql"
        ):  # bulk_update does not call pre_save, so it would write the hash of before
            raise FieldError(
                f"{self.name} is worked out as each row is saved: use save() here, not "
                "bulk_update()"
            )
        return "%s"
