import datetime
import json
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from audit.models import Entry
from compliance.register.models import RetentionRule
from compliance.retention import engine
from compliance.retention.expiry import past_retention
from compliance.retention.models import PurgeRun
from customers.models import Customer, Order
from tests import factories as make

LONG_AGO = datetime.date(2012, 1, 1)


@pytest.fixture(autouse=True)
def _at_three_in_the_morning():
    with time_machine.travel(datetime.datetime(2026, 11, 23, 3, tzinfo=datetime.UTC), tick=False):
        yield


def run(*arguments):
    out = StringIO()
    try:
        call_command("retention_purge", *arguments, stdout=out, stderr=StringIO())
    except SystemExit as stop:
        return stop.code, out.getvalue()
    return 0, out.getvalue()


def figures(*arguments):
    _, text = run("--json", *arguments)
    return {
        (n["model"], n["rule"]): (n["due"], n["held"], n["erased"])
        for n in json.loads(text)["rules"]
    }


@pytest.fixture
def due(register):
    customers = make.CustomerFactory.create_batch(2, relationship_ended_on=LONG_AGO)
    for customer in customers:
        make.OrderFactory.create_batch(
            2, customer=customer, placed_on=LONG_AGO, financial_year_end=LONG_AGO
        )
    make.LegalHoldFactory(customer=customers[0])


class TestFigures:
    def test_the_dry_run_and_the_run_agree(self, due):
        planned, done = figures("--dry-run"), figures()
        assert planned["customers.Order", "order-sale"] == (2, 2, 0)
        assert {key: due for key, (due, _, _) in planned.items()} == {
            key: erased for key, (_, _, erased) in done.items()
        }

    def test_a_dry_run_erases_nothing_and_leaves_no_record(self, due):
        run("--dry-run")
        assert (Order.objects.count(), PurgeRun.objects.count()) == (4, 0)

    def test_the_object_names_the_day_and_each_rule_once(self, due):
        _, text = run("--json", "--dry-run", "--as-of", "2020-01-31")
        report = json.loads(text)
        assert (report["as_of"], report["dry_run"]) == ("2020-01-31", True)
        keys = [(n["category"], n["model"], n["rule"]) for n in report["rules"]]
        assert len(keys) == len(set(keys)) > 20

    def test_the_table_says_what_keeps_records(self, due):
        _, text = run("--dry-run")
        assert "legal hold (2)" in text
        assert "3 records due" in text

    def test_one_category_is_purged_alone(self, due):
        run("--category", "order")
        assert Order.objects.count() == 2
        assert Customer.objects.filter(erased_at=None).count() == 2

    def test_identity_alone_leaves_stubs_under_the_rest(self, due):
        run("--category", "identity")
        assert Order.objects.count() == 4
        assert Customer.objects.filter(erased_at__isnull=False).count() == 1


@pytest.mark.slow
class TestExitCodes:
    def test_done(self, due):
        assert run()[0] == 0

    def test_rules_that_await_confirmation(self, due):
        RetentionRule.objects.filter(code="order-tax").update(confirmed_on=None, confirmed_by="")
        code, text = run()
        assert (code, Order.objects.count()) == (1, 4)
        assert "has not confirmed" in text
        assert run("--accept-defaults")[0] == 0
        assert Order.objects.count() == 2

    @pytest.mark.parametrize("arguments", [["--as-of", "2026-11-24"], ["--category", "nonsense"]])
    def test_wrong_usage(self, due, arguments):
        with pytest.raises(CommandError) as caught:
            run(*arguments)
        assert (caught.value.returncode, Order.objects.count()) == (2, 4)

    def test_a_dry_run_may_look_ahead(self, register):
        make.CustomerFactory(relationship_ended_on=datetime.date(2026, 11, 1))
        assert (
            figures("--dry-run", "--as-of", "2032-11-02")["customers.Customer", "identity-account"][
                0
            ]
            == 1
        )

    def test_another_purge_at_work(self, due):
        other = connections.create_connection("default")
        try:
            with other.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_lock(%s)", [engine.LOCK])
            with pytest.raises(CommandError, match="Another purge") as caught:
                run()
        finally:
            other.close()
        assert (caught.value.returncode, Order.objects.count()) == (3, 4)


@pytest.mark.slow
class TestCost:
    def test_a_batch_is_one_statement_however_many_rows(self, register):
        def statements(orders):
            customer = make.CustomerFactory(relationship_ended_on=LONG_AGO)
            make.OrderFactory.create_batch(
                orders, customer=customer, placed_on=LONG_AGO, financial_year_end=LONG_AGO
            )
            with CaptureQueriesContext(connection) as queries:
                run()
            return len(queries)

        assert statements(2) == statements(40)


class TestImports:
    def test_what_is_past_its_period_is_named(self, register):
        old = make.OrderFactory(placed_on=LONG_AGO, financial_year_end=LONG_AGO)
        make.OrderFactory(placed_on=datetime.date(2026, 1, 1))
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE TEMPORARY TABLE fresh ON COMMIT DROP AS SELECT id FROM customers_order"
            )
        assert list(past_retention(Order, "fresh")) == [old.pk]


class TestTrail:
    def test_the_purge_leaves_counts_and_no_ids(self, due):
        run()
        facts = Entry.objects.get(event="purge_finished").facts
        assert facts["erased"] == 3
        assert {
            "model": "customers.Order",
            "rule": "order-sale",
            "due": 2,
            "held": 2,
            "erased": 2,
        } in facts["rules"]

    def test_a_failed_run_says_so(self, due, monkeypatch):
        monkeypatch.setattr(engine, "delete_emptied_customers", lambda *args: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            run()
        assert PurgeRun.objects.get().outcome == "failed"
