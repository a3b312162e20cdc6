"""Somebody writes about a person who died: a kind answer, an enquiry with a day, and no marketing to
the address that they name."""

import datetime

import pytest
import time_machine

from compliance.cases.kinds import CaseKind
from compliance.cases.models import Case, Task
from compliance.casework.actions import work
from compliance.preferences import contact_digests
from compliance.preferences.models import Suppression
from customers.outbox.models import Message
from tests.jobs.working import work as run_jobs
from tests.portal.asking import NIGHT, make_ada, send, text

pytestmark = pytest.mark.django_db
SON = {
    "name": "Ada Lovelace",
    "email": "son@example.org",
    "requester": "executor",
    "requester_name": "Byron Lovelace",
}
ABOUT = "1 Mill Lane\nBradford\nBD1 1AA\nShe wrote from ada@example.org, and had 07700 900461."


@pytest.fixture(autouse=True)
def _night():
    with time_machine.travel(NIGHT, tick=False):
        yield


def asked(slug="copy", **typed):
    page = send(slug, who=SON, about_them=ABOUT, **typed)
    run_jobs()
    return page, Case.objects.get()


@pytest.mark.parametrize("slug", ["copy", "delete", "object", "complain"])
def test_it_is_an_enquiry_whatever_form_they_found(slug):
    page, case = asked(slug)
    assert (case.kind, case.requester) == (CaseKind.BEREAVEMENT, "executor")
    assert "somebody who has died. We are very sorry." in text(page)
    assert case.due_on == datetime.date(2026, 7, 16)
    assert not Task.objects.exists()  # nobody is asked whether they may


def test_the_answer_is_kind_and_claims_no_right():
    asked()
    letter = " ".join(Message.objects.get().text.split())
    assert "We are very sorry." in letter
    assert "a grant of probate" in letter
    assert "16 July 2026" in letter


@pytest.mark.parametrize("customer", [False, True])
def test_marketing_to_what_they_named_stops_and_to_their_own_does_not(customer):
    if customer:
        make_ada()
    asked()
    stopped = set(Suppression.objects.values_list("digest", flat=True))
    for point in (
        contact_digests.email("ada@example.org"),
        contact_digests.address("Lovelace", "1 Mill Lane\nBradford\nBD1 1AA"),
    ):
        assert contact_digests.digest(point) in stopped
    assert contact_digests.digest(contact_digests.email("son@example.org")) not in stopped


def test_a_colleague_answers_it_and_closes_it():
    _, case = asked()
    work.identify(case, how=["authority"], by="staff:1", now=NIGHT)
    work.complete(case, text="We closed the account.", by="staff:1", now=NIGHT)
    assert "We closed the account." in Message.objects.get(kind="case_completion").text
