import pytest

from customers.matching import Given, match
from tests.factories import ContactPointFactory, CustomerFactory

HOME = "1 Mill Lane\nBradford\nBD1 1AA"


@pytest.fixture
def ada(db):
    customer = CustomerFactory(customer_number="A100", given_names="Ada", surname="O’Brien-Łukasz")
    for point in (
        {"value": "ada@example.org"},
        {"phone": True, "value": "+447700900123"},
        {"address": True, "value": HOME},
    ):
        ContactPointFactory(customer=customer, **point)
    CustomerFactory(customer_number="A200", surname="Other")
    return customer


@pytest.mark.parametrize(
    "given",
    [
        Given(name="ada o'brien lukasz", customer_number=" a100 "),
        Given(name="O'BRIEN-ŁUKASZ", customer_number="A 100"),
        Given(name="O’Brien-Łukasz, Ada", customer_number="A100"),
        Given(name="Ms Ada O’Brien-Łukasz, MBE", address="1 Mill Lane, Bradford, BD1 1AA"),
        Given(email=" ADA@example.org "),
        Given(phone="07700 900123"),
        Given(name="Ada OBrien Lukasz", address="1, Mill Lane\nbd11aa"),
        Given(email="ada@example.org", phone="nonsense"),
    ],
)
def test_what_names_her(ada, given):
    assert match(given) == ada


@pytest.mark.parametrize(
    "given",
    [
        Given(),
        Given(name="O’Brien-Łukasz"),
        Given(customer_number="A100"),
        Given(name="Somebody Else", customer_number="A100"),
        Given(name="Somebody Else", customer_number="A100", email="ada@example.org"),
        Given(name="Ada", address=HOME),
        Given(email="ada+tag@example.org"),
        Given(email="not an address"),
        Given(name="x" * 10_000, customer_number="\x00"),
        Given(address="\n\n"),
    ],
)
def test_what_names_nobody(ada, given):
    assert match(given) is None


def test_two_holders_of_one_address_are_nobody(ada):
    ContactPointFactory(value="ada@example.org")
    assert match(Given(email="ada@example.org")) is None


def test_details_of_two_people_are_nobody(ada):
    ContactPointFactory(value="other@example.org")
    assert match(Given(email="other@example.org", phone="07700 900123")) is None


def test_an_address_given_up_names_nobody(ada):
    ada.contact_points.filter(kind="email").update(valid_to="2026-01-01")
    assert match(Given(email="ada@example.org")) is None


def test_a_match_takes_few_queries(ada, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        match(
            Given(
                name="Ada O’Brien-Łukasz",
                email="ada@example.org",
                phone="07700 900123",
                address=HOME,
            )
        )
