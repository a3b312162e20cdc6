"""The demonstration's requests: a desk at work, with a case in every state."""

import pytest
from django.utils import timezone

from compliance.cases.buckets import Bucket
from compliance.cases.kinds import CaseStatus
from compliance.cases.models import Case, Restriction
from compliance.casework import demo
from compliance.casework.desk import counts
from customers.outbox.models import Message
from tests.casework.desk import date
from tests.preferences.test_desk_demo import demo as lead  # noqa: F401  the demonstration, and the lead at the desk

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


def test_a_case_is_in_every_state_and_opens(lead):  # noqa: F811
    assert set(Case.objects.values_list("status", flat=True)) == set(CaseStatus.values)
    today = timezone.localdate()
    assert all(one.count for one in counts.counts(today) if one.bucket != Bucket.CLOSED)
    assert Case.objects.filter(extended=True).exists()
    assert Case.objects.filter(paused=True).exists()
    assert Case.objects.filter(customer=None, closed_at=None).exists()
    assert Restriction.objects.filter(lifted_on=None).count() == 1
    for pk in Case.objects.values_list("pk", flat=True):
        page = lead.get(f"/admin/cases/case/{pk}/change/").content.decode()
        assert "What happened" in page
    # nothing leaves but a letter to print
    waiting = Message.objects.filter(of_case__isnull=False, state="queued")
    assert set(waiting.values_list("means", flat=True)) == {"letter"}


@pytest.mark.parametrize("day", range(16, 23))
def test_it_can_be_set_up_on_any_day(day):
    assert demo._due_today(date(day, 11)) >= 27
