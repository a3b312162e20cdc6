"""Every letter in one folder, to be read: from invented people, of whom nothing stays."""

import datetime
import re

import pytest
from django.core.management import call_command

from compliance.cases.kinds import CaseKind
from compliance.cases.models import Case
from compliance.casework.letter_scenes import Stage, every_scene
from compliance.register import actions as register_actions
from customers.models import Customer
from customers.outbox.models import Message
from tests.letters.pdf import words_of
from tests.outcomes.effects import NOW

pytestmark = pytest.mark.django_db
TOLD = "Corrected, and those who had it"


@pytest.mark.slow
def test_each_is_a_pdf_in_the_index_and_nobody_stays(tmp_path, capsys):
    register_actions.load(by="job:test")
    call_command("render_letters", out=tmp_path, kind="consent_withdrawal")
    index = (tmp_path / "index.html").read_text()
    files = set(re.findall(r'href="([^"]+)"', index))
    assert files == {file.name for file in tmp_path.glob("*.pdf")}
    assert len(files) >= 8
    assert f"{len(files)} letters" in capsys.readouterr().out
    assert "Only a request for a copy of data can be paused" in index
    done = next(file for file in sorted(tmp_path.glob("*-completion.pdf")))
    words = words_of(done.read_bytes())
    assert "AdaLovelace" in words
    assert "Marketingbypost:Stopped" in words
    assert not Customer.objects.exists()
    assert not Case.objects.exists()


CERTAIN, STAYS = "it on your record here", "stays restricted for now"
# What a letter says, and never says, by the request and what happened to it.
SAYS = [
    ("sar", "A copy to fetch", "The page that follows your request is http", "found none"),
    ("sar", "Nothing held", "We found none", "ask us to correct this data"),
    ("rectification", "Refused: accurate", CERTAIN, "restricted"),
    ("rectification", "Refused: identity", "We could not make sure", CERTAIN),
    ("rectification", f"{TOLD} told and confirmed", "confirmed by them on", "could not be"),
    ("rectification", f"{TOLD} could not be told", "Experian Ltd: Could not be told", "Told on"),
    ("restriction", "Refused: no-restriction", STAYS, "We have done a part"),
    ("objection", "Asked: identity, warning", "Your request stays open", "before we close"),
    ("erasure", "Asked: identity, warning", "before we close your request", "stays open"),
    ("complaint_ack", "Taken back", "Your complaint is withdrawn", "Ombudsman"),
    ("fca_complaint_final", "Taken back", "Financial Ombudsman Service", "to the regulator"),
    ("fca_complaint_final", "A message", "About your complaint", "About your request"),
    ("rectification", "It came twice", "You can also complain, to us", "We have closed"),
    ("sar", "A copy on paper", "Printed for you", "found none"),
    ("restriction", "To be lifted", "We will lift this restriction, not before", "is lifted"),
]


@pytest.mark.parametrize(
    ("kind", "happened", "says", "never"), SAYS, ids=[f"{one[0]}: {one[1]}" for one in SAYS]
)
def test_a_letter_says_what_is_so(kind, happened, says, never):
    register_actions.load(by="job:test")
    scene = next(one for one in every_scene() if (one.kind, one.says) == (kind, happened))
    stage = Stage(NOW + datetime.timedelta(days=30))
    stage.go_on(scene, stage.begin(scene))
    letter = Message.objects.order_by("of_case__pk").last()
    words = f"{letter.subject} {letter.text}"
    assert says in words
    assert never not in words


def test_every_right_has_every_way(db):
    ways = {}
    for scene in every_scene():
        ways.setdefault(scene.kind, set()).add(scene.says)
    common = set.intersection(*ways.values())
    assert {"It came", "More time", "Taken back", "A message"} <= common
    del ways[CaseKind.BEREAVEMENT]  # an enquiry, no right: it has the common ways alone
    assert all(len(found - common) >= 1 for found in ways.values()), "and an end of its own"
