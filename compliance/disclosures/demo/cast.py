"""The showcase: a few invented customers who together have something to see on every panel.

Days are counted back from today, so that some records are due, some are held and some are kept whenever the
demonstration is set up.
"""

import datetime
from collections.abc import Iterator

SPRING, GARDEN = "spring-hamper", "garden-set"  # prize draws
RICH, BARE, HELD, SUSPECTED = "20001", "20002", "20003", "20005"

Row = dict[str, object]
Files = dict[str, list[Row]]  # by kind of import file


def files(today: datetime.date) -> Files:
    """The rows of each import file, in the order in which they go in."""

    def ago(days: int) -> datetime.date:
        return today - datetime.timedelta(days=days)

    return {
        "customers": list(_customers(ago)),
        "orders": list(_orders(ago)),
        "credit_accounts": list(_accounts(ago)),
        "payment_cards": list(_cards(today, ago)),
        "financial_links": list(_links(ago)),
        "fraud_markers": list(_markers(ago)),
        "prize_entries": list(_entries(ago)),
        "contact_notes": list(_notes(ago)),
        "disclosures": list(_disclosures(today, ago)),
    }


def _customers(ago) -> Iterator[Row]:
    names = (
        "customer_number",
        "title",
        "given_names",
        "surname",
        "date_of_birth",
        "email",
        "phone",
        "address_1",
        "address_2",
        "postcode",
        "jurisdiction",
        "relationship_began_on",
        "relationship_ended_on",
    )
    england, scotland, ireland = "england-and-wales", "scotland", "northern-ireland"
    for row in (
        (
            RICH,
            "Ms",
            "Adaeze Grace",
            "Okafor",
            "1984-07-19",
            "adaeze.okafor@example.org",
            "07700 900461",
            "14 Fellmonger Row",
            "Bradford",
            "BD1 1AA",
            england,
            ago(3100),
            "",
        ),
        (
            "20006",
            "Mr",
            "Chidi",
            "Okafor",
            "1982-01-30",
            "chidi.okafor@example.org",
            "07700 900462",
            "14 Fellmonger Row",
            "Bradford",
            "BD1 1AA",
            england,
            ago(900),
            "",
        ),
        (BARE, "", "Tomos", "Pritchard", "", "tomos@example.net", "", "", "", "", "", ago(40), ""),
        (
            HELD,
            "Mrs",
            "Margaret",
            "Sutherland",
            "1951-11-02",
            "m.sutherland@example.com",
            "0131 496 0388",
            "3 Ropewalk Close",
            "Edinburgh",
            "EH6 4QS",
            scotland,
            ago(5200),
            ago(2700),
        ),
        (
            "20004",
            "Mr",
            "Rajesh",
            "Patel",
            "1975-04-12",
            "rajesh.patel@example.com",
            "0116 496 0217",
            "88 Tallow Street",
            "Leicester",
            "LE2 7ND",
            england,
            ago(2600),
            "",
        ),
        (
            SUSPECTED,
            "Miss",
            "Siobhan",
            "Kelly",
            "1991-09-08",
            "siobhan.kelly@example.net",
            "028 9649 6120",
            "27 Kestrel Gardens",
            "Belfast",
            "BT9 2RJ",
            ireland,
            ago(700),
            "",
        ),
        (
            "20007",
            "Dr",
            "Eleri",
            "Vaughan",
            "1969-03-25",
            "eleri.vaughan@example.org",
            "029 2018 0445",
            "5 Hollyhock Lane",
            "Cardiff",
            "CF14 6TU",
            england,
            ago(4800),
            ago(2600),
        ),
    ):
        yield dict(zip(names, row, strict=True))


def _orders(ago) -> Iterator[Row]:
    goods = (
        ("KET-210", "Kettle, cordless", "34.99", True),
        ("DUV-044", "Duvet cover, double", "28.00", False),
        ("LMP-312", "Reading lamp", "22.50", True),
        ("TWL-100", "Bath towels, set of four", "19.95", False),
        ("HTR-077", "Oil-filled radiator", "64.00", True),
        ("CHR-520", "Garden chair", "45.00", False),
    )
    for number, buyer, days in ((number, RICH, 30 + number * 33) for number in range(27)):
        yield from _order(
            f"H{number + 70001}", buyer, ago(days), goods[number % 6 : number % 6 + 2], ago
        )
    for count, (buyer, days) in enumerate(
        (
            ("20004", 700),
            ("20004", 1500),
            ("20006", 250),
            ("20007", 2900),
            ("20007", 4000),
            (HELD, 2900),
            (HELD, 3300),
            (SUSPECTED, 120),
            (SUSPECTED, 90),
        )
    ):
        yield from _order(
            f"H{count + 60001}", buyer, ago(days), goods[count % 6 : count % 6 + 1], ago
        )


def _order(number: str, buyer: str, placed: datetime.date, goods, ago) -> Iterator[Row]:
    total = sum(float(price) for _, _, price, _ in goods)
    delivered = placed + datetime.timedelta(days=3)
    for line, (code, name, price, critical) in enumerate(goods, start=1):
        yield {
            "order_number": number,
            "customer_number": buyer,
            "placed_on": placed,
            "total": f"{total:.2f}",
            "delivered_on": delivered,
            "line_number": line,
            "product_code": code,
            "description": name,
            "quantity": 1,
            "unit_price": price,
            "safety_critical": "yes" if critical else "no",
            "supplied_on": delivered,
        }


def _accounts(ago) -> Iterator[Row]:
    names = (
        "account_number",
        "customer_number",
        "opened_on",
        "credit_limit",
        "balance",
        "status",
        "ended_on",
        "defaulted_on",
        "default_resolved_on",
    )
    for row in (
        ("A500001", RICH, ago(900), "1500.00", "312.40", "open", "", "", ""),
        ("A500002", RICH, ago(3000), "400.00", "0.00", "settled", ago(1700), "", ""),
        ("A500003", "20004", ago(2500), "800.00", "655.10", "open", "", ago(400), ""),
        (
            "A500004",
            "20004",
            ago(2600),
            "250.00",
            "0.00",
            "written_off",
            ago(2300),
            ago(2450),
            ago(2300),
        ),
        ("A500005", HELD, ago(5000), "600.00", "0.00", "settled", ago(2700), "", ""),
        ("A500006", "20007", ago(4700), "500.00", "0.00", "sold", ago(2600), ago(2900), ago(2600)),
        ("A500007", SUSPECTED, ago(130), "750.00", "402.00", "open", "", "", ""),
    ):
        yield dict(zip(names, row, strict=True))


def _cards(today: datetime.date, ago) -> Iterator[Row]:
    def expiry(days: int) -> str:
        return f"{today + datetime.timedelta(days=days):%m/%Y}"

    names = ("customer_number", "token", "last_four", "expires_on", "issue_number", "last_used_on")
    for row in (
        (RICH, "demo-tok-1", "4242", expiry(700), "", ago(30)),
        (RICH, "demo-tok-2", "0119", expiry(-300), "2", ago(420)),
        (RICH, "demo-tok-3", "7001", expiry(-900), "1", ago(1000)),
        ("20004", "demo-tok-4", "3304", expiry(200), "", ago(700)),
        ("20007", "demo-tok-5", "9920", expiry(-2000), "", ago(2900)),
        (SUSPECTED, "demo-tok-6", "8181", expiry(400), "", ago(90)),
    ):
        yield dict(zip(names, row, strict=True))


def _links(ago) -> Iterator[Row]:
    names = ("customer_number", "kind", "linked_person", "linked_on", "disassociated_on")
    for row in (
        (RICH, "household", "Chidi Okafor", ago(900), ""),
        (RICH, "financial", "Chidi Okafor", ago(880), ""),
        (RICH, "financial", "Emmanuel Bright", ago(2900), ago(800)),
        ("20004", "financial", "Meera Patel", ago(2400), ""),
    ):
        yield dict(zip(names, row, strict=True))


def _markers(ago) -> Iterator[Row]:
    yield {
        "reference": "FR-2001",
        "customer_number": SUSPECTED,
        "status": "suspected",
        "opened_on": ago(80),
        "details": "Two applications within a day, with two dates of birth.",
        "closed_on": "",
        "filed_on": ago(75),
    }
    yield {
        "reference": "FR-2002",
        "customer_number": RICH,
        "status": "victim",
        "opened_on": ago(600),
        "details": "Somebody ordered in her name. She told us herself.",
        "closed_on": ago(560),
        "filed_on": ago(590),
    }


def _entries(ago) -> Iterator[Row]:
    """One draw that is over, to be drawn by the script, and one that is open."""
    spring = {
        "draw": SPRING,
        "draw_name": "Spring hamper",
        "draw_opens_on": ago(160),
        "draw_closes_on": ago(100),
    }
    garden = {
        "draw": GARDEN,
        "draw_name": "Garden furniture set",
        "draw_opens_on": ago(20),
        "draw_closes_on": ago(-40),
    }
    home = {"address_1": "14 Fellmonger Row", "address_2": "Bradford", "postcode": "BD1 1AA"}
    ada = {
        "customer_number": RICH,
        "name": "Adaeze Okafor",
        "email": "adaeze.okafor@example.org",
        **home,
    }
    yield {**spring, **ada, "entered_on": ago(140)}
    yield {**garden, **ada, "entered_on": ago(15)}
    yield {
        **garden,
        "customer_number": "",
        "name": "Jo Harker",
        "email": "jo.harker@example.com",
        "entered_on": ago(12),
        "address_1": "9 Larkfield Row",
        "address_2": "Leeds",
        "postcode": "LS8 2NT",
    }
    for number, name in enumerate(
        ("Mabel Thwaite", "Owen Dyfed", "Sunita Rao", "Callum Baird", "Hetty Larkin")
    ):
        yield {
            **spring,
            "customer_number": "",
            "name": name,
            "email": f"{name.split()[0].lower()}@example.net",
            "entered_on": ago(150 - number),
            "address_1": f"{number + 20} Sparrow Close",
            "address_2": "Leeds",
            "postcode": "LS6 3DN",
        }


def _notes(ago) -> Iterator[Row]:
    names = ("reference", "customer_number", "kind", "at", "text", "taken_by", "thread_closed_on")
    for row in (
        (
            "demo-note-1",
            RICH,
            "call",
            f"{ago(12)} 10:40",
            "Asked when the radiator comes. Told her Thursday; she is in all day.",
            "telephone desk",
            "",
        ),
        (
            "demo-note-2",
            RICH,
            "vulnerability",
            f"{ago(400)} 15:05",
            "Hard of hearing: please write instead of calling.",
            "telephone desk",
            "",
        ),
        (
            "demo-note-3",
            RICH,
            "email",
            f"{ago(590)} 09:12",
            "Reported an order that she never placed. Passed to the fraud "
            "team; the order was cancelled and refunded.",
            "mailroom",
            ago(560),
        ),
        (
            "demo-note-4",
            RICH,
            "letter",
            f"{ago(1500)} 12:00",
            "Sent a copy of the credit agreement of 2018.",
            "mailroom",
            ago(1490),
        ),
        (
            "demo-note-5",
            "20004",
            "call",
            f"{ago(35)} 16:20",
            "Can pay £20 a month from the first. Plan to be written up.",
            "telephone desk",
            "",
        ),
        (
            "demo-note-6",
            HELD,
            "letter",
            f"{ago(2750)} 11:30",
            "Her solicitor claims the kettle caused the fire in her kitchen.",
            "mailroom",
            ago(2700),
        ),
    ):
        yield dict(zip(names, row, strict=True))


def _disclosures(today: datetime.date, ago) -> Iterator[Row]:
    names = (
        "reference",
        "customer_number",
        "kind",
        "occurred_on",
        "recipient",
        "purpose",
        "application",
        "negotiations_ended_on",
        "credit_account",
        "detail",
    )
    search, report = "credit_search", "account_report"
    for row in (
        (
            "demo-search-1",
            RICH,
            search,
            ago(903),
            "experian",
            "credit-decision",
            "APP-9001",
            ago(900),
            "",
            "Full search",
        ),
        (
            "demo-search-2",
            RICH,
            search,
            ago(903),
            "transunion",
            "credit-decision",
            "APP-9001",
            ago(900),
            "",
            "Identity",
        ),
        (
            "demo-search-3",
            "20004",
            search,
            ago(2505),
            "equifax",
            "credit-decision",
            "APP-9002",
            ago(2500),
            "",
            "Full search",
        ),
        (
            "demo-search-4",
            SUSPECTED,
            search,
            ago(131),
            "experian",
            "credit-decision",
            "APP-9003",
            ago(130),
            "",
            "Full search",
        ),
        (
            "demo-search-5",
            "20007",
            search,
            ago(4705),
            "experian",
            "credit-decision",
            "APP-9004",
            ago(4700),
            "",
            "Full search",
        ),
        (
            "demo-search-6",
            "20006",
            search,
            ago(9),
            "experian",
            "credit-decision",
            "APP-9005",
            ago(7),
            "",
            "Full search",
        ),
        (
            "demo-search-7",
            "20006",
            search,
            ago(9),
            "transunion",
            "credit-decision",
            "APP-9005",
            ago(7),
            "",
            "Identity",
        ),
        (
            "demo-filing-1",
            SUSPECTED,
            "fraud_filing",
            ago(75),
            "cifas",
            "fraud-prevention",
            "",
            "",
            "",
            "Application fraud",
        ),
        (
            "demo-filing-2",
            RICH,
            "fraud_filing",
            ago(590),
            "cifas",
            "fraud-prevention",
            "",
            "",
            "",
            "Victim of impersonation",
        ),
        (
            "demo-feed-1",
            RICH,
            "partner_feed",
            ago(500),
            "example-partner",
            "partner-marketing",
            "",
            "",
            "",
            "Autumn catalogue",
        ),
    ):
        yield dict(zip(names, row, strict=True))
    for month in range(1, 19):
        for account, owner, said in (
            ("A500001", RICH, "Paid as agreed"),
            ("A500003", "20004", "Payments missed"),
        ):
            yield dict(
                zip(
                    names,
                    (
                        f"demo-report-{account}-{month}",
                        owner,
                        report,
                        ago(month * 30),
                        "experian",
                        "agency-reports",
                        "",
                        "",
                        account,
                        said,
                    ),
                    strict=True,
                )
            )
