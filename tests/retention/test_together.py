"""Several at once: two workers of one purge, and somebody who changes a row while it is being
erased."""

import datetime

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from compliance.retention import engine
from compliance.retention.models import ErasedSubject, PurgeProgress
from compliance.retention.people import BatchOutdatedError, People, PurgeTable
from customers.models import Customer, Order
from tests import factories as make
from tests.retention.conftest import make_register

LONG_AGO = datetime.date(2012, 1, 1)


def purge(**options):
    return engine.run(as_of=timezone.localdate(), now=timezone.now(), by="job:test", **options)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
class TestWorkers:
    def test_two_workers_erase_each_record_once(self, monkeypatch):
        make_register()
        monkeypatch.setattr(People, "start", 20)
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO customers_customer (id, customer_number, relationship_ended_on, "
                "created_at) "
                "SELECT gen_random_uuid(), 'W' || n, %s, now() FROM generate_series(1, 500) n",
                [LONG_AGO],
            )
            cursor.execute(
                "INSERT INTO customers_order (customer_id, number, placed_on, "
                "financial_year_end, total) "
                "SELECT id, customer_number || '-' || o, %s, %s, 1 FROM customers_customer, "
                "generate_series(1, 2) o",
                [LONG_AGO, LONG_AGO],
            )
        report = purge(workers=2)
        assert sum(line.erased for line in report.lines) == 1500
        assert (Customer.objects.count(), Order.objects.count(), ErasedSubject.objects.count()) == (
            0,
            0,
            500,
        )


class TestChangesMeanwhile:
    @pytest.mark.parametrize("error", [IntegrityError("a row came in"), BatchOutdatedError()])
    def test_a_batch_that_met_a_change_is_done_anew(self, register, monkeypatch, error):
        customer = make.CustomerFactory(relationship_ended_on=LONG_AGO)
        make.OrderFactory.create_batch(
            2, customer=customer, placed_on=LONG_AGO, financial_year_end=LONG_AGO
        )
        plain, failures = PurgeTable.erase, [error]

        def erase(table, ids, kept):
            erased = plain(table, ids, kept)
            if table.model is Order and failures:
                raise failures.pop()
            return erased

        monkeypatch.setattr(PurgeTable, "erase", erase)
        purge()
        assert (Customer.objects.count(), failures) == (0, [])
        assert sum(PurgeProgress.objects.values_list("erased", flat=True)) == 3

    def test_a_change_that_never_ends_is_said(self, register, monkeypatch):
        make.CustomerFactory(relationship_ended_on=LONG_AGO)
        monkeypatch.setattr(
            PurgeTable, "erase", lambda *args: (_ for _ in ()).throw(BatchOutdatedError)
        )
        with pytest.raises(BatchOutdatedError):
            purge()
        assert Customer.objects.count() == 1
