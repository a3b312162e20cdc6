import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

ROOT = Path(settings.BASE_DIR)
EXAMPLE = (ROOT / ".env.example").read_text()
RINGS = ("PRIVACY_KEYS", "SUPPRESSION_KEYS", "FEED_KEYS")
NEEDED = {
    "SECRET_KEY": "x" * 60,
    **{name: os.environ[name] for name in RINGS},
    "ALLOWED_HOSTS": "shop.example",
}
SHOW = (
    "from django.conf import settings as s; "
    "print(s.ALLOWED_HOSTS, s.HTTPS, s.CONTROLLER['name'], s.REGULATOR['name'])"
)


def start(env_file, *command, **environment):
    """Run a command of the portal in an environment that holds nothing else."""
    env_file.touch()
    of = connection.settings_dict
    url = f"postgres://{of['USER']}:{of['PASSWORD']}@{of['HOST']}:{of['PORT']}/postgres"
    return subprocess.run(
        [sys.executable, "manage.py", *(command or ("check",))],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        env={
            "PATH": os.environ["PATH"],
            "ENV_FILE": str(env_file),
            "DATABASE_URL": url,
            **environment,
        },
    )


def as_file(tmp_path, text):
    file = tmp_path / "settings.env"
    file.write_text(text)
    return file


@pytest.mark.slow
class TestRefusingToStart:
    @pytest.mark.parametrize("name", NEEDED)
    @pytest.mark.parametrize("given", [None, ""], ids=["missing", "empty"])
    def test_without_what_is_needed(self, name, given, tmp_path):
        rest = {key: value for key, value in NEEDED.items() if key != name}
        result = start(tmp_path / "none", **rest, **({} if given is None else {name: given}))
        assert result.returncode != 0
        assert name in result.stderr.splitlines()[-1]

    def test_a_malformed_key_stops_it_and_is_not_shown(self, tmp_path):
        result = start(
            tmp_path / "none", **{**NEEDED, "PRIVACY_KEYS": "k1:c2VjcmV0LWJ1dC10b28tc2hvcnQ"}
        )
        assert result.returncode != 0
        assert "not 32 bytes" in result.stderr
        assert "c2VjcmV0" not in result.stdout + result.stderr

    def test_with_what_is_needed_it_starts(self, tmp_path):
        assert start(tmp_path / "none", **NEEDED).returncode == 0

    @pytest.mark.parametrize(
        "changes",
        [
            '[{"name": "No day"}]',
            '[{"valid_from": "1 April", "name": "x"}]',
            '{"name": "x"}',
            '[{"valid_from": "2027-04-01", "nmae": "x"}]',
        ],
    )
    def test_with_a_change_of_the_regulator_that_says_nothing(self, changes, tmp_path):
        result = start(tmp_path / "none", **NEEDED, REGULATOR_CHANGES=changes)
        assert result.returncode != 0
        assert "REGULATOR_CHANGES is a list of changes" in result.stderr


@pytest.mark.slow
class TestTheExample:
    def test_it_names_exactly_what_the_settings_read(self):
        read = set(
            re.findall(
                r"""env(?:\.[a-z]+)?\(\s*"([A-Z_]+)\"""", (ROOT / "config/settings.py").read_text()
            )
        )
        named = re.findall(r"^#?([A-Z_]+)=", EXAMPLE, re.MULTILINE)
        assert set(named) == read
        assert len(named) == len(set(named))

    def test_a_copy_needs_only_its_first_lines_filled(self, tmp_path):
        filled = EXAMPLE
        for name, value in NEEDED.items():
            filled = filled.replace(f"\n{name}=\n", f"\n{name}={value}\n")
        result = start(as_file(tmp_path, filled), "shell", "-v", "0", "-c", SHOW)
        assert result.stdout.strip() == (
            "['shop.example'] True Hartwell Home Shopping Ltd Information Commissioner's Office"
        ), result.stderr

    def test_every_default_that_it_shows_is_the_default(self, tmp_path):
        shown = re.sub(r"^#([A-Z_]+=)", r"\1", EXAMPLE, flags=re.MULTILINE)
        for name, value in NEEDED.items():
            shown = shown.replace(f"\n{name}=\n", f"\n{name}={value}\n")
        every = (
            "from django.conf import settings as s; print({n: getattr(s, n) for n in dir(s) "
            "if n.isupper()})"
        )
        plain = start(tmp_path / "none", "shell", "-v", "0", "-c", every, **NEEDED)
        full = start(as_file(tmp_path, shown), "shell", "-v", "0", "-c", every)
        assert plain.returncode == full.returncode == 0, full.stderr
        assert plain.stdout == full.stdout

    def test_the_environment_goes_before_the_file(self, tmp_path):
        file = as_file(tmp_path, "ALLOWED_HOSTS=from.file\n")
        result = start(
            file,
            "shell",
            "-v",
            "0",
            "-c",
            SHOW,
            **{**NEEDED, "ALLOWED_HOSTS": "one.example, two.example"},
        )
        assert result.stdout.startswith("['one.example', 'two.example']"), result.stderr


@pytest.mark.slow
class TestProduction:
    def test_https_is_the_default_with_all_that_belongs_to_it(self, tmp_path):
        show = (
            "from django.conf import settings as s; print(s.SECURE_SSL_REDIRECT, "
            "s.SECURE_HSTS_SECONDS >= 31536000,"
            "s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_NAME, "
            "s.CSRF_COOKIE_NAME, s.DEBUG)"
        )
        result = start(tmp_path / "none", "shell", "-v", "0", "-c", show, **NEEDED)
        assert result.stdout.strip() == "True True True True __Host-session __Host-csrf False"
