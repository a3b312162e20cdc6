"""Gathering: what is shown of one person, what is masked, and what nobody is told of."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from compliance.access import records
from compliance.access.reviewed import NOT_READ, REDACTED, UNREAD, UNREDACTED
from compliance.cases.lines import Line, as_json
from compliance.register import actions as register_actions
from privacy import seal
from tests import factories as make
from tests.access.people import of_everything

pytestmark = pytest.mark.django_db


def gathered(customer, texts=UNREDACTED):
    return {
        table.label: list(records.rows(table, customer, texts=texts))
        for table in records.tables(customer)
    }


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
    assert [passage.text for passage in records.passages(ada)] == ["Asked when the parcel comes."]


def queries_of(customer) -> int:
    with CaptureQueriesContext(connection) as queries:
        for table in records.tables(customer):
            list(records.rows(table, customer, texts=UNREDACTED))
    return len(queries)


def test_a_query_for_each_table_and_none_for_a_row():
    few, many = of_everything(), of_everything()
    for _ in range(20):
        make.OrderLineFactory(order=make.OrderFactory(customer=many))
        make.ChoiceEventFactory(customer=many), make.PrizeEntryFactory(customer=many)
    queries_of(few)  # the statements are compiled
    words = 4  # the names of senders and of purposes, by two tables each
    assert queries_of(few) == queries_of(many) == 1 + len(records.tables(few)) + words


def test_thousands_of_records_come_through_a_cursor_of_the_server(ada):
    make.OrderFactory(customer=ada)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO customers_order (customer_id, number, placed_on, financial_year_end, "
            "total) "
            "SELECT %s, 'L' || n, '2026-01-05', '2026-01-31', 1 FROM generate_series(1, %s) n",
            [ada.pk, 2 * records.AT_ONCE],
        )
    (table,) = [table for table in records.tables(ada) if table.label == "customers.Order"]
    assert table.many
    assert sum(1 for _ in records.rows(table, ada, texts=UNREDACTED)) == 2 * records.AT_ONCE + 1
    assert not next(
        table for table in records.tables(ada) if table.label == "customers.Customer"
    ).many


def test_records_come_in_the_order_of_their_dates(ada):
    for year in (2016, 2014, 2015):
        make.OrderFactory(customer=ada, placed_on=datetime.date(year, 1, 1))
    assert [row.values["placed_on"] for row in gathered(ada)["customers.Order"]] == [
        "2014-01-01",
        "2015-01-01",
        "2016-01-01",
    ]


def test_codes_read_in_words(ada):
    register_actions.load(by="job:test")
    (
        make.DisclosureFactory(customer=ada),
        make.ChoiceEventFactory(customer=ada, kind="objection", sender="third_parties"),
    )
    make.OutcomeFactory(
        case__customer=ada,
        effect="erase",
        lines=as_json([Line.kept("Orders", "Tax law asks for it")]),
        record='{"first_decided_by": "a computer"}',
    )
    found = {label: rows[0].values for label, rows in gathered(ada).items()}
    assert found["disclosures.Disclosure"]["purpose"] == "Deciding whether to lend to you"
    assert found["preferences.ChoiceEvent"]["sender"] == "All other organisations"
    assert found["cases.Outcome"]["effect"] == "We erased data"
    assert found["cases.Outcome"]["lines"] == "Orders: Kept. Tax law asks for it."
    assert found["cases.Outcome"]["record"] == "First decided by: a computer"


def test_a_passage_says_where_and_when(ada):
    make.ContactNoteFactory(customer=ada, text="She rang.")
    (passage,) = records.passages(ada)
    assert (passage.label, passage.field, passage.title) == (
        "customers.ContactNote",
        "text",
        "Calls, emails, chats and letters: What was said",
    )
    assert passage.when == "2014-06-01T13:00:00+01:00"


def test_a_masked_name_is_never_opened(ada, monkeypatch):
    make.FinancialLinkFactory(customer=ada, linked_person="Charles Babbage")
    opened = []
    plain = seal.unseal
    monkeypatch.setattr(
        seal, "unseal", lambda envelope, column: opened.append(column) or plain(envelope, column)
    )
    assert gathered(ada)["customers.FinancialLink"][0].values["linked_person"] == REDACTED
    assert "customers_customer.surname" in opened
    assert not [column for column in opened if "linked_person" in column]


class TestTheFingerprint:
    def test_answering_the_person_does_not_change_it(self, ada):
        before = records.fingerprint(ada)
        (
            make.CaseEventFactory(case=make.CaseFactory(customer=ada)),
            make.MessageFactory(customer=ada),
        )
        make.CustomerVisitFactory(customer=ada)
        assert records.fingerprint(ada) == before

    def test_a_corrected_text_changes_it(self, ada):
        note = make.ContactNoteFactory(customer=ada, text="She rang.")
        before = records.fingerprint(ada)
        note.text = "She rang twice."
        note.save()
        assert records.fingerprint(ada) != before

    def test_sealing_it_anew_does_not(self, ada):
        before = records.fingerprint(ada)
        ada.save()
        assert records.fingerprint(ada) == before
