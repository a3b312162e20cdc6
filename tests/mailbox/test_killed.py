"""Two programs read one mail folder and are killed with SIGKILL at random: each message takes
effect exactly once."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter

import pytest
from django.conf import settings
from django.db import connection

from audit.models import Entry
from compliance.mailbox.models import InboundMail
from compliance.preferences.models import ChoiceEvent, MarketingRequest, Suppression
from customers.outbox.models import Message
from tests.factories import ContactPointFactory, CustomerFactory

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

MANY = 60  # messages; every fifth is from a customer, and two are one
WORDS = "Please stop your emails.\n"


def start(folder):
    database = connection.settings_dict
    url = (
        f"postgres://{database['USER']}:{database['PASSWORD']}@{database['HOST']}:{database['PORT']}/"
        f"{database['NAME']}"
    )
    return subprocess.Popen(
        [sys.executable, settings.BASE_DIR / "manage.py", "receive_mail", "--maildir", folder],
        env={**os.environ, "DATABASE_URL": url},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def stored():
    return InboundMail.objects.count()


def fill(folder):
    for name in ("new", "cur", "tmp"):
        (folder / name).mkdir()
    for number in range(MANY):
        raw = (
            f"From: Person <person{number}@example.net>\nMessage-ID: "
            f"<{number}@example.net>\nSubject: unsubscribe\n\n"
            f"{WORDS * 3}Message {number}\n"
        )
        place = folder / ("new" if number % 2 else "cur") / f"1782800{number:03d}.M{number}.host"
        place.write_text(raw)
        if number in (11, 22):
            place.with_name(f"{place.name}copy").write_text(raw.replace("\n", "\r\n"))


def test_killed_at_random_each_message_counts_once(tmp_path):
    chance = random.Random(19)
    fill(tmp_path)
    for number in range(0, MANY, 5):
        ContactPointFactory(customer=CustomerFactory(), value=f"person{number}@example.net")
    for target in (chance.randrange(3, 12), chance.randrange(20, 45)):
        pair = [start(tmp_path), start(tmp_path)]
        while stored() < target and any(one.poll() is None for one in pair):
            time.sleep(0.002)
        for one in pair:
            time.sleep(chance.random() * 0.03)
            one.send_signal(signal.SIGKILL)
            one.communicate()
    assert stored() < MANY, "killed too late to show anything"
    pair = [start(tmp_path), start(tmp_path)]
    faults = [(one.communicate()[1].decode()[-300:], one.returncode) for one in pair]
    assert {code for _, code in faults} <= {0, 3}, (
        faults
    )  # 3: the database had no room for it just now
    if stored() < MANY or any(code for _, code in faults):
        again = start(tmp_path)
        assert (again.communicate()[1].decode()[-300:], again.returncode) == ("", 0), faults

    assert stored() == MANY
    assert set(InboundMail.objects.values_list("state", flat=True)) == {"applied"}
    assert MarketingRequest.objects.count() == Message.objects.count() == MANY
    assert InboundMail.objects.filter(customer__isnull=False).count() == MANY // 5
    assert ChoiceEvent.objects.count() == Suppression.objects.count() == MANY * 2
    for event in ("mail_received", "mail_read", "marketing_stopped"):
        entries = Counter(
            str(facts.get("mail", facts.get("reference")))
            for facts in Entry.objects.filter(event=event).values_list("facts", flat=True)
        )
        assert set(entries.values()) == {1}, event
        assert len(entries) == MANY
    assert not [*(tmp_path / "new").iterdir(), *(tmp_path / "cur").iterdir()]
    assert len(list((tmp_path / ".done" / "cur").iterdir())) == MANY + 2
