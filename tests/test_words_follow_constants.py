"""Words follow constants: no period, count or limit is written a second time in a text.

Each is written from the constant of the code, the rule of the clock or the row of the register that
decides it (`privacy.words.in_words`, `compliance/register/time_limits.py` and `kept_for.py`).
"""

import ast
import datetime
import re
import sys
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import pytest
from dateutil.relativedelta import relativedelta
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client, RequestFactory
from django.utils import timezone
from django.utils.html import strip_tags

from accounts.desk import SignInForm
from compliance.cases import filetypes
from compliance.cases.kinds import CaseKind
from compliance.casework.desk.filters import ByAttention
from compliance.casework.desk.forms import AddFileForm
from compliance.disclosures import fraud_desk
from compliance.letters import preview
from compliance.letters.wording import frame
from compliance.outcomes import copies
from compliance.portal.forms import fields
from compliance.preferences.screening import services
from compliance.register import blocks, time_limits
from compliance.register.models import RetentionRule
from compliance.register.notice import compose
from customers.identity import limits
from customers.importing.reader import InputError
from customers.outbox.models import Message
from tests.letters.letters import case_of

NOW = datetime.datetime(2026, 11, 23, 12, tzinfo=datetime.UTC)
TODAY = NOW.date()
ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("config", "compliance", "customers", "accounts", "audit", "jobs", "privacy")
NUMBER = (
    r"(?:\d[\d,.]*|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fourteen|fifteen|"
    r"twenty|thirty|forty|fifty|sixty|ninety|hundred)"
)
UNIT = (
    r"(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|times|tries|attempts|goes|MB|KB|GB|"
    r"megabytes?|files|characters|digits|passwords|letters|words)"
)
PERIOD = re.compile(
    rf"\b{NUMBER}(?:[- ](?:working|calendar|further|more|full|wrong))?[- ]{UNIT}\b", re.I
)
MARKUP = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<[^>]*>|^\s*//.*?$", re.S | re.M)
HOW = (
    "Write it from what decides it (privacy.words.in_words and a constant, "
    "compliance/register/time_limits.py, compliance/register/kept_for.py), or say in LAW why not."
)

WORDINGS = "compliance/letters/wordings/"
AGENCIES = WORDINGS + "agencies.toml"
PREFERENCES = "compliance/preferences/management/commands/"
# What stands in a text all the same: the law's own words, and texts that promise nothing.
LAW: dict[tuple[str, str], str] = {
    ("compliance/casework/actions/reminders.py", "1 day"): "counted: the singular of “3 days”",
    ("compliance/cookies/models.py", "13 months"): "an example of what may be typed",
    ("compliance/deadlines/months.py", "three months"): "counted: spelled for the number beside it",
    (AGENCIES, "200 words"): "section 159(3) of the Act: how long a notice of correction may be",
    (
        AGENCIES,
        "28 days",
    ): "section 159(3): the customer’s own time, of which no rule of ours knows",
    (WORDINGS + "complaint_acknowledgement.toml", "five working days"): "advice to staff, no limit",
    (
        WORDINGS + "complaint_outcome.toml",
        "six months",
    ): "FCA Handbook DISP 2.8.2R: the ombudsman’s",
    (WORDINGS + "complaint_outcome.toml", "three months"): "the regulator’s own advice",
    (PREFERENCES + "catch_up_suppression.py", "ten minutes"): "the timer in deploy/, tested below",
    ("customers/forms.py", "four digits"): "what a card’s last four are called",
    ("customers/identity/forms.py", "eight digits"): "the form of a code, with its example",
    ("customers/importing/credit_files.py", "two digits"): "the form of a card’s issue number",
    ("customers/importing/values.py", "four digits"): "what a card’s last four are called",
    ("customers/models/cards.py", "four digits"): "what a card’s last four are called",
}


def texts():
    """Each text with its file: templates, wordings of letters, strings of the code that are no
    docstrings."""
    for folder in ("templates", "compliance/letters/wordings"):
        for file in sorted((ROOT / folder).rglob("*")):
            if file.suffix in (".html", ".txt", ".typ", ".toml"):
                yield str(file.relative_to(ROOT)), MARKUP.sub(" ", file.read_text())
    for room in ROOMS:
        for file in sorted((ROOT / room).rglob("*.py")):
            name = str(file.relative_to(ROOT))
            if "migrations" not in file.parts and "demo" not in name:
                for text in strings(ast.parse(file.read_text())):
                    yield name, text


def strings(tree: ast.Module):
    documentation = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in documentation
        ):
            yield node.value


def found() -> set[tuple[str, str]]:
    return {
        (name, " ".join(match[0].lower().split()))
        for name, text in texts()
        for match in PERIOD.finditer(text)
    }


def test_no_text_writes_a_number_of_its_own():
    assert sorted(found() - set(LAW)) == [], HOW


def test_no_exception_is_left_over():
    assert sorted(set(LAW) - found()) == []


def test_the_timer_runs_as_often_as_its_command_says():
    assert (
        "OnCalendar=*:5/10"
        in (ROOT / "deploy/systemd/portal-catch-up-suppression.timer").read_text()
    )


# --- Each constant changed, and the words with it


def change(monkeypatch, home: str, name: str, value: object) -> None:
    """Change a constant in its home and wherever it was imported from there."""
    before = getattr(import_module(home), name)
    for module in list(sys.modules.values()):
        if getattr(module, "__dict__", {}).get(name) is before:
            monkeypatch.setattr(module, name, value)


def notice(section: str) -> str:
    content = compose(TODAY)
    return "\n".join(
        line for one in content["sections"] if one["id"] == section for line in blocks.lines(one)
    )


def page(url: str) -> str:
    return " ".join(strip_tags(Client().get(url).content.decode()).split())


def a_letter(letter: str, kind: CaseKind) -> str:
    found = frame(letter)
    return repr(preview.content(found, found.shipped, kind, now=timezone.now()))


def too_large() -> str:
    file = SimpleUploadedFile("big.pdf", b"%PDF-" + b"x" * (filetypes.LARGEST + 1))
    return " ".join(fields.faults([file], most=3))


def too_old() -> str:
    try:
        services.load(
            "tps", Path("no-file"), dated_on=datetime.date(2000, 1, 1), by="x", now=timezone.now()
        )
    except InputError as refused:
        return str(refused)
    return ""


DAYS, MINUTES = datetime.timedelta(days=1), datetime.timedelta(minutes=1)
LIMITS, TIME_LIMITS = "customers.identity.limits", "compliance.register.time_limits"
CONSTANTS = [  # home, name, another value, where the words stand, the words then
    (
        "accounts.sign_in",
        "TRIES",
        7,
        lambda: SignInForm().error_messages["invalid_login"],
        "seven wrong passwords",
    ),
    (
        "accounts.sign_in",
        "WAIT",
        45 * MINUTES,
        lambda: SignInForm().error_messages["invalid_login"],
        "wait for 45 minutes",
    ),
    (
        "compliance.cookies.choice_cookie",
        "LIFE",
        relativedelta(months=4),
        lambda: notice("cookies"),
        "after four months",
    ),
    (
        "compliance.access.actions.releases",
        "LASTS",
        9 * DAYS,
        lambda: copies.Copy("", "", "", "", NOW, NOW, 0).lasts,
        "nine days",
    ),
    ("compliance.cases.filetypes", "LARGEST", 2 * 1024**2, too_large, "larger than 2 MB"),
    ("compliance.preferences.rules", "FRESH", 9 * DAYS, too_old, "within the last nine days"),
    (
        "compliance.casework.desk.filters",
        "EXTENSION_SOON",
        9 * DAYS,
        lambda: str(ByAttention.lookups(SimpleNamespace(), RequestFactory().get("/"), None)),
        "for 9 days at most",
    ),
    (LIMITS, "CODE_VALID", 9 * MINUTES, lambda: limits.in_words()["code"], "nine minutes"),
    (LIMITS, "LETTER_VALID", 9 * DAYS, lambda: limits.in_words()["letter"], "nine days"),
    (LIMITS, "VISIT_IDLE", 9 * MINUTES, lambda: limits.in_words()["idle"], "nine minutes"),
    (LIMITS, "VISIT_LONGEST", 9 * MINUTES, lambda: limits.in_words()["longest"], "nine minutes"),
    (LIMITS, "FRESH", 9 * MINUTES, lambda: limits.in_words()["fresh"], "nine minutes"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("home", "name", "value", "shown", "words"), CONSTANTS)
def test_the_words_follow_the_constant(monkeypatch, home, name, value, shown, words):
    assert words not in shown()
    Message.objects.all().delete()
    change(monkeypatch, home, name, value)
    assert words in shown()


# --- Each rule of the clock changed

RULES = [  # kind, what changes, where the words stand, the words then
    ("sar", {"period": 2}, lambda: notice("your-rights"), "Within two months"),
    ("sar", {"extended_months": 7}, lambda: notice("your-rights"), "six months more"),
    ("sar", {"extended_months": 7}, lambda: a_letter("extension", CaseKind.ACCESS), "six further"),
    ("cra_disclosure", {"period": 9}, lambda: notice("your-rights"), "nine working days"),
    ("cra_disclosure", {"period": 9}, lambda: page("/your-data/agencies/"), "nine working days"),
    (
        "cra_disclosure",
        {"window_days": 9},
        lambda: page("/your-data/agencies/"),
        "within nine days",
    ),
    (
        "cra_disclosure",
        {"window_days": 9},
        lambda: a_letter("agencies", CaseKind.AGENCIES),
        "nine days",
    ),
    (
        "cra_file_correction",
        {"period": 9},
        lambda: a_letter("agencies", CaseKind.AGENCIES),
        "nine days",
    ),
    ("complaint_ack", {"period": 9}, lambda: notice("complaints"), "within nine days"),
    ("complaint_ack", {"period": 9}, lambda: page("/your-data/complain/"), "within nine days"),
    ("complaint_ack", {"period": 9}, lambda: a_letter("refusal", CaseKind.ACCESS), "nine days"),
    ("fca_complaint_final", {"period": 14}, lambda: page("/your-data/complain/"), "two weeks"),
    (
        "fca_complaint_final",
        {"period": 14},
        lambda: a_letter("complaint_acknowledgement", CaseKind.CREDIT_COMPLAINT),
        "two weeks",
    ),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "changed", "shown", "words"), RULES)
def test_the_words_follow_the_rule_of_the_clock(monkeypatch, kind, changed, shown, words):
    call_command("load_register", verbosity=0)
    assert words not in shown()
    known = time_limits.rule
    monkeypatch.setattr(
        time_limits, "rule", lambda one: replace(known(one), **changed if one == kind else {})
    )
    assert words in shown()


# --- Each row of the register changed

ROWS = [  # code of the row, where the words stand
    ("request-case", lambda: page("/your-data/copy/")),
    ("request-complaint", lambda: page("/your-data/complain/")),
    ("order-tax", lambda: page("/your-data/delete/")),
    ("credit-agreement", lambda: page("/your-data/delete/")),
    ("identity-account", lambda: page("/your-data/delete/")),
    ("marketing-request", lambda: page("/marketing/")),
    ("request-identity", lambda: a_letter("identity", CaseKind.ACCESS)),
    ("request-identity", lambda: str(AddFileForm(case=case_of()).fields["file"].help_text)),
    ("fraud-confirmed", lambda: fraud_desk._says(fraud_desk.DECIDING["confirmed"])),
    ("fraud-unconfirmed", lambda: fraud_desk._says(fraud_desk.DECIDING["cleared"])),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("code", "shown"), ROWS)
def test_the_words_follow_the_row_of_the_register(code, shown):
    call_command("load_register", verbosity=0)
    assert "44 days" not in shown()
    rule = RetentionRule.objects.filter(code=code)
    rule.update(period=44, unit="days")
    assert "44 days" not in shown(), "the owner has not confirmed it"
    rule.update(confirmed_on=TODAY, confirmed_by="staff:1")
    assert "44 days" in shown()
