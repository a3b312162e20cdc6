"""What the invented customers bought, paid with and entered."""

import datetime
from collections.abc import Iterator, Sequence

from compliance.disclosures.demo.people import HELD, RICH, SUSPECTED, Ago, Row

SPRING, GARDEN = "spring-hamper", "garden-set"  # prize draws

Good = tuple[str, str, str, bool]  # code, name, price, whether its safety is critical


def orders(ago: Ago) -> Iterator[Row]:
    """What they ordered."""
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
            f"H{number + 70001}", buyer, ago(days), goods[number % 6 : number % 6 + 2]
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
        yield from _order(f"H{count + 60001}", buyer, ago(days), goods[count % 6 : count % 6 + 1])


def _order(number: str, buyer: str, placed: datetime.date, goods: Sequence[Good]) -> Iterator[Row]:
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


def cards(today: datetime.date, ago: Ago) -> Iterator[Row]:
    """The cards they paid with."""

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


def entries(ago: Ago) -> Iterator[Row]:
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
