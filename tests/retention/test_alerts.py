"""A missed night shows on the desk's first page, to those who can do something about it."""

import datetime

import pytest
from django.utils import timezone

from compliance.retention.models import PurgeRun
from tests import factories as make

pytestmark = pytest.mark.django_db


def ran(hours_ago: float, outcome: str = "done") -> None:
    ended = timezone.now() - datetime.timedelta(hours=hours_ago)
    PurgeRun.objects.create(
        as_of=ended.date(),
        started_at=ended,
        started_by="job:retention_purge",
        outcome=outcome,
        finished_at=None if outcome == "running" else ended,
    )


@pytest.fixture
def first_page(lead, signed_in):
    return lambda user=lead: signed_in(user).get("/admin/").content.decode()


class TestMissedNight:
    def test_a_purge_that_never_ran(self, first_page):
        assert "retention purge has never run" in first_page()

    def test_last_night_is_well(self, first_page):
        ran(hours_ago=8)
        assert "retention purge has" not in first_page()

    def test_the_night_before_is_not(self, first_page):
        ran(hours_ago=27)
        assert "retention purge has not run since" in first_page()

    @pytest.mark.parametrize("outcome", ["failed", "running"])
    def test_a_purge_that_did_not_end_well_counts_for_nothing(self, first_page, outcome):
        ran(hours_ago=40)
        ran(hours_ago=8, outcome=outcome)
        assert "retention purge has not run since" in first_page()

    def test_an_agent_is_not_bothered(self, first_page, agent):
        assert "retention purge" not in first_page(agent)


class TestOverdueHolds:
    def test_holds_past_their_review(self, first_page):
        make.LegalHoldFactory.create_batch(2, review_on=datetime.date(2020, 1, 1))
        make.LegalHoldFactory(
            review_on=datetime.date(2020, 1, 1),
            released_on=datetime.date(2020, 1, 2),
            released_by="staff:1",
        )
        assert "2 legal holds have passed the review date" in first_page()
