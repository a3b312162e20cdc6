"""Entering a prize draw: by anybody, once, in time, without consenting to anything."""

import datetime
import re
import threading
import uuid

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from audit.actions import Refused
from audit.models import Entry
from customers.draws import draw_actions, entries
from customers.draws.entries import Entrant
from customers.draws.models import PrizeEntry
from customers.outbox.models import Message
from tests import factories as make

DAY = datetime.date
pytestmark = pytest.mark.django_db
NOON = datetime.datetime(2026, 6, 15, 11, tzinfo=datetime.UTC)
LAST_MOMENT = datetime.datetime(
    2026, 6, 30, 22, 59, 59, 999_999, tzinfo=datetime.UTC
)  # 23:59:59 in London
TOO_LATE = datetime.datetime(2026, 6, 30, 23, 0, tzinfo=datetime.UTC)
ANN = {
    "name": "Ann O’Neill",
    "email": "Ann@example.org",
    "address_1": "1 Mill Lane",
    "address_2": "",
    "town": "Bradford",
    "postcode": "bd11aa",
    "customer_number": "",
}
BEN = {**ANN, "name": "Ben Noor", "email": "ben@example.org"}


@pytest.fixture
def hamper():
    return make.PrizeDrawFactory(
        published=True,
        code="hamper",
        name="Summer hamper",
        opens_on=DAY(2026, 6, 1),
        closes_on=DAY(2026, 6, 30),
    )


@pytest.fixture
def enter(hamper):
    """`enter(ANN)`: open the page, fill the form in, send it; `at` is when, `ticket` another
    form's."""

    def send(given, *, at=NOON, ticket=None, client=None):
        with time_machine.travel(at, tick=False):
            return (client or Client()).post(
                "/prize-draws/hamper/", {**given, "ticket": ticket or uuid.uuid4()}
            )

    return send


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


class TestEntering:
    def test_entry_is_kept_as_given(self, enter, hamper, trail):
        page = enter({**ANN, "customer_number": "c 12", "no_publicity": "on"})
        entry = PrizeEntry.objects.get()
        assert str(entry.ticket) in text(page)
        assert (entry.name, entry.email, entry.customer_number) == (
            "Ann O’Neill",
            "Ann@example.org",
            "C12",
        )
        assert entry.address == "1 Mill Lane\nBradford\nBD1 1AA"
        assert (entry.entered_on, entry.received_at, entry.no_publicity) == (
            DAY(2026, 6, 15),
            NOON,
            True,
        )
        assert trail("draw_entered").facts == {"draw": hamper.pk, "entry": entry.pk}

    def test_nobody_consents_to_anything(self, enter, hamper):
        with time_machine.travel(NOON):
            page = Client().get("/prize-draws/hamper/")
        assert "Entering is not agreeing to marketing" in text(page)
        assert page.content.count(b'type="checkbox"') == 1  # the objection to being named
        assert "to be able to show that its prizes were awarded" in text(page)
        enter(ANN)
        assert set(Entry.objects.values_list("event", flat=True)) == {
            "draw_entered",
            "message_queued",
        }

    def test_confirmation_is_sent_once(self, enter, hamper):
        enter(ANN)
        enter(ANN)
        message = Message.objects.get()
        assert (message.kind, message.recipient, message.customer) == (
            "prize_entered",
            "Ann@example.org",
            None,
        )
        assert str(PrizeEntry.objects.get().ticket) in message.text

    def test_email_says_nothing_that_was_typed(self, enter, hamper):
        enter({**ANN, "name": "Buy pills at pills.example", "address_1": "pills.example"})
        assert "pills" not in Message.objects.get().text

    def test_customer_is_known_by_number_and_surname(self, enter, hamper):
        customer = make.CustomerFactory(customer_number="C77", surname="O'NEILL")
        enter({**ANN, "customer_number": "c77"})
        enter({**BEN, "customer_number": "c77"})
        ann, ben = PrizeEntry.objects.order_by("pk")
        assert (ann.customer, ben.customer, ben.customer_number) == (customer, None, "C77")


class TestOneEach:
    @pytest.mark.parametrize(
        "again",
        [
            {**ANN, "name": "A. O’Neill", "address_1": "9 Hill Road", "email": " ANN@EXAMPLE.ORG "},
            {
                **ANN,
                "email": "other@example.org",
                "name": "Mrs Ann Oneill",
                "address_1": "1, MILL LN.",
                "town": "Leeds",
            },
        ],
        ids=["email", "name and address"],
    )
    def test_second_entry_is_answered_the_same(self, enter, again):
        first, second = enter(ANN), enter(again)
        tickets = [
            re.search(r"[0-9a-f]{8}-[0-9a-f-]{27}", text(page))[0] for page in (first, second)
        ]
        assert text(first).replace(tickets[0], "") == text(second).replace(tickets[1], "")
        assert first.status_code == second.status_code == 200
        assert str(PrizeEntry.objects.get().ticket) == tickets[0] != tickets[1]

    def test_customer_enters_once(self, enter):
        make.CustomerFactory(customer_number="C77", surname="O'Neill")
        enter({**ANN, "customer_number": "C77"})
        enter(
            {**BEN, "name": "Annie O'Neill", "address_1": "9 Hill Road", "customer_number": "C77"}
        )
        assert PrizeEntry.objects.count() == 1

    def test_email_tells_nobody_who_entered_before(self, enter):
        """Somebody types the name and address of another with an address of their own: in before or
        not, they get the same email, once."""
        enter(ANN)
        for _ in range(2):
            enter({**ANN, "email": "snoop@example.org"})
            enter({**BEN, "email": "curious@example.org"})
        sent = {message.recipient: message for message in Message.objects.all()}
        known, unknown = sent["snoop@example.org"], sent["curious@example.org"]
        assert len(sent) == Message.objects.count() == 3
        ticket = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
        assert ticket.sub("", known.text) == ticket.sub("", unknown.text)

    def test_two_people_of_one_house_are_two(self, enter):
        enter(ANN)
        enter(BEN)
        assert PrizeEntry.objects.count() == 2

    def test_two_draws_are_two(self, enter, hamper):
        make.PrizeEntryFactory(email=ANN["email"], name=ANN["name"])
        enter(ANN)
        assert hamper.entries.count() == 1

    def test_double_click_is_one_entry(self, enter):
        ticket = uuid.uuid4()
        first, second = enter(ANN, ticket=ticket), enter(ANN, ticket=ticket)
        assert text(first) == text(second)
        assert (PrizeEntry.objects.get().ticket, Message.objects.count()) == (ticket, 1)

    def test_form_gone_back_to_enters_the_next_person(self, enter):
        ticket = uuid.uuid4()
        enter(ANN, ticket=ticket)
        page = enter(BEN, ticket=ticket)
        ben = PrizeEntry.objects.exclude(ticket=ticket).get()
        assert str(ben.ticket) in text(page)
        assert str(ticket) not in text(page)

    def test_key_rotation_lets_nobody_in_twice(self, enter, settings):
        enter(ANN)
        settings.PRIVACY_KEYS = f"new1:{'B' * 43},{settings.PRIVACY_KEYS}"
        enter(ANN)
        enter({**ANN, "email": "other@example.org"})
        assert PrizeEntry.objects.count() == 1

    def test_database_holds_it_too(self, hamper):
        make.PrizeEntryFactory(draw=hamper, name="Ann", entered_on=DAY(2026, 6, 2))
        with pytest.raises(IntegrityError):
            make.PrizeEntryFactory(draw=hamper, name="ANN", entered_on=DAY(2026, 6, 2))


class TestWhatIsTyped:
    @pytest.mark.parametrize(
        ("field", "value", "says"),
        [
            ("name", " ", "Give your name."),
            ("name", "??", "Give your name in letters."),
            ("email", "ann", "Give a whole email address, such as name@example.com."),
            ("address_1", "", "Give the first line of your address."),
            ("address_1", "-", "the house, and the street"),
            ("town", "", "Give your town or city."),
            ("postcode", "12345", "Give a UK postcode, such as BD1 1AA."),
            ("postcode", "B" * 40, "too long"),
            ("customer_number", "no idea!", "Leave it empty if you are not sure."),
            ("name", "A\x00nn", "Null characters are not allowed."),
        ],
    )
    def test_fault_is_said_and_the_rest_stays(self, enter, field, value, says):
        page = enter({**ANN, field: value})
        assert says in text(page)
        assert 'role="alert"' in page.content.decode()
        kept = {name: text for name, text in ANN.items() if name != field and text}
        assert all(f'value="{given}"' in page.content.decode() for given in kept.values())
        assert not PrizeEntry.objects.exists()

    def test_form_keeps_its_ticket_through_a_fault(self, enter):
        ticket = uuid.uuid4()
        assert f'value="{ticket}"' in enter({**ANN, "town": ""}, ticket=ticket).content.decode()

    def test_card_number_typed_by_mistake_is_cut(self, enter):
        enter({**ANN, "address_2": "4111 1111 1111 1111"})
        assert "4111" not in PrizeEntry.objects.get().address.replace("ending 1111", "")

    def test_nonsense_for_a_ticket_gets_a_fresh_form(self, enter):
        enter(ANN, ticket="nonsense")
        assert not PrizeEntry.objects.exists()


class TestInTime:
    @pytest.mark.parametrize(
        ("at", "taken"),
        [
            (datetime.datetime(2026, 5, 31, 22, 59, 59, tzinfo=datetime.UTC), False),
            (
                datetime.datetime(2026, 5, 31, 23, 0, tzinfo=datetime.UTC),
                True,
            ),  # midnight in London
            (LAST_MOMENT, True),
            (TOO_LATE, False),
        ],
    )
    def test_days_are_london_days(self, enter, at, taken):
        enter(ANN, at=at)
        assert PrizeEntry.objects.exists() == taken

    def test_too_late_says_so_and_when(self, enter):
        page = text(enter(ANN, at=TOO_LATE))
        assert (
            "Your entry was not taken. This draw closed at the end of 30 June 2026 (UK time)."
            in page
        )
        assert "It reached us on 1 July 2026 at 00:00:00." in page
        assert not Message.objects.exists()

    def test_page_says_when_it_opens(self, hamper):
        with time_machine.travel(datetime.datetime(2026, 5, 1, tzinfo=datetime.UTC)):
            page = Client().get("/prize-draws/hamper/")
        assert "This draw is not open yet. It opens on 1 June 2026." in text(page)
        assert b"<form" not in page.content

    def test_database_decides_by_the_moment_of_receipt(self, hamper):
        make.PrizeEntryFactory(draw=hamper, received_at=LAST_MOMENT, entered_on=DAY(2026, 6, 30))
        with pytest.raises(IntegrityError, match="outside the days"):
            make.PrizeEntryFactory(draw=hamper, received_at=TOO_LATE, entered_on=DAY(2026, 6, 30))

    def test_no_entry_after_the_draw(self, hamper):
        """Received in time, but it came through only when the winners were drawn."""
        make.PrizeEntryFactory(draw=hamper)
        draw_actions.run(hamper, by="job:tests", now=TOO_LATE)
        with pytest.raises(Refused, match="came too late"):
            entries.enter(
                hamper,
                Entrant("Ann", "1 Mill Lane\nBD1 1AA", "ann@example.org"),
                ticket=uuid.uuid4(),
                by="customer:visitor",
                now=LAST_MOMENT,
            )
        with pytest.raises(IntegrityError, match="has been made"), transaction.atomic():
            make.PrizeEntryFactory(draw=hamper)
        assert hamper.entries.count() == 1

    def test_unpublished_draw_is_nowhere(self, client):
        make.PrizeDrawFactory(code="secret")
        assert (
            client.get("/prize-draws/secret/").status_code
            == client.post("/prize-draws/secret/").status_code
            == 404
        )
        assert "no prize draw at the moment" in text(client.get("/prize-draws/"))


class TestLimits:
    def test_one_connection_is_slowed_down(self, enter):
        for number in range(20):
            enter({**ANN, "name": f"Entrant {number}", "email": f"entrant{number}@example.org"})
        page = enter(BEN)
        assert "Try again in an hour: what you typed is still here." in text(page)
        assert 'value="ben@example.org"' in page.content.decode()
        assert PrizeEntry.objects.count() == Message.objects.count() == 20
        enter(BEN, at=NOON + datetime.timedelta(minutes=61))
        assert PrizeEntry.objects.count() == 21


class TestList:
    def test_draws_stand_by_their_state(self, client, hamper):
        make.PrizeDrawFactory(
            published=True,
            name="Winter hamper",
            opens_on=DAY(2026, 12, 1),
            closes_on=DAY(2026, 12, 20),
        )
        make.PrizeDrawFactory(
            published=True,
            name="Spring hamper",
            opens_on=DAY(2026, 3, 1),
            closes_on=DAY(2026, 3, 31),
        )
        with time_machine.travel(NOON), CaptureQueriesContext(connection) as queries:
            page = text(client.get("/prize-draws/"))
        assert sum("draws_prizedraw" in query["sql"] for query in queries) == 1
        assert re.search(
            r"Open now .*Summer hamper.* Coming .*Winter hamper.* Past draws .*Spring hamper", page
        )
        assert "Enter until the end of 30 June 2026 (UK time)" in page

    def test_looking_asks_little_and_changes_nothing(self, client, hamper):
        with time_machine.travel(NOON), CaptureQueriesContext(connection) as queries:
            client.get("/prize-draws/hamper/")
        assert sum("draws_" in query["sql"] for query in queries) == 1
        assert not Entry.objects.exists()


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_ten_clicks_of_one_person_are_one_entry(self, hamper):
        def click():
            try:
                entries.enter(
                    hamper,
                    Entrant("Ann", "1 Mill Lane\nBD1 1AA", "ann@example.org"),
                    ticket=uuid.uuid4(),
                    by="customer:visitor",
                    now=NOON,
                )
            finally:
                connection.close()

        clicks = [threading.Thread(target=click) for _ in range(10)]
        for one in clicks:
            one.start()
        for one in clicks:
            one.join()
        assert (PrizeEntry.objects.count(), Message.objects.count()) == (1, 1)
