"""Rules that hold for every room. Each walks what there is, so that a newcomer is held to them
without an edit here."""

import importlib.util
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.core.management import call_command, get_commands, load_command_class
from django.db import connection, models
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.desk import DeskAdmin
from docs import draw_map
from privacy.checks import every_model_is_declared
from privacy.declarations import declarations
from privacy.fields import SealedTextField

ROOT = Path(settings.BASE_DIR)
ROOMS = ("config", "compliance", "customers", "accounts", "audit", "jobs", "privacy")

# Pages that anybody may open. Everything else asks for a sign-in; add a page here only when it is
# meant for the public.
PUBLIC = {
    "admin:login",
    "identity:prove",
    "identity:prove_code",
    "identity:prove_end",
    "cookies:answer",
    "cookies:choices",
    "cookies:gpc",
    "register:home",
    "register:notice",
    "register:versions",
    "register:version",
    "register:changes",
    "register:favicon",
    "draws:draws",
    "draws:draw",
    "draws:published_draw",
    "preferences:stop",
    "preferences:stopped",
    "preferences:one_click",
    "preferences:choices",
    "preferences:changed",
    "portal:start",
    "portal:ask",
    "portal:received",
    "portal:status",
    "portal:status_code",
    "portal:status_end",
    "portal:mine",
    "portal:case",
    "portal:add",
    "portal:ask_for_copy",
    "portal:withdraw",
    "portal:claim",
    "portal:fetch_copy",
    "portal:my_data",
    "portal:my_copy",
    "portal:my_records",
    "portal:my_contact",
    "portal:my_contact_add",
    "portal:my_contact_change",
    "portal:my_contact_code",
}
# Views that take a POST without the form's token, each with what stands in for it.
WITHOUT_A_TOKEN = {
    "cookies:answer": "The browser says itself that the press came from our page; a token would "
    "need a cookie, and the "
    "banner asks before there is one.",
    "preferences:stop": "Anybody may send it anything, so nothing is gained by forging it, and "
    "it must work without cookies; "
    "a form from another site's page is shown again instead.",
    "preferences:one_click": "Mail programs post to it from outside (RFC 8058 section 3.2); the "
    "link itself is the proof.",
    "portal:ask": "A legal request must not need a cookie. A proven visitor's form has power: "
    "its token is asked inside, "
    "and a form without it is shown again with all that was typed.",
    "portal:add": "The token is asked inside: without it the page is shown again with all that "
    "was typed.",
}
OUR_COMMANDS = sorted(
    name for name, app in get_commands().items() if str(app).split(".")[0] in ROOMS
)
SAMPLES = {
    "int": "1",
    "uuid": "6f2c3c52-8f3b-4c9d-9f55-2f8f2f1d7b11",
    "slug": "x",
    "str": "x",
    "path": "x",
}


def files(*endings):
    """The project's own files, without what is installed, generated or vendored."""
    for room in (*ROOMS, "tests", "templates", "static", "deploy", "benchmarks", "docs"):
        for file in sorted((ROOT / room).rglob("*")):
            if file.suffix in endings and not {"migrations", "vendor", "__pycache__"} & set(
                file.parts
            ):
                yield file


def addresses(resolver=None, prefix="/", space=""):
    """Every address with made-up arguments, and its name."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + re.sub(
            r"<(?:(\w+):)?\w+>", lambda match: SAMPLES[match[1] or "str"], str(entry.pattern)
        )
        if isinstance(entry, URLResolver):
            yield from addresses(entry, route, f"{entry.namespace or space}:".lstrip(":"))
        elif isinstance(entry, URLPattern):
            yield (
                f"{space}{entry.name}",
                re.sub(r"[\^$]|\(\?P<\w+>[^)]*\)|\(\?:[^)]*\)\?", "", route),
            )


def views(resolver=None, space=""):
    """Every view and the name of its address."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from views(entry, f"{entry.namespace or space}:".lstrip(":"))
        elif isinstance(entry, URLPattern):
            yield f"{space}{entry.name}", entry.callback


class TestPersonalValues:
    @pytest.mark.parametrize(
        "declaration", list(declarations()), ids=lambda declaration: declaration.label
    )
    def test_no_record_shows_one_when_printed(self, declaration):
        texts = [
            one
            for one in declaration.model._meta.concrete_fields
            if isinstance(one, (SealedTextField, models.CharField, models.TextField))
            and not one.choices
            and one.name in {*declaration.export, *declaration.redact, *declaration.withhold}
        ]
        record = declaration.model(**{one.attname: f"Zebedee {one.name}" for one in texts})
        assert "Zebedee" not in f"{record} {record!r}"

    def test_every_table_is_declared(self):
        assert every_model_is_declared(None) == []

    @pytest.mark.parametrize("label", list(settings.NOT_PERSONAL_MODELS))
    def test_every_table_of_others_that_is_named_exists(self, label):
        model = apps.get_model(label)
        assert not {"PersonalData", "NotPersonal"} & set(vars(model)), (
            "it says so itself: remove it from the settings"
        )

    @pytest.mark.django_db
    def test_no_desk_page_writes_djangos_log(self):
        for desk_admin in admin.site._registry.values():
            assert isinstance(desk_admin, DeskAdmin), f"{desk_admin} must be a DeskAdmin"
            desk_admin.log_addition(None, None, "x")
            desk_admin.log_deletions(None, [])
        assert LogEntry.objects.count() == 0


@pytest.mark.django_db
class TestClosedByDefault:
    @pytest.mark.slow
    @pytest.mark.parametrize("method", ["get", "post"])
    def test_every_address_asks_for_a_sign_in_or_is_listed_as_public(self, method):
        asked = 0
        for name, address in addresses():
            if name in PUBLIC:
                continue
            response = getattr(Client(), method)(address)
            if response.status_code == 405:
                continue
            assert response.status_code == 302, (
                f"{name} answers {response.status_code} to a stranger"
            )
            to = "/admin/" if name == "admin:logout" else "/admin/login/"
            assert response["Location"].startswith(to), f"{name} lets a stranger in"
            asked += 1
        assert asked > 50

    def test_every_public_page_exists(self):
        assert set(dict(addresses())) >= PUBLIC

    @pytest.mark.parametrize("address", ["/admin/login/", "/privacy/"])
    def test_the_browser_is_told_to_run_nothing_of_others(self, address):
        response = Client().get(address)
        policy = response["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert not re.search(r"unsafe-|nonce-|\*|https?:", policy)
        assert response["X-Frame-Options"] == "DENY"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Referrer-Policy"] == "same-origin"
        assert not re.search(
            r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|javascript:",
            response.content.decode(),
        )

    def test_the_guards_stand_in_order(self):
        order = settings.MIDDLEWARE
        assert order[0] == "django.middleware.security.SecurityMiddleware"
        for guard in (
            "csp.middleware.CSPMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
        ):
            assert guard in order

    def test_no_template_holds_what_the_policy_would_stop(self):
        for file in files(".html"):
            faults = re.findall(
                r"<script(?![^>]*\bsrc=)[^>]*>|<style|\sstyle=|\son(?:click|change|load|submit)=",
                file.read_text(),
            )
            assert not faults, f"{file.relative_to(ROOT)}: {faults}"

    def test_only_these_views_are_let_off_the_forgery_check(self):
        assert {name for name, view in views() if getattr(view, "csrf_exempt", False)} == set(
            WITHOUT_A_TOKEN
        )

    def test_each_says_why_beside_it(self):
        exempt = [
            f"{above} {line}"
            for file in files(".py")
            for above, line in pairwise(file.read_text().splitlines())
            if line.lstrip().startswith("@csrf_exempt")
        ]
        assert len(exempt) == len(WITHOUT_A_TOKEN)
        assert all("#" in line for line in exempt)


class TestTheBuild:
    def test_the_driver_is_psycopg2_and_no_other_can_take_over(self):
        assert connection.Database.__name__ == "psycopg2"
        assert importlib.util.find_spec("psycopg") is None, (
            "Django would silently switch to psycopg 3"
        )

    def test_faults_are_never_shown_with_their_source(self):
        assert settings.DEBUG is False
        assert [
            file
            for file in files(".py", ".service")
            if re.search(r"\bDEBUG ?= ?True", file.read_text())
        ] == []

    def test_what_anybody_wrote_is_made_a_number_in_one_place(self):
        """`"²".isdigit()` is True, and `int("²")` fails: use `accounts.http.whole_number`."""
        near = re.compile(
            r"\bint\([^\n]*\n?[^\n]*\.is(?:digit|decimal|numeric)\(|\.is(?:digit|decimal|numeric)\([^\n]*\n?[^\n]*\bint\("
        )
        house = [file for file in files(".py") if "tests" not in file.parts]
        assert [file for file in house if near.search(file.read_text())] == []

    def test_no_file_is_too_long_to_read(self):
        long = {
            str(file.relative_to(ROOT))
            for file in files(".py", ".html", ".css", ".js", ".md")
            if len(file.read_text().splitlines()) > 500
        }
        assert not long

    @pytest.mark.django_db
    def test_no_migration_is_missing(self):
        call_command("makemigrations", "--check", "--dry-run", verbosity=0)

    @pytest.mark.slow
    def test_imports_go_one_way(self):
        result = subprocess.run(
            [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
            cwd=ROOT,
            capture_output=True,
            text=True,
        )
        assert result.returncode == 0, result.stdout[-2000:]

    def test_every_room_has_its_place_in_the_direction_of_imports(self):
        layers = {room for row in draw_map.layers() for room in row}
        rooms = {room for room in ROOMS if room != "compliance"} | {
            f"compliance.{file.parent.name}" for file in (ROOT / "compliance").glob("*/__init__.py")
        }
        assert rooms == layers, "name it in the layers of pyproject.toml, and run `make map`"

    @pytest.mark.parametrize("name", OUR_COMMANDS)
    def test_every_command_says_what_it_does(self, name):
        command = load_command_class(get_commands()[name], name)
        assert len(command.help) > 40, (
            f"write a help text for {name}: what it does, and what its exit codes mean"
        )
