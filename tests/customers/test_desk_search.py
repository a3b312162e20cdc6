"""Finding a customer by what they say on the telephone."""

import datetime

import pytest

from customers import models, search
from tests import factories as make

DAY = datetime.date
pytestmark = pytest.mark.django_db
URL = "/admin/customers/customer/"
OLD_RING = "test1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
NEW_RING = f"test2:Hx4dHBsaGRgXFhUUExIREA8ODQwLCgkIBwYFBAMCAQA,{OLD_RING}"


@pytest.fixture
def ada() -> models.Customer:
    """Ada Okafor of Mill Lane, with an email and a telephone in use and an earlier email; and a
    stranger."""
    ada = make.CustomerFactory(customer_number="C0000777", given_names="Ada", surname="Okafor")
    make.ContactPointFactory(customer=ada, value="ada@example.org")
    make.ContactPointFactory(customer=ada, value="okafor@example.net", valid_to=DAY(2021, 5, 3))
    make.ContactPointFactory(customer=ada, phone=True, value="+447700900123")
    make.ContactPointFactory(customer=ada, address=True, value="14 Mill Lane\nBradford\nBD1 1AA")
    make.ContactPointFactory(address=True, value="15 Mill Lane\nBradford\nBD1 1AA")
    return ada


def neighbour(surname: str = "Okafor") -> models.Customer:
    other = make.CustomerFactory(customer_number="C0000778", given_names="Chidi", surname=surname)
    make.ContactPointFactory(customer=other, address=True, value="16 Mill Lane\nBradford\nBD1 1AA")
    return other


def people(text: str) -> list[models.Customer]:
    return [match.customer for match in search.find(text).matches]


class TestDoors:
    @pytest.mark.parametrize("text", ["C0000777", " c0000777 ", "C 0000 777"])
    def test_by_customer_number(self, ada, text):
        assert people(text) == [ada]

    @pytest.mark.parametrize("text", ["ada@example.org", " ADA@Example.ORG"])
    def test_by_email_in_use(self, ada, text):
        assert search.find(text).matches[0].until is None
        assert people(text) == [ada]

    def test_by_earlier_email_says_until_when(self, ada):
        [match] = search.find("okafor@example.net").matches
        assert (match.customer, match.until) == (ada, DAY(2021, 5, 3))

    def test_detail_in_use_again_counts_as_in_use(self, ada):
        make.ContactPointFactory(customer=ada, value="ada@example.org", valid_to=DAY(2015, 1, 1))
        [match] = search.find("ada@example.org").matches
        assert match.until is None

    @pytest.mark.parametrize(
        "text", ["07700 900123", "+44 7700 900 123", "(07700) 900-123", "+44 (0)7700 900123"]
    )
    def test_by_telephone(self, ada, text):
        assert people(text) == [ada]

    @pytest.mark.parametrize(
        "text",
        [
            "Okafor BD1 1AA",
            "okafor, bd11aa",
            "OKAFOR  BD1  1AA",
            "BD1 1AA Okafor",
            "Ada Okafor BD1 1AA",
            "Ms Ada Okáfor, BD1 1AA",
        ],
    )
    def test_by_surname_and_postcode(self, ada, text):
        assert people(text) == [ada]

    def test_longest_surname_wins(self):
        berg, van_den_berg = neighbour("Berg"), make.CustomerFactory(surname="van den Berg")
        make.ContactPointFactory(
            customer=van_den_berg, address=True, value="1 Mill Lane\nBradford\nBD1 1AA"
        )
        assert people("Jan van den Berg BD1 1AA") == [van_den_berg]
        assert people("Berg BD1 1AA") == [berg]

    def test_earlier_address_finds_too(self, ada):
        old = "2 High St\nLeeds\nLS1 4AP"
        make.ContactPointFactory(customer=ada, address=True, value=old, valid_to=DAY(2012, 1, 1))
        assert people("Okafor LS1 4AP") == [ada]

    def test_digits_are_number_or_telephone(self, ada):
        numbered = make.CustomerFactory(customer_number="07700900999")
        assert people("07700900999") == [numbered]
        assert people("07700900123") == [ada]


class TestNobody:
    @pytest.mark.parametrize(
        ("text", "hint"),
        [
            ("BD1 1AA", "add the surname"),
            ("Okafor", "add the postcode"),
            ("ada@", "whole email address"),
            ("07700 900999", "another number"),
            ("Smith BD1 1AA", "how the surname is spelt"),
            ("%%%", "Give a customer"),
            ("01632 96", "Check the number"),
            ("0000000000", "check its digits"),
        ],
    )
    def test_hint_says_what_to_try(self, ada, text, hint):
        found = search.find(text)
        assert not found.matches
        assert hint in found.hint

    def test_erased_customer_is_not_found(self, ada):
        ada.contact_points.all().delete()
        models.Customer.objects.filter(pk=ada.pk).update(
            customer_number=None,
            title=None,
            given_names=None,
            surname=None,
            surname_lookup=None,
            date_of_birth=None,
            erased_at=datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC),
        )
        assert not people("C0000777") + people("ada@example.org") + people("Okafor BD1 1AA")


class TestKeysAndCost:
    def test_found_while_keys_rotate(self, ada, settings):
        settings.PRIVACY_KEYS = NEW_RING
        fresh = make.CustomerFactory(surname="Okafor")
        make.ContactPointFactory(
            customer=fresh, address=True, value="1 Mill Lane\nBradford\nBD1 1AA"
        )
        assert people("ada@example.org") == people("07700900123") == [ada]
        assert set(people("Okafor BD1 1AA")) == {ada, fresh}

    @pytest.mark.parametrize(
        ("text", "queries"),
        [
            ("C0000777", 1),
            ("ada@example.org", 2),
            ("07700 900123", 3),
            ("Okafor BD1 1AA", 2),
            ("nobody@example.org", 1),
        ],
    )
    def test_few_queries_however_many_match(self, ada, django_assert_num_queries, text, queries):
        for number in range(30):
            shared = make.CustomerFactory(surname="Okafor")
            make.ContactPointFactory(customer=shared, value="family@example.org")
            make.ContactPointFactory(
                customer=shared, address=True, value=f"{number} Mill Lane\nBradford\nBD1 1AA"
            )
        with django_assert_num_queries(queries):
            search.find(text)

    def test_only_the_first_fifty_are_shown(self):
        for _ in range(51):
            make.ContactPointFactory(value="everybody@example.org")
        found = search.find("everybody@example.org")
        assert (len(found.matches), found.more) == (50, True)


class TestBox:
    def test_one_match_leads_to_the_page(self, ada, agent, signed_in):
        response = signed_in(agent).post(URL, {"who": "C0000777"})
        assert (response.status_code, response.url) == (303, f"{URL}{ada.pk}/change/")

    def test_several_are_listed_to_choose_from(self, ada, agent, signed_in):
        neighbour()
        page = signed_in(agent).post(URL, {"who": "Okafor BD1 1AA"}).content.decode()
        assert all(
            text in page
            for text in ("C0000777", "C0000778", "Ada Okafor", "Chidi Okafor", "BD1 1AA")
        )

    def test_earlier_detail_is_said(self, ada, agent, signed_in):
        page = (
            signed_in(agent).post(URL, {"who": "okafor@example.net"}, follow=True).content.decode()
        )
        assert "Found by an earlier email address, theirs until 3 May 2021." in page

    def test_nobody_found_helps_on(self, agent, signed_in):
        page = signed_in(agent).post(URL, {"who": "nobody@example.org"}).content.decode()
        assert "Nobody found by email address" in page
        assert "nobody@example.org" in page  # nothing typed is lost

    def test_nothing_typed_is_an_error(self, agent, signed_in):
        assert (
            "Type what the customer tells you."
            in signed_in(agent).post(URL, {"who": " "}).content.decode()
        )

    def test_no_list_and_no_search_by_address(self, ada, agent, signed_in):
        for query in ("", "?q=C0000777", "?customer_number=C0000777", "?all="):
            page = signed_in(agent).get(URL + query).content.decode()
            assert "Okafor</td>" not in page
            assert "C0000777" not in page

    def test_search_is_recorded_without_the_text(self, ada, agent, signed_in, trail):
        signed_in(agent).post(URL, {"who": "Okafor BD1 1AA"})
        entry = trail("customer_searched")
        assert (entry.actor, entry.subject) == (agent.actor, None)
        assert entry.facts == {"kind": "surname_postcode", "matches": 1}
