"""Ada, who asks for a copy of her data; the two colleagues who prepare it; and short ways through
what they do."""

import datetime

from compliance.access import actions
from compliance.access.decisions import Decisions, unread
from compliance.access.models import Pack
from compliance.access.records import passages
from compliance.access.redaction_marks import Mark, occurrences
from compliance.cases.kinds import CaseKind
from tests import factories as make
from tests.jobs.working import work as run_jobs
from tests.outcomes.effects import NOW, ada, carry_out, case_of

READER, CHECKER = "staff:101", "staff:102"
NOTE = "Her neighbour Bertha Mason called about the parcel. She wants it left at the door."
MINUTE = datetime.timedelta(minutes=1)


def asked(customer=None, **rest):
    """A case of access that came by letter, and in which it is clear who asks."""
    return case_of(customer or with_notes(), CaseKind.ACCESS, **rest)


def with_notes(*texts, **rest):
    """Ada with an order, and notes about her."""
    customer = ada(**rest)
    make.OrderFactory(customer=customer)
    for text in texts or (NOTE,):
        make.ContactNoteFactory(customer=customer, text=text)
    return customer


def prepared(case, now=NOW) -> Pack:
    """The copy that somebody began to read."""
    carry_out(case, "prepare_copy", now=now, by=READER)
    return Pack.objects.exclude(state="withdrawn").get(reference=case.reference)


def note_of(pack):
    """The first note about the customer."""
    return next(one for one in passages(pack.customer) if one.label == "customers.ContactNote")


def leave_out(pack, words="Bertha Mason", reason="other_person", whole="", by=READER, now=NOW):
    """Mark words wherever they stand in the first note."""
    found = note_of(pack)
    marks = [Mark(*span, reason) for span in occurrences(found.text, words)] if words else []
    return actions.review(pack, found, marks=marks, whole=whole, by=by, now=now)


def read_all(pack, by=READER, now=NOW):
    """Read what is left, with nothing to leave out, and hand it on."""
    actions.review_plain(pack, list(unread(pack)), by=by, now=now)
    return actions.finish_review(pack, by=by, now=now)


def checked(case, now=NOW, **marked) -> Pack:
    """A copy of which a second person has checked what was left out; its job waits."""
    pack = prepared(case, now)
    leave_out(pack, now=now, **marked)
    read_all(pack, now=now)
    return actions.check(pack, by=CHECKER, now=now)


def built(case, now=NOW, **marked) -> Pack:
    """A copy that the job has built."""
    pack = checked(case, now, **marked)
    run_jobs()
    pack.refresh_from_db()
    return pack


def released(case, now=NOW, **given) -> Pack:
    """A copy that its customer can fetch."""
    pack = built(case, now)
    carry_out(case, "release_copy", now=now, **given)
    pack.refresh_from_db()
    return pack


def shown(pack) -> str:
    """The first note as the copy has it."""
    found = note_of(pack)
    return Decisions(pack).text(found.label, found.pk, found.field, found.text)
