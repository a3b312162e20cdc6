"""What has to be told of a new personal field: the field, and its word in the declaration beside
it."""

# ruff: noqa: DJ008

import pytest
from django.db import models
from django.test.utils import isolate_apps

from compliance.access import records
from customers.models import Customer
from privacy import checks
from privacy.declarations import Delete, declared
from privacy.fields import SealedTextField

OWN_WORDS = {"star_sign": "Your star sign"}


def model(**declaration):
    """A made-up table of a room, whose declaration says nothing of its field `star_sign` unless it
    is given."""
    body = {
        "category": "identity",
        "subject": "customer",
        "clocks": {"relationship": "customer__relationship_ended_on"},
        "erase": Delete(),
        "internal": ("id", "customer"),
        **declaration,
    }
    with isolate_apps("customers"):

        class Horoscope(models.Model):
            customer = models.ForeignKey(Customer, models.PROTECT, related_name="+")
            star_sign = SealedTextField(null=True)

            class Meta:
                app_label = "customers"

            PersonalData = type("PersonalData", (), body)

    return Horoscope


def faults(made):
    return [f"{fault.msg} {fault.hint}" for fault in checks._faults(made)]


def test_the_field_and_its_word_are_enough():
    made = model(export=OWN_WORDS, own=("star_sign",))
    assert faults(made) == []
    assert declared(made).sorted_fields == ["star_sign", "id", "customer"]
    assert list(records.RecordTable(declared(made)).columns) == ["star_sign"]


def test_a_field_without_its_word_fails_and_says_where_to_write():
    [fault] = faults(model())
    assert "customers.Horoscope.star_sign is not declared" in fault
    assert "Add 'star_sign' to export" in fault
    assert "class Horoscope" in fault
    assert "test_new_field.py" in fault


@pytest.mark.parametrize("part", ["withhold", "internal"])
def test_it_may_be_kept_back_but_not_silently(part):
    given = {"internal": ("id", "customer", "star_sign")} if part == "internal" else {}
    given |= {"withhold": {"star_sign": "The stars forbid it."}} if part == "withhold" else {}
    assert not any("is not declared" in fault for fault in faults(model(**given)))


def test_free_text_also_says_who_reads_it_first():
    [fault] = faults(model(export=OWN_WORDS))
    assert "star_sign is free text that is shown to the person" in fault
