"""A page that takes too long ends kindly, and what it had begun is taken back."""

import itertools

import pytest
from django.db import OperationalError, connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from customers.models import Customer
from jobs import time_budget
from tests import factories as make

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls(__name__)]


def sql(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


def slow_statement(request):
    with transaction.atomic():
        make.CustomerFactory()
        sql("SET LOCAL statement_timeout = '20ms'; SELECT pg_sleep(5)")


def many_statements(request):
    with transaction.atomic():
        make.CustomerFactory()
    return HttpResponse("never")


def another_fault(request):
    sql("SELECT 1/0")


urlpatterns = [
    path("slow/", slow_statement),
    path("many/", many_statements),
    path("fault/", another_fault),
]


@pytest.mark.parametrize("address", ["/slow/", "/many/"])
def test_it_asks_to_try_again(address, monkeypatch):
    if address == "/many/":  # half of its statements, then its time is over
        seconds = itertools.chain([0, 1, 2], itertools.repeat(31))
        monkeypatch.setattr(time_budget.time, "monotonic", lambda: next(seconds))
    answer = Client().get(address)
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert "This took too long" in answer.content.decode()
    monkeypatch.undo()
    assert not Customer.objects.exists()


def test_any_other_fault_stays_one():
    assert Client(raise_request_exception=False).get("/fault/").status_code == 500


def test_a_wait_for_a_lock_is_one_of_these():
    waited = OperationalError()
    waited.__cause__ = type("Wait", (Exception,), {"pgcode": "55P03"})()
    assert time_budget.out_of_time(waited)
    assert not time_budget.out_of_time(OperationalError())
