"""One door has one key however its address is written, and no other door has the same: a grammar of
addresses, each written in every way that people and systems write them."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customers import normalise
from tests.strength import examples

STREETS = {
    "Mill Lane": ("MILL LANE", "Mill Ln", "mill ln.", "Mill La"),
    "Marischal Street": ("Marischal St", "marischal street", "Marischal St."),
    "King's Road": ("Kings Road", "King’s Rd", "KINGS RD.", "King&#39;s Road"),
    "St John's Terrace": ("Saint Johns Terrace", "St. John’s Terr", "ST JOHNS TER"),
    "The Crescent": ("Crescent", "the cres", "THE CRESCENT"),
    "First Avenue": ("1st Avenue", "First Ave", "1st ave."),
    "Park View": ("PARK VW", "Park View"),
    "Smith & Sons Yard": ("Smith &amp; Sons Yard",),
}
NUMBERED = [f"{n}" for n in range(1, 40)]
TENEMENT = [f"{floor}/{door}" for floor in "0123" for door in "123"]
LETTERED = list("ABCDEF")
FLOORS = ["Ground Floor", "First Floor", "Second Floor", "Third Floor", "Basement", "Top Floor"]
FLATS = st.sampled_from([*NUMBERED, *TENEMENT, *LETTERED, *FLOORS])
HOUSES = st.sampled_from([f"{n}{letter}" for n in range(1, 60) for letter in ("", "a", "b")])
TOWNS = st.sampled_from(["", "\nBradford", ", Bradford", "\nUpper Town\nBradford", ",,Bradford"])
SEPARATORS = st.sampled_from([", ", "\n", " ", ",", " ,\n"])


@st.composite
def flats(draw, flat):
    """A flat, written somehow."""
    if flat in FLOORS:
        short = {"First": "1st", "Second": "2nd", "Third": "3rd", "Ground": "Grnd"}
        level = flat.split()[0]
        level = draw(st.sampled_from([level, level.upper(), short.get(level, level)]))
        ends = (
            [" Flat"]
            if flat == "Basement"
            else [" Floor", " Floor Flat", " Flr Flat", " floor flat"]
        )
        return level + draw(st.sampled_from(ends))
    words = ["Flat ", "FLAT ", "Apartment ", "Apt ", "Apt. ", "flat no. ", "Unit "]
    word = draw(st.sampled_from(words))
    if flat in TENEMENT:
        flat = draw(st.sampled_from([flat, flat.replace("/", " / "), flat.replace("/", "-")]))
    return word + draw(st.sampled_from([flat, flat.lower()]))


@st.composite
def houses(draw, house, street):
    """A house in a street, written somehow."""
    number = draw(st.sampled_from([house, house.upper(), f"No. {house}", f"no {house}"]))
    if house[-1].isalpha():
        number = draw(
            st.sampled_from([number, f"{house[:-1]} {house[-1]}", f"{house[:-1]}-{house[-1]}"])
        )
    name = draw(st.sampled_from([street, *STREETS[street]]))
    return number + draw(st.sampled_from([" ", ", ", "\n", "  "])) + name


@st.composite
def written(draw, flat, house, street, code="BD1 1AA"):
    """An address, written somehow."""
    where = draw(houses(house, street))
    if flat:
        door, between = draw(flats(flat)), draw(SEPARATORS)
        ways = [
            f"{door}{between}{where}",
            f"{where}, {door}",
            f"{where}\n{door}",
            f"{where} ({door})",
        ]
        if flat in TENEMENT:
            ways += [f"{flat}, {where}", f"{flat}\n{where}", f"{where}, {flat}"]
        elif flat in NUMBERED and house.isdigit():
            ways += [f"{flat}/{house} {street}", f"Flat {flat}/{house} {street}"]
        where = draw(st.sampled_from(ways))
    spelt = draw(st.sampled_from([code, code.lower(), code.replace(" ", "")]))
    before = draw(st.sampled_from(["", " ", "c/o Jones, ", "\n"]))
    return f"{before}{where}{draw(TOWNS)}\n{spelt}"


DOORS = st.tuples(st.none() | FLATS, HOUSES, st.sampled_from(list(STREETS)))


class TestTheGrammar:
    @given(st.data(), DOORS)
    @settings(max_examples=examples(300), deadline=None)
    def test_every_way_to_write_a_door_has_its_key(self, data, door):
        one, other = data.draw(written(*door)), data.draw(written(*door))
        assert normalise.address_key(one) == normalise.address_key(other)

    @given(st.data(), DOORS, DOORS)
    @settings(max_examples=examples(300), deadline=None)
    def test_another_flat_or_house_has_another(self, data, door, other):
        flat, house, street = door
        changed = data.draw(st.sampled_from([(other[0], house), (flat, other[1]), other[:2]]))
        one, two = data.draw(written(*door)), data.draw(written(*changed, street))
        same = (flat, house) == changed
        assert (normalise.address_key(one) == normalise.address_key(two)) == same

    def test_no_two_doors_of_a_street_share_a_key(self):
        flats = [None, *NUMBERED[:12], *TENEMENT, *LETTERED]
        houses = [f"{n}{letter}" for n in range(1, 13) for letter in ("", "a")]
        doors = [
            f"{f'Flat {flat}, ' if flat else ''}{house} Mill Lane\nBD1 1AA"
            for flat, house in itertools.product(flats, houses)
        ]
        doors += [
            f"{floor} Flat, {house} Mill Lane\nBD1 1AA" for floor in FLOORS for house in houses
        ]
        assert len({normalise.address_key(door) for door in doors}) == len(doors)


@pytest.mark.parametrize(
    "ways",
    [
        ("2F1, 30 Marischal St", "Flat 2F1, 30 Marischal Street", "30 Marischal Street (2F1)"),
        ("30/2/1 Marischal Street", "2/1, 30 Marischal St", "Flat 2-1, 30 Marischal Street"),
        (
            "Flat 1 - 12 Mill Lane",
            "Flat one, 12 Mill Lane",
            "1, 12 Mill Lane",
            "Flat 1 at 12 Mill Ln",
        ),
        ("Flat 3, Rose Court, 12 Mill Lane", "Rose Court, Flat 3, 12 Mill Lane"),
        ("Block C, Flat B2, 10 The Green", "Flat B2, Block C, 10 The Green"),
        ("The Annexe, 12 Mill Lane", "Annex, 12 Mill Ln"),
        ("Flat above 12 High Street", "The Flat, 12 High St"),
        ("12-14 Mill Lane", "12 - 14 Mill Ln"),
        ("12 Mill Lane Bradford", "12 Mill Lane\nBradford"),
        ("First Floor Left, 10 Kings Road", "1st Floor Left, 10 Kings Rd"),
    ],
)
def test_other_ways_to_write_one_door(ways):
    assert len({normalise.address_key(f"{one}\nG1 1AA") for one in ways}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The Annexe, 12 Mill Lane", "The Annexe, 14 Mill Lane"),
        ("Room 3, 12 Mill Lane", "Room 3, 14 Mill Lane"),
        ("Flat 2, First Floor, 12 Mill Lane", "Flat 2, Second Floor, 12 Mill Lane"),
        ("2/1, 30 Marischal Street", "2/1, 32 Marischal Street"),
        ("First Floor Flat, 10 Kings Road", "First Floor Flat, 14 Kings Road"),
        ("First Floor Left, 10 Kings Road", "First Floor Right, 10 Kings Road"),
        ("Block B, Flat 2, 10 The Green", "Block C, Flat 2, 10 The Green"),
        ("12 Flat Lane", "14 Flat Lane"),
        ("Rose Cottage, Mill Lane", "Ivy Cottage, Mill Lane"),
        ("12 Mill Lane", "12 Mill Lane Court"),
    ],
)
def test_neighbours_stay_apart(one, other):
    assert normalise.address_key(f"{one}\nG1 1AA") != normalise.address_key(f"{other}\nG1 1AA")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("12/1 Mill Lane", "Flat 1, 12 Mill Lane"),
        ("12A Mill Lane", "Flat A, 12 Mill Lane"),
        ("Flat A, 12 Mill Lane", "12a Mill Lane"),
        ("Flat 3, 12 Mill Lane", "12 Mill Lane"),
        ("Rose Cottage, 12 Mill Lane", "Rose Cottage, Mill Lane"),
        ("3 Rose Court", "Flat 3, Rose Court"),
        ("Flat 3, Rose Court", "3 Rose Court"),
    ],
)
def test_what_may_be_meant_as_well_is_no_certainty(written, meant):
    sure, *doubtful = normalise.address_readings(f"{written}\nBD1 1AA")
    other = normalise.address_key(f"{meant}\nBD1 1AA")
    assert other in doubtful
    assert other != sure


@given(st.lists(st.text("0123456789abc/- flatoret,\n", max_size=40), max_size=4))
def test_any_lines_are_read_without_a_fault(lines):
    key = normalise.address_key("\n".join(["Hall", *lines, "BD1 1AA"]))
    assert key.startswith("BD11AA|")
