"""Nothing held about a person is forgotten: each column is shown, masked, withheld for a reason, or
says nothing."""

import csv
import io

import pytest
from django.core.management import call_command
from django.db import connection, models
from django.utils import timezone

from compliance.access import explanation, records
from compliance.access.archive import KEPT
from privacy.checks import every_model_is_declared
from privacy.declarations import declarations
from privacy.fields import LookupHashField, SealedSecretField, SealedTextField
from tests.access.people import data_of, of_everything, opened, pack_of

ALL = list(declarations())
SHOWN = list(records.shown())


@pytest.mark.parametrize("declaration", ALL, ids=lambda declaration: declaration.label)
class TestDeclarations:
    def test_each_column_is_sorted_once(self, declaration):
        names = [field.name for field in declaration.model._meta.concrete_fields]
        assert sorted(declaration.sorted_fields) == sorted(names)

    def test_what_is_withheld_says_why(self, declaration):
        for reason in declaration.withhold.values():
            assert reason[:1].isupper()
            assert reason.endswith(".")
            assert len(reason) > 12, "a customer reads it"

    def test_nothing_personal_hides_among_the_keys(self, declaration):
        """Sealed values and their hashes are personal: never `internal`."""
        for name in declaration.internal:
            field = declaration.model._meta.get_field(name)
            assert not isinstance(field, SealedTextField | LookupHashField) or isinstance(
                field, SealedSecretField
            )

    def test_words_are_plain_english(self, declaration):
        for words in {**declaration.export, **declaration.redact}.values():
            assert "_" not in words
            assert words[:1].isupper()


def test_every_model_is_declared_or_says_why_not():
    assert every_model_is_declared(None) == []


def test_no_two_tables_share_a_name():
    tables = [records.RecordTable(declaration) for declaration in SHOWN]
    assert (
        len({table.file for table in tables})
        == len({table.title for table in tables})
        == len(SHOWN)
    )


def test_texts_of_others_are_read_or_are_the_persons_own():
    for declaration in SHOWN:
        sealed = {
            name
            for name in declaration.export
            if type(declaration.model._meta.get_field(name)) is SealedTextField
        }
        assert sealed <= {*declaration.review, *declaration.own}


@pytest.mark.slow
@pytest.mark.django_db
class TestThePack:
    @pytest.fixture(autouse=True)
    def register(self):
        call_command("load_register", verbosity=0)

    @pytest.mark.slow
    def test_each_exported_column_stands_in_it(self):
        pack = pack_of(of_everything())
        tables = {table["name"]: table for table in data_of(pack)["tables"]}
        for declaration in SHOWN:
            table = records.RecordTable(declaration)
            columns = {**declaration.export, **declaration.redact}
            assert {
                column["name"]: column["words"] for column in tables[table.file]["columns"]
            } == columns
            assert all(set(row["values"]) == set(columns) for row in tables[table.file]["rows"])
            head = next(
                csv.reader(io.StringIO(opened(pack).read(f"{table.file}.csv").decode("utf-8-sig")))
            )
            assert head == [*columns.values(), *KEPT]

    def test_it_says_of_each_table_what_is_not_shown(self):
        reasons = {
            one["reason"] for one in data_of(pack_of(of_everything()))["explanation"]["withheld"]
        }
        assert {
            reason for declaration in ALL for reason in declaration.withhold.values()
        } <= reasons

    def test_what_nobody_is_shown_is_told_to_everybody(self):
        withheld = explanation.explain({}, [], today=timezone.localdate()).withheld
        told = {reason for one in withheld for reason in [one["reason"]]}
        closed = [declaration for declaration in ALL if declaration not in SHOWN]
        assert {
            reason for declaration in closed for reason in declaration.withhold.values()
        } == told

    def test_every_subject_is_found_through_an_index(self):
        """One step of each path from a record to its person is a column; each such column begins an
        index."""
        missing = []
        with connection.cursor() as cursor:
            for declaration in ALL:
                if declaration.subject_path is None or declaration.subject == "self":
                    continue
                model = declaration.model
                for step in declaration.subject.split("__"):
                    field = model._meta.get_field(step)
                    if not begins_an_index(cursor, model, field):
                        missing.append(f"{model._meta.label}.{step}")
                    model = field.related_model
        assert missing == []


def begins_an_index(cursor, model: type[models.Model], field: models.Field) -> bool:
    """Whether a whole index begins with the column: a partial one would not serve every record."""
    cursor.execute(
        """
        SELECT EXISTS (SELECT FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
                       WHERE i.indrelid = %s::regclass AND a.attname = %s AND i.indpred IS NULL)
    """,
        [model._meta.db_table, field.column],
    )
    return cursor.fetchone()[0]
