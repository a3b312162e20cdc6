"""Every sentence that claims something to a customer, with the control that makes it true.

`claims.csv` names each by an id that stays and by its words, never by a line: `verdict` says how far it
is true, `needs` what must be so, `control` what makes it so, and `mend` what would make a false one true.
"""

import csv
from collections import Counter
from pathlib import Path

from django.conf import settings

CLAIMS = list(csv.DictReader(Path(__file__).with_name("claims.csv").read_text().splitlines()))
VERDICTS = {"false", "unbacked", "partly", "untested", "fact", "backed"}


def test_each_has_an_id_of_its_own():
    assert len(CLAIMS) == 735
    assert [code for code, times in Counter(row["id"] for row in CLAIMS).items() if times > 1] == []


def test_each_is_judged_and_names_its_control():
    for row in CLAIMS:
        assert row["verdict"] in VERDICTS, row["id"]
        assert all((row["sentence"], row["needs"])), row["id"]
        # what is not wholly true says of which kind that is and what would mend it
        assert (row["verdict"] in {"false", "unbacked", "partly"}) == bool(
            row["kind"] and row["mend"]
        )


def test_each_stands_in_a_file_that_is_there():
    missing = {
        f"{row['id']} {row['where']}"
        for row in CLAIMS
        if not (settings.BASE_DIR / row["where"]).is_file()
    }
    assert missing == set(), "a file moved: put its new place into tests/claims.csv"
