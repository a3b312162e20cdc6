"""The clocks that are not about a request of a right: agencies, calls, breaches, and the 1998 Act."""

import datetime

from compliance.deadlines.rules import (
    ASKABLE,
    DAY,
    DPA1998,
    GDPR,
    NO_LAW,
    Rule,
    StatutoryClock,
    Unit,
)

OTHER_CLOCKS = (
    StatutoryClock(
        (
            Rule(
                "cra_file_correction",
                "An agency answers a notice to correct its file",
                "Consumer Credit Act 1974 section 159(2)",
                28,
                Unit.DAYS,
                DPA1998,
                due_is="The agency's last day to answer",
                promise="The agency must answer you by {}.",
                note="The agency's duty: we tell the customer of it.",
            ),
        ),
        NO_LAW,
    ),
    StatutoryClock(
        (
            Rule(
                "tps_first_barred",
                "Calls to a number on the telephone preference register",
                "PECR 2003 regulation 21(3)",
                28,
                Unit.DAYS,
                datetime.date(2003, 12, 11),
                began="Listed",
                due_is="The first day on which a call is barred",
                promise="No company may call this number for marketing from {}.",
                note="Counted from the day on which the number was listed.",
            ),
        ),
        NO_LAW,
    ),
    StatutoryClock(
        (
            Rule(
                "breach",
                "Telling the regulator of a breach",
                "UK GDPR Article 33(1)",
                72,
                Unit.HOURS,
                GDPR,
                began="Known",
                due_is="The last moment to tell the regulator",
                promise="We will have told the regulator by {}.",
                note="Counted from the moment of awareness, weekends and changes of the clocks included.",
            ),
        ),
        "no law set a time for telling the regulator",
    ),
    StatutoryClock(
        (
            Rule(
                "sar_dpa1998",
                "Access request under the 1998 Act",
                "Data Protection Act 1998 section 7(8) and (10)",
                40,
                Unit.DAYS,
                DPA1998,
                GDPR - DAY,
                begins_with=ASKABLE,
                first_day_counts=True,
                history=True,
            ),
        ),
        "sar",
    ),
    StatutoryClock(
        (
            Rule(
                "adm_review_dpa1998",
                "Automated decision under the 1998 Act",
                "Data Protection Act 1998 section 12(3)",
                21,
                Unit.DAYS,
                DPA1998,
                GDPR - DAY,
                due_is="The last day for the written reply",
                history=True,
            ),
        ),
        "adm_review",
    ),
    StatutoryClock(
        (
            Rule(
                "damage_notice_dpa1998",
                "Notice of damage or distress under the 1998 Act",
                "Data Protection Act 1998 section 10(3)",
                21,
                Unit.DAYS,
                DPA1998,
                GDPR - DAY,
                due_is="The last day for the written reply",
                history=True,
            ),
        ),
        "objection",
    ),
)
