"""The rules as data: dated without a gap, never edited in place, and the same in the
documentation."""

import ast
import datetime
import hashlib
from dataclasses import fields
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings

from compliance import deadlines
from compliance.deadlines import all_rules, rule_for
from compliance.deadlines.rules import Unit, kinds, rules_of, table
from tests.deadlines.cases import DAY

# The clock itself; the table of bank holidays beside it has a database.
OF_THE_DATABASE = {"apps", "bank_holidays", "checks", "models"}
CLOCK = [
    path
    for path in sorted(Path(deadlines.__file__).parent.glob("*.py"))
    if path.stem not in OF_THE_DATABASE
]
DOCUMENT = Path(settings.BASE_DIR) / "docs" / "clock.md"

# What moves a date. Notes and other words may be mended without a new version.
COUNTED = (
    "period",
    "unit",
    "since",
    "until",
    "rolls",
    "begins_with",
    "pauses",
    "extended_months",
    "first_day_counts",
    "window_days",
    "target",
)
LATER = (
    "met_by",
    "aim",
    "late_as",
)  # fields that came later: in the digest of the rules that have them
PINNED = {
    "bereavement/2018-05-25": "bce2d4e2",
    "sar/2018-05-25": "86d7e03f",
    "sar/2026-02-05": "d79f893c",
    "rectification/2018-05-25": "8220bc4d",
    "rectification/2026-02-05": "b8f02cda",
    "erasure/2018-05-25": "8220bc4d",
    "erasure/2026-02-05": "b8f02cda",
    "restriction/2018-05-25": "8220bc4d",
    "restriction/2026-02-05": "b8f02cda",
    "portability/2018-05-25": "8220bc4d",
    "portability/2026-02-05": "b8f02cda",
    "objection/2018-05-25": "8220bc4d",
    "objection/2026-02-05": "b8f02cda",
    "marketing_objection/2018-05-25": "fb8ab247",
    "marketing_objection/2026-02-05": "04754d24",
    "adm_review/2018-05-25": "8220bc4d",
    "adm_review/2026-02-05": "b8f02cda",
    "consent_withdrawal/2018-05-25": "84df35a7",
    "complaint_ack/2026-06-19/2": "30852eee",
    "fca_complaint_final/2001-12-01": "04fe00e1",
    "cra_disclosure/2000-03-01": "a0050d73",
    "cra_file_correction/2000-03-01": "886b7c16",
    "tps_first_barred/2003-12-11": "f0407277",
    "breach/2018-05-25": "1cd8aecf",
    "sar_dpa1998/2000-03-01": "85c2c8bc",
    "adm_review_dpa1998/2000-03-01": "caec8890",
    "damage_notice_dpa1998/2000-03-01": "caec8890",
}


def digest(rule) -> str:
    known = [(name, getattr(rule, name)) for name in COUNTED]
    later = [(name, value) for name in LATER if (value := getattr(rule, name))]
    return hashlib.sha256(repr(known + later).encode()).hexdigest()[:8]


def test_every_field_that_moves_a_date_is_in_the_digest():
    words = {
        "kind",
        "name",
        "law",
        "warns",
        "began",
        "due_is",
        "promise",
        "note",
        "history",
        "revision",
    }
    assert {field.name for field in fields(deadlines.Rule)} == {*COUNTED, *LATER, *words}


def test_a_rule_is_never_edited_in_place():
    """Cases keep the version that they were computed with. Another period or another day needs
    another version: end the rule and add one, or raise its `revision`, and then pin the new one
    here."""
    assert {rule.version: digest(rule) for rule in all_rules()} == PINNED


@pytest.mark.parametrize("kind", kinds())
def test_the_rules_of_a_kind_follow_each_other(kind):
    rules = rules_of(kind)
    for before, after in pairwise(rules):
        assert before.until is not None
        assert after.since - before.until == datetime.timedelta(days=1)


def test_the_first_and_the_last_day_of_a_rule_belong_to_it():
    for rule in all_rules():
        assert rule_for(rule.kind, rule.since) is rule
        assert rule.until is None or rule_for(rule.kind, rule.until) is rule


def test_versions_are_unique():
    assert len({rule.version for rule in all_rules()}) == len(all_rules())


def test_only_an_access_request_is_paused():
    assert {rule.kind for rule in all_rules() if rule.pauses} == {"sar"}


def test_what_counts_days_rolls_only_for_the_acknowledgement():
    assert {rule.kind for rule in all_rules() if rule.unit is Unit.DAYS and rule.rolls} == {
        "complaint_ack"
    }


def test_another_state_of_the_law_is_one_more_rule(monkeypatch):
    from dataclasses import replace

    from compliance.deadlines import rules

    old = replace(rules.rules_of("complaint_ack")[0], until=DAY(2029, 12, 31))
    new = replace(old, since=DAY(2030, 1, 1), until=None, period=14)
    monkeypatch.setitem(
        rules.CLOCKS, "complaint_ack", rules.StatutoryClock((old, new), rules.NO_LAW)
    )
    found = [
        deadlines.compute("complaint_ack", day, "scotland", holidays=deadlines.Holidays())
        for day in (DAY(2029, 12, 31), DAY(2030, 1, 1))
    ]
    assert [(one.due, one.version) for one in found] == [
        (DAY(2030, 1, 30), "complaint_ack/2026-06-19/2"),
        (DAY(2030, 1, 15), "complaint_ack/2030-01-01/2"),
    ]


class TestTheDocument:
    def test_its_table_is_that_of_the_rules(self):
        heading, *rows = ["| " + " | ".join(row) + " |" for row in table()]
        missing = [row for row in [heading, *rows] if row not in DOCUMENT.read_text()]
        assert not missing, (
            "put these rows into docs/clock.md (manage.py statutory_deadline --rules prints them)"
        )

    def test_it_has_no_row_of_a_rule_that_is_gone(self):
        shown = [
            line
            for line in DOCUMENT.read_text().splitlines()
            if line.startswith("| ") and "| from " in line
        ]
        assert len(shown) == len(all_rules())

    def test_it_names_every_event(self):
        from compliance.deadlines.events import NAMES

        assert [name for name in NAMES if f"`{name}" not in DOCUMENT.read_text()] == []


class TestPurity:
    @pytest.mark.parametrize("module", CLOCK, ids=lambda path: path.stem)
    def test_it_imports_no_django_and_none_of_our_models(self, module):
        allowed = {
            "calendar",
            "collections",
            "csv",
            "dataclasses",
            "datetime",
            "dateutil",
            "enum",
            "functools",
            "holidays",
            "pathlib",
            "re",
            "typing",
            "zoneinfo",
        }
        for node in ast.walk(ast.parse(module.read_text())):
            names = (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else ([node.module] if isinstance(node, ast.ImportFrom) else [])
            )
            for name in names:
                ours = name.startswith(("compliance.deadlines", "customers.nations"))
                assert ours or name.split(".")[0] in allowed, name

    @pytest.mark.parametrize("module", CLOCK, ids=lambda path: path.stem)
    def test_it_reads_no_clock(self, module):
        asked = {
            node.attr
            for node in ast.walk(ast.parse(module.read_text()))
            if isinstance(node, ast.Attribute)
        }
        assert not asked & {"now", "today", "utcnow", "localdate", "time", "time_ns"}
