"""`manage.py statutory_deadline`: a file of cases in, the same file with two columns more out."""

import csv
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import OperationalError

from compliance.deadlines.models import ProclaimedDay
from tests.deadlines.cases import DAY, FIRST, MORE, rows

HEAD = "kind,received,jurisdiction,events,due,why\n"
GOOD = "sar,2026-01-31,england-and-wales,,2026-03-02,Saturday\n"


@pytest.fixture
def run(db, tmp_path):
    """`run(text or bytes)`: exit code, rows of the output, standard output, standard error."""

    def run(content: str | bytes | Path, *options: str):
        path = content if isinstance(content, Path) else tmp_path / "cases.csv"
        if not isinstance(content, Path):
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        out, err, code = io.StringIO(), io.StringIO(), 0
        try:
            call_command(
                "statutory_deadline", "--cases", str(path), *options, stdout=out, stderr=err
            )
        except SystemExit as stop:
            code = stop.code
        text = out.getvalue()
        return code, list(csv.DictReader(io.StringIO(text))), text, err.getvalue()

    return run


class TestGoodFiles:
    @pytest.mark.parametrize(("path", "number"), [(FIRST, 77), (MORE, 114)])
    def test_every_worked_case_agrees(self, run, path, number):
        code, found, _, said = run(path)
        assert (code, len(found)) == (0, number)
        assert [{**row, "computed": None, "explanation": None} for row in found] == [
            {**row, "computed": None, "explanation": None} for row in rows(path)
        ]
        assert [row["computed"] for row in found if row["kind"] != "breach"] == [
            row["due"] for row in rows(path) if row["kind"] != "breach"
        ]
        assert (
            said == f"{number} cases. Another due date was given for 0; 0 could not be computed.\n"
        )

    def test_the_explanation_is_one_sentence(self, run):
        _, found, _, _ = run(HEAD + GOOD)
        assert found[0]["explanation"].startswith("Under UK GDPR Article 15")
        assert (
            "the last day to answer is Monday 2 March 2026: one month from"
            in found[0]["explanation"]
        )
        assert "Step by step" not in found[0]["explanation"]

    def test_explain_adds_every_step(self, run):
        _, found, _, _ = run(HEAD + GOOD, "--explain")
        assert (
            "Step by step: (1) Received on Saturday 31 January 2026. (2) One month"
            in found[0]["explanation"]
        )

    def test_without_due_and_why_it_only_computes(self, run):
        code, found, _, _ = run("kind,received,jurisdiction,events\nsar,2026-01-31,scotland,\n")
        assert (code, found[0]["computed"]) == (0, "2026-03-02")

    def test_an_empty_due_is_not_compared(self, run):
        assert run(HEAD + "sar,2026-01-31,scotland,,,\n")[0] == 0

    def test_further_columns_are_kept_in_their_place(self, run):
        _, _, text, _ = run(
            "case,kind,received,jurisdiction,events,agent\nA1,sar,2026-01-31,scotland,,Ola\n"
        )
        assert (
            text.splitlines()[0]
            == "case,kind,received,jurisdiction,events,agent,computed,explanation"
        )
        assert text.splitlines()[1].startswith("A1,sar,2026-01-31,scotland,,Ola,2026-03-02,")

    def test_its_own_output_may_go_in_again(self, run):
        _, _, first, _ = run(HEAD + GOOD)
        code, _, again, _ = run(first)
        assert (code, again) == (0, first)

    def test_headings_are_known_in_any_case(self, run):
        assert (
            run(" Kind,RECEIVED,Jurisdiction,Events,Due\nsar,2026-01-31,scotland,,2026-03-02\n")[0]
            == 0
        )

    @pytest.mark.parametrize(
        "content",
        [
            ("\ufeff" + HEAD + GOOD).encode(),
            (HEAD + GOOD).replace("\n", "\r\n").encode(),
            (HEAD + GOOD).replace("\n", "\r").encode(),
            (HEAD + GOOD.strip()).encode(),
            (HEAD + "\n" + GOOD + "\n\n").encode(),
            (
                HEAD
                + 'sar,"2026-01-31",england-and-wales,"",2026-03-02,"a ""quoted"" cell,\nof two '
                'lines"\n'
            ).encode(),
            (HEAD + GOOD.replace("Saturday", "£ – caf\xe9")).encode("cp1252"),
            (HEAD + GOOD.replace("Saturday", "£ – ünï")).encode(),
        ],
    )
    def test_however_the_file_is_written(self, run, content):
        code, found, _, _ = run(content)
        assert (code, found[0]["computed"]) == (0, "2026-03-02")

    def test_a_breach_is_compared_as_a_moment(self, run):
        code, found, _, _ = run(HEAD + "breach,2026-03-27T17:00+00:00,,,2026-03-30T18:00+01:00,\n")
        assert (code, found[0]["computed"]) == (0, "2026-03-30T17:00:00+00:00")

    def test_a_file_without_cases_is_no_error(self, run):
        code, found, text, said = run(HEAD)
        assert (code, found, said[:8]) == (0, [], "0 cases.")
        assert text == HEAD.strip() + ",computed,explanation\n"


class TestWhatNeedsALook:
    def test_another_due_date_ends_with_one(self, run):
        code, found, _, said = run(HEAD + GOOD + GOOD.replace("03-02", "03-01"))
        assert (code, [row["computed"] for row in found]) == (1, ["2026-03-02", "2026-03-02"])
        assert said.startswith(
            "Line 3: due is given as 2026-03-01, computed is 2026-03-02.\n2 cases. Another due "
            "date was "
            "given for 1;"
        )

    def test_a_due_date_where_there_is_none_differs(self, run):
        code, _, _, said = run(
            HEAD + "sar,2026-03-02,scotland,id_requested 2026-03-03,2026-04-02,\n"
        )
        assert (code, "computed is none" in said) == (1, True)

    @pytest.mark.parametrize(
        ("line", "words"),
        [
            ("tax,2026-01-31,scotland,,,", "there is no kind 'tax'"),
            ("sar,31/01/2026,scotland,,,", "is not a date"),
            ("sar,2026-01-31,wales,,,", "there is no jurisdiction 'wales'"),
            ("sar,2026-01-31,scotland,maybe 2026,,", "no event 'maybe'"),
            ("sar,2026-01-31,scotland,,soon,", "due: 'soon' is not a date"),
            ("sar,2007-01-31,scotland,,,", "use sar_dpa1998"),
            ("sar,2026-01-31,scotland", "fewer fields"),
            ("sar,2026-01-31,scotland,,,,,", "more fields"),
            ("sar,2026-01-31,sco\0tland,,,", "NUL"),
            ("sar,2026-01-31,scotland,,," + "x" * 1_000_001, "longer than 1 MB"),
            ('sar,2026-01-31,scotland,,,"shut"open', "text after a closing quote"),
            (",,,,,", "there is no kind ''"),
        ],
    )
    def test_a_bad_row_is_told_by_line_and_the_rest_is_computed(self, run, line, words):
        code, found, _, said = run(HEAD + GOOD + line + "\n" + GOOD)
        assert code == 1
        assert "Line 3: " in said
        assert words in said
        assert [row["computed"] for row in found] == ["2026-03-02", "", "2026-03-02"]
        assert found[1]["explanation"].startswith("Not computed: ")
        assert words in found[1]["explanation"]

    def test_a_quote_that_is_never_closed_takes_only_what_follows(self, run):
        code, found, _, said = run(HEAD + GOOD + 'sar,2026-01-31,scotland,,,"open\n' + GOOD)
        assert (code, [row["computed"] for row in found]) == (1, ["2026-03-02", "", ""])
        assert (
            "Line 3: this line cannot be read (a quote is opened and not closed).\nLine 4: this "
            "line cannot" in said
        )

    def test_nothing_that_came_in_runs_in_a_spreadsheet(self, run):
        cells = ["=1+1", "+44", "-5", "@SUM(A1)", "\tx"]
        _, found, text, _ = run(
            HEAD + "".join(f"sar,2026-01-31,scotland,,,{cell}\n" for cell in cells)
        )
        assert [row["why"] for row in found] == [f"'{cell}" for cell in cells]
        assert run(text)[2] == text


class TestRefusals:
    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"", "is empty"),
            ("kind,received\nsar,2026-01-31\n", "has no column jurisdiction, events"),
            ("kind,kind,received,jurisdiction,events\n", "names a column twice: kind"),
            ((HEAD + GOOD).encode("utf-16"), "UTF-16"),
            (HEAD.replace(",", ";"), "separated by semicolons"),
            (b"PK\x03\x04rest", "a spreadsheet"),
            ("\n", "is blank"),
            (Path("/nowhere/cases.csv"), "cannot be read"),
            (Path("/"), "not a regular file"),
        ],
    )
    def test_a_file_that_is_none_ends_with_two(self, run, content, words):
        code, _, text, said = run(content)
        assert (code, text) == (2, "")
        assert words in said

    @pytest.mark.parametrize("options", [[], ["--cases", "x.csv", "--rules"], ["--file", "x.csv"]])
    def test_wrong_usage_is_told(self, options):
        with pytest.raises(CommandError):
            call_command("statutory_deadline", *options)

    def test_without_the_database_it_does_not_guess(self, run, monkeypatch):
        def away():
            raise OperationalError("password=secret")

        monkeypatch.setattr("compliance.deadlines.bank_holidays.current", away)
        code, _, text, said = run(HEAD + GOOD)
        assert (code, text) == (3, "")
        assert "The database did not answer (OperationalError)" in said
        assert "secret" not in said


def test_a_proclaimed_day_counts(run):
    ProclaimedDay.objects.create(
        jurisdiction="england-and-wales",
        day=DAY(2026, 3, 2),
        name="Spring clean",
        change="added",
        proclaimed_on=DAY(2026, 2, 1),
        source="The Gazette",
    )
    code, found, _, _ = run(HEAD + GOOD, "--explain")
    assert (code, found[0]["computed"]) == (1, "2026-03-03")
    assert "2 March, Spring clean" in found[0]["explanation"]


def test_it_takes_two_queries_whatever_the_file(run, django_assert_num_queries):
    with django_assert_num_queries(2):
        run(HEAD + GOOD * 500)


def test_the_rules_are_printed_as_a_table(db, capsys):
    call_command("statutory_deadline", "--rules")
    assert (
        "| complaint_ack | Acknowledging a complaint about data protection | from 19 June 2026 | "
        "30 days |" in (capsys.readouterr().out)
    )


@pytest.mark.slow
def test_accents_leave_under_any_locale(tmp_path):
    path = tmp_path / "cases.csv"
    path.write_text(HEAD + "sar,bad,scotland,,,café – é\n", encoding="utf-8")
    result = subprocess.run(
        [sys.executable, "manage.py", "statutory_deadline", "--cases", path],
        cwd=settings.BASE_DIR,
        capture_output=True,
        env={**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    )
    assert result.returncode in (1, 3)  # 3 where the test's cluster has no migrated database
    assert b"UnicodeEncodeError" not in result.stderr


@pytest.mark.slow
def test_wrong_usage_ends_with_two_on_a_real_command_line():
    result = subprocess.run(
        [sys.executable, "manage.py", "statutory_deadline"],
        cwd=settings.BASE_DIR,
        capture_output=True,
    )
    assert result.returncode == 2
