"""Every sentence that claims something to a customer, with the control that makes it true.

`claims.csv` names each by an id that stays and by its words, never by a line: `verdict` says how far
it is true, `needs` what must be so, `control` what makes it so, `evidence` by which name that is
asked where the sentence is printed (`audit/evidence.py`), and `mend` what would make a false one
true. A sentence that is said no more is `gone`.
"""

import csv
import re
from collections import Counter
from pathlib import Path

from django.conf import settings

from audit import evidence

CLAIMS = list(csv.DictReader(Path(__file__).with_name("claims.csv").read_text().splitlines()))
VERDICTS = {"false", "unbacked", "partly", "untested", "fact", "backed", "gone"}
ROOMS = ("config", "compliance", "customers", "accounts", "audit", "jobs", "privacy", "templates")
SOURCES = (".py", ".html", ".txt", ".typ", ".toml")


def test_each_has_an_id_of_its_own():
    assert [code for code, times in Counter(row["id"] for row in CLAIMS).items() if times > 1] == []


def test_each_is_judged_and_names_its_control():
    for row in CLAIMS:
        assert row["verdict"] in VERDICTS, row["id"]
        assert all((row["sentence"], row["needs"])), row["id"]
        # what is not wholly true says of which kind that is and what would mend it
        assert (row["verdict"] in {"false", "unbacked", "partly"}) == bool(
            row["kind"] and row["mend"]
        ), row["id"]


def test_each_stands_in_a_file_that_is_there():
    missing = {
        f"{row['id']} {row['where']}"
        for row in CLAIMS
        if row["verdict"] != "gone" and not (settings.BASE_DIR / row["where"]).is_file()
    }
    assert missing == set(), "a file moved: put its new place into tests/claims.csv"


def test_all_evidence_proves_a_claim():
    """Each evidence is asked somewhere, and stands in the table beside what it proves."""
    texts = " ".join(
        file.read_text(encoding="utf-8")
        for room in ROOMS
        for file in (settings.BASE_DIR / room).rglob("*")
        if file.suffix in SOURCES
    )
    asked = {
        name
        for name, times in Counter(re.findall(r'"([a-z_]+\.[a-z_]+)"', texts)).items()
        if times > 1
    }  # once where it is written, and where it is asked
    named = {row["evidence"] for row in CLAIMS} - {""}
    assert named - evidence.known() == set(), "no evidence of that name"
    assert evidence.known() - named == set(), "which sentence does it prove? Say so in claims.csv"
    assert evidence.known() - asked == set(), "nobody asks for it"
