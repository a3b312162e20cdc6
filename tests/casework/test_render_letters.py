"""Every letter in one folder, to be read: from invented people, of whom nothing stays."""

import re

import pytest
from django.core.management import call_command

from compliance.cases.kinds import CaseKind
from compliance.cases.models import Case
from compliance.casework.letter_scenes import every_scene
from compliance.register import actions as register_actions
from customers.models import Customer
from tests.letters.pdf import words_of

pytestmark = pytest.mark.django_db


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


def test_every_right_has_every_way(db):
    ways = {}
    for scene in every_scene():
        ways.setdefault(scene.kind, set()).add(scene.says)
    common = set.intersection(*ways.values())
    assert {"It came", "More time", "Taken back", "A message"} <= common
    del ways[CaseKind.BEREAVEMENT]  # an enquiry, no right: it has the common ways alone
    assert all(len(found - common) >= 1 for found in ways.values()), "and an end of its own"
