"""Somebody whom we investigate reads what anybody else would: every letter, what is printed on paper,
the page on which a request is followed, byte for byte; and each step asks the database as often."""

import datetime
import re
import uuid
from dataclasses import dataclass

import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from audit.actions import Refused
from compliance import outcomes
from compliance.cases.kinds import CaseKind
from compliance.cases.models import Case
from compliance.casework.actions import work
from compliance.casework.letter_scenes import Scene, Stage, every_scene
from compliance.disclosures import fraud
from compliance.letters import pdf
from compliance.register import actions as register_actions
from compliance.register.models import RetentionRule
from customers import typeset
from customers.models import Customer
from customers.models.markers import KEEP
from tests import factories as make
from tests.visiting import visiting

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
NOW = datetime.datetime(2026, 7, 1, 23, 30, tzinfo=datetime.UTC)
LONG_AGO = datetime.timedelta(days=30)


@pytest.fixture(autouse=True)
def _register(db, monkeypatch):
    register_actions.load(by="job:test")
    RetentionRule.objects.update(confirmed_on=NOW.date(), confirmed_by="staff:1")
    # What goes to the typesetter is compared, not what it makes of it.
    monkeypatch.setattr(pdf, "render", lambda content, **to: pdf.data_of(content, **to).encode())
    monkeypatch.setattr(typeset, "document", lambda source, data, *, timestamp: data.encode())
    with time_machine.travel(NOW, tick=False):
        yield


@dataclass(frozen=True)
class Suspected(Stage):
    """A stage on which the person is under an investigation, with all that can hang on it."""

    def _person(self, scene: Scene) -> Customer:
        customer = super()._person(scene)
        before = {"by": self.by, "now": self.now - LONG_AGO}
        fraud.suspect(customer, reference="FR-1", details="Two dates of birth.", **before)
        for kind, agency in (("fraud_filing", "cifas"), ("credit_search", "national-hunter")):
            make.DisclosureFactory(
                customer=customer,
                kind=kind,
                recipient=agency,
                recipient_name=agency.title(),
                application="",
                occurred_on=self.today - datetime.timedelta(days=28),
                negotiations_ended_on=None,
            )
        fraud.decide_about(
            customer,
            act=KEEP,
            reason="It would warn them.",
            review_on=self.today + LONG_AGO,
            **before,
        )
        return customer


def story(stage: Stage, scene: Scene) -> tuple[list[str], int, list[str], int]:
    """What the person gets and reads in a scene, and how many queries that took; nothing of it
    stays."""
    with transaction.atomic():
        customer = stage._person(scene)
        Customer.objects.filter(pk=customer.pk).update(customer_number="A100")
        customer.refresh_from_db()
        # the same stage, whose person is there already: what made them is not counted
        there = type("There", (type(stage),), {"_person": lambda *_: customer})(stage.now)
        with CaptureQueriesContext(connection) as acts:
            case = there.begin(scene)
            there.go_on(scene, case)
        letters = [
            str(getattr(row.message, name))
            for row in case.messages.select_related("message").order_by("pk")
            for name in ("kind", "means", "recipient", "subject", "text", "html", "document")
        ]
        browser = visiting(customer)
        with CaptureQueriesContext(connection) as reads:
            pages = [
                browser.get(f"/your-data/requests/{where}").content.decode()
                for where in ("", f"{case.reference}/")
            ]
        transaction.set_rollback(True)
    return settled(letters, case), len(acts), settled(pages, case), len(reads)


def settled(found: list[str], case: Case) -> list[str]:
    """Texts, line by line, without what differs at every telling: the reference, the keys of
    forms."""
    text = "\n".join(found).replace(case.reference, "THE-REFERENCE")
    return re.sub(r'(csrfmiddlewaretoken|form)"( id="[^"]*")? value="[^"]*"', "", text).splitlines()


REST = "; the rest refused"
ON_THE_WAY = ("It came", "Asked", "Closed", "Taken back", "A message")


def scenes() -> list[Scene]:
    """Of each right: how it is put off, one refusal, an answer, an answer in part. Of erasures those
    that erase something are no match for somebody of whom nothing may be erased."""
    found: dict[tuple[str, str], Scene] = {}
    for scene in every_scene():
        if scene.stranger or scene.says.startswith((*ON_THE_WAY, "Erased")):
            continue
        part = next((one for one in ("Refused", "More time") if scene.says.startswith(one)), "")
        found.setdefault((scene.kind, part or str(scene.says.endswith(REST))), scene)
    return list(found.values())


@pytest.mark.parametrize(
    "scene", scenes(), ids=lambda scene: f"{scene.kind} {scene.says}".replace(" ", "-")
)
def test_every_answer_reads_the_same(scene):
    assert told(Suspected(NOW), scene) == told(Stage(NOW), scene)


def told(stage: Stage, scene: Scene) -> object:
    """A story, or why a right has no such step."""
    try:
        return story(stage, scene)
    except Refused as refused:
        return str(refused)


# --- An erasure: what an investigation holds reads as what rules hold ----------------------------


def _refused(stage: Stage, case: Case) -> None:
    outcomes.carry_out(case, "erase", {}, by=stage.by, now=stage.now)
    case.refresh_from_db()
    work.refuse(case, ground="each-reason", text="It stays.", by=stage.by, now=stage.now)


ERASURE = Scene(CaseKind.ERASURE, "All of it stays", (_refused,))


def test_a_refused_erasure_reads_like_one_that_rules_refuse():
    """Under a hold of which nobody may know the lines are those of a company whose rules keep the
    same records although somebody asks."""
    with_it = told(Suspected(NOW), ERASURE)
    RetentionRule.objects.update(on_request=RetentionRule.OnRequest.KEPT_WHOLE)
    without = told(Stage(NOW), ERASURE)
    assert "What we have said to each other (1 record)" in "".join(without[0])
    assert with_it == without


# --- What the person does alone, at a clock of their own -----------------------------------------


def _moved(stage: Stage) -> tuple[list[str], int]:
    """What somebody reads who changes their address on the site, and how many queries that
    takes."""
    with transaction.atomic():
        customer = stage._person(ERASURE)
        Customer.objects.filter(pk=customer.pk).update(customer_number="A100")
        browser, home = visiting(customer), customer.contact_points.get(kind="address")
        with CaptureQueriesContext(connection) as asked:
            page = browser.post(
                f"/my-data/contact/{home.pk}/",
                {"form": str(uuid.UUID(int=7)), "value": "2 Mill Lane\nBradford\nBD1 1AB"},
                follow=True,
            )
        case = Case.objects.get(customer=customer)
        sent = customer.messages.order_by("pk").values_list("recipient", "subject", "text")
        texts = [page.content.decode(), *sorted("\n".join(one) for one in sent)]
        transaction.set_rollback(True)
    return [re.sub(r"contact/\d+/", "", one) for one in settled(texts, case)], len(asked)


def test_changing_an_address_takes_as_long_and_says_the_same():
    with_it = _moved(Suspected(NOW))
    assert "cifas" not in "".join(with_it[0]).lower()
    assert with_it == _moved(Stage(NOW))
