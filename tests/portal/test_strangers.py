"""A request in somebody's name, by somebody who has not proved to be them: neither reads the
other's words or address."""

import uuid

import pytest
import time_machine

from audit.actions import Refused
from compliance.cases.models import Case
from compliance.casework.actions import work
from customers.outbox.models import Message
from tests.factories import CustomerFactory
from tests.jobs.working import work as run_jobs
from tests.portal.asking import NIGHT, follow, make_ada, references, send, text
from tests.visiting import visiting

STAFF = "staff:1"
HERS, THEIRS = "I never asked you for that.", "She left me, and I want to know where she lives now."


@pytest.fixture(autouse=True)
def night(db):
    with time_machine.travel(NIGHT, tick=False) as clock:
        yield clock


@pytest.fixture
def ada():
    return make_ada()


@pytest.fixture
def case(ada):
    """Mallory knows Ada's customer number, and gives an address of his own."""
    reference = references(
        send("copy", email="mallory@example.org", customer_number="A100", words=THEIRS)
    )[0]
    run_jobs()
    found = Case.objects.get(reference=reference)
    assert (found.customer, found.identified_at) == (ada, None)
    return found


def page_of(case):
    return f"/your-data/requests/{case.reference}/"


def add(browser, case, words):
    browser.post(f"{page_of(case)}add/", {"form": str(uuid.uuid4()), "text": words})


def test_the_customer_reads_no_word_of_it(case, ada):
    work.write(case, text="Mallory, which kettle?", by=STAFF, now=NIGHT)
    page = text(visiting(ada).get(page_of(case)))
    assert "Is this request yours?" in page
    for word in (THEIRS, "Mallory", "1 March 2024"):
        assert word not in page


def test_whoever_sent_it_reads_no_word_of_the_customer(case, ada):
    browser, _ = follow(case.reference)
    add(browser, case, "Hurry up.")
    add(her := visiting(ada), case, HERS)
    theirs, hers = (text(one.get(page_of(case))) for one in (browser, her))
    assert ("Hurry up." in theirs, HERS in theirs) == (True, False)
    assert ("Hurry up." in hers, HERS in hers) == (False, True)


def test_what_goes_to_their_address_is_not_the_customers(case, ada):
    work.write(case, text="Mallory, which kettle?", by=STAFF, now=NIGHT)
    follow(case.reference)
    assert (
        Message.objects.filter(
            kind__in=["case_acknowledgement", "case_message", "one_time_code"]
        ).count()
        == 3
    )
    assert not Message.objects.filter(customer=ada).exists()


def test_once_it_is_clear_it_is_all_the_customers(case, ada):
    work.write(case, text="Which kettle?", by=STAFF, now=NIGHT)
    work.identify(case, how=["called_back"], by=STAFF, now=NIGHT)
    page = text(visiting(ada).get(page_of(case)))
    for words in (THEIRS, "Which kettle?"):
        assert words in page
    assert Message.objects.filter(customer=ada).count() == 2


def test_what_went_to_the_address_on_file_is_theirs_at_once(ada):
    send("copy")
    run_jobs()
    work.write(Case.objects.get(), text="Which kettle?", by=STAFF, now=NIGHT)
    assert Message.objects.filter(customer=ada, kind="case_message").count() == 1


def test_another_match_takes_it_from_the_first(case, ada):
    work.write(case, text="Which kettle?", by=STAFF, now=NIGHT)
    work.identify(case, how=["called_back"], by=STAFF, now=NIGHT)
    add(visiting(ada), case, HERS)
    other = CustomerFactory()
    work.match_to(case, customer=other, by=STAFF, now=NIGHT)
    assert not Message.objects.filter(customer__isnull=False).exists()
    work.identify(case, how=["called_back"], by=STAFF, now=NIGHT)
    page = text(visiting(other).get(page_of(case)))
    assert (THEIRS in page, HERS in page) == (True, False)


def test_it_is_not_merged_with_one_of_the_customer(case, ada):
    own = references(send("copy", client=visiting(ada), words="My orders."))[0]
    run_jobs()
    with pytest.raises(Refused, match="not clear yet that one person sent both"):
        work.merge(Case.objects.get(reference=own), into=case, by=STAFF, now=NIGHT)
