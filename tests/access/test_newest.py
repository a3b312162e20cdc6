"""The newest records of a person: the same as the gathering shows, for many tables at once and page
by page."""

import datetime

import pytest
from django.utils import timezone

from compliance.access import newest_records, records
from compliance.access.reviewed import UNREDACTED
from tests import factories as make

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 5, 1)


@pytest.fixture
def ada():
    ada = make.CustomerFactory(surname="Lovelace")
    for number in range(7):
        make.OrderFactory(customer=ada, placed_on=DAY + datetime.timedelta(days=number // 2))
    (
        make.ContactPointFactory(customer=ada),
        make.ContactNoteFactory(customer=ada),
        make.PaymentCardFactory(customer=ada),
    )
    (
        make.CreditAccountFactory(customer=ada),
        make.FinancialLinkFactory(customer=ada),
        make.ChoiceEventFactory(customer=ada),
    )
    (
        make.PrizeEntryFactory(customer=ada),
        make.DisclosureFactory(customer=ada),
        make.MessageFactory(customer=ada),
    )
    return ada


def orders(customer):
    return next(table for table in records.tables(customer) if table.label == "customers.Order")


def test_the_same_rows_as_in_the_gathering(ada):
    tables = records.tables(ada)
    found = newest_records.newest(tables, ada, most=100, texts=UNREDACTED)
    assert len(found) > 8
    for table in tables:
        gathered = list(records.rows(table, ada, texts=UNREDACTED))
        assert sorted(found[table.label], key=str) == sorted(gathered, key=str)


def test_one_query_for_many_tables(ada, django_assert_num_queries):
    tables = [
        table
        for table in records.tables(ada)
        if not any(map(callable, table.declaration.words.values()))
    ]
    with django_assert_num_queries(1):  # what makes words of codes may ask the database once more
        newest_records.newest(tables, ada, most=3, texts=UNREDACTED)


def test_the_newest_come_first(ada):
    found = newest_records.newest([orders(ada)], ada, most=3, texts=UNREDACTED)["customers.Order"]
    assert [row.values["placed_on"] for row in found] == ["2026-05-04", "2026-05-03", "2026-05-03"]


def test_pages_meet_without_a_gap(ada):
    table, keys, more, last = orders(ada), [], True, ""
    while more:
        rows, more = newest_records.page(table, ada, most=2, texts=UNREDACTED, before=last)
        keys += [row.pk for row in rows]
        last = keys[-1]
    every = [
        row.pk
        for row in newest_records.newest([table], ada, most=100, texts=UNREDACTED)[
            "customers.Order"
        ]
    ]
    assert keys == every
    assert len(every) == 7


@pytest.mark.parametrize("key", ["", "no", "-1", "9" * 40, "\x00"])
def test_a_key_that_is_none_begins_anew(ada, key):
    assert len(newest_records.page(orders(ada), ada, most=20, texts=UNREDACTED, before=key)[0]) == 7


def test_the_key_of_somebody_else_begins_anew(ada):
    other = make.OrderFactory()
    assert (
        len(
            newest_records.page(orders(ada), ada, most=20, texts=UNREDACTED, before=str(other.pk))[
                0
            ]
        )
        == 7
    )


def test_what_has_no_date_comes_last(ada):
    told = make.BreachPersonFactory(customer=ada, told_at=timezone.now(), means="email")
    others = [make.BreachPersonFactory(customer=ada) for _ in range(2)]
    table = next(table for table in records.tables(ada) if table.label == "breaches.BreachPerson")
    keys, last = [], ""
    for _ in range(3):
        rows, more = newest_records.page(table, ada, most=1, texts=UNREDACTED, before=last)
        last = rows[0].pk
        keys.append(int(last))
    assert (keys, more) == ([told.pk, others[1].pk, others[0].pk], False)


def test_what_must_not_be_tipped_off_is_not_there(ada):
    make.FraudMarkerFactory(customer=ada)
    make.DisclosureFactory(
        customer=ada,
        kind="fraud_filing",
        recipient_name="Cifas",
        negotiations_ended_on=None,
        occurred_on=datetime.date(2014, 5, 1),
    )
    assert "Cifas" not in str(
        newest_records.newest(records.tables(ada), ada, most=9, texts=UNREDACTED)
    )
