"""A worker is killed (SIGKILL) while it sends the letters of cases: each goes once or waits where
somebody sees it."""

import signal
import uuid

import pytest
from django.utils import timezone

from compliance.cases.kinds import CaseKind
from compliance.cases.models import Case, CaseMessage
from compliance.casework.actions import intake, work
from customers.matching import Given
from customers.outbox import delivery
from customers.outbox.models import Message
from tests.casework.desk import STAFF, carried_out
from tests.jobs.test_worker import mail_server, start  # noqa: F401  fixtures

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def answered(name, **reach):
    """A case that was taken and answered: an acknowledgement and an answer go out."""
    case = intake.take(
        kind=CaseKind.ACCESS,
        channel="letter",
        given=Given(name=name, **reach),
        token=uuid.uuid4(),
        by=STAFF,
        now=timezone.now(),
        identified=True,
    )
    return work.complete(carried_out(case), text="Here it is.", by=STAFF, now=timezone.now())


@pytest.mark.parametrize("moment", ["greeting", "taken"])
def test_each_letter_goes_once_or_waits(start, mail_server, moment, signed_in, agent):  # noqa: F811
    for number in range(2):
        answered("Ada", email=f"ada{number}@example.org")
    answered("Bert", address="1 Mill Lane\nBradford\nBD1 1AA")
    before = list(Case.objects.order_by("pk").values())
    silent = mail_server(silent_at=moment)
    first = start(silent)
    assert silent.asked.wait(20)
    first.send_signal(signal.SIGKILL)
    first.wait()
    server = mail_server()
    start(server, "--once").communicate(timeout=30)
    delivery.retry_lost_jobs(now=timezone.now() + delivery.DOUBT_AFTER)

    cut_off = int(moment == "taken")  # that one may have arrived: nobody sends it again unasked
    states = sorted(CaseMessage.objects.values_list("message__state", flat=True))
    assert states == sorted(["sent"] * (4 - cut_off) + ["in_doubt"] * cut_off + ["queued"] * 2)
    assert set(Message.objects.filter(state="queued").values_list("means", flat=True)) == {"letter"}
    assert len({letter for letter in (*server.taken, *silent.taken)}) == 4
    assert list(Case.objects.order_by("pk").values()) == before
    first_page = signed_in(agent).get("/admin/").content.decode()
    assert "2 letters wait to be printed" in first_page
    assert ("1 message was not sent, may not have been, or did not arrive" in first_page) == bool(
        cut_off
    )
