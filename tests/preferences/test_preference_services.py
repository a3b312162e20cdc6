"""Loading the lists of the preference services: the newest in force, nothing half loaded."""

import datetime

import pytest
import time_machine
from django.core.management import CommandError

from compliance.preferences import contact_digests, may_contact
from compliance.preferences.models import ListedContact, PreferenceServiceFile
from tests.preferences.conftest import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


def may_call(number):
    return may_contact.may_contact(
        contact_digests.phone(number), "live_call", "us", "marketing", NOON
    ).reason


@pytest.mark.parametrize(
    "text",
    [
        "07700900111\n07700900222\n",
        "phone\n07700900111\n07700900222\n",
        "1,07700 900111\n2,+447700900222\n",
        "Telephone,Added\n07700900111,x\n07700900222,y\n",
    ],
)
def test_with_and_without_a_header(tps, trail, text):
    tps("ctps", "07700900999\n")
    assert tps("tps", text).startswith(
        "2 lines of the Telephone Preference Service are in force; 0"
    )
    assert may_call("07700900111") == may_call("07700900222") == "tps"
    assert may_call("07700900333") == "legitimate_interests"


def test_the_next_file_replaces_it(tps):
    tps("ctps", "07700900999\n")
    tps("tps", "07700900111\n")
    tps("tps", "07700900222\n")
    assert may_call("07700900111") == "legitimate_interests"
    assert ListedContact.objects.count() == 2
    assert PreferenceServiceFile.objects.count() == 3


def test_lines_that_cannot_be_read_are_counted(tps):
    with pytest.raises(SystemExit) as end:
        tps("tps", "07700900111\nnonsense\n")
    assert end.value.code == 1
    assert PreferenceServiceFile.objects.get().lines == 1


@pytest.mark.parametrize(
    ("options", "text", "why"),
    [
        ({"dated": datetime.date(2026, 5, 3)}, "07700900111\n", "last 28 days"),
        ({"dated": datetime.date(2026, 6, 2)}, "07700900111\n", "last 28 days"),
        ({"dated": datetime.date(2026, 5, 20)}, "07700900111\n", "newer file"),
        ({}, "phone\nnonsense\n", "no line that can be read"),
        ({}, "", "is empty"),
        ({}, "07700900111\n", "--shrunk"),
    ],
)
def test_a_file_that_is_refused_changes_nothing(tps, options, text, why):
    tps("tps", "07700900111\n07700900222\n07700900333\n")
    with pytest.raises(CommandError, match=why) as refused:
        tps("tps", text, **options)
    assert refused.value.returncode == 2
    assert ListedContact.objects.count() == PreferenceServiceFile.objects.get().lines == 3


def test_a_list_is_good_for_its_28th_day(tps):
    for service in ("tps", "ctps"):
        tps(service, "07700900111\n", dated=datetime.date(2026, 5, 4))
    assert may_call("07700900111") == "tps"
    tomorrow = NOON + datetime.timedelta(days=1)
    late = may_contact.may_contact(
        contact_digests.phone("07700900111"), "live_call", "us", "marketing", tomorrow
    )
    assert late.reason == "list_too_old"
