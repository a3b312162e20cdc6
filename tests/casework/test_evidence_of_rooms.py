"""What letters claim of a case is so: each evidence holds when it should, and no longer."""

import datetime

import pytest
import time_machine

from audit.evidence import Source, holds
from compliance.cases.kinds import CaseKind
from compliance.cases.models import Restriction
from compliance.casework.actions import work
from compliance.register import actions as register_actions
from compliance.register.models import RetentionRule
from compliance.retention.models import PurgeRun
from customers.matching import Given
from tests.outcomes.effects import BY, NOW, TODAY, ada, carry_out, case_of

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)


class TestMarketing:
    def test_it_stopped_for_whoever_is_known_or_gave_an_address(self):
        found = holds("preferences.stopped", case_of(ada(), CaseKind.MARKETING))
        assert (found.source, found.since) == (Source.ROW, TODAY)
        given = Given(email="who@example.org")
        assert holds("preferences.stopped", case_of(None, CaseKind.WITHDRAWAL, given=given))

    def test_nothing_stopped_for_nobody(self):
        nobody = case_of(None, CaseKind.MARKETING, given=Given(name="Ada"), identified=False)
        assert holds("preferences.stopped", nobody) is None
        assert holds("preferences.stopped", case_of(ada(), CaseKind.ERASURE)) is None


class TestRestriction:
    def test_it_is_in_force_until_it_is_lifted(self):
        case = case_of(ada(), CaseKind.RESTRICTION)
        assert holds("cases.still_restricted", case).since == TODAY
        Restriction.objects.update(lifted_on=TODAY, lifted_by=BY, mistaken=True)
        assert holds("cases.still_restricted", case) is None


def doubt(case):
    """Ask who somebody is."""
    ask = {"what": "identity", "text": "A letter.", "ground": "other-contact", "reason": "New."}
    work.ask(case, **ask, by=BY, now=NOW)


class TestSilence:
    def test_only_where_we_asked_who_they_are(self):
        case = case_of(ada(), CaseKind.ERASURE, identified=False)
        assert holds("cases.closed_for_silence", case) is None
        doubt(case)
        assert holds("cases.closed_for_silence", case).since == TODAY

    def test_never_for_an_objection(self):
        case = case_of(ada(), CaseKind.OBJECTION, identified=False)
        doubt(case)
        assert holds("cases.closed_for_silence", case) is None


def test_a_person_looked_only_when_one_noted_it():
    case = case_of(ada(), CaseKind.REVIEW)
    assert holds("cases.looked_at_by_a_person", case) is None
    look = {"outcome": "stands", "factors": "Income.", "reasons": "As before.", "none": True}
    carry_out(case, "review", **look)
    assert holds("cases.looked_at_by_a_person", case).since == TODAY


class TestErasing:
    @pytest.fixture(autouse=True)
    def _purged(self):
        register_actions.load(by="job:test")
        RetentionRule.objects.filter(code="request-identity").update(
            confirmed_on=TODAY, confirmed_by=BY
        )
        self.run = PurgeRun.objects.create(
            as_of=TODAY, started_at=NOW, finished_at=NOW, started_by=BY, outcome="done"
        )

    @pytest.mark.parametrize(("hours", "so"), [(1, True), (26, True), (27, False)])
    def test_while_the_purge_runs_every_night(self, hours, so):
        with time_machine.travel(NOW + hours * HOUR, tick=False):
            found = holds("retention.proof_is_deleted", None)
        assert bool(found) is so
        assert found is None or found.source == Source.RUN

    def test_not_by_a_rule_that_nobody_confirmed(self):
        RetentionRule.objects.update(confirmed_on=None, confirmed_by="")
        with time_machine.travel(NOW + HOUR, tick=False):
            assert holds("retention.proof_is_deleted", None) is None

    def test_not_by_a_purge_that_failed(self):
        PurgeRun.objects.update(outcome="failed")
        with time_machine.travel(NOW + HOUR, tick=False):
            assert holds("retention.proof_is_deleted", None) is None
