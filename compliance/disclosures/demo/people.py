"""Who the invented customers are."""

import datetime
from collections.abc import Callable, Iterator

RICH, BARE, HELD, SUSPECTED = "20001", "20002", "20003", "20005"

Row = dict[str, object]
Ago = Callable[[int], datetime.date]  # a number of days before today, as a date


def customers(ago: Ago) -> Iterator[Row]:
    """The invented customers."""
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
