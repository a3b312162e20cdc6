"""What is missing from a register, and what the reader is told to write where."""

import datetime
from dataclasses import replace

import pytest
from django.core.management import CommandError, call_command
from django.core.management.base import SystemCheckError
from django.db import connection

from compliance.register import checks, models, shape
from compliance.register.shape import RecipientRow, RuleRow
from customers.models import Order, OrderLine, PaymentCard
from privacy.declarations import declared

ORDER, LINE, CARD = declared(Order), declared(OrderLine), declared(PaymentCard)
ABROAD = RecipientRow("depot", "Depot GmbH", country="CH")


@pytest.fixture
def whole() -> shape.Register:
    """A register of two categories that has everything."""
    return shape.Register(
        source="test",
        categories=("order", "payment_card"),
        purposes=(
            shape.PurposeRow("orders", ("order", "payment_card"), ("b",), ("shop",)),
            shape.PurposeRow("tax", ("order",), ("c",)),
        ),
        rules=(
            RuleRow("tax", "order", "tax", "financial_year_end"),
            RuleRow("sale", "order", "orders", "sale"),
            RuleRow("recall", "order", "orders", "supply", "safety_critical"),
            RuleRow("card", "payment_card", "orders", "card_expiry"),
        ),
        recipients=(RecipientRow("carrier", "Carrier Ltd"), replace(ABROAD, safeguard="adequacy")),
        adequate={"CH": "", "US": "Certified organisations."},
    )


def said(register: shape.Register, *declarations) -> list[tuple[str, str]]:
    return [
        (fault.id, fault.msg)
        for fault in checks.faults(register, list(declarations or (ORDER, LINE, CARD)))
    ]


class TestFaults:
    def test_a_whole_register_has_none(self, whole):
        assert said(whole) == []

    def test_category_without_purpose(self, whole):
        faults = said(replace(whole, categories=(*whole.categories, "shoe_size", "hat_size")))
        assert faults == [
            ("register.E001", "The data category 'shoe_size' has no purpose. (test)"),
            ("register.E001", "The data category 'hat_size' has no purpose. (test)"),
        ]

    def test_purpose_without_basis(self, whole):
        systems = ("shop",)
        purposes = tuple(replace(one, bases=(), systems=systems) for one in whole.purposes)
        assert [number for number, _ in said(replace(whole, purposes=purposes))] == [
            "register.E002",
            "register.E002",
        ]

    def test_purpose_with_unknown_category(self, whole):
        odd = shape.PurposeRow("odd", ("order", "shoe_size"), ("f",), ("shop",))
        assert said(replace(whole, purposes=(*whole.purposes, odd)))[0][0] == "register.E003"

    def test_data_about_offences_without_a_condition(self, whole):
        odd = shape.PurposeRow("odd", ("fraud_marker",), ("c",))
        register = replace(whole, categories=(*whole.categories, "fraud_marker"))
        rules = {"declared": [ORDER, LINE, CARD]}
        found = checks.faults(replace(register, purposes=(*whole.purposes, odd)), **rules)
        assert [fault.id for fault in found] == ["register.E015"]
        odd = replace(odd, condition="Schedule 1, paragraph 14.")
        assert checks.faults(replace(register, purposes=(*whole.purposes, odd)), **rules) == []

    def test_model_whose_category_is_unknown(self, whole):
        gone = replace(
            whole,
            categories=("payment_card",),
            rules=whole.rules[3:],
            purposes=(shape.PurposeRow("orders", ("payment_card",), ("b",), ("shop",)),),
        )
        faults = checks.faults(gone, [ORDER, CARD])
        assert faults[0].id == "register.E004"
        assert "customers.Order holds 'order'" in faults[0].msg
        assert "customers/models/orders.py, class Order" in faults[0].hint

    def test_model_without_a_rule(self, whole):
        faults = checks.faults(replace(whole, rules=whole.rules[:3]), [ORDER, LINE, CARD])
        assert [fault.id for fault in faults] == ["register.E005"]
        assert "customers.PaymentCard" in faults[0].msg
        assert "'card_expiry', 'last_payment'" in faults[0].hint

    def test_rule_of_a_retired_purpose(self, whole):
        assert said(replace(whole, purposes=whole.purposes[:1]))[0] == (
            "register.E006",
            "The retention rule 'tax' serves the purpose 'tax', which does not exist or is "
            "retired. (test)",
        )

    def test_condition_that_nobody_declares(self, whole):
        rules = (*whole.rules, RuleRow("odd", "order", "orders", "sale", "gift"))
        faults = checks.faults(replace(whole, rules=rules), [ORDER, LINE, CARD])
        assert [fault.id for fault in faults] == ["register.E007"]
        assert "'safety_critical'" in faults[0].hint

    def test_clock_that_one_of_the_models_lacks(self, whole):
        rules = (*whole.rules, RuleRow("odd", "order", "orders", "supply"))
        faults = said(replace(whole, rules=rules))
        assert [number for number, _ in faults] == ["register.E008"]
        assert "customers.Order does not have" in faults[0][1]

    def test_a_condition_narrows_to_the_models_that_declare_it(self, whole):
        assert said(replace(whole, rules=whole.rules), ORDER, LINE, CARD) == []

    def test_recipient_abroad_without_safeguard(self, whole):
        faults = said(
            replace(whole, recipients=(ABROAD, replace(ABROAD, code="shed", name="Shed AG")))
        )
        assert [number for number, _ in faults] == ["register.E009", "register.E009"]
        assert (
            "Depot GmbH ('depot') receives data in Switzerland without a safeguard" in faults[0][1]
        )

    def test_adequacy_that_was_never_decided(self, whole):
        faults = said(
            replace(whole, recipients=(replace(ABROAD, country="IN", safeguard="adequacy"),))
        )
        assert faults[0][0] == "register.E010"
        assert "no adequacy decision for India" in faults[0][1]

    def test_partial_adequacy_asks_why(self, whole):
        american = replace(ABROAD, country="US", safeguard="adequacy")
        assert said(replace(whole, recipients=(american,)))[0][0] == "register.E011"
        assert said(replace(whole, recipients=(replace(american, detail="Certified."),))) == []


class TestShippedFile:
    def test_it_is_whole(self):
        assert checks.shipped_register_is_whole(None) == []

    @pytest.mark.parametrize("code", [rule["code"] for rule in shape.shipped_file()["rule"]])
    def test_every_word_of_a_rule_is_declared(self, code):
        rule = next(rule for rule in shape.shipped().rules if rule.code == code)
        assert list(checks.rule_faults(rule, shape.shipped())) == []

    def test_former_names_are_not_todays(self):
        assert "Callcredit Ltd" not in {
            r.name for r in shape.shipped(datetime.date(2026, 11, 1)).recipients
        }
        assert "Callcredit Ltd" in {
            r.name for r in shape.shipped(datetime.date(2018, 11, 1)).recipients
        }


@pytest.mark.django_db
class TestLiveRegister:
    def test_empty_tables_say_nothing(self):
        assert checks.live_register_is_whole(None) == []

    def test_tables_that_are_not_there_say_nothing(self):
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE register_datacategory RENAME TO elsewhere")
        assert checks.live_register_is_whole(None) == []

    def test_seven_queries(self, register, django_assert_num_queries):
        with django_assert_num_queries(9):  # seven, within one savepoint
            assert checks.live_register_is_whole(None) == []

    def test_check_names_the_rule_that_was_retired(self, register):
        models.RetentionRule.objects.filter(category__code="identity").update(
            retired_on="2026-11-01"
        )
        with pytest.raises(
            SystemCheckError, match=r"No retention rule in use covers customers\.Customer"
        ):
            call_command("check")

    def test_check_names_the_recipient_without_safeguard(self, register):
        models.Recipient.objects.filter(code="example-mail").update(safeguard="")
        with pytest.raises(
            SystemCheckError,
            match=r"Example Mail Services Inc .* in the United States without a safeguard",
        ):
            call_command("check")

    def test_a_fault_on_the_desk_stops_no_other_command(self, register):
        models.Recipient.objects.filter(code="example-mail").update(safeguard="")
        try:
            call_command("load_register", verbosity=0, skip_checks=False)
        except CommandError as error:  # pragma: no cover
            pytest.fail(str(error))

    def test_check_is_silent_when_all_is_well(self, register, capsys):
        call_command("check")
        assert "no issues" in capsys.readouterr().out


class TestLostRules:
    def test_a_shipped_clock_that_no_rule_names(self, whole):
        lost = replace(
            whole, rules=whole.rules[1:]
        )  # the tax rule is gone; another still covers orders
        faults = checks.unused(lost, [ORDER])
        assert [fault.id for fault in faults] == ["register.E012"]
        assert "the clock 'financial_year_end' that customers.Order declares" in faults[0].msg

    def test_a_shipped_condition_that_no_rule_names(self, whole):
        lost = replace(whole, rules=[rule for rule in whole.rules if rule.code != "recall"])
        assert {fault.msg.split("(")[0].strip() for fault in checks.unused(lost, [LINE])} == {
            "No retention rule names the clock 'supply' that customers.OrderLine declares.",
            "No retention rule names the condition 'safety_critical' that customers.OrderLine "
            "declares.",
        }

    def test_what_is_shipped_uses_every_clock(self):
        assert checks.unused(shape.shipped()) == []

    @pytest.mark.django_db
    def test_a_deleted_rule_of_the_live_register(self):
        call_command("load_register", verbosity=0)
        models.RetentionRule.objects.filter(code="order-tax").delete()
        assert [fault.id for fault in checks.live_register_is_whole(None)] == ["register.E013"]

    @pytest.mark.django_db
    def test_a_retired_rule_is_not_lost(self):
        call_command("load_register", verbosity=0)
        models.RetentionRule.objects.filter(code="order-sale").update(
            retired_on=datetime.date(2026, 1, 1)
        )
        assert checks.live_register_is_whole(None) == []
