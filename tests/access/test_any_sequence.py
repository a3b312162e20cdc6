"""Whatever is asked, proved, ended and fetched, in whatever order and from whichever browser:
nobody gets another's copy.

Two customers, each with a copy that holds a word found nowhere else, share two browsers. The
machine does what a visitor or a thief could: it asks for codes, gives them (again), lets time pass,
ends sessions, swaps cookies, and fetches any reference.
"""

import datetime
import io
import re
import uuid
import zipfile
from contextlib import suppress
from typing import ClassVar

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from compliance.access.models import Pack
from compliance.cases.models import Case, CaseChallenge
from compliance.register import actions as register
from customers.identity import visits
from customers.outbox.models import Message
from tests import factories as make
from tests.access.copying import NOW, asked, released, run_jobs
from tests.outcomes.effects import carry_out
from tests.portal.asking import code as code_of_reference
from tests.strength import examples

pytestmark = pytest.mark.slow

WHO = st.sampled_from(["ada", "ben"])
BROWSER = st.sampled_from(["phone", "laptop"])
WORDS = {"ada": "Canary-of-Ada", "ben": "Canary-of-Ben"}


class Copies(RuleBasedStateMachine):
    """Two people, two browsers, and whoever sits at them."""

    cases: ClassVar[dict[str, Case]] = {}
    handed_out: ClassVar[int] = 0

    def __init__(self):
        super().__init__()
        self.night = time_machine.travel(NOW, tick=False)
        self.clock, self.savepoint = self.night.start(), transaction.atomic()
        self.savepoint.__enter__()
        self.browsers = {name: Client(headers={"user-agent": name}) for name in ("phone", "laptop")}
        self.codes = []

    @initialize(who=WHO, browser=BROWSER)
    def begin_with_a_visit(self, who, browser):
        """So that somebody gets their own, whatever comes after."""
        self.ask_for_a_code(who, browser, "here")

    @rule(
        who=WHO, browser=BROWSER, then=st.sampled_from(["here", "here", "away", "there", "later"])
    )
    def ask_for_a_code(self, who, browser, then):
        """A code is sent to its customer; whoever has it gives it at once, in this browser (and
        perhaps goes away for eleven minutes) or in the other, or later.
        """
        known = set(Message.objects.values_list("pk", flat=True))
        self.browsers[browser].post(
            "/prove/", {"contact": f"{who}@example.org", "reference": str(uuid.uuid4())}
        )
        run_jobs()
        sent = Message.objects.filter(kind="one_time_code").exclude(pk__in=known).first()
        if sent:
            self.codes.append(re.search(r"\d{4} \d{4}", sent.text)[0])
            if then != "later":
                self.give_a_code(
                    {"phone": "laptop", "laptop": "phone"}[browser] if then == "there" else browser,
                    -1,
                )
                if then == "away":
                    self.clock.shift(datetime.timedelta(minutes=11))

    @rule(browser=BROWSER, place=st.integers(0, 9))
    def give_a_code(self, browser, place):
        """One that was sent, to whomever, for the first time or once more."""
        if self.codes:
            self.browsers[browser].post(
                "/prove/code/", {"code": self.codes[place % len(self.codes)]}
            )

    @rule(who=WHO, browser=BROWSER)
    def follow_the_reference(self, who, browser):
        reference = self.cases[who].reference
        self.browsers[browser].post(
            "/your-data/status/", {"reference": reference, "form": str(uuid.uuid4())}
        )
        run_jobs()
        with suppress(CaseChallenge.DoesNotExist):  # too many were asked for
            self.browsers[browser].post(
                "/your-data/status/code/", {"code": code_of_reference(reference)}
            )

    @rule()
    def swap_the_cookies(self):
        phone, laptop = self.browsers["phone"], self.browsers["laptop"]
        phone.cookies, laptop.cookies = laptop.cookies, phone.cookies

    @rule(minutes=st.sampled_from([1, 1, 5, 9, 11, 25, 25, 60 * 24 * 31]))
    def let_time_pass(self, minutes):
        self.clock.shift(datetime.timedelta(minutes=minutes))

    @invariant()
    def fetch_everything(self):
        """After each step anybody tries anything."""
        for who in WORDS:
            for browser in self.browsers:
                self.fetch(who, browser)

    @rule(browser=BROWSER)
    def end(self, browser):
        self.browsers[browser].post(reverse("identity:prove_end"))

    @rule(who=WHO)
    def withdraw(self, who):
        if Pack.objects.filter(reference=self.cases[who].reference, state="released").exists():
            carry_out(self.cases[who], "withdraw_copy", reason="An error.")

    def fetch(self, who, browser):
        client, case = self.browsers[browser], self.cases[who]
        session = visits.visit_of(client.get("/prove/").wsgi_request)
        fresh = (
            session is not None
            and session.proved_at
            > visits.timezone.now() - datetime.timedelta(minutes=10, seconds=1)
        )
        owner = session is not None and session.customer_id == case.customer_id
        pack = Pack.objects.get(reference=case.reference)
        there = pack.state == "released" and pack.expires_at > visits.timezone.now()
        response = client.post(reverse("portal:fetch_copy", args=[case.reference]))
        if not (owner and fresh):
            assert (response.status_code, response["Location"].split("?")[0]) == (302, "/prove/")
        elif not there:
            assert response.status_code == 303
        else:
            with zipfile.ZipFile(io.BytesIO(response.getvalue())) as made:
                text = b"".join(
                    made.read(name) for name in made.namelist() if name.endswith((".csv", ".json"))
                ).decode()
            assert WORDS[who] in text
            assert not any(word in text for name, word in WORDS.items() if name != who)
            Copies.handed_out += 1

    @rule(who=WHO, browser=BROWSER)
    def look(self, who, browser):
        """A page of one never says a word of the other's."""
        response = self.browsers[browser].get(
            reverse("portal:case", args=[self.cases[who].reference]), follow=True
        )
        assert b"Canary-of" not in response.content

    def teardown(self):
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)
        self.night.stop()


@pytest.mark.django_db
def test_no_sequence_shows_anothers_copy():
    register.load(by="job:test")
    with time_machine.travel(NOW, tick=False):
        for name, word in WORDS.items():
            customer = make.CustomerFactory(given_names=name.title(), surname="Lovelace")
            make.ContactPointFactory(customer=customer, value=f"{name}@example.org")
            make.ContactNoteFactory(customer=customer, text=f"About {word}.")
            Copies.cases[name] = asked(customer)
            released(Copies.cases[name])
    run_state_machine_as_test(
        Copies,
        settings=settings(
            max_examples=examples(8), stateful_step_count=12, deadline=None, phases=[Phase.generate]
        ),
    )
    assert Copies.handed_out, "nobody got their own: the machine proves nothing"
