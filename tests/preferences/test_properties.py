"""Random histories: an objection is outlived by nothing but a later, specific, proved consent,
whatever else happens.

A history is a list of acts on two people who may share an address: objections, consents with and
without proof, tick boxes, contact details that come and go, another surname, an import and the same
import again, and erasure by the real purge. Beside the database stands `Oracle`, which keeps every
act in a plain list and works the answer out from the beginning each time.
"""

import os

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compliance.preferences import contact_digests, may_contact
from compliance.preferences.channels import CHANNELS
from compliance.preferences.models import (
    ChoiceEvent,
    MarketingPermission,
    PreferenceServiceFile,
    Suppression,
)
from compliance.preferences.vocabulary import covering
from tests.preferences.histories import (
    END,
    PARTNER,
    History,
    answers,
    happens,
    imports,
    said,
    stops,
)
from tests.strength import examples

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

quick = settings(
    max_examples=min(int(os.environ.get("HISTORIES", examples(6))), 200),
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(autouse=True)
def _register(db, partner):
    call_command("load_register", confirm_defaults=True, verbosity=0)
    for service in ("tps", "ctps", "mps"):  # young, and with nobody on it
        PreferenceServiceFile.objects.create(
            service=service,
            dated_on=END.date(),
            loaded_at=END,
            by="job:test",
            lines=0,
            digest="0" * 64,
        )
    with time_machine.travel(END, tick=False):
        yield


class _Undo(Exception):
    pass


def tried(work):
    """Let it happen, and undo it: one history must not know of another."""
    result = None
    try:
        with transaction.atomic():
            result = work()
            raise _Undo
    except _Undo:
        return result


@quick
@given(st.lists(happens, max_size=9))
def test_ledger_lists_and_oracle_agree(acts):
    tried(lambda: History().happen(acts).check())


@quick
@given(st.lists(said, min_size=2, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_writing_does_not_matter(acts, dice):
    shuffled = dice.sample(acts, len(acts))
    assert tried(lambda: answers(acts)) == tried(lambda: answers(shuffled))


@quick
@given(st.lists(happens, max_size=6), stops, st.lists(happens, max_size=6))
def test_an_objection_is_outlived_by_nothing_but_a_later_proved_consent(before, stop, after):
    """Said once more without the oracle: whoever may be written to after a stop has a consent to
    show for it."""

    def work():
        history = History().happen(before)
        held = history.held(stop[1])
        history.happen([stop, *after])
        history.catch_up()
        for channel in stop[2]:
            for sender in ("us", PARTNER):
                if not stop[3] & set(covering(sender)):
                    continue
                for one in [one for one in held if one.kind in CHANNELS[channel].uses]:
                    verdict = may_contact.may_contact(one, channel, sender, "marketing", END)
                    later = ChoiceEvent.objects.filter(
                        kind="consent",
                        channel=channel,
                        sender=sender,
                        contact__in=contact_digests.digests(one),
                        at__gt=stop[4],
                        wording__isnull=False,
                        notice_version__isnull=False,
                        origin__isnull=False,
                    ).exclude(page="")
                    assert not verdict.allowed or (verdict.reason == "consent" and later.exists())

    tried(work)


@quick
@given(st.lists(imports, min_size=1, max_size=6))
def test_the_same_import_twice_changes_nothing(acts):
    def work():
        history = History().happen(acts)
        once = [
            list(table.objects.order_by("pk").values())
            for table in (ChoiceEvent, Suppression, MarketingPermission)
        ]
        history.happen(acts).check()
        assert once == [
            list(table.objects.order_by("pk").values())
            for table in (ChoiceEvent, Suppression, MarketingPermission)
        ]

    tried(work)


def test_no_history_is_left_over():
    assert not ChoiceEvent.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM preferences_suppression")
        assert cursor.fetchone()[0] == 0
