"""The credit of the invented customers: accounts, links, fraud, and what agencies were told."""

import datetime
from collections.abc import Iterator

from compliance.disclosures.demo.people import HELD, RICH, SUSPECTED, Ago, Row


def accounts(ago: Ago) -> Iterator[Row]:
    """Their credit accounts."""
    names = (
        "account_number",
        "customer_number",
        "opened_on",
        "credit_limit",
        "balance",
        "status",
        "ended_on",
        "defaulted_on",
        "default_resolved_on",
    )
    for row in (
        ("A500001", RICH, ago(900), "1500.00", "312.40", "open", "", "", ""),
        ("A500002", RICH, ago(3000), "400.00", "0.00", "settled", ago(1700), "", ""),
        ("A500003", "20004", ago(2500), "800.00", "655.10", "open", "", ago(400), ""),
        (
            "A500004",
            "20004",
            ago(2600),
            "250.00",
            "0.00",
            "written_off",
            ago(2300),
            ago(2450),
            ago(2300),
        ),
        ("A500005", HELD, ago(5000), "600.00", "0.00", "settled", ago(2700), "", ""),
        ("A500006", "20007", ago(4700), "500.00", "0.00", "sold", ago(2600), ago(2900), ago(2600)),
        ("A500007", SUSPECTED, ago(130), "750.00", "402.00", "open", "", "", ""),
    ):
        yield dict(zip(names, row, strict=True))


def links(ago: Ago) -> Iterator[Row]:
    """Whom the agencies link them with."""
    names = ("customer_number", "kind", "linked_person", "linked_on", "disassociated_on")
    for row in (
        (RICH, "household", "Chidi Okafor", ago(900), ""),
        (RICH, "financial", "Chidi Okafor", ago(880), ""),
        (RICH, "financial", "Emmanuel Bright", ago(2900), ago(800)),
        ("20004", "financial", "Meera Patel", ago(2400), ""),
    ):
        yield dict(zip(names, row, strict=True))


def markers(ago: Ago) -> Iterator[Row]:
    """A suspicion of fraud, and a victim of it."""
    yield {
        "reference": "FR-2001",
        "customer_number": SUSPECTED,
        "status": "suspected",
        "opened_on": ago(80),
        "details": "Two applications within a day, with two dates of birth.",
        "closed_on": "",
        "filed_on": ago(75),
    }
    yield {
        "reference": "FR-2002",
        "customer_number": RICH,
        "status": "victim",
        "opened_on": ago(600),
        "details": "Somebody ordered in her name. She told us herself.",
        "closed_on": ago(560),
        "filed_on": ago(590),
    }


def disclosures(today: datetime.date, ago: Ago) -> Iterator[Row]:
    """What agencies and partners were told of them."""
    names = (
        "reference",
        "customer_number",
        "kind",
        "occurred_on",
        "recipient",
        "purpose",
        "application",
        "negotiations_ended_on",
        "credit_account",
        "detail",
    )
    search, report = "credit_search", "account_report"
    for row in (
        (
            "demo-search-1",
            RICH,
            search,
            ago(903),
            "experian",
            "credit-decision",
            "APP-9001",
            ago(900),
            "",
            "Full search",
        ),
        (
            "demo-search-2",
            RICH,
            search,
            ago(903),
            "transunion",
            "credit-decision",
            "APP-9001",
            ago(900),
            "",
            "Identity",
        ),
        (
            "demo-search-3",
            "20004",
            search,
            ago(2505),
            "equifax",
            "credit-decision",
            "APP-9002",
            ago(2500),
            "",
            "Full search",
        ),
        (
            "demo-search-4",
            SUSPECTED,
            search,
            ago(131),
            "experian",
            "credit-decision",
            "APP-9003",
            ago(130),
            "",
            "Full search",
        ),
        (
            "demo-search-5",
            "20007",
            search,
            ago(4705),
            "experian",
            "credit-decision",
            "APP-9004",
            ago(4700),
            "",
            "Full search",
        ),
        (
            "demo-search-6",
            "20006",
            search,
            ago(9),
            "experian",
            "credit-decision",
            "APP-9005",
            ago(7),
            "",
            "Full search",
        ),
        (
            "demo-search-7",
            "20006",
            search,
            ago(9),
            "transunion",
            "credit-decision",
            "APP-9005",
            ago(7),
            "",
            "Identity",
        ),
        (
            "demo-filing-1",
            SUSPECTED,
            "fraud_filing",
            ago(75),
            "cifas",
            "fraud-prevention",
            "",
            "",
            "",
            "Application fraud",
        ),
        (
            "demo-filing-2",
            RICH,
            "fraud_filing",
            ago(590),
            "cifas",
            "fraud-prevention",
            "",
            "",
            "",
            "Victim of impersonation",
        ),
        (
            "demo-feed-1",
            RICH,
            "partner_feed",
            ago(500),
            "example-partner",
            "partner-marketing",
            "",
            "",
            "",
            "Autumn catalogue",
        ),
    ):
        yield dict(zip(names, row, strict=True))
    for month in range(1, 19):
        for account, owner, said in (
            ("A500001", RICH, "Paid as agreed"),
            ("A500003", "20004", "Payments missed"),
        ):
            yield dict(
                zip(
                    names,
                    (
                        f"demo-report-{account}-{month}",
                        owner,
                        report,
                        ago(month * 30),
                        "experian",
                        "agency-reports",
                        "",
                        "",
                        account,
                        said,
                    ),
                    strict=True,
                )
            )
