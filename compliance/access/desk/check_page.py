"""The second person's page: everything that was left out, in its place, with the reason and who
decided; yes, or back."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.desk import FORM, names_of, staff
from accounts.desk_form import press
from audit.actions import Refused
from compliance.access import actions, redaction_marks
from compliance.access.actions import reviews
from compliance.access.decisions import Decisions, held_back, last_check
from compliance.access.desk.common import (
    CHECK,
    VIEW,
    day_of,
    fetch,
    may_read,
    pack_url,
    readable,
    show,
)
from compliance.access.desk.forms import WordForm
from compliance.access.models import Pack
from compliance.access.reasons import OmissionReason
from compliance.access.records import passages, tables, unreviewed

NOT_YOURS = "A colleague who may read the fraud records in it has to check it."


@FORM
def check(request: HttpRequest, pack_id: int) -> HttpResponse:
    """Check what was left out of a copy, or give it back with a word."""
    pack = fetch(request, pack_id, CHECK if request.method == "POST" else VIEW)
    by, now = staff(request).actor, timezone.now()
    form = WordForm(
        request.POST if request.method == "POST" and request.POST.get("do") == "back" else None
    )
    hidden = any(not may_read(request, one.label) for one in tables(pack.customer))
    if request.method == "POST" and request.POST.get("do") == "right":
        return press(request, lambda: _right(pack, hidden=hidden, by=by, now=now), pack_url(pack))
    if form.is_valid():
        return press(
            request, lambda: _back(pack, form.cleaned_data["word"], by=by, now=now), pack_url(pack)
        )
    marked = list(_marked(request, pack))
    names = names_of({one["decision"].by for one in marked})
    records = list(_records(request, pack))
    return show(
        request,
        pack,
        "check.html",
        {
            "title": "Check what was left out",
            "marked": [{**one, "who": names[one["decision"].by]} for one in marked],
            "records": records,
            "form": form,
            "read": sum(1 for _ in passages(pack.customer)),
            "why_not": (NOT_YOURS if hidden else reviews.why_not_check(pack, by=by))
            if pack.state == Pack.State.READ
            else "",
            "waits": pack.state == Pack.State.READ,
            "may_check": request.user.has_perm(CHECK),
        },
    )


def _right(pack: Pack, *, hidden: bool, **who: Any) -> str:
    if hidden:
        raise Refused(NOT_YOURS)
    actions.check(pack, **who)
    return "Checked. The copy is being built."


def _back(pack: Pack, word: str, **who: Any) -> str:
    actions.send_back(pack, word=word, **who)
    return "It is with its reader again."


def _marked(request: HttpRequest, pack: Pack) -> Iterator[dict[str, Any]]:
    """The texts of which something is left out, in their order; `fresh` when it was decided since
    the last check."""
    made, last = Decisions(pack), last_check(pack)
    for passage in readable(request, pack):
        found = made.about(passage.label, passage.pk, passage.field)
        if found and found.marks and found.is_of(passage.text):
            yield {
                "passage": passage,
                "day": day_of(passage),
                "decision": found,
                "fresh": last is not None and found.at > last,
                "segments": list(
                    redaction_marks.segments(redaction_marks.plain(passage.text), found.marks)
                ),
            }


def _records(request: HttpRequest, pack: Pack) -> Iterator[dict[str, Any]]:
    """The records that are held back as a whole, as they stand."""
    found = {(label, row): decision for label, row, decision in held_back(pack)}
    for table in tables(pack.customer):
        if may_read(request, table.label) and any(label == table.label for label, _ in found):
            for row in unreviewed(table, pack.customer):
                if decision := found.get((table.label, row.pk)):
                    yield {
                        "table": table.title,
                        "reason": OmissionReason(decision.reason).label,
                        "values": [
                            (words, row.values[name])
                            for name, words in table.columns.items()
                            if row.values[name]
                        ],
                    }
