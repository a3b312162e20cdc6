"""What the tests of letters share: a case of Ada's, something that happens to it, and a letter
about it."""

import datetime
import uuid

from compliance import letters
from compliance.cases.actions import clock
from compliance.cases.actions.opening import open_case
from compliance.cases.kinds import CaseKind
from compliance.cases.models import CaseEvent
from customers.matching import Given

# 23:30 UTC on 1 July is half past midnight on 2 July in London.
LATE = datetime.datetime(2026, 7, 1, 23, 30, tzinfo=datetime.UTC)
NEXT = datetime.datetime(
    2026, 7, 15, 22, 59, 59, tzinfo=datetime.UTC
)  # 23:59:59 on 15 July in London
HOME = "1 Mill Lane\nBradford\nBD1 1AA"
EMAIL, POST = {"email": "ada@example.org"}, {"address": HOME}


def case_of(kind=CaseKind.ACCESS, *, given=None, now=LATE, identified=True, **rest):
    """A case of Ada's, who is known unless told otherwise."""
    who = {"name": "Ada Lovelace", **(EMAIL if given is None else given)}
    return open_case(
        **{
            "kind": kind,
            "channel": "web",
            "given": Given(**who),
            "token": uuid.uuid4(),
            "by": "staff:1",
            "now": now,
            "identified": identified,
            **rest,
        }
    )


def happened(case, kind, *, on=datetime.date(2026, 7, 10)):
    """Something that moves the clock of a case."""
    CaseEvent.objects.create(case=case, kind=kind, at=NEXT, on=on, by="staff:1")
    clock.apply(case, by="staff:1", now=NEXT, on=on, why=str(kind))
    return case


def write(case, letter, **context):
    return letters.send(case, letter=letter, by="staff:1", now=NEXT, context=context)


def pdf_of(row):
    return row.message.document.encode("latin-1")
