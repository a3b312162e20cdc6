"""Strings found nowhere else: a pack has all of its person, none of anybody else, and no trace of
what must not be told."""

import datetime
import re

import pgtrigger
import pytest

from compliance.access import records
from compliance.register import actions as register_actions
from compliance.retention.models import LegalHold
from tests import factories as make
from tests.access.people import (
    declared_rows,
    found,
    of_everything,
    pack_of,
    plant,
    rows_of,
    secrets_of,
    texts_of,
)
from tests.retention.test_no_trace import dump

DAY = datetime.date(2026, 2, 3)
pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def _register(db):
    register_actions.load(by="job:test")


def test_everybody_gets_their_own_and_nobody_elses():
    ada, bob, eve = of_everything(), of_everything(), of_everything()
    canaries = {
        person: plant(rows_of(person), name)
        for person, name in ((ada, "Adacan"), (bob, "Bobcan"), (eve, "Evecan"))
    }
    bob.refresh_from_db()
    make.FinancialLinkFactory(customer=ada, linked_person=bob.full_name)
    texts = texts_of(pack_of(ada))
    assert len(canaries[ada]) > 60
    assert not [one for one in canaries[ada] if not in_every_shape(one, texts)]
    bobs = texts_of(pack_of(bob))["pack.json"]
    assert [one for one in canaries[bob] if found(one, bobs)], "the search finds them"
    whole = " ".join(texts.values())
    others = [one for person in (bob, eve) for one in canaries[person]]
    assert not [one for one in others if found(one, whole)]


def in_every_shape(canary: str, texts: dict[str, str]) -> bool:
    """In the document, in the data and in a spreadsheet; a telephone number is known by its last
    digits."""
    needle = canary.lower()
    sheets = " ".join(text for name, text in texts.items() if name.endswith(".csv"))
    return all(
        needle in text or f"90{int(canary[-4:]):04d}" in text
        for text in (texts["pack.json"], texts["your-data.pdf"], sheets)
    )


def test_every_table_has_a_record_here():
    """A new table joins this test: give it a record in tests/access/people.py."""
    held = {table.label for table in records.tables(of_everything())}
    assert {declaration.label for declaration in records.shown()} - held == set()


def test_an_investigation_leaves_no_trace():
    ada = of_everything()
    make.CaseFactory(customer=ada)
    secret = secrets_of(ada)
    canaries = plant(declared_rows(secret), "Secret")
    assert len(canaries) > 5
    assert not [one for one in canaries if not found(one, re.sub(r"\s", "", dump()).lower())], (
        "the search finds them"
    )
    with_it = pack_of(ada)
    assert not [one for one in canaries if found(one, " ".join(texts_of(with_it).values()))]
    with pgtrigger.ignore():
        for row in reversed(secret):
            row.delete()
    assert not LegalHold.objects.filter(kind="fraud").exists()
    assert pack_of(ada) == with_it, "not a byte tells that there is more"


def test_a_victim_is_told_of_the_warning_and_to_whom_it_was_filed():
    ada = of_everything()
    told = make.FraudMarkerFactory(customer=ada, status="victim", closed_on=DAY, filed_on=DAY)
    make.DisclosureFactory(
        customer=ada,
        kind="fraud_filing",
        recipient="cifas",
        recipient_name="Cifas",
        negotiations_ended_on=None,
        occurred_on=DAY,
        detail="Warning of impersonation",
    )
    texts = texts_of(pack_of(ada))
    for name in ("pack.json", "your-data.pdf"):
        for word in (told.reference, "Victim of impersonation", "Cifas", "Warning of imp"):
            assert re.sub(r"\s", "", word).lower() in re.sub(r"\s", "", texts[name]).lower(), word


def test_the_fingerprint_does_not_tell_either():
    ada = of_everything()
    before = records.fingerprint(ada)
    make.FraudMarkerFactory(customer=ada, status="suspected")
    assert records.fingerprint(ada) == before
    make.OrderFactory(customer=ada)
    assert records.fingerprint(ada) != before
