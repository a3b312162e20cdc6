"""`manage.py build_pack`: a copy for the operator, for its owner alone, audited, and without what
nobody has read."""

import stat
from io import StringIO
from zipfile import ZipFile

import pytest
from django.core.management import call_command
from django.db import OperationalError

from audit import events
from audit.models import Entry
from compliance.access import archive
from compliance.access.reviewed import NOT_READ
from customers.typeset import TypesetError
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _register(db):
    call_command("load_register", verbosity=0)


@pytest.fixture
def ada():
    customer = make.CustomerFactory(customer_number="C1843", surname="Lovelace")
    make.ContactNoteFactory(customer=customer, text="Her neighbour Zebedee rang.")
    return customer


def run(*args) -> tuple[int, str]:
    out, code = StringIO(), 0
    try:
        call_command("build_pack", *args, stdout=out, stderr=out)
    except SystemExit as stop:
        code = int(stop.code or 0)
    return code, out.getvalue()


def test_one_archive_that_only_its_owner_reads(ada, tmp_path):
    code, said = run("c1843", "--out", str(tmp_path / "new"))
    (file,) = (tmp_path / "new").iterdir()
    assert (code, stat.S_IMODE(file.stat().st_mode), file.suffix) == (0, 0o600, ".zip")
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert str(file) in said
    assert "not encrypted" in said
    assert not any(secret in said + file.name for secret in ("C1843", "Lovelace", str(ada.pk)))


def test_what_nobody_read_is_not_in_it(ada, tmp_path):
    run("C1843", "--out", str(tmp_path))
    with ZipFile(next(tmp_path.iterdir())) as files:
        notes = files.read("calls_emails_chats_and_letters.csv").decode()
    assert NOT_READ in notes
    assert "Zebedee" not in notes


def test_the_trail_knows_it_by_its_digest(ada, tmp_path, trail):
    _, said = run("C1843", "--out", str(tmp_path))
    entry = trail("pack_exported")
    assert (entry.actor, entry.subject, entry.facts["records"]) == ("job:build_pack", ada.pk, 2)
    assert entry.facts["digest"] in said
    assert entry.facts["reference"] in next(tmp_path.iterdir()).name


@pytest.mark.parametrize("number", ["C9999", "", "\0", "x" * 500])
def test_nobody_has_this_number(ada, tmp_path, number):
    code, said = run(number, "--out", str(tmp_path))
    assert (code, list(tmp_path.iterdir())) == (2, [])
    assert "No customer has this number" in said


def test_a_place_that_cannot_be_written(ada, tmp_path):
    (tmp_path / "file").write_text("")
    code, said = run("C1843", "--out", str(tmp_path / "file"))
    assert code == 2
    assert "cannot be written" in said


@pytest.mark.parametrize(
    "fault", [OperationalError("gone"), TypesetError("The document could not be laid out.")]
)
def test_what_breaks_off_leaves_nothing(ada, tmp_path, monkeypatch, fault):
    def broken(target, *args, **kwargs):
        target.write(b"half of it")
        raise fault

    monkeypatch.setattr(archive, "write", broken)
    assert run("C1843", "--out", str(tmp_path))[0] == 3
    assert list(tmp_path.iterdir()) == []


def test_without_its_entry_there_is_no_file(ada, tmp_path, monkeypatch):
    def refused(**facts):
        raise OperationalError("gone")

    monkeypatch.setattr(events, "pack_exported", refused)
    assert run("C1843", "--out", str(tmp_path))[0] == 3
    assert list(tmp_path.iterdir()) == []
    assert not Entry.objects.exclude(event="register_loaded").exists()
