"""The launcher of the embedded database, tried on clones of its own: folders with nothing in them
but the launcher."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg2
import pytest

from config import local

pytestmark = pytest.mark.slow

AS_ROOT = os.geteuid() == 0
START = "from config import local; print(local.start())"


class Clone:
    def __init__(self, folder):
        self.folder = Path(folder)
        (self.folder / "config").mkdir()
        shutil.copy(local.__file__, self.folder / "config" / "local.py")

    def call(self, code=START, **more):
        return subprocess.Popen(
            [sys.executable, "-c", code],
            cwd=self.folder,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            **more,
        )

    def run(self, code=START, **more):
        with self.call(code, **more) as process:
            out, err = process.communicate(timeout=90)
        assert process.returncode == 0, err
        return out.strip()

    @property
    def local(self):
        return self.folder / ".local"

    @property
    def data(self):
        return Path(self.run("from config import local; print(local._home() / 'postgres-main')"))

    def pid(self):
        return int((self.data / "postmaster.pid").read_text().splitlines()[0])

    def stop(self):
        return self.run("from config import local; local.stop()")


def count(url, statement="SELECT 1"):
    connection = psycopg2.connect(url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchone() if cursor.description else None
    finally:
        connection.close()


@pytest.fixture(
    params=[
        "open",
        pytest.param("closed", marks=pytest.mark.skipif(not AS_ROOT, reason="for root only")),
    ]
)
def clone(request):
    """A clone in a folder that any account may enter, or in one for root alone: its cluster then
    lives elsewhere."""
    folder = Path(tempfile.mkdtemp(prefix="clone-"))
    folder.chmod(0o755 if request.param == "open" else 0o700)
    clone = Clone(folder)
    home = Path(clone.run("from config import local; print(local._home())"))
    assert (home == clone.local) is (request.param == "open")
    yield clone
    clone.stop()
    shutil.rmtree(folder)
    if home != clone.local:
        shutil.rmtree(home)


def test_one_cluster_lives_through_everything(clone):
    """One story, since each start costs a second: made once, found again, killed, mistaken, and
    never lost."""
    at_once = [clone.call() for _ in range(3)]
    answers = [process.communicate(timeout=90) for process in at_once]
    assert len(set(answers)) == 1, "several commands at once on a fresh clone share one database"
    url = answers[0][0].strip()
    assert count(url, "SHOW server_version")[0].startswith("18.")
    count(url, "CREATE TABLE kept AS SELECT 41 + 1 AS answer")

    assert clone.run() == url, "a second start returns the same database"
    assert stat.S_IMODE((clone.local / "postgres-main.password").stat().st_mode) == 0o600
    assert stat.S_IMODE(clone.data.stat().st_mode) == 0o700
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        count(url.replace(url.split("@")[0], "postgres://postgres:wrong"))

    os.kill(clone.pid(), signal.SIGKILL)
    assert count(clone.run(), "SELECT answer FROM kept") == (42,), "it survives kill -9"

    assert "Stopped the embedded database postgres-main." in clone.stop()
    assert "No embedded database was running." in clone.stop()

    # After a restart of the machine another process may have the number that the old pid file
    # names.
    with subprocess.Popen(
        ["sleep", "60"], user=local.SYSTEM_USER if AS_ROOT else None, cwd="/"
    ) as stranger:
        (clone.data / "postmaster.pid").write_text(
            f"{stranger.pid}\n{clone.data}\n1\n5432\n\n127.0.0.1\n\nready\n"
        )
        assert count(clone.run(), "SELECT answer FROM kept") == (42,)
        stranger.kill()

    # A new clone in the place of an old one has not its password: the old data is set aside, never
    # opened or deleted.
    (clone.local / "postgres-main.password").unlink()
    with pytest.raises(psycopg2.errors.UndefinedTable):
        count(clone.run(), "SELECT answer FROM kept")
    assert len(list(clone.data.parent.glob("postgres-main.set-aside-*/PG_VERSION"))) == 1


@pytest.mark.skipif(not AS_ROOT, reason="only root lends the database an account")
def test_a_strict_umask_does_not_lock_the_database_out(tmp_path):
    folder = Path(tempfile.mkdtemp(prefix="clone-"))
    folder.chmod(0o755)
    clone = Clone(folder)
    try:
        assert count(clone.run(umask=0o077)) == (1,)
    finally:
        clone.stop()
        shutil.rmtree(folder)


class TestKeys:
    def test_they_are_made_once_for_the_owner_alone(self, tmp_path):
        file = tmp_path / ".env"
        assert local.write_keys(file) is True
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        before = file.read_text()
        assert local.write_keys(file) is False
        assert file.read_text() == before

    def test_an_older_file_gets_only_the_rings_that_it_lacks(self, tmp_path):
        path = tmp_path / ".env"
        path.write_text("PRIVACY_KEYS=mine:abc\n# kept")
        assert not local.write_keys(path)
        assert not local.write_keys(path)
        lines = path.read_text().splitlines()
        assert lines[:2] == ["PRIVACY_KEYS=mine:abc", "# kept"]
        assert [line.split("=")[0] for line in lines[2:]] == ["SUPPRESSION_KEYS", "FEED_KEYS"]

    def test_two_machines_never_share_them(self, tmp_path):
        files = [tmp_path / name for name in ("one", "two")]
        for file in files:
            local.write_keys(file)
        one, two = (
            [line.partition("=")[2] for line in file.read_text().splitlines() if "_KEY" in line]
            for file in files
        )
        assert not set(one) & set(two)

    def test_they_are_of_the_form_that_the_settings_take(self, tmp_path, settings):
        from privacy import keys

        local.write_keys(tmp_path / ".env")
        line = next(
            line
            for line in (tmp_path / ".env").read_text().splitlines()
            if line.startswith("PRIVACY_KEYS=")
        )
        assert keys.parse(line.partition("=")[2]).ids == ("local1",)


class TestWithoutBinaries:
    @pytest.mark.parametrize("spec", [None, "empty"])
    def test_the_message_says_what_to_do(self, spec, tmp_path, monkeypatch):
        found = None
        if spec:
            found = type("Spec", (), {"origin": str(tmp_path / "__init__.py")})
        monkeypatch.setattr(local.importlib.util, "find_spec", lambda name: found)
        with pytest.raises(
            local.LocalDatabaseError,
            match="export DATABASE_URL=postgres://USER:PASSWORD@HOST:5432/NAME",
        ):
            local._binaries(tmp_path, tmp_path)

    def test_the_command_ends_with_the_message_and_no_traceback(self):
        result = subprocess.run(
            [sys.executable, "-S", "-m", "config.local", "start"],
            cwd=local.BASE_DIR,
            text=True,
            capture_output=True,
            env={"PATH": os.environ["PATH"]},
        )
        assert result.returncode == 1
        assert result.stderr.startswith("There is no embedded PostgreSQL for this platform")


def test_a_start_that_fails_says_where_to_look(tmp_path, monkeypatch):
    monkeypatch.setattr(local, "START_TIMEOUT", 0)
    monkeypatch.setattr(local, "_run", lambda *given, **more: subprocess.CompletedProcess([], 1))
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    with pytest.raises(local.LocalDatabaseError, match=r"server\.log"):
        local._launch(tmp_path, tmp_path, "main")
