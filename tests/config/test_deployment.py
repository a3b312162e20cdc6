"""Going into production: what `check --deploy` refuses, what the units may do, and that units and cron
read the same settings."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core import checks, mail
from django.core.management import CommandError, call_command
from django.db import connection

from config import deployment

ROOT = Path(settings.BASE_DIR)
SYSTEMD = ROOT / "deploy/systemd"
UNITS = sorted(path.name for path in SYSTEMD.glob("*.*") if path.is_file())
SERVICES = [name.replace("@.", "@portal-web.") for name in UNITS if name.endswith(".service")]
EXAMPLE = (ROOT / "deploy/portal.env").read_text()
SECRET = "".join(chr(40 + n) for n in range(60))
MOST_EXPOSED = 30  # tenths, by systemd's own reckoning
TRIAL = [102, 103, 104, 105, 106, 107, 108, 110, 112, 115]


def found():
    return [int(one.id.removeprefix("config.E")) for one in deployment.fit_for_production(None)]


def filled(folder):
    """The shipped example with its blanks filled in, as the operator keeps it."""
    text = EXAMPLE
    for name in ("PRIVACY_KEYS", "SUPPRESSION_KEYS", "FEED_KEYS"):
        text = text.replace(f"\n{name}=\n", f"\n{name}={os.environ[name]}\n")
    text = text.replace("\nSECRET_KEY=\n", f"\nSECRET_KEY={SECRET}\n")
    file = folder / "portal.env"
    file.write_text(text)
    file.chmod(0o640)
    return file


def run(*command, **environment):
    return subprocess.run(
        command,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        env={"PATH": os.environ["PATH"], **environment},
    )


@pytest.fixture
def database_of_production(transactional_db):
    """The address of the database as the role that serves the pages sees it. The roles have names of
    their own, so that another test at the same time does not meet them."""
    sql = (ROOT / "deploy/roles.sql").read_text()
    sql = sql.replace("portal_app", "deployed_app").replace("portal_jobs", "deployed_jobs")
    of = connection.settings_dict
    with connection.cursor() as cursor:
        cursor.execute(sql)
        cursor.execute("ALTER ROLE deployed_app PASSWORD 'deployed'")
    yield f"postgres://deployed_app:deployed@{of['HOST']}:{of['PORT']}/{of['NAME']}"
    with connection.cursor() as cursor:
        cursor.execute(
            "DROP OWNED BY deployed_app, deployed_jobs; DROP ROLE deployed_app, deployed_jobs"
        )


@pytest.mark.slow
class TestCheckDeploy:
    def test_the_shipped_example_has_no_fault(self, database_of_production, tmp_path):
        given = {"ENV_FILE": str(filled(tmp_path)), "DATABASE_URL": database_of_production}
        command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
        result = run(*command, **given)
        assert result.returncode == 0, result.stderr
        (tmp_path / "portal.env").chmod(0o644)
        result = run(*command, **given)
        assert result.returncode == 1
        assert "config.E109" in result.stderr
        assert "1 issue" in result.stderr


@pytest.mark.django_db
class TestEachFault:
    def test_a_trial_has_exactly_these(self, settings):
        settings.ALLOWED_HOSTS = ["127.0.0.1", "localhost"]  # the test runner adds its own
        settings.EMBEDDED_DATABASE = True
        assert found() == TRIAL

    def test_debug(self, settings):
        settings.DEBUG = 1
        assert 101 in found()

    def test_a_database_that_is_away(self, monkeypatch):
        def away():
            raise deployment.Error

        monkeypatch.setattr(deployment.connection, "cursor", away)
        assert 111 in found()

    @pytest.mark.parametrize(
        ("sql", "number"),
        [
            ("", 0),
            ("GRANT DELETE ON audit_entry TO portal_app", 113),
            ("ALTER TABLE customers_order OWNER TO portal_app", 113),
            ("REVOKE INSERT ON customers_order FROM portal_app", 114),
            ("CREATE TABLE x (); DROP TABLE x; REVOKE ALL ON audit_newentry FROM portal_app", 114),
        ],
    )
    def test_rights(self, sql, number):
        with connection.cursor() as cursor:
            cursor.execute((ROOT / "deploy/roles.sql").read_text() + sql)
            cursor.execute("SET LOCAL SESSION AUTHORIZATION portal_app")
            try:
                assert {112, 113, 114} & set(found()) == ({number} if number else set())
            finally:
                cursor.execute("RESET SESSION AUTHORIZATION")


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A machine on which the portal was installed, as far as systemd looks."""
    root = tmp_path_factory.mktemp("root")
    units = root / "etc/systemd/system"
    units.parent.mkdir(parents=True)
    run("cp", "-a", str(SYSTEMD), str(units))
    targets = root / "usr/lib/systemd/system"
    targets.mkdir(parents=True)
    for target in Path("/lib/systemd/system").glob("*.target"):
        shutil.copy(target, targets)
    for name in ("python", "gunicorn"):
        program = root / "srv/portal/.venv/bin" / name
        program.parent.mkdir(parents=True, exist_ok=True)
        program.touch()
        program.chmod(0o755)
    return root


@pytest.mark.slow
class TestUnits:
    def test_each_is_understood(self, root):
        result = run("systemd-analyze", "verify", f"--root={root}", "--man=no", *UNITS)
        assert (result.returncode, result.stdout + result.stderr) == (0, "")

    @pytest.mark.parametrize("name", SERVICES)
    def test_each_is_hardened(self, root, name):
        result = run(
            "systemd-analyze",
            "security",
            "--offline=true",
            "--no-pager",
            f"--threshold={MOST_EXPOSED}",
            f"--root={root}",
            name,
        )
        assert result.returncode == 0, result.stdout[-400:]

    @pytest.mark.parametrize("name", [name for name in UNITS if name.endswith(".timer")])
    def test_each_timer_has_its_service(self, name):
        assert name.replace(".timer", ".service") in UNITS

    def test_cron_runs_the_same_commands(self):
        def commands(text):
            words = text.split()
            return {
                words[place + 1 + (words[place + 1] == "-1")]
                for place, word in enumerate(words[:-1])
                if word in ("manage.py", "portal-job")
            }

        units = [(SYSTEMD / name).read_text() for name in UNITS if name.startswith("portal-")]
        cron = [
            line
            for line in (ROOT / "deploy/crontab").read_text().splitlines()
            if line[0] in "*0123456789"
        ]
        assert commands("\n".join(units)) == commands("\n".join(cron))


AWKWARD = """CONTROLLER_NAME="Marks & Daughters' Shop"
CONTROLLER_ADDRESS=1 Mill Lane, Bradford; $HOME `id`
REGULATOR_CHANGES=[{"valid_from": "2027-04-01", "name": "Information Commission"}]
EMAIL_URL=smtp+tls://user:a%26b@mail.example.com:587
"""
SHOW = (
    "from django.conf import settings as s; print(s.CONTROLLER['name'], s.CONTROLLER['address'], "
    "s.REGULATOR_CHANGES, s.EMAIL_HOST_PASSWORD, sep='|')"
)


@pytest.mark.slow
def test_units_and_cron_read_the_same_settings(tmp_path):
    file = tmp_path / "portal.env"
    file.write_text((ROOT / ".env").read_text() + AWKWARD)
    (tmp_path / "jobs.env").write_text('CONTROLLER_NAME="The jobs\' own"\n')
    as_unit = run(
        sys.executable, "manage.py", "shell", "-v", "0", "-c", SHOW, ENV_FILE=str(file)
    ).stdout
    as_cron = run(
        "sh",
        "-c",
        'deploy/portal-job shell -v 0 -c "$SHOW"',
        ENV_FILE=str(file),
        PORTAL=str(ROOT),
        SHOW=SHOW,
    ).stdout
    assert as_unit == as_cron
    assert as_unit.strip() == (
        "Marks & Daughters' Shop|1 Mill Lane, Bradford; $HOME `id`|"
        "[{'valid_from': '2027-04-01', 'name': 'Information Commission'}]|a&b"
    )
    both = f"{tmp_path / 'jobs.env'}:{file}"
    own = run(sys.executable, "manage.py", "shell", "-v", "0", "-c", SHOW, ENV_FILE=both).stdout
    assert own.startswith("The jobs' own|1 Mill Lane")
    gone = run(sys.executable, "manage.py", "check", ENV_FILE=f"{tmp_path / 'gone.env'}:{file}")
    assert "gone.env, which cannot be read" in gone.stderr


class TestTellingOfFailure:
    def test_the_team_reads_which_unit_failed(self, settings):
        settings.REMINDERS_TO = "team@example.com"
        call_command("tell_of_failure", "portal-retention-purge.service")
        (letter,) = mail.outbox
        assert letter.subject.startswith("portal-retention-purge.service failed on ")
        assert "journalctl -u portal-retention-purge.service" in letter.body
        assert letter.to == ["team@example.com"]

    @pytest.mark.parametrize(
        ("what", "to", "code"),
        [("x", "", 2), ("x\ny", "team@example.com", 2), ("x" * 201, "team@example.com", 2)],
    )
    def test_it_says_why_it_cannot(self, settings, what, to, code):
        settings.REMINDERS_TO = to
        with pytest.raises(CommandError) as fault:
            call_command("tell_of_failure", what)
        assert (fault.value.returncode, mail.outbox) == (code, [])

    def test_the_mail_server_is_away(self, settings, monkeypatch):
        settings.REMINDERS_TO = "team@example.com"
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
        with pytest.raises(CommandError) as fault:
            call_command("tell_of_failure", "portal-web.service")
        assert fault.value.returncode == 3

    def test_cron_tells_once_an_hour_and_not_of_what_the_desk_shows(self, tmp_path):
        """A portal whose command ends as its second word says, and which writes down whom it told."""
        python = tmp_path / ".venv/bin/python"
        python.parent.mkdir(parents=True)
        python.write_text(
            '#!/bin/sh\n[ "$2" != tell_of_failure ] || { echo "$3" >> told; exit 0; }\nexit "$3"\n'
        )
        python.chmod(0o755)
        given = {"PORTAL": str(tmp_path), "LOGS": str(tmp_path)}
        job = str(ROOT / "deploy/portal-job")
        ends = [
            run(job, *words, **given).returncode
            for words in (["a", "0"], ["-1", "b", "1"], ["c", "1"], ["c", "1"], ["-1", "d", "3"])
        ]
        assert ends == [0, 1, 1, 1, 3]
        assert (tmp_path / "told").read_text().split() == ["c", "d"]


def test_every_fault_is_an_error_with_advice():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(deployment, "_database", lambda: [(111, "x", "y")])
        messages = deployment.fit_for_production(None)
    assert all(one.level == checks.ERROR and one.hint for one in messages)
