"""What each letter must say for each kind of request, and by which section of law."""

import datetime
from decimal import Decimal

from compliance.cases.kinds import CaseKind as Kind
from compliance.cases.lines import Line
from compliance.cases.models import Letter
from tests.outcomes.effects import PROOF

DAY = datetime.date
TEXT = {"text": "We compared it with your agreement.\n\n- The first thing\n- The second thing"}
LINES = {
    "lines": [
        Line.kept("Orders", "Tax law asks for it.", DAY(2033, 1, 31)),
        Line.erased("Notes of calls", PROOF),
    ]
}
TOLD = {
    "recipients": [
        Line.proved(name, "Told on 2 July 2026", PROOF)
        for name in ("Experian Ltd", "Example Carrier Ltd")
    ]
}
AGENCIES = {
    "agencies": [
        {
            "name": "Experian Ltd",
            "address": "PO Box 9000, Nottingham NG80 7WF",
            "telephone": "0344 481 0800",
            "website": "https://www.experian.co.uk/",
            "asked": "Monday 1 June 2026",
        }
    ]
}
BY = {"answer_by": DAY(2026, 8, 14), "waiting_for": "identity", "because": "several"}
REGULATOR = (
    "Information Commissioner's Office",
    "Wycliffe House, Water Lane, Wilmslow, Cheshire SK9 5AF",
    "ico.org.uk",
)
THREE_WAYS = ("complain to us", "section 164A", "section 165", *REGULATOR, "go to court")
OMBUDSMAN = (
    "Financial Ombudsman Service",
    "Exchange Tower, London E14 9SR",
    "www.financial-ombudsman.org.uk",
    "free of charge",
    "within six months of the date of this letter",
    "very limited circumstances",
    "leaflet",
)
RECEIVED, DUE = "Thursday 2 July 2026", "Monday 3 August 2026"
# letter, kind, what it is given, the section of law, what it must say
LAW = [
    (
        Letter.ACKNOWLEDGEMENT,
        Kind.ACCESS,
        {},
        "UK GDPR Article 12A",
        (
            "You asked us for a copy of your personal data",
            RECEIVED,
            f"We will answer you by {DUE}",
            "/your-data/status/",
            "look for the data",
            "complain",
            *REGULATOR,
        ),
    ),
    (
        Letter.ACKNOWLEDGEMENT,
        Kind.MARKETING,
        {},
        "UK GDPR Article 21(3)",
        ("We stop at once", DUE, "every address and number that you gave"),
    ),
    (
        Letter.ACKNOWLEDGEMENT,
        Kind.WITHDRAWAL,
        {},
        "UK GDPR Article 7(3)",
        ("stop at once", "holds from now on"),
    ),
    (
        Letter.ACKNOWLEDGEMENT,
        Kind.AGENCIES,
        {},
        "CCA 1974 s.157(1)",
        ("by Monday 13 July 2026", "name and address of each"),
    ),
    (
        Letter.IDENTITY,
        Kind.ACCESS,
        TEXT | BY,
        "UK GDPR Article 12(6)",
        (
            "proof of who you are",
            "The first thing",
            "only this, and no more",
            "by Friday 14 August 2026",
            "begins when we have it",
            "to make sure who you are",
        ),
    ),
    (
        Letter.AUTHORITY,
        Kind.ACCESS,
        TEXT | BY | {"because": "none-seen"},
        "UK GDPR Article 12(6)",
        (
            "authority",
            "not seen yet that you may ask",
            "The first thing",
            "begins when",
            "stays open",
        ),
    ),
    (
        Letter.FEE,
        Kind.ERASURE,
        TEXT | BY | {"because": "unfounded", "fee": Decimal("10")},
        "UK GDPR Article 12(5)",
        (
            "we ask for £10.00",
            "to cause disruption",
            "The first thing",
            "begins when the fee is paid",
            "as if we had never asked",
            "by Friday 14 August 2026",
            *THREE_WAYS,
        ),
    ),
    (
        Letter.CLARIFICATION,
        Kind.ACCESS,
        TEXT | BY,
        "UK GDPR Article 12A(5)",
        ("The first thing", "stands still", "need not narrow", "by Friday 14 August 2026"),
    ),
    (
        Letter.EXTENSION,
        Kind.ACCESS,
        TEXT,
        "UK GDPR Article 12A",
        ("by Friday 2 October 2026", "The first thing", "two further months", *THREE_WAYS),
    ),
    (
        Letter.REFUSAL,
        Kind.ACCESS,
        TEXT | {"ground": "privilege"},
        "UK GDPR Article 12(4)",
        (
            "confidential advice of lawyers",
            "Schedule 2 paragraph 19",
            "The first thing",
            *THREE_WAYS,
        ),
    ),
    (
        Letter.REFUSAL,
        Kind.RECTIFICATION,
        TEXT | {"ground": "accurate"},
        "UK GDPR Article 16",
        ("accurate and complete", "short statement", *THREE_WAYS),
    ),
    (
        Letter.PARTLY,
        Kind.ERASURE,
        TEXT | LINES | TOLD | {"ground": "each-reason"},
        "UK GDPR Articles 12(4) and 17(3)",
        (
            "Orders: Kept until 31 January 2033. Tax law asks for it.",
            "Notes of calls: Erased.",
            "This letter says why we keep each kind of record that it names",
            "Experian Ltd",
            "Example Carrier Ltd",
            "able to show that we answered",
            *THREE_WAYS,
        ),
    ),
    (
        Letter.COMPLETION,
        Kind.ACCESS,
        TEXT | {"searched": "Our shop and our credit system."},
        "UK GDPR Article 15(1)",
        (
            RECEIVED,
            DUE,
            "Identity confirmed on",
            "Our shop and our credit system.",
            "correct this data, to erase it",
            "restrict",
            "object to a use",
            *REGULATOR,
        ),
    ),
    (
        Letter.COMPLETION,
        Kind.RECTIFICATION,
        TEXT | TOLD | {"lines": [Line.changed("Surname", PROOF)]},
        "UK GDPR Articles 16 and 19",
        (
            "Surname: Changed.",
            "This is how far we are with telling those who had this data",
            "Experian Ltd",
            "who received this data",
            *THREE_WAYS,
        ),
    ),
    (
        Letter.COMPLETION,
        Kind.REVIEW,
        {"lines": [Line.said("Main factors", "Your income.", why="It is new!")]},
        "UK GDPR Article 22C",
        ("Main factors: Your income. It is new!",),
    ),
    (
        Letter.COMPLETION,
        Kind.ERASURE,
        TEXT | LINES | TOLD,
        "UK GDPR Articles 17 and 19",
        (
            "Orders: Kept until 31 January 2033. Tax law asks for it.",
            "Notes of calls: Erased.",
            "Experian Ltd",
            "able to show that we answered",
            "who received this data",
            *THREE_WAYS,
        ),
    ),
    (
        Letter.COMPLETION,
        Kind.RESTRICTION,
        TEXT,
        "UK GDPR Article 18(2) and (3)",
        (
            "Which data: What we hold about you.",
            "Why: You need it for a legal claim",
            "Marketing: Stopped.",
            "Goes on to protect the rights of others:",
            "stands above, use by use",
            "before we lift the restriction",
        ),
    ),
    (
        Letter.COMPLETION,
        Kind.OBJECTION,
        TEXT,
        "UK GDPR Articles 12(4) and 21(1)",
        ("The first thing", *THREE_WAYS),
    ),
    (
        Letter.COMPLETION,
        Kind.MARKETING,
        {},
        "UK GDPR Article 21(3)",
        ("have stopped the marketing that is named here", "may still reach you"),
    ),
    (
        Letter.COMPLETION,
        Kind.WITHDRAWAL,
        {},
        "UK GDPR Article 7(3)",
        ("consent is withdrawn", "stays lawful"),
    ),
    (
        Letter.COMPLETION,
        Kind.PORTABILITY,
        TEXT,
        "UK GDPR Article 20(1)",
        ("computers and other companies can read", "CSV"),
    ),
    (
        Letter.COMPLETION,
        Kind.REVIEW,
        TEXT,
        "UK GDPR Article 22C",
        (
            "A person looked at the decision afresh",
            "with what you told us",
            "Reasons: It was paid.",
            "The first thing",
            *THREE_WAYS,
        ),
    ),
    (
        Letter.WITHDRAWN,
        Kind.ACCESS,
        {},
        "UK GDPR Article 12(2)",
        ("you take it back", "ask again at any time"),
    ),
    (
        Letter.LAPSED,
        Kind.ACCESS,
        BY,
        "UK GDPR Article 12(4)",
        ("heard nothing", "proof of identity", "open it again", *THREE_WAYS),
    ),
    (
        Letter.ACKNOWLEDGEMENT,
        Kind.BEREAVEMENT,
        {},
        "Our own promise: the UK GDPR protects the living alone",
        ("We are very sorry", RECEIVED, "a grant of probate", "/your-data/status/"),
    ),
    (
        Letter.ACKNOWLEDGEMENT,
        Kind.COMPLAINT,
        {},
        "DPA 2018 section 164A",
        (
            "We have your complaint",
            RECEIVED,
            "We look into it",
            "/your-data/status/",
            *REGULATOR,
        ),
    ),
    (
        Letter.ACKNOWLEDGEMENT,
        Kind.CREDIT_COMPLAINT,
        {},
        "DISP 1.6.1R",
        (
            "You will have our final answer by Thursday 27 August 2026",
            "eight weeks",
            "Financial Ombudsman Service",
        ),
    ),
    (
        Letter.COMPLETION,
        Kind.COMPLAINT,
        TEXT | {"outcome": "upheld"},
        "DPA 2018 sections 164A, 165 and 167",
        ("We agree with your complaint", "The first thing", *REGULATOR, "go to court"),
    ),
    (
        Letter.COMPLETION,
        Kind.CREDIT_COMPLAINT,
        TEXT | {"outcome": "rejected"},
        "DISP 1.6.2R",
        ("final response", "We do not agree with your complaint", "The first thing", *OMBUDSMAN),
    ),
    (
        Letter.AGENCIES,
        Kind.AGENCIES,
        TEXT | AGENCIES,
        "CCA 1974 s.157(1)",
        (
            "section 157",
            "Experian Ltd",
            "PO Box 9000, Nottingham NG80 7WF",
            "0344 481 0800",
            "200 words",
        ),
    ),
    (
        Letter.AGENCIES,
        Kind.AGENCIES,
        {"agencies": []},
        "CCA 1974 s.157(1)",
        ("By our log, we asked none", "section 157"),
    ),
    (
        Letter.REMINDER,
        Kind.ACCESS,
        BY,
        "UK GDPR Article 12(2)",
        ("proof of identity", "by Friday 14 August 2026", "stays open until"),
    ),
    (
        Letter.MESSAGE,
        Kind.ACCESS,
        TEXT,
        "UK GDPR Article 12(1)",
        ("The first thing", "/your-data/status/"),
    ),
]
