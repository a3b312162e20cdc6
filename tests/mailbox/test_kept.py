"""How long emails are kept, and what of them the person sees."""

import datetime

import pytest

from compliance.cases.kinds import CaseKind
from compliance.mailbox import handler, resolve, set_aside
from compliance.mailbox.models import InboundMail
from compliance.mailbox.states import COMPLAINT
from compliance.register import actions as register
from compliance.register.models import RetentionRule
from compliance.retention import engine
from customers import rotation
from privacy.declarations import declared
from tests.mailbox.conftest import MIDNIGHT, message, receive, store

pytestmark = pytest.mark.slow

DAY = datetime.date


@pytest.fixture
def confirmed(db) -> None:
    """The shipped register, its rules confirmed."""
    register.load(by="job:tests")
    register.confirm(RetentionRule.objects.all(), by="staff:1", why="Tests.", now=MIDNIGHT)


def purge(on, at_night):
    """Run the purge on a day; how many emails went under each rule."""
    at_night.move_to(datetime.datetime.combine(on, datetime.time(2), datetime.UTC))
    report = engine.run(as_of=on, now=datetime.datetime.now(datetime.UTC), by="job:tests")
    return {
        line.rule: line.erased
        for line in report.lines
        if line.rule.startswith("mailbox") and line.erased
    }


@pytest.fixture
def at_night(time_machine):
    time_machine.move_to(MIDNIGHT, tick=False)
    return time_machine


def test_junk_goes_thirty_days_after_somebody_looked_or_every_deadline_is_over(
    confirmed, cast, at_night
):
    seen, unseen = receive(message("advert")), receive(message("advert-by-a-program"))
    receive(message("stop"))
    later = MIDNIGHT + datetime.timedelta(days=10)
    assert set_aside.look_through([seen.pk, 7_000_000], by="staff:1", now=later) == 1
    assert set_aside.look_through([seen.pk], by="staff:1", now=later) == 0
    assert purge(DAY(2026, 8, 10), at_night) == {}
    assert purge(DAY(2026, 8, 11), at_night) == {"mailbox-junk": 1}
    # 100 days after the first of July it is the 9th of October
    assert purge(DAY(2026, 11, 8), at_night) == {}
    assert purge(DAY(2026, 11, 9), at_night) == {"mailbox-junk": 1}
    assert not InboundMail.objects.filter(pk__in=[seen.pk, unseen.pk]).exists()
    assert InboundMail.objects.get().state == "applied"


def test_an_email_goes_three_years_after_it_was_dealt_with(confirmed, cast, at_night):
    receive(message("stop"))
    late = receive(message("access"))
    resolve.close(late.pk, "answered", by="staff:1", now=MIDNIGHT + datetime.timedelta(days=40))
    assert purge(DAY(2029, 7, 1), at_night) == {}
    assert purge(DAY(2029, 7, 2), at_night) == {"mailbox-handled": 1}
    assert InboundMail.objects.get().pk == late.pk
    assert purge(DAY(2029, 8, 11), at_night) == {"mailbox-handled": 1}


def test_an_email_about_a_complaint_stays_three_years_with_its_files(confirmed, cast, at_night):
    complaint, other = receive(message("complaint")), receive(message("access"))
    for mail in (complaint, other):
        resolve.close(mail.pk, "passed_on", by="staff:1", now=MIDNIGHT)
    handler.link_and_delete_originals(now=MIDNIGHT + datetime.timedelta(days=200))
    complaint.refresh_from_db(), other.refresh_from_db()
    assert (complaint.original, other.original) == (message("complaint"), b"")
    assert purge(DAY(2029, 7, 1), at_night) == {}
    assert purge(DAY(2029, 7, 2), at_night) == {"mailbox-complaint": 1, "mailbox-handled": 1}


def test_its_kind_is_the_same_as_that_of_the_case():
    assert COMPLAINT == CaseKind.COMPLAINT


def test_what_waits_is_never_purged(confirmed, cast, at_night):
    receive(message("access"))
    store(message("stop"))
    assert purge(DAY(2040, 1, 1), at_night) == {}
    assert InboundMail.objects.count() == 2


def test_the_person_sees_the_words_and_not_the_machinery():
    declaration = declared(InboundMail)
    assert {"sender", "subject", "text", "attachments", "received_at"} <= set(declaration.export)
    assert {"raw", "identity", "lookup"} <= set(declaration.withhold)


def test_keys_are_changed_under_the_emails_too(cast, settings):
    mail = receive(message("stop"))
    settings.PRIVACY_KEYS = (
        "test2:ISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0-P0A," + settings.PRIVACY_KEYS
    )
    assert receive(message("stop")).pk == mail.pk
    rotation.rotate(by="job:tests")
    assert rotation.stale_rows() == 0
    assert receive(message("stop")).pk == mail.pk
    assert InboundMail.objects.get().original == message("stop")
