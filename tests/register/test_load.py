"""Loading the shipped register."""

import pytest
from django.core.management import call_command
from django.utils import timezone

from audit.models import Entry
from compliance.register import actions, checks, models, shape


@pytest.mark.django_db
class TestLoad:
    def test_every_shipped_row_goes_in(self):
        added = actions.load(by="job:tests")
        tables = shape.shipped_file()
        assert added == {
            "categories": len(tables["category"]),
            "recipients": len(tables["recipient"]),
            "adequacy decisions": len(tables["adequacy"]),
            "purposes": len(tables["purpose"]),
            "retention rules": len(tables["rule"]),
        }

    def test_loaded_register_reads_as_shipped(self, register):
        loaded, file = shape.live(), shape.shipped()
        assert set(loaded.categories) == set(file.categories)
        assert {p.code: set(p.categories) for p in loaded.purposes} == {
            p.code: set(p.categories) for p in file.purposes
        }
        assert {p.code: set(p.bases) for p in loaded.purposes} == {
            p.code: set(p.bases) for p in file.purposes
        }
        assert set(loaded.rules) == set(file.rules)
        assert set(loaded.recipients) == set(file.recipients)
        assert loaded.adequate == file.adequate

    def test_second_load_adds_nothing(self, register):
        entries = Entry.objects.count()
        assert not any(actions.load(by="job:tests").values())
        assert Entry.objects.count() == entries

    def test_an_edit_is_never_overwritten(self, register):
        models.RetentionRule.objects.filter(code="order-tax").update(period=7)
        marketing = models.Purpose.objects.get(code="marketing")
        marketing.categories.clear()
        marketing.lawful_bases.filter(article="a").delete()
        actions.load(by="job:tests")
        assert models.RetentionRule.objects.get(code="order-tax").period == 7
        assert marketing.categories.count() == 0
        assert [basis.article for basis in marketing.lawful_bases.all()] == ["f"]

    def test_a_new_category_joins_the_purposes_that_are_there(self, register):
        purpose = models.Purpose.objects.get(code="marketing")
        category = models.DataCategory.objects.get(code="suppression")
        models.PurposeCategory.objects.filter(datacategory=category).delete()
        category.retention_rules.all().delete()
        category.delete()
        actions.load(by="job:tests")
        assert purpose.categories.filter(code="suppression").exists()
        assert list(checks.live_register_is_whole(None)) == []

    def test_a_missing_row_comes_back(self, register):
        models.RetentionRule.objects.filter(code="order-tax").update(code="my-own-rule")
        assert actions.load(by="job:tests")["retention rules"] == 1

    def test_no_shipped_rule_is_confirmed(self, register):
        assert not models.RetentionRule.objects.exclude(confirmed_on=None).exists()

    def test_one_entry_in_the_trail(self, register):
        entry = Entry.objects.get(event="register_loaded")
        assert entry.actor == "job:tests"
        assert entry.facts["added"]["purposes"] == len(shape.shipped_file()["purpose"])

    def test_history_says_who_and_why(self, register):
        event = models.RetentionRuleEvent.objects.select_related("pgh_context").get(
            code="order-tax"
        )
        assert event.pgh_context.metadata == {
            "actor": "job:tests",
            "why": "Shipped defaults, for the owner to confirm",
        }

    def test_an_agency_keeps_its_code_under_a_new_name(self, register):
        names = (
            models.Recipient.objects.filter(code="transunion")
            .order_by("valid_from")
            .values_list("name", flat=True)
        )
        assert set(names) == {"Callcredit Ltd", "TransUnion International UK Ltd"}

    def test_command_prints_what_it_added(self, capsys):
        call_command("load_register")
        assert (
            "retention rules        " + f"{len(shape.shipped_file()['rule'])} added"
            in capsys.readouterr().out
        )

    def test_quiet_when_asked(self, capsys):
        call_command("load_register", verbosity=0)
        assert capsys.readouterr().out == ""

    def test_defaults_are_confirmed_on_request(self):
        call_command("load_register", "--confirm-defaults", verbosity=0)
        assert set(models.RetentionRule.objects.values_list("confirmed_by", flat=True)) == {
            "job:load_register"
        }

    def test_confirming_passes_over_the_retired(self, register):
        models.RetentionRule.objects.filter(code="order-tax").update(retired_on="2026-01-01")
        both = models.RetentionRule.objects.filter(code__in=["order-tax", "order-sale"])
        assert actions.confirm(both, by="staff:1", why="Board.", now=timezone.now()) == 1
        assert models.RetentionRule.objects.get(code="order-tax").confirmed_on is None

    def test_the_command_passes_over_the_retired_too(self, register):
        models.RetentionRule.objects.filter(code="order-tax").update(retired_on="2026-01-01")
        call_command("load_register", "--confirm-defaults", verbosity=0)
        assert models.RetentionRule.objects.get(code="order-tax").confirmed_on is None
