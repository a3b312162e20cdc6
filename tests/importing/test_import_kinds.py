"""The other kinds of files, each through the command."""

import datetime
from decimal import Decimal

import pytest
from django.db import connection

from customers.draws import draw_actions, fairness
from customers.draws.models import PrizeDraw, PrizeEntry
from customers.models import ContactNote, CreditAccount, FinancialLink, FraudMarker, PaymentCard
from tests import factories as make
from tests.importing.shop import Shop

pytestmark = pytest.mark.django_db
DAY = datetime.date
FULL = "4111 1111 1111 1111"


@pytest.fixture
def shop(tmp_path) -> Shop:
    make.CustomerFactory(customer_number="C1")
    make.CustomerFactory(customer_number="C2")
    return Shop(tmp_path)


def stored(table: str) -> str:
    """Everything that lies in a table, as a dump shows it."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce(string_agg(t::text, ' '), '') FROM {table} t")
        return cursor.fetchone()[0]


class TestCreditAccounts:
    HEADER = "account_number,customer_number,opened_on,credit_limit,balance,status,ended_on,defaulted_on,default_resolved_on"

    def test_they_are_added_and_changed(self, shop):
        shop.sends(
            "credit_accounts",
            [self.HEADER, "A1,C1,2020-01-01,500,12.5,,,,", "A2,C2,2020-01-01,500,0,,,,"],
        )
        result = shop.sends(
            "credit_accounts",
            [
                self.HEADER,
                "A1,C1,2020-01-01,500,0,Written off,2026-01-02,2025-01-01,2026-01-02",
                "A2,C2,2020-01-01,500,0,,,,",
            ],
        )
        assert "1 changed, 1 unchanged" in result.out
        account = CreditAccount.objects.get(account_number="A1")
        assert (account.status, account.balance, account.ended_on) == (
            "written_off",
            Decimal("0.00"),
            DAY(2026, 1, 2),
        )

    @pytest.mark.parametrize(
        ("line", "reason"),
        [
            (
                "A1,C1,2020-01-01,500,0,settled,,,",
                "ended_on: an open account has none, every other needs one",
            ),
            (
                "A1,C1,2020-01-01,500,0,open,2021-01-01,,",
                "ended_on: an open account has none, every other needs one",
            ),
            (
                "A1,C1,2020-01-01,500,0,settled,2019-01-01,,",
                "ended_on: before the account was opened",
            ),
            (
                "A1,C1,2020-01-01,500,0,,,,2021-01-01",
                "defaulted_on is missing: a default was resolved",
            ),
            (
                "A1,C1,2020-01-01,500,0,,,2021-01-01,2020-01-01",
                "default_resolved_on: before the default",
            ),
            (
                "A1,C1,2020-01-01,500,0,lost,2021-01-01,,",
                "status: none of open, settled, written_off, sold",
            ),
            ("A1,C9,2020-01-01,500,0,,,,", "unknown customer"),
        ],
    )
    def test_what_cannot_be_is_refused(self, shop, line, reason):
        result = shop.sends("credit_accounts", [self.HEADER, line])
        assert result.rejects == [["2", reason, line]]


class TestPaymentCards:
    HEADER = "customer_number,token,card_number,expires_on,issue_number,last_used_on"

    def test_a_number_leaves_four_digits(self, shop):
        assert (
            shop.sends("payment_cards", [self.HEADER, f"C1,tok_a,{FULL},12/27,1,2026-01-02"]).code
            == 0
        )
        card = PaymentCard.objects.get()
        assert (card.token, card.last_four, card.expires_on) == ("tok_a", "1111", DAY(2027, 12, 31))
        assert "4111" not in stored("customers_paymentcard")

    def test_number_or_last_four_alike(self, shop):
        shop.sends("payment_cards", [self.HEADER, f"C1,tok_a,{FULL},2027-12,,"])
        result = shop.sends(
            "payment_cards",
            [self.HEADER.replace("card_number", "last_four"), "C1,tok_a,1111,12/2027,,"],
        )
        assert "1 unchanged" in result.out

    @pytest.mark.parametrize(
        "number",
        [
            FULL,
            FULL.replace(" ", "-"),
            "4111111111111112",
            "4111\x0011111111 1111",
            "41.11.1111 11111111",
        ],
    )
    def test_no_number_reaches_the_rejects(self, shop, number):
        result = shop.sends(
            "payment_cards", [self.HEADER, f"C1,tok_a,{number},never,,", f"C1,tok_b,{number},12/27"]
        )
        assert result.code == 2
        written = "".join(shop.listed.read_text().split())
        assert "111111" not in written.replace("-", "").replace(".", "")
        assert len(result.rejects) == 2

    @pytest.mark.parametrize(
        ("line", "reason"),
        [
            (
                "C1,4111111111111111,1111,12/27,,",
                "token: a full card number, which may not be held",
            ),
            ("C1,tok,12,12/27,,", "card_number: neither the last four digits nor a card number"),
            (
                "C1,tok,4111111111111112,12/27,,",
                "card_number: neither the last four digits nor a card number",
            ),
            ("C1,tok,,12/27,,", "last_four is missing"),
            ("C1,tok,1111,13/27,,", "expires_on: not a month of expiry (MM/YYYY)"),
            ("C1,tok,1111,12/2127,,", "expires_on: too far in the future"),
            ("C1,tok,1111,12/27,100,", "issue_number: not one or two digits"),
            ("C1,tok,1111,12/27,,2199-01-01", "last_used_on: a day that has yet to come"),
        ],
    )
    def test_what_cannot_be_is_refused(self, shop, line, reason):
        assert [row[1] for row in shop.sends("payment_cards", [self.HEADER, line]).rejects] == [
            reason
        ]

    @pytest.mark.parametrize(
        "column", ["cvv", "CVC2", "Security Code", "cardSecurityCode", "card-cv2", "PIN", "track1"]
    )
    def test_a_security_code_refuses_the_file(self, shop, column):
        result = shop.sends(
            "payment_cards", [f"{self.HEADER},{column}", "C1,tok,1111,12/27,,,123"], keep_good=True
        )
        assert (result.code, PaymentCard.objects.count()) == (2, 0)
        assert "may never be kept" in result.err

    def test_shipping_is_no_pin(self, shop):
        result = shop.sends("payment_cards", [f"{self.HEADER},shipping", "C1,tok,1111,12/27,,,x"])
        assert (result.code, PaymentCard.objects.count()) == (0, 1)
        assert "ignored: shipping" in result.out

    def test_neither_column_is_named(self, shop):
        result = shop.sends("payment_cards", ["customer_number,token,expires_on", "C1,tok,12/27"])
        assert "lacks the column last_four or card_number" in result.err


class TestContactNotes:
    HEADER = "reference,customer_number,kind,at,text,taken_by,thread_closed_on"

    def test_a_text_may_run_on(self, shop):
        text = f'"She said ""now"".\nCard {FULL}, cvv 123\nThen rang off."'
        assert (
            shop.sends(
                "contact_notes", [self.HEADER, f"R1,C1,Telephone call,2026-07-01 14:30,{text},,"]
            ).code
            == 0
        )
        note = ContactNote.objects.get()
        assert (
            note.text == 'She said "now".\nCard [card ending 1111], cvv [removed]\nThen rang off.'
        )
        assert note.at == datetime.datetime(2026, 7, 1, 13, 30, tzinfo=datetime.UTC)
        assert (note.kind, note.taken_by) == ("call", "shop")

    def test_only_swallowed_lines_are_lost(self, shop):
        result = shop.sends(
            "contact_notes",
            [
                self.HEADER,
                "R1,C1,call,2026-07-01 14:30,fine,,",
                'R2,C1,call,2026-07-01 14:30,"never closed,,',
                "R3,C1,call,2026-07-01 14:30,swallowed,,",
                'R4,C1,call,2026-07-01 14:30,"fine\ntoo",,',
                "R5,C2,call,2026-07-01T14:30:00+02:00,fine,,2026-07-02",
            ],
            keep_good=True,
        )
        assert [row[0] for row in result.rejects] == ["3", "4"]
        assert set(ContactNote.objects.values_list("reference", flat=True)) == {"R1", "R4", "R5"}

    def test_a_rejected_note_is_shown_whole(self, shop):
        result = shop.sends(
            "contact_notes", [self.HEADER, 'R1,C9,call,2026-07-01 14:30,"two\nlines",,']
        )
        assert result.rejects == [
            ["2", "unknown customer", 'R1,C9,call,2026-07-01 14:30,"two\nlines",,']
        ]

    def test_it_closes_after_it_began(self, shop):
        result = shop.sends(
            "contact_notes", [self.HEADER, "R1,C1,call,2026-07-01 14:30,x,,2026-06-30"]
        )
        assert [row[1] for row in result.rejects] == ["thread_closed_on: before the contact"]


class TestFinancialLinks:
    HEADER = "customer_number,kind,linked_person,linked_on,disassociated_on"

    def test_the_name_is_sealed(self, shop):
        assert (
            shop.sends(
                "financial_links", [self.HEADER, "C1,financial,Zebedee Quick,2020-01-01,"]
            ).code
            == 0
        )
        assert FinancialLink.objects.get().linked_person == "Zebedee Quick"
        assert "Zebedee" not in stored("customers_financiallink")

    def test_an_end_is_taken_over(self, shop):
        shop.sends("financial_links", [self.HEADER, "C1,financial,Zebedee Quick,2020-01-01,"])
        shop.sends(
            "financial_links",
            [self.HEADER, "C1,Financial associate,zebedee quick,2020-01-01,2021-01-01"],
        )
        assert FinancialLink.objects.get().disassociated_on == DAY(2021, 1, 1)

    def test_a_backward_link_is_refused(self, shop):
        result = shop.sends(
            "financial_links", [self.HEADER, "C1,household,Zoe,2020-01-01,2019-01-01"]
        )
        assert [row[1] for row in result.rejects] == ["disassociated_on: before the link began"]


class TestFraudMarkers:
    HEADER = "reference,customer_number,status,details,opened_on,closed_on,filed_on"

    def test_details_are_sealed_and_redacted(self, shop):
        assert (
            shop.sends(
                "fraud_markers", [self.HEADER, f"F1,C1,suspected,Used {FULL} twice,2026-01-01,,"]
            ).code
            == 0
        )
        assert FraudMarker.objects.get().details == "Used [card ending 1111] twice"
        assert "twice" not in stored("customers_fraudmarker")

    def test_a_marker_that_is_over_stays_so(self, shop):
        line = "F1,C1,suspected,,2026-01-01,,"
        shop.sends("fraud_markers", [self.HEADER, line])
        FraudMarker.objects.update(status="cleared", closed_on="2026-02-01")
        assert (
            "1 unchanged" in shop.again("fraud_markers").out
        )  # what the desk decided is not undone by yesterday's line
        result = shop.sends(
            "fraud_markers", [self.HEADER, line.replace("2026-01-01", "2026-01-02")]
        )
        assert [row[1] for row in result.rejects] == [
            "status: the marker on record cannot go there; a new suspicion has a new reference"
        ]

    def test_it_closes_after_it_opened(self, shop):
        result = shop.sends("fraud_markers", [self.HEADER, "F1,C1,cleared,,2026-01-02,2026-01-01,"])
        assert [row[1] for row in result.rejects] == ["closed_on: before the investigation opened"]


class TestPrizeEntries:
    HEADER = (
        "draw,draw_name,draw_opens_on,draw_closes_on,customer_number,name,address_1,address_2,postcode,email,"
        "entered_on,awarded_on"
    )
    ANN = (
        "spring,Spring draw,2026-01-01,2026-03-31,C1,Ann,1 Mill Lane,Bradford,BD1 "
        "1AA,ann@example.org,2026-02-01,"
    )
    BEN = "spring,,,,,Ben,2 Mill Lane,,BD1 1AA,ben@example.org,2026-02-01,2026-04-01"

    def test_the_draw_is_created_once(self, shop):
        assert shop.sends("prize_entries", [self.HEADER, self.ANN, self.BEN]).code == 0
        assert "2 unchanged" in shop.again("prize_entries").out
        draw = PrizeDraw.objects.get()
        assert (draw.name, draw.closes_on, draw.entries.count()) == (
            "Spring draw",
            DAY(2026, 3, 31),
            2,
        )

    def test_anyone_may_enter(self, shop):
        shop.sends("prize_entries", [self.HEADER, self.ANN.replace("C1", "C99"), self.BEN])
        ann, ben = sorted(PrizeEntry.objects.all(), key=lambda entry: entry.name)
        assert (ann.customer, ann.customer_number, ann.address) == (
            None,
            "C99",
            "1 Mill Lane\nBradford\nBD1 1AA",
        )
        assert (ben.customer, ben.customer_number, ben.awarded_on) == (None, None, DAY(2026, 4, 1))

    def test_the_hash_is_the_model_s(self, shop):
        shop.sends("prize_entries", [self.HEADER, self.ANN])
        entry = PrizeEntry.objects.get()
        found = entry.email_lookup, entry.person_lookup
        entry.save()
        assert (entry.email_lookup, entry.person_lookup) == found
        assert entry.person_lookup

    def test_a_customer_is_known_by_number_and_surname(self, shop):
        make.CustomerFactory(customer_number="C7", surname="de la Cruz")
        shop.sends(
            "prize_entries",
            [
                self.HEADER,
                self.ANN.replace("C1,Ann", "C7,Ann De La Cruz"),
                self.ANN.replace("C1,Ann", "C1,Ben").replace("ann@", "ben@"),
            ],
        )
        found = {
            entry.name: entry.customer and entry.customer.customer_number
            for entry in PrizeEntry.objects.all()
        }
        assert found == {"Ann De La Cruz": "C7", "Ben": None}

    def test_each_entry_has_a_ticket_and_each_draw_a_seed(self, shop):
        shop.sends("prize_entries", [self.HEADER, self.ANN, self.BEN])
        tickets = set(PrizeEntry.objects.values_list("ticket", flat=True))
        draw = PrizeDraw.objects.get()
        assert len(tickets) == 2
        assert fairness.commitment(draw.seed) == draw.commitment
        shop.sends("prize_entries", [self.HEADER, self.ANN.replace("1 Mill Lane", "1 Hill Lane")])
        assert tickets == set(PrizeEntry.objects.values_list("ticket", flat=True))

    def test_one_person_enters_once(self, shop):
        twice = self.ANN.replace("ann@", "other@").replace("Mill Lane", "MILL LN")
        result = shop.sends("prize_entries", [self.HEADER, self.ANN, twice], keep_good=True)
        assert [row[1] for row in result.rejects] == [
            "the same person has another entry in this draw"
        ]
        result = shop.sends("prize_entries", [self.HEADER, twice], keep_good=True)
        assert [row[1] for row in result.rejects] == [
            "the same person has another entry in this draw"
        ]
        assert PrizeEntry.objects.count() == 1

    def test_one_customer_enters_once(self, shop):
        make.CustomerFactory(customer_number="C7", surname="Cruz")
        first = self.ANN.replace("C1,Ann", "C7,Ann Cruz")
        second = (
            self.ANN.replace("C1,Ann", "C7,A Cruz")
            .replace("ann@", "other@")
            .replace("1 Mill", "9 Hill")
        )
        result = shop.sends("prize_entries", [self.HEADER, first, second], keep_good=True)
        assert (len(result.rejects), PrizeEntry.objects.count()) == (1, 1)

    def test_an_objection_is_never_undone_by_a_file(self, shop):
        header = self.HEADER + ",no_publicity"
        shop.sends("prize_entries", [header, self.ANN + ",yes"])
        shop.sends("prize_entries", [self.HEADER, self.ANN.replace("1 Mill", "2 Mill")])
        entry = PrizeEntry.objects.get()
        assert (entry.no_publicity, entry.address[:6]) == (True, "2 Mill")

    def test_a_draw_that_was_made_takes_no_more(self, shop):
        shop.sends("prize_entries", [self.HEADER, self.ANN, self.BEN.removesuffix("2026-04-01")])
        draw_actions.run(
            PrizeDraw.objects.get(),
            by="job:tests",
            now=datetime.datetime(2026, 4, 1, tzinfo=datetime.UTC),
        )
        assert "2 unchanged" in shop.again("prize_entries").out
        late = self.ANN.replace("ann@", "late@").replace(",Ann,", ",Late,")
        for line in (late, self.ANN.replace("1 Mill", "2 Mill")):
            result = shop.sends("prize_entries", [self.HEADER, line], keep_good=True)
            assert [row[1] for row in result.rejects] == [
                "draw: it has been made, so its entries stand as they are"
            ]

    @pytest.mark.parametrize(
        ("line", "reason"),
        [
            (BEN, "draw: not on record, and the line does not say its name and dates"),
            (
                ANN.replace("Spring draw", "Autumn"),
                "draw: its name or dates are not those on record",
            ),
            (ANN.replace("2026-03-31", "2025-03-31"), "draw_closes_on: before the draw opens"),
            (ANN + "2026-01-31", "awarded_on: before the entry"),
        ],
    )
    def test_what_cannot_be_is_refused(self, shop, line, reason):
        if "on record" in reason and line != self.BEN:
            make.PrizeDrawFactory(
                code="spring",
                name="Spring draw",
                opens_on=DAY(2026, 1, 1),
                closes_on=DAY(2026, 3, 31),
            )
        result = shop.sends("prize_entries", [self.HEADER, line], keep_good=True)
        assert [row[1] for row in result.rejects] == [reason]
        assert PrizeEntry.objects.count() == 0

    def test_no_empty_draw_is_left(self, shop):
        shop.sends(
            "prize_entries",
            [self.HEADER, self.ANN.replace("ann@example.org", "nobody")],
            keep_good=True,
        )
        assert not PrizeDraw.objects.exists()
