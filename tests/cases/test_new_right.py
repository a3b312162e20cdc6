"""What has to be told of a new right: a file with the right, one with its outcome, one with its
form. A copy of the program gets a made-up one."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.slow

PARTS = ("accounts", "audit", "compliance", "config", "customers", "jobs", "privacy", "templates")
RIGHT = "compliance/cases/rights/horoscope.py"
OUTCOME = "compliance/outcomes/horoscope.py"
FORM = "compliance/portal/forms/horoscope.py"
TOLD = {
    RIGHT: """
import datetime

from compliance.cases.right import AtOnce, RefusalGround, Right
from compliance.cases.shared_grounds import ANY_REQUEST
from compliance.deadlines.rules import NO_LAW, StatutoryClock, gdpr
from compliance.mailbox.request_words import RequestWords, pattern

RIGHT = Right(
    code="horoscope",
    order=200,
    label="My horoscope",
    clock=StatutoryClock(gdpr("horoscope", "Horoscope", "Article 99"), NO_LAW),
    asked="You asked us for your horoscope.",
    asked_for_somebody="You asked us, for somebody else, for their horoscope.",
    next_step="We look at the stars.",
    letters={},
    conditions=("done", "complain"),
    grounds={
        **ANY_REQUEST,
        "cloudy": RefusalGround(label="Clouds", words="We saw no stars.", law="Article 99(2)"),
    },
    complaint=False,
    often=False,
    at_once=AtOnce.NOTHING,
    needs=("identity",),
    anybody_may=False,
    never_proof="The stars know who asks.",
    may_extend=False,
    may_refuse=True,
    may_lapse=True,
    mail=RequestWords(
        label="Horoscope", turn=200, pattern=pattern("horoscopes?"), may_be_a_stop=False
    ),
    outcome="horoscope",
    carried_out={"foretell": "We foretold the future"},
    form="horoscope",
)
""",
    OUTCOME: """
import datetime

from compliance.cases.lines import Line
from compliance.cases.models import Case
from compliance.outcomes.base import Effect, EffectResult, Given


class Foretell(Effect):
    code = "foretell"
    label = "Foretell the future"
    says = "What the stars say."

    def perform(self, case: Case, given: Given, *, by: str, now: datetime.datetime) -> EffectResult:
        return EffectResult(lines=[Line.said("Your future", "Bright")])


EFFECTS: tuple[Effect, ...] = (Foretell(),)
""",
    FORM: """
from compliance.cases.kinds import CaseKind
from compliance.portal.forms.fields import LongText
from compliance.portal.forms.public_form import PublicForm
from compliance.portal.forms.requester import AskForm


class HoroscopeForm(AskForm):
    kind = CaseKind.HOROSCOPE
    own = ("words",)
    words = LongText("Under which star were you born?")


FORM = PublicForm(
    order=200,
    slug="horoscope",
    form=HoroscopeForm,
    card="Read my stars",
    says="What is to come.",
    title="Your horoscope",
    lead="We look at the stars for you.",
    button="Ask the stars",
)
""",
}
# What follows from the three files, one line for each.
FOLLOWS = """
import datetime, django
django.setup()
from django.template.loader import select_template
from compliance import outcomes
from compliance.cases import grounds, transitions
from compliance.cases.actions.steps import NEVER
from compliance.cases.kinds import CaseKind, EventKind, effects_in_words
from compliance.cases.models import Case
from compliance.cases.models.guard import by_the_table
from compliance.casework.desk.filters import ByCaseKind
from compliance.deadlines import rule_for
from compliance.letters import phrases, preview
from compliance.cases.models.letters import Letter
from compliance.mailbox import intent, states
from compliance.portal import menu

assert CaseKind("horoscope").label == "My horoscope"
assert ("horoscope", "My horoscope") in Case._meta.get_field("kind").choices
assert rule_for("horoscope", datetime.date(2026, 7, 1)).law == "UK GDPR Article 99 and Article 12A"
assert transitions.may(EventKind.REFUSED, "horoscope", "open")
assert not transitions.may(EventKind.ID_REQUESTED, "horoscope", "open")
assert "'horoscope'" in by_the_table().func
assert list(grounds.grounds_for("horoscope"))[-1] == "cloudy"
assert phrases.asked("horoscope", for_somebody=False) == "You asked us for your horoscope."
assert phrases.next_step("horoscope") == "We look at the stars."
assert "horoscope" in preview.kinds_of(Letter.COMPLETION)
assert intent.decide("", "Please send my horoscope for May.").kind == "horoscope"
assert ("horoscope", "Horoscope") in states.topics()
assert outcomes.OF_KIND["horoscope"] == (outcomes.EFFECTS["foretell"],)
assert effects_in_words()("foretell") == "We foretold the future"
assert menu.PUBLIC_FORMS[-1].title == "Your horoscope"
assert "star were you born" in str(menu.BY_SLUG["horoscope"].form(proven=True)["words"].label)
select_template(menu.BY_SLUG["horoscope"].about)
"""


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    """A copy of the program without its tests."""
    root = tmp_path_factory.mktemp("program")
    for part in PARTS:
        shutil.copytree(
            settings.BASE_DIR / part,
            root / part,
            ignore=shutil.ignore_patterns("__pycache__"),
        )
    shutil.copy(settings.BASE_DIR / "manage.py", root)
    (root / "static").mkdir()
    return root


@pytest.fixture
def tell(program):
    """`tell({file: text})`: the copy with these files; they are gone after the test."""
    written: list[Path] = []

    def write(files: dict[str, str]) -> Path:
        for name, text in files.items():
            written.append(program / name)
            written[-1].write_text(text)
        return program

    yield write
    for file in written:
        file.unlink(missing_ok=True)


def run(program: Path, *arguments: str) -> str:
    """What a Python of its own said of the copy; empty when all is well."""
    done = subprocess.run(
        [sys.executable, "-B", *arguments],
        cwd=program,
        env={**os.environ, "PYTHONPATH": str(program), "DJANGO_SETTINGS_MODULE": "config.settings"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    return done.stderr if done.returncode else ""


def test_it_is_told_in_three_places_and_all_else_follows(tell):
    assert len(TOLD) == 3
    program = tell(TOLD)
    assert run(program, "manage.py", "check") == ""
    assert run(program, "-c", FOLLOWS) == ""


def without(name: str, *lines: str) -> dict[str, str]:
    kept = [line for line in TOLD[name].splitlines() if not line.strip().startswith(lines)]
    return {**TOLD, name: "\n".join(kept)}


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({RIGHT: TOLD[RIGHT], FORM: TOLD[FORM]}, f"{OUTCOME} is missing"),
        ({RIGHT: TOLD[RIGHT], OUTCOME: TOLD[OUTCOME]}, f"{FORM} is missing"),
        (without(RIGHT, "order="), f"{RIGHT}: Right.__init__() missing 1 required"),
        (without(RIGHT, "may_lapse="), "'may_lapse'"),
        (without(OUTCOME, "EFFECTS"), f"{OUTCOME} has no EFFECTS"),
        ({**TOLD, RIGHT: TOLD[RIGHT].replace('"foretell"', '"foresee"')}, "its effect foretell"),
        ({**TOLD, RIGHT: TOLD[RIGHT].replace("order=200", "order=10")}, "its order is that of"),
        (
            {**TOLD, RIGHT: TOLD[RIGHT].replace('gdpr("horoscope"', 'gdpr("sar"')},
            f"{RIGHT}: the clock counts for sar",
        ),
        (
            {**TOLD, RIGHT: TOLD[RIGHT].replace('("done"', '("undone"')},
            "No block of a letter is printed when “undone”",
        ),
    ],
    ids=[
        "outcome",
        "form",
        "place",
        "flag",
        "effects",
        "words",
        "order",
        "clock",
        "condition",
    ],
)
def test_whatever_is_forgotten_is_named(tell, told, says):
    assert says in run(tell(told), "manage.py", "check")
