import base64
import datetime
import hashlib

import pytest
from django.core import serializers
from django.core.exceptions import FieldError
from django.db import DataError, IntegrityError, ProgrammingError, connection, transaction
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.forms import modelform_factory
from django.utils import timezone

from customers.models import ContactNote, Customer
from privacy import seal
from tests import factories as make

pytestmark = pytest.mark.django_db


def in_the_table(customer, column):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM customers_customer WHERE id = %s", [customer.pk])
        return bytes(cursor.fetchone()[0])


class TestSealedTextField:
    @pytest.mark.parametrize("value", ["", "Zoë \U0001f9fe", "a\x00b"])
    def test_it_reads_back_what_was_written(self, value):
        customer = make.CustomerFactory(given_names=value)
        customer.refresh_from_db()
        assert customer.given_names == value

    def test_it_is_sealed_by_update_and_by_bulk_create(self):
        customer = make.CustomerFactory()
        Customer.objects.filter(pk=customer.pk).update(surname="Quick", surname_lookup=None)
        assert in_the_table(customer, "surname").startswith(seal.key_prefix("test1"))
        other = Customer(customer_number="B1", surname="Slow")
        Customer.objects.bulk_create([other])
        assert in_the_table(other, "surname").startswith(seal.key_prefix("test1"))

    def test_it_is_sealed_by_bulk_update_where_no_hash_hangs_on_it(self):
        hold = make.LegalHoldFactory()
        hold.reason = "Another claim."
        type(hold).objects.bulk_update([hold], ["reason"])
        hold.refresh_from_db()
        assert hold.reason == "Another claim."

    def test_bytes_are_refused_for_they_could_be_clear(self):
        with pytest.raises(TypeError, match="seals it itself"):
            make.CustomerFactory(surname=b"Smith")

    @pytest.mark.parametrize(
        "expression",
        [F("given_names"), F("surname"), Value("Smith"), Concat(F("given_names"), Value(" x"))],
    )
    def test_the_database_never_computes_it(self, expression):
        make.CustomerFactory()
        with pytest.raises(FieldError, match="sealed in Python"):
            Customer.objects.update(surname=expression, surname_lookup=None)

    def test_an_expression_on_insert_is_refused_too(self):
        with pytest.raises(FieldError, match="sealed in Python"):
            Customer.objects.create(customer_number="X1", title=Value("Smith"))

    def test_a_plain_column_cannot_be_copied_into_it(self):
        make.CustomerFactory()
        with pytest.raises((ProgrammingError, DataError)), transaction.atomic():
            Customer.objects.update(title=F("jurisdiction"), surname_lookup=None)

    def test_a_value_left_out_is_null_and_never_an_empty_envelope(self):
        with pytest.raises(IntegrityError), transaction.atomic():
            ContactNote.objects.create(
                customer=make.CustomerFactory(), kind="call", at=timezone.now(), taken_by="x"
            )

    @pytest.mark.parametrize(
        "lookup", ["surname", "surname__in", "surname__contains", "surname__gt"]
    )
    def test_it_cannot_be_compared(self, lookup):
        with pytest.raises(FieldError, match="through its hash"):
            Customer.objects.filter(**{lookup: ["x"]})

    def test_it_can_be_asked_whether_it_is_there(self):
        make.CustomerFactory(title=None)
        assert Customer.objects.filter(title__isnull=True).count() == 1

    def test_values_come_out_open(self):
        make.CustomerFactory(surname="Smith")
        assert Customer.objects.values_list("surname", flat=True).get() == "Smith"

    def test_a_value_moved_to_another_column_raises(self):
        customer = make.CustomerFactory()
        with connection.cursor() as cursor:
            cursor.execute("UPDATE customers_customer SET title = surname")
        with pytest.raises(seal.UnsealError):
            customer.refresh_from_db()

    def test_a_wrong_key_raises_through_the_orm(self, settings):
        make.CustomerFactory()
        settings.PRIVACY_KEYS = (
            "test1:" + base64.urlsafe_b64encode(hashlib.sha256(b"wrong").digest()).decode()
        )
        with pytest.raises(seal.UnsealError):
            Customer.objects.get()

    def test_it_is_never_serialised_in_the_clear(self):
        with pytest.raises(FieldError, match="pg_dump"):
            serializers.serialize("json", [make.CustomerFactory()])


class TestForms:
    def form(self, **given):
        return modelform_factory(Customer, fields=["title", "surname", "date_of_birth"])(
            {"title": "Ms", **given}
        )

    def test_a_uk_date_is_understood(self):
        form = self.form(surname="Smith", date_of_birth="29/02/1980")
        assert form.is_valid(), form.errors
        assert form.cleaned_data["date_of_birth"] == datetime.date(1980, 2, 29)

    def test_a_bad_date_is_an_error_not_a_crash(self):
        assert "date_of_birth" in self.form(surname="Smith", date_of_birth="30/02/1980").errors

    def test_blank_is_refused_where_a_value_is_needed(self):
        assert "surname" in self.form(surname="  ", date_of_birth="29/02/1980").errors


class TestSealedDateField:
    @pytest.mark.parametrize(
        "given",
        [
            datetime.date(1980, 2, 29),
            "1980-02-29",
            datetime.datetime(1980, 2, 29, 12, tzinfo=datetime.UTC),
        ],
    )
    def test_it_reads_back_as_a_date(self, given):
        customer = make.CustomerFactory(date_of_birth=given)
        customer.refresh_from_db()
        assert customer.date_of_birth == datetime.date(1980, 2, 29)


class TestLookupHashField:
    def test_it_follows_the_value_that_it_is_worked_out_from(self):
        customer = make.CustomerFactory(surname="Smith")
        customer.surname = "O’Brien"
        customer.save()
        customer.refresh_from_db()
        assert customer.surname_lookup == seal.lookup_hash("surname", "obrien")

    def test_saving_the_value_alone_is_refused(self):
        customer = make.CustomerFactory(surname="Smith")
        customer.surname = "Jones"
        with pytest.raises(FieldError, match=r"'surname_lookup'.*name both in update_fields"):
            customer.save(update_fields=["surname"])

    def test_saving_both_renews_both(self):
        customer = make.CustomerFactory(surname="Smith")
        customer.surname = "Jones"
        customer.save(update_fields=["surname", "surname_lookup"])
        customer.refresh_from_db()
        assert customer.surname_lookup == seal.lookup_hash("surname", "jones")

    def test_other_fields_are_saved_alone(self):
        customer = make.CustomerFactory()
        customer.save(update_fields=["relationship_ended_on"])

    def test_a_queryset_cannot_change_the_value_alone(self):
        make.CustomerFactory()
        with pytest.raises(FieldError, match="surname_lookup"):
            Customer.objects.update(surname="Jones")

    def test_a_half_loaded_row_cannot_be_saved_over_its_hash(self):
        make.CustomerFactory()
        with pytest.raises(FieldError, match="surname_lookup"):
            Customer.objects.only("surname").get().save()

    def test_bulk_update_is_refused_for_it_would_write_the_old_hash(self):
        customer = make.CustomerFactory()
        with pytest.raises(FieldError, match="bulk_update"):
            Customer.objects.bulk_update([customer], ["surname", "surname_lookup"])

    def test_an_upsert_cannot_change_the_value_alone(self):
        customer = make.CustomerFactory()
        with pytest.raises(FieldError, match="surname_lookup"):
            Customer.objects.bulk_create(
                [customer], update_conflicts=True, unique_fields=["id"], update_fields=["surname"]
            )

    def test_bulk_create_works_it_out(self):
        Customer.objects.bulk_create([Customer(customer_number="B1", surname="Slow")])
        assert Customer.objects.get().surname_lookup == seal.lookup_hash("surname", "slow")

    def test_nothing_to_look_up_leaves_null(self):
        assert make.CustomerFactory(surname="—").surname_lookup is None
