"""Gathering: what is shown of one person, what is masked, and what nobody is told of."""


import pytest

from compliance.access import gathering
from compliance.access.reviewed import NOT_READ, UNREAD, UNREDACTED
from tests import factories as make

pytestmark = pytest.mark.django_db


def gathered(customer, texts=UNREDACTED):
    return {table.label: list(gathering.rows(table, customer, texts=texts)) for table in gathering.tables(customer)}


@pytest.fixture
def ada():
    return make.CustomerFactory(surname="Lovelace")


def test_only_tables_that_hold_something(ada):
    make.OrderFactory(customer=ada)
    make.ContactNoteFactory()
    assert set(gathered(ada)) == {"customers.Customer", "customers.Order"}


def test_free_text_that_nobody_read(ada):
    make.ContactNoteFactory(customer=ada)
    assert gathered(ada, UNREAD)["customers.ContactNote"][0].values["text"] == NOT_READ
    assert [passage.text for passage in gathering.passages(ada)] == ["Asked when the parcel comes."]
