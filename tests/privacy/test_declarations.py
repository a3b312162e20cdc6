"""Forgetting fails the build: each fault of a declaration is named, with the file and class to
write in."""

# ruff: noqa: DJ008

import pytest
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Q
from django.test.utils import isolate_apps

from customers.models import ContactNote, Customer, Order, PaymentCard
from privacy import checks
from privacy.declarations import Blank, Declaration, Delete, _read, declarations, declared, resolve
from privacy.fields import LookupHashField, SealedTextField


def sentences(model):
    return [f"{fault.id} {fault.msg} {fault.hint}" for fault in checks._faults(model)]


@pytest.fixture
def redeclared(monkeypatch):
    """`redeclared(PaymentCard, export={...})`: the model with part of its declaration changed for
    one test."""

    def change(model, **parts):
        body = {
            name: value
            for name, value in vars(model.PersonalData).items()
            if not name.startswith("__")
        }
        monkeypatch.setattr(model, "PersonalData", type("PersonalData", (), {**body, **parts}))
        _read.cache_clear()
        return sentences(model)

    yield change
    monkeypatch.undo()
    _read.cache_clear()


def test_every_model_of_the_project_is_declared():
    assert checks.every_model_is_declared(None) == []


class TestAForgottenField:
    def test_it_is_named_with_what_to_write_where(self, redeclared):
        [sentence] = redeclared(
            PaymentCard,
            export={
                "last_four": "Last four digits",
                "expires_on": "Expires",
                "issue_number": "Issue number",
            },
        )
        assert "privacy.E002 customers.PaymentCard.last_used_on is not declared" in sentence
        assert "Add 'last_used_on' to export" in sentence
        assert "customers/models" in sentence
        assert "class PaymentCard" in sentence

    @pytest.mark.parametrize(
        "model", [d.model for d in declarations()], ids=lambda model: model._meta.label
    )
    def test_no_field_of_any_model_can_be_left_out(self, model, redeclared):
        for part in ("export", "withhold", "internal"):
            words = getattr(model.PersonalData, part, {})
            for name in words:
                rest = (
                    {k: words[k] for k in words if k != name}
                    if isinstance(words, dict)
                    else tuple(word for word in words if word != name)
                )
                assert any(
                    f".{name} is not declared" in sentence
                    for sentence in redeclared(model, **{part: rest})
                )
                redeclared(model, **{part: words})

    def test_a_doubled_field_is_named(self, redeclared):
        [sentence] = redeclared(PaymentCard, internal=("id", "customer", "token"))
        assert "E003 customers.PaymentCard.token is declared 2 times" in sentence

    def test_an_invented_field_is_named(self, redeclared):
        [sentence] = redeclared(PaymentCard, internal=("id", "customer", "colour"))
        assert (
            "E004 customers.PaymentCard declares 'colour', which is not one of its fields"
            in sentence
        )


class TestWhatIsShown:
    def test_free_text_is_read_first_or_called_the_persons_own(self, redeclared):
        [sentence] = redeclared(ContactNote, review=())
        assert (
            "E013 customers.ContactNote.text is free text that is shown to the person" in sentence
        )

    def test_a_sealed_date_names_nobody(self, redeclared):
        assert redeclared(Customer, own=("title", "given_names", "surname")) == []

    def test_nothing_is_both_read_first_and_their_own(self, redeclared):
        [sentence] = redeclared(ContactNote, own=("text",))
        assert "E012 customers.ContactNote.text" in sentence

    def test_words_are_for_what_is_shown(self, redeclared):
        [sentence] = redeclared(Order, words={"customer": "customer__customer_number"})
        assert "E014 customers.Order.customer has words" in sentence

    def test_a_path_to_words_leads_somewhere(self, redeclared):
        [sentence] = redeclared(Order, words={"number": "customer__colour"})
        assert "the words of 'number' 'customer__colour' leads nowhere" in sentence


class TestAWrongPath:
    @pytest.mark.parametrize(
        ("clocks", "fault"),
        [
            ({"sale": "sold_on"}, "the clock 'sale' 'sold_on' leads nowhere"),
            ({"sale": "customer__sold_on"}, "leads nowhere"),
            ({"sale": "lines__supplied_on"}, "leads nowhere"),
            ({"sale": "placed_on__year"}, "leads nowhere"),
            ({"sale": "number"}, "the clock 'sale' 'number' is not a date"),
            ({"sale": "customer"}, "is not a date"),
        ],
    )
    def test_a_clock_that_shows_no_date(self, clocks, fault, redeclared):
        [sentence] = redeclared(Order, clocks=clocks)
        assert "E005 customers.Order" in sentence
        assert fault in sentence

    @pytest.mark.parametrize("subject", ["buyer", "number", "lines"])
    def test_a_subject_that_leads_to_no_person(self, subject, redeclared):
        [sentence] = redeclared(Order, subject=subject)
        assert f"E005 customers.Order: the subject {subject!r}" in sentence

    @pytest.mark.parametrize(
        "part", [{"conditions": {"red": Q(colour="red")}}, {"no_tipping_off": Q(colour="red")}]
    )
    def test_a_condition_on_a_missing_field(self, part, redeclared):
        [sentence] = redeclared(Order, **part)
        assert "cannot be asked" in sentence


class TestBlanking:
    def test_it_leaves_no_personal_field(self, redeclared):
        blank = Customer.PersonalData.erase
        [sentence] = redeclared(
            Customer, erase=Blank(tuple(f for f in blank.fields if f != "surname"), blank.marker)
        )
        assert (
            "E006 customers.Customer.surname is personal, but blanking would leave it" in sentence
        )

    def test_it_needs_a_column_that_may_be_null(self, redeclared):
        [sentence] = redeclared(
            ContactNote,
            erase=Blank(
                (*ContactNote.PersonalData.export, *ContactNote.PersonalData.withhold),
                marker="thread_closed_on",
            ),
        )[:1]
        assert "but its column refuses null" in sentence


class TestAModelThat:
    @pytest.fixture(autouse=True)
    def _isolated(self):
        with isolate_apps("customers"):
            yield

    def test_says_nothing(self):
        class Diary(models.Model):
            class Meta:
                app_label = "customers"

        [sentence] = sentences(Diary)
        assert "E001 customers.Diary does not say what personal data it holds" in sentence
        assert "test_declarations.py, class Diary" in sentence

    def test_gives_no_reason(self):
        class Diary(models.Model):
            class Meta:
                app_label = "customers"

            class NotPersonal:
                pass

        assert "E001" in sentences(Diary)[0]

    @pytest.mark.parametrize(
        "body",
        [{"category": "x"}, {"category": "x", "subject": "", "erase": Delete(), "colour": 1}],
    )
    def test_uses_words_that_nobody_knows(self, body):
        class Diary(models.Model):
            PersonalData = type("PersonalData", (), body)

            class Meta:
                app_label = "customers"

        assert "E001 The declaration of customers.Diary cannot be read" in sentences(Diary)[0]

    def test_seals_what_it_calls_not_personal(self):
        class Diary(models.Model):
            entry = SealedTextField()

            class Meta:
                app_label = "customers"

            class NotPersonal:
                reason = "Nobody is in it."

        assert (
            "E007 customers.Diary says that it is not personal, and holds entry"
            in sentences(Diary)[0]
        )

    def test_hashes_what_no_rotation_would_renew(self):
        class Diary(models.Model):
            lookup = LookupHashField(kind="diary", value_of="key")

            class Meta:
                app_label = "customers"

            class PersonalData:
                category, subject, erase, internal = "diary", "", Delete(), ("id", "lookup")

        assert any("E009 customers.Diary.lookup" in sentence for sentence in sentences(Diary))

    def test_hides_links_to_a_person_in_a_table_of_its_own(self):
        class Diary(models.Model):
            friends = models.ManyToManyField("self")

            class Meta:
                app_label = "customers"

            class PersonalData:
                category, subject, erase, internal = "diary", "", Delete(), ("id",)

        assert "E008 customers.Diary_friends" in sentences(Diary.friends.through)[0]


class TestReading:
    def test_it_is_read_as_one_value(self):
        declaration = declared(PaymentCard)
        assert isinstance(declaration, Declaration)
        assert (declaration.label, declaration.subject_path) == (
            "customers.PaymentCard",
            "customer__pk",
        )

    def test_the_person_is_the_row_itself(self):
        assert declared(Customer).subject_path == "pk"

    def test_a_path_ends_at_a_column(self):
        assert resolve(Order, "customer__relationship_ended_on").model is Customer
        assert resolve(Order, "customer__pk").name == "id"
        with pytest.raises(FieldDoesNotExist):
            resolve(Order, "lines")

    def test_every_model_says_one_thing(self):
        for model in apps.get_models():
            assert not ({"PersonalData", "NotPersonal"} <= set(vars(model))), model._meta.label
