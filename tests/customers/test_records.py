import pytest
from django.db import IntegrityError, connection, transaction

from tests import factories as make


@pytest.mark.django_db
class TestSealedAtRest:
    def test_names_are_not_in_the_table(self):
        customer = make.CustomerFactory(surname="Zebedee-Quick")
        with connection.cursor() as cursor:
            cursor.execute("SELECT c::text FROM customers_customer c")
            assert "Zebedee" not in cursor.fetchone()[0]
        customer.refresh_from_db()
        assert customer.surname == "Zebedee-Quick"

    def test_every_record_shows_a_reference(self):
        people = [
            make.CustomerFactory(),
            make.ContactPointFactory(),
            make.PaymentCardFactory(),
            make.OrderLineFactory(),
            make.CreditAccountFactory(),
            make.FraudMarkerFactory(),
            make.FinancialLinkFactory(),
            make.PrizeEntryFactory(),
            make.ContactNoteFactory(),
            make.DisclosureFactory(),
            make.LegalHoldFactory(),
        ]
        for record in people:
            assert str(record.pk)[:8] in str(record)

    def test_a_stub_holds_no_number(self):
        customer = make.CustomerFactory()
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE customers_customer SET erased_at = now() WHERE id = %s", [customer.pk]
            )
