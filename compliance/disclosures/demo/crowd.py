"""An invented person for each customer number: seeded, so that every clone invents the same.

Towns and postcode districts are real; streets and the last part of each postcode are invented. Telephone numbers are
from Ofcom's ranges for drama, email addresses at the example domains of RFC 2606.
"""

# ruff: noqa: SIM905

import datetime
import random
from collections.abc import Iterable, Iterator

GIVEN = """Aisha Alan Amelia Amir Anita Anthony Arjun Ava Barbara Ben Bethan Brian Callum Carol Catriona Charlotte Chen
Chloe Christine Ciara Colin Craig Daniel David Dawn Deborah Derek Diane Dilys Dorothy Edward Eilidh Elizabeth Ella Emeka
Emily Ewan Farah Fatima Fiona Frances Gareth Gemma George Georgia Gillian Grace Graham Hamish Hannah Harpreet Harriet
Hassan Heather Helen Henry Hugh Ian Imran Irene Isla Ivan Jack Jacqueline James Jasmine Jean Jennifer Joan Joanne John
Joyce Julie Kamal Karen Kathleen Keith Kelly Kenneth Kirsty Kwame Laura Leah Lesley Liam Linda Lorna Lucy Lynn Maeve
Malcolm Margaret Marie Mark Martin Mary Megan Mei Michael Mohammed Moira Nadia Natalie Neil Niamh Nicola Nigel Noor
Oliver Olivia Owen Padraig Pamela Patricia Paul Pauline Peter Philip Piotr Priya Rachel Ravi Rebecca Rhys Richard Robert
Rosemary Ruth Samina Samuel Sandra Sarah Sean Shauna Sheila Simon Sinead Sophie Stephen Stuart Susan Tariq Teresa Thomas
Tomasz Tracey Valerie Victoria Vikram Wendy William Yasmin Yvonne Zainab Zoe""".split()
SURNAMES = """Adams Adeyemi Ahmed Akhtar Ali Allen Anderson Armstrong Asante Bailey Baker Banerjee Barnes Begum Bell Bennett
Blackwood Booth Boyd Bradley Brown Burns Butler Byrne Campbell Carter Chan Chapman Chaudhry Clark Collins Cook Cooper
Cox Craig Cunningham Davies Dhillon Docherty Doyle Driscoll Duncan Edwards Ellis Evans Farrell Ferguson Fisher Fletcher
Foster Fraser Gallagher Gibson Gill Gordon Graham Grant Gray Green Griffiths Hall Hamilton Harris Harrison Harvey Henderson
Hill Hughes Hussain Hutton Iqbal Jackson James Jenkins Johnson Jones Kaur Kelly Kennedy Khan Kowalski Lee Lewis Li Lloyd
MacDonald Mackay Marshall Martin Mason Mbeki McAllister McBride McCarthy Mehta Mensah Miller Mills Mistry Mitchell Moore
Morgan Morris Murphy Murray Nolan Nowak O'Brien O'Connor O'Neill Okeke Osei Owen Palmer Parker Patel Pearson Phillips
Powell Price Quinn Rahman Reid Reynolds Roberts Robertson Rogers Ross Russell Sandhu Scott Shah Sharma Shaw Sheikh Simpson
Singh Smith Stevens Stewart Sutton Taylor Thomas Thompson Thornton Turner Uddin Walker Wallace Walsh Ward Watson Watt
Webb White Wilkinson Williams Wilson Wong Wood Wright Yates Young Zhang""".split()
TITLES = ("Ms", "Mrs", "Mr", "Miss", "Mx", "Dr", "")
STREETS = """Fellmonger Tallow Weaver Sexton Millrace Orchard-End Lantern Cobbler Sparrow Larkfield Thistledown Ropewalk
Damson Hollyhock Kestrel Old-Dairy Paperhanger Saltmaker Bellfounder Quarryside Nightjar Cordwainer Applegarth
Heronsford""".split()
KINDS = ("Road", "Street", "Lane", "Close", "Avenue", "Row", "Gardens", "Drive")
SCOTLAND, NORTHERN_IRELAND, ENGLAND = "scotland", "northern-ireland", "england-and-wales"
# town, postcode districts, drama number without its last three digits, jurisdiction
TOWNS = (
    ("Bradford", ("BD1", "BD5", "BD9"), "0113 496 0", ENGLAND),
    ("Leeds", ("LS6", "LS8", "LS17"), "0113 496 0", ENGLAND),
    ("Sheffield", ("S6", "S10", "S11"), "0114 496 0", ENGLAND),
    ("Bristol", ("BS3", "BS5", "BS7"), "0117 496 0", ENGLAND),
    ("Birmingham", ("B13", "B14", "B29"), "0121 496 0", ENGLAND),
    ("London", ("SE15", "N16", "E17"), "020 7946 0", ENGLAND),
    ("Liverpool", ("L4", "L15", "L18"), "0151 496 0", ENGLAND),
    ("Manchester", ("M14", "M20", "M21"), "0161 496 0", ENGLAND),
    ("Newcastle upon Tyne", ("NE2", "NE6"), "0191 498 0", ENGLAND),
    ("Cardiff", ("CF5", "CF14", "CF24"), "029 2018 0", ENGLAND),
    ("Reading", ("RG1", "RG2", "RG30"), "0118 496 0", ENGLAND),
    ("Leicester", ("LE2", "LE3"), "0116 496 0", ENGLAND),
    ("Edinburgh", ("EH6", "EH10", "EH12"), "0131 496 0", SCOTLAND),
    ("Glasgow", ("G12", "G41", "G42"), "0141 496 0", SCOTLAND),
    ("Belfast", ("BT5", "BT6", "BT9"), "028 9649 6", NORTHERN_IRELAND),
)
LETTERS = "ABDEFGHJLNPQRSTUWXYZ"  # those that end postcodes
DOMAINS = ("example.org", "example.com", "example.net")

Row = dict[str, object]


def people(
    numbers: Iterable[tuple[str, datetime.date, datetime.date]], today: datetime.date
) -> Iterator[Row]:
    """A row of a customers file for each `(customer number, first order, last order)`."""
    dice = random.Random(20101201)  # noqa: S311  invents, protects nothing
    for count, (number, first, last) in enumerate(sorted(numbers), start=1):
        yield _person(dice, number, first, last, today, count)


def _person(
    dice: random.Random,
    number: str,
    first: datetime.date,
    last: datetime.date,
    today: datetime.date,
    count: int,
) -> Row:
    given, surname = dice.choice(GIVEN), dice.choice(SURNAMES)
    town, districts, exchange, jurisdiction = dice.choice(TOWNS)
    began = first - datetime.timedelta(days=dice.randrange(0, 1200))
    phone = (
        f"07700 900{dice.randrange(1000):03}"
        if dice.random() < 0.6
        else f"{exchange}{dice.randrange(1000):03}"
    )
    row: Row = {
        "customer_number": number,
        "title": dice.choice(TITLES),
        "given_names": given if dice.random() < 0.7 else f"{given} {dice.choice(GIVEN)}",
        "surname": surname,
        "date_of_birth": datetime.date(dice.randrange(1935, 1990), 1, 1)
        + datetime.timedelta(days=dice.randrange(365)),
        "email": f"{given}.{surname}{count}@{dice.choice(DOMAINS)}".replace("'", "").lower()
        if dice.random() < 0.93
        else "",
        "phone": phone if dice.random() < 0.85 else "",
        "address_1": _address(dice),
        "address_2": town,
        "postcode": f"{dice.choice(districts)} {dice.randrange(10)}{dice.choice(LETTERS)}{dice.choice(LETTERS)}",
        "jurisdiction": jurisdiction,
        "relationship_began_on": began,
        "relationship_ended_on": _ended(dice, last, today),
    }
    return row


def _address(dice: random.Random) -> str:
    return f"{dice.randrange(1, 180)} {dice.choice(STREETS).replace('-', ' ')} {dice.choice(KINDS)}"


def _ended(dice: random.Random, last: datetime.date, today: datetime.date) -> datetime.date | str:
    """For about a third, a day between the last order and yesterday; half of these lie long enough back to be due."""
    if dice.random() > 1 / 3:
        return ""
    return last + datetime.timedelta(days=dice.randrange(30, max(31, (today - last).days)))
