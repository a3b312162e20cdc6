"""Other people in a text are found however they are written; organisations are nobody."""

import csv
import io
import unicodedata
from itertools import pairwise

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from compliance.access import redaction_proposals
from compliance.access.redaction_marks import occurrences
from compliance.register import actions as register_actions
from customers import normalise
from tests import factories as make

CASES = """known other person,text,must be proposed
Siobhan D'Arcy,Siobhan D’Arcy took the parcel.,Siobhan D’Arcy
Siobhan D'Arcy,SIOBHAN DARCY took the parcel.,SIOBHAN DARCY
Thu Nguyễn,Ms Nguyen took the parcel.,Nguyen
Thu Nguyen,Ms Nguyễn took the parcel.,Nguyễn
Siobhan DArcy,Siobhan D'Arcy took the parcel.,Siobhan D'Arcy
Siobhan D’Arcy,Siobhan D Arcy took the parcel.,Siobhan D Arcy
Seán O'Brien,Mr Obrien rang.,Obrien
Seán O'Brien,O’BRIEN’s sister rang.,O’BRIEN
Zoë Łukasz-Kowalska,Zoe Lukasz Kowalska rang.,Zoe Lukasz Kowalska
Maria de la Cruz,MARIA DELACRUZ rang.,MARIA DELACRUZ
Jürgen Groß,Jurgen Gross rang.,Jurgen Gross
Bjørn Ærø,Bjorn Aeroe or Bjorn Aero rang.,Bjorn
François Lefèvre,Francois\u00a0Lefevre rang.,Francois\u00a0Lefevre
İpek Yılmaz,Ipek Yilmaz rang.,Ipek Yilmaz
Mary Smith-Jones,mary\\nsmith jones rang.,mary\\nsmith jones
Anne-Marie Poe,ANNE MARIE POE rang.,ANNE MARIE POE
Bertha Mason,(Bertha  Mason) rang.,Bertha  Mason
Bertha Mason,Bertha\u00ad Mason rang.,Bertha\u00ad Mason
"""


@pytest.fixture
def told(db):
    """`told(name, text)`: what is proposed to be left out where a customer is linked to somebody."""
    register_actions.load(by="job:test")

    def propose(name, text):
        customer = make.CustomerFactory(given_names="Ada", surname="Lovelace")
        make.ContactPointFactory(customer=customer, kind="phone", value="+447700900123")
        make.FinancialLinkFactory(customer=customer, linked_person=name)
        marks = redaction_proposals.known(customer).proposals(text)
        return [text[mark.start : mark.end] for mark in marks]

    return propose


@pytest.mark.parametrize("row", list(csv.DictReader(io.StringIO(CASES))), ids=str)
def test_however_they_are_written(told, row):
    name, text, wanted = (value.replace("\\n", "\n") for value in row.values())
    assert wanted in told(name, text)


def test_accents_as_signs_of_their_own_go_along(told):
    text = unicodedata.normalize("NFD", "Frau Nguyễn kam.")
    assert told("Thu Nguyen", text) == [unicodedata.normalize("NFD", "Nguyễn")]


@pytest.mark.parametrize(
    "number",
    [
        "0113.496.0123",
        "0113-496-0123",
        "(0113) 496 0123",
        "+44 (0)113 496 0123",
        "+33 1 42 68 53 00",
        "0033 1 42 68 53 00",
        "+1 (202) 555-0143",
        "07700 900456",
    ],
)
def test_numbers_are_found_dotted_and_foreign(told, number):
    assert told("Bertha Mason", f"Ring {number}, please.") == [number]


@pytest.mark.parametrize(
    "text",
    [
        "We asked Experian Ltd, PO Box 9000, Nottingham NG80 7WF, 0344 481 0800.",
        "TransUnion: 0330.024.7574, One Park Lane, Leeds LS3 1EP",
        "Equifax Ltd on (0333) 321 4043",
        f"{settings.CONTROLLER['name']}, {settings.CONTROLLER['telephone']}, "
        f"{settings.CONTROLLER['email']}",
        "Ada Lovelace rang from 07700.900123 on 01.02.2026 about order 4711 0815 and 20001.",
    ],
)
def test_organisations_and_the_person_are_nobody_else(told, text):
    assert told("Parker Experian Leeds", text) in ([], ["Leeds"])
    assert told("Bertha Mason", text) == []


def test_an_organisation_s_name_hides_nobody_beside_it(told):
    text = "Walker of Experian Ltd rang; Walker again."
    assert told("Jim Walker", text) == ["Walker", "Walker"]


def test_a_part_of_a_word_is_nobody(told):
    assert told("Ann Poe", "The annexe of Poet’s Corner") == []


@given(st.text(max_size=60))
def test_one_folding_for_every_door(text):
    found, places = normalise.folded(text)
    assert found.strip() == normalise.fold(text)
    assert len(places) == len(found)
    assert all(before <= after for before, after in pairwise(places))


@given(st.text(min_size=1, max_size=30), st.text(max_size=20), st.text(max_size=20))
def test_what_is_found_is_inside_the_text(words, before, after):
    text = f"{before} {words} {after}"
    for start, end in occurrences(text, words):
        assert 0 <= start < end <= len(text)
