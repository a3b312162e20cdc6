"""Worked cases. `deadlines.csv` and `more_cases.csv` were derived by hand from the law, each with
its reason."""

import datetime

import pytest

from compliance.deadlines import all_rules
from compliance.deadlines.cases import parse_due
from compliance.deadlines.rules import kinds
from tests.deadlines import oracle
from tests.deadlines.cases import FIRST, MORE, deadline, due, rows

CASES = [*rows(FIRST), *rows(MORE)]


@pytest.mark.parametrize(
    "case", CASES, ids=lambda case: f"{case['kind']}-{case['received']}-{case['jurisdiction'][:1]}"
)
def test_the_worked_case_agrees(case):
    found = deadline(case["kind"], case["received"], case["events"], case["jurisdiction"])
    assert found.due == parse_due(case["due"]), case["why"]
    assert (found.reason is None) == bool(case["due"])


def test_the_slow_clock_agrees_with_every_worked_case():
    for case in CASES:
        if case["kind"] == "breach" or "T" in case["received"]:
            continue
        found = oracle.due(
            case["kind"],
            datetime.date.fromisoformat(case["received"]),
            case["jurisdiction"],
            case["events"],
        )
        assert str(found or "") == case["due"], case


def test_there_are_enough_of_them():
    assert (len(rows(FIRST)), len(rows(MORE))) == (77, 114)


def test_every_kind_and_every_state_of_the_law_has_one():
    computed = {
        deadline(case["kind"], case["received"], case["events"], case["jurisdiction"]).version
        for case in CASES
    }
    plain = {
        f"{kind}/2018-05-25"
        for kind in (
            "rectification",
            "erasure",
            "restriction",
            "portability",
            "objection",
            "marketing_objection",
        )
    }
    assert {
        rule.version for rule in all_rules()
    } - computed <= plain  # the same arithmetic as access, before Article 12A
    assert {case["kind"] for case in CASES} == set(kinds())


@pytest.mark.parametrize(
    "kind",
    [
        "rectification",
        "erasure",
        "restriction",
        "portability",
        "objection",
        "marketing_objection",
        "adm_review",
        "consent_withdrawal",
    ],
)
def test_the_rights_share_one_clock_before_and_after(kind):
    for day in ("2018-05-25", "2024-01-30", "2026-02-04", "2026-02-05", "2026-11-25"):
        assert due(kind, day) == due("sar", day)
