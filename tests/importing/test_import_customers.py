"""customers through the command: sealed, found again, and no word of theirs lost or overwritten."""

import datetime

import pytest
from django.db import connection
from django.utils import timezone

from audit.models import Entry
from customers.models import ContactPoint, Customer
from privacy import seal
from tests.importing.shop import Shop

pytestmark = pytest.mark.django_db
HEADER = (
    "customer_number,title,given_names,surname,date_of_birth,email,phone,address_1,address_2,postcode,jurisdiction,"
    "relationship_began_on,relationship_ended_on"
)
ANN = (
    "C1,Ms,Ann,O'Neill,1980-02-29,Ann@Example.org,07700 900123,12 Mill Lane,Bradford,bd1 "
    "1aa,scotland,2010-01-15,"
)
BEN = "C2,Mr,Ben,Müller,01/03/1975,ben@example.org,,,,,,15/02/2011,"


@pytest.fixture
def shop(tmp_path) -> Shop:
    return Shop(tmp_path)


def versions() -> list:
    """Every row's version: a row that was written to has another."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.xmin::text, c.xmax::text, c.ctid::text FROM customers_customer c UNION ALL "
            "SELECT p.xmin::text, p.xmax::text, p.ctid::text FROM customers_contactpoint p ORDER "
            "BY 3, 1"
        )
        return cursor.fetchall()


def current(number: str, kind: str) -> list[tuple]:
    points = ContactPoint.objects.filter(
        customer__customer_number=number, kind=kind, valid_to=None
    ).order_by("pk")
    return [(point.value, point.source) for point in points]


class TestNewCustomers:
    def test_every_column_is_kept(self, shop):
        assert shop.sends("customers", [HEADER, ANN, BEN]).code == 0
        ann = Customer.objects.get(customer_number="C1")
        assert (ann.full_name, ann.date_of_birth) == ("Ms Ann O'Neill", datetime.date(1980, 2, 29))
        assert (ann.jurisdiction, ann.relationship_began_on) == (
            "scotland",
            datetime.date(2010, 1, 15),
        )
        assert current("C1", "email") == [("Ann@Example.org", "shop")]
        assert current("C1", "phone") == [("+447700900123", "shop")]
        assert current("C1", "address") == [("12 Mill Lane\nBradford\nBD1 1AA", "shop")]

    def test_hashes_are_those_of_the_models(self, shop):
        shop.sends("customers", [HEADER, ANN, BEN])
        for record in [*Customer.objects.all(), *ContactPoint.objects.all()]:
            found = [
                getattr(record, name, None)
                for name in ("surname_lookup", "lookup", "postcode_lookup")
            ]
            record.save()
            assert found == [
                getattr(record, name, None)
                for name in ("surname_lookup", "lookup", "postcode_lookup")
            ]

    def test_nothing_personal_lies_open(self, shop):
        shop.sends("customers", [HEADER, ANN])
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT (SELECT string_agg(c::text, '') FROM customers_customer c) || "
                "(SELECT string_agg(p::text, '') FROM customers_contactpoint p)"
            )
            stored = cursor.fetchone()[0]
        assert not any(word in stored for word in ("Neill", "xample", "Mill", "900123"))

    def test_the_trail_names_the_file(self, shop):
        shop.sends("customers", [HEADER, ANN, BEN])
        entry = Entry.objects.get(event="file_imported")
        assert entry.actor == "job:import_data"
        assert (entry.facts["kind"], entry.facts["added"], entry.facts["lines"]) == (
            "customers",
            2,
            2,
        )


class TestTheSameFileAgain:
    def test_not_a_row_is_touched(self, shop):
        shop.sends("customers", [HEADER, ANN, BEN])
        before = versions()
        result = shop.again("customers")
        assert "2 unchanged" in result.out
        assert versions() == before
        assert Entry.objects.filter(event="file_imported").count() == 1

    def test_an_identical_line_counts_once(self, shop):
        result = shop.sends("customers", [HEADER, ANN, ANN])
        assert result.code == 0
        assert Customer.objects.count() == 1

    def test_a_contradiction_is_refused(self, shop):
        result = shop.sends(
            "customers", [HEADER, ANN, BEN, ANN.replace("Ann,", "Anna,")], keep_good=True
        )
        assert result.code == 1
        assert [row[:2] for row in result.rejects] == [["4", "contradicts an earlier line"]]
        assert Customer.objects.get(customer_number="C1").given_names == "Ann"

    def test_a_former_key_still_knows_it(self, shop, settings):
        shop.sends("customers", [HEADER, ANN])
        settings.PRIVACY_KEYS = (
            "new:ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8," + settings.PRIVACY_KEYS
        )
        assert "1 unchanged" in shop.again("customers").out
        settings.PRIVACY_KEYS = settings.PRIVACY_KEYS.split(",")[0]
        assert "1 unchanged" in shop.again("customers").out


class TestContactPoints:
    def test_a_new_email_ends_the_old(self, shop):
        shop.sends("customers", [HEADER, ANN])
        shop.sends("customers", [HEADER, ANN.replace("Ann@Example.org", "ann@new.example")])
        assert current("C1", "email") == [("ann@new.example", "shop")]
        old = ContactPoint.objects.get(kind="email", valid_to__isnull=False)
        assert (old.value, old.valid_to) == ("Ann@Example.org", timezone.localdate())

    def test_the_others_are_left_alone(self, shop):
        shop.sends("customers", [HEADER, ANN])
        phone = ContactPoint.objects.get(kind="phone").pk
        shop.sends("customers", [HEADER, ANN.replace("Ann@Example.org", "ann@new.example")])
        assert ContactPoint.objects.get(kind="phone").pk == phone

    def test_a_blank_ends_nothing(self, shop):
        shop.sends("customers", [HEADER, ANN])
        shop.sends("customers", [HEADER, ANN.replace("Ann@Example.org", "").replace("Ms", "")])
        assert current("C1", "email") == [("Ann@Example.org", "shop")]
        assert Customer.objects.get().title == "Ms"

    def test_a_correction_outlives_old_news(self, shop):
        shop.sends("customers", [HEADER, ANN])
        self.corrects("ann@right.example")
        shop.again("customers")
        shop.sends("customers", [HEADER, ANN.replace("Ms", "Dr")])
        assert current("C1", "email") == [("ann@right.example", "customer")]
        assert Customer.objects.get().title == "Dr"

    def test_real_news_stands_beside_it(self, shop):
        shop.sends("customers", [HEADER, ANN])
        self.corrects("ann@right.example")
        shop.sends("customers", [HEADER, ANN.replace("Ann@Example.org", "ann@work.example")])
        assert current("C1", "email") == [
            ("ann@right.example", "customer"),
            ("ann@work.example", "shop"),
        ]

    def test_somebody_may_move_back(self, shop):
        for email in ("one@example.org", "two@example.org", "one@example.org"):
            shop.sends("customers", [HEADER, ANN.replace("Ann@Example.org", email)])
        assert current("C1", "email") == [("one@example.org", "shop")]
        assert ContactPoint.objects.filter(kind="email").count() == 3

    def test_a_second_line_is_mended(self, shop):
        shop.sends("customers", [HEADER, ANN])
        shop.sends("customers", [HEADER, ANN.replace("Bradford", "Shipley")])
        assert current("C1", "address") == [("12 Mill Lane\nShipley\nBD1 1AA", "shop")]

    def corrects(self, email: str) -> None:
        point = ContactPoint.objects.get(kind="email")
        point.valid_to = timezone.localdate()
        point.save()
        ContactPoint.objects.create(
            customer=point.customer,
            kind="email",
            value=email,
            source="customer",
            valid_from=timezone.localdate(),
        )


class TestTheEndOfARelationship:
    def test_a_blank_takes_it_back(self, shop):
        shop.sends("customers", [HEADER, ANN + "2026-01-31"])
        assert Customer.objects.get().relationship_ended_on == datetime.date(2026, 1, 31)
        shop.sends("customers", [HEADER, ANN])
        assert Customer.objects.get().relationship_ended_on is None

    def test_a_column_left_out_does_not(self, shop):
        shop.sends("customers", [HEADER, ANN + "2026-01-31"])
        shop.sends("customers", ["customer_number,title", "C1,Dr"])
        assert Customer.objects.get().relationship_ended_on == datetime.date(2026, 1, 31)
        assert Customer.objects.get().title == "Dr"

    def test_the_barrier_is_taken(self, shop):
        shop.sends("customers", [HEADER, ANN])
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = "
                "pg_backend_pid() "
                "AND mode = 'ExclusiveLock' AND (classid::bigint << 32 | objid::bigint) = %s",
                [0x7075726765],
            )
            assert cursor.fetchone()[0] == 1

    def test_it_never_precedes_the_beginning(self, shop):
        shop.sends("customers", [HEADER, ANN])
        result = shop.sends("customers", ["customer_number,relationship_ended_on", "C1,2009-12-31"])
        assert result.rejects == [
            ["2", "relationship_ended_on: before the relationship began", "C1,2009-12-31"]
        ]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("C1,", "C1!,"), "customer_number: not a customer number"),
        (("C1,", ","), "customer_number is missing"),
        (("1980-02-29", "1981-02-29"), "date_of_birth: not a date (YYYY-MM-DD or DD/MM/YYYY)"),
        (("1980-02-29", "29/02/1981"), "date_of_birth: not a date (YYYY-MM-DD or DD/MM/YYYY)"),
        (("1980-02-29", "1/2/1980"), "date_of_birth: not a date (YYYY-MM-DD or DD/MM/YYYY)"),
        (("1980-02-29", "0980-02-29"), "date_of_birth: before 1900"),
        (("1980-02-29", "2199-02-28"), "date_of_birth: a day that has yet to come"),
        (("Ann@Example.org", "ann at home"), "email: not an email address"),
        (("07700 900123", "12"), "phone: not a telephone number in use"),
        (("bd1 1aa", "12345"), "postcode: not a UK postcode"),
        (("bd1 1aa", ""), "postcode is missing: an address needs one"),
        (("12 Mill Lane", ""), "address_1 is missing: a postcode needs an address"),
        (
            ("scotland", "france"),
            "jurisdiction: none of england-and-wales, scotland, northern-ireland",
        ),
        (("O'Neill", "O\x07Neill"), "surname: holds a control character"),
        (("O'Neill", "x" * 201), "surname: longer than 200 characters"),
    ],
)
def test_a_bad_value_is_named(shop, change, reason):
    result = shop.sends("customers", [HEADER, ANN.replace(*change), BEN], keep_good=True)
    assert [row[:2] for row in result.rejects] == [["2", reason]]
    assert list(Customer.objects.values_list("customer_number", flat=True)) == ["C2"]


def test_a_flat_is_found_by_the_whole_of_its_premises(shop):
    shop.sends(
        "customers",
        "customer_number,surname,address_1,address_2,postcode\nA1,Okafor,Flat 2,10 Mill Lane,BD1 "
        "1AA\n",
    )
    point = ContactPoint.objects.get()
    assert point.lookup == seal.lookup_hash("contact_point", point.lookup_key())
