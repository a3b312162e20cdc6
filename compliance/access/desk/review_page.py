"""Reading: the texts of one table, one text with its marks, and the records that are left out as a
whole."""

import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.desk import FORM, staff
from accounts.desk_form import press
from accounts.http import SeeOther, whole_number
from audit.actions import Refused
from compliance.access import actions, redaction_marks, redaction_proposals
from compliance.access.decisions import Decision, Decisions, digest, unread
from compliance.access.desk.common import (
    CHANGE,
    VIEW,
    day_of,
    fetch,
    may_read,
    pack_url,
    readable,
    show,
)
from compliance.access.desk.forms import HoldForm, MarkForm
from compliance.access.models import Pack
from compliance.access.reasons import OmissionReason
from compliance.access.records import Passage, RecordTable, tables, unreviewed
from compliance.access.redaction_marks import Mark

AT_ONCE = 20  # texts, or records, on one page
CHANGED = "This text has changed since you opened it. Read it once more."


def text_url(pack: Pack, passage: Passage) -> str:
    """The page on which one text is read."""
    return reverse(
        "admin:access_pack_text", args=[pack.pk, passage.label, passage.pk, passage.field]
    )


@require_safe
def following(request: HttpRequest, pack_id: int) -> HttpResponse:
    """Go to the next text that nobody has read, or back to the copy when there is none."""
    pack = fetch(request, pack_id, CHANGE)
    mine = (one for one in unread(pack) if may_read(request, one.label))
    left = next(mine, None) if pack.state == Pack.State.IN_REVIEW else None
    return SeeOther(text_url(pack, left) if left else pack_url(pack))


@require_safe
def texts(request: HttpRequest, pack_id: int, label: str) -> HttpResponse:
    """The texts of one table, the oldest first; those in which nothing is proposed can be noted as
    read in one go."""
    pack = fetch(request, pack_id, VIEW)
    found = [one for one in readable(request, pack) if one.label == label]
    if not found:
        raise Http404
    made, known = Decisions(pack), redaction_proposals.known(pack.customer)
    left = [one for one in found if not made.is_read(one)]
    listed = left if "left" in request.GET else found
    page = Paginator(listed, AT_ONCE).get_page(request.GET.get("page"))
    return show(
        request,
        pack,
        "texts.html",
        {
            "title": found[0].title.partition(":")[0],
            "page": page,
            "label": label,
            "left": len(left),
            "texts": len(found),
            "rows": [_entry(pack, one, made, known) for one in page],
            "only_left": "left" in request.GET,
            "works": pack.state == Pack.State.IN_REVIEW and request.user.has_perm(CHANGE),
        },
    )


def _entry(
    pack: Pack, passage: Passage, made: Decisions, known: redaction_proposals.KnownNames
) -> dict[str, Any]:
    decided, text = (
        made.about(passage.label, passage.pk, passage.field),
        redaction_marks.plain(passage.text),
    )
    is_read = made.is_read(passage)
    marks = decided.marks if decided and is_read else known.proposals(text)
    whole = made.about(passage.label, passage.pk)
    return {
        "passage": passage,
        "url": text_url(pack, passage),
        "read": is_read,
        "day": day_of(passage),
        "segments": list(redaction_marks.segments(text, marks)),
        "plain": not is_read and not marks,
        "proposed": bool(marks) and not is_read,
        "key": _key(passage),
        "whole": OmissionReason(whole.reason).label if whole and whole.reason else "",
    }


def _key(passage: Passage) -> str:
    """What a tick sends: the text, and the digest of it as it stood on the page."""
    return f"{passage.pk}|{passage.field}|{digest(passage.text)}"


@require_POST
def plain(request: HttpRequest, pack_id: int, label: str) -> HttpResponse:
    """Note the ticked texts of a page as read, with nothing left out; each only as it stood on the
    page."""
    pack = fetch(request, pack_id, CHANGE)
    ticked = set(request.POST.getlist("read")[:AT_ONCE])
    listed = f"{reverse('admin:access_pack_texts', args=[pack.pk, label])}?left=1"

    def note() -> str:
        if not ticked:
            raise Refused("Tick the texts that you have read.")
        found = [
            one for one in readable(request, pack) if one.label == label and _key(one) in ticked
        ]
        count = actions.review_plain(pack, found, by=staff(request).actor, now=timezone.now())
        if len(found) < len(ticked):
            raise Refused(
                f"{count} noted as read. The others have changed since you opened the page: read "
                "them once more."
            )
        return f"{count} {'text' if count == 1 else 'texts'} noted as read."

    def back() -> str:
        return listed if any(one.label == label for one in unread(pack)) else pack_url(pack)

    return press(request, note, back)


@FORM
def text(request: HttpRequest, pack_id: int, label: str, row: str, field: str) -> HttpResponse:
    """One text: mark what is left out of it, each with its reason, then note it as read."""
    pack = fetch(request, pack_id, CHANGE)
    passage = next(
        (
            one
            for one in readable(request, pack)
            if (one.label, one.pk, one.field) == (label, row, field)
        ),
        None,
    )
    if passage is None:
        raise Http404
    made, plainly = Decisions(pack), redaction_marks.plain(passage.text)
    decided, whole = made.about(label, row, field), made.about(label, row)
    if decided and not decided.is_of(passage.text):
        decided = None
    proposed = [] if decided else redaction_proposals.known(pack.customer).proposals(plainly)
    marks = list(decided.marks) if decided else proposed
    form = MarkForm(request.POST or None, initial={"whole": whole.reason if whole else ""})
    error = ""
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        fresh = given["seen"] == str(digest(passage.text))
        if fresh and request.POST.get("do") == "read":
            return press(
                request, lambda: _note(request, pack, passage, given), _after(pack, passage)
            )
        error = "" if fresh else CHANGED
        if fresh:
            marks, error = _marked(request, plainly, given)
    marks = redaction_marks.tidy(plainly, marks)
    left = [one for one in unread(pack) if one.label == label]
    return show(
        request,
        pack,
        "text.html",
        {
            "title": passage.title,
            "passage": passage,
            "day": day_of(passage),
            "marks": marks,
            "segments": list(redaction_marks.segments(plainly, marks)),
            "sentences": [
                (start, end, plainly[start:end])
                for start, end in redaction_marks.sentences(plainly)
            ],
            "error": error,
            "seen": digest(passage.text),
            "packed": json.dumps([(one.start, one.end, one.reason) for one in marks]),
            "result": redaction_marks.redacted(plainly, marks),
            "form": form,
            "left": len(left),
            "decided": decided,
            "proposed": bool(proposed) and request.method != "POST",
            "reasons": OmissionReason.choices,
            "words": [(one, plainly[one.start : one.end]) for one in marks],
            "whole": form["whole"].value(),
            "chosen": form["reason"].value(),
            "readable": pack.state == Pack.State.IN_REVIEW,
            "texts_url": reverse("admin:access_pack_texts", args=[pack.pk, label]),
        },
    )


def _marked(request: HttpRequest, text: str, given: dict[str, Any]) -> tuple[list[Mark], str]:
    """The marks after what was pressed, and what to say when nothing came of it."""
    marks, reason, do = list(given["marks"]), given["reason"], request.POST.get("do", "")
    if do.startswith("drop-"):
        return [one for one in marks if f"drop-{one.start}" != do], ""
    if do == "selection":
        start, end = given["start"], given["end"]
        if start is None or end is None or start >= end:
            return marks, "Select the words first."
        return [*marks, Mark(start, end, reason)], ""
    spans = [
        span
        for line in given["words"].splitlines()
        for span in redaction_marks.occurrences(text, line)
    ]
    lost = [
        line
        for line in given["words"].splitlines()
        if line.strip() and not redaction_marks.occurrences(text, line)
    ]
    ticked = set(request.POST.getlist("sentence"))
    spans += [
        (start, end) for start, end in redaction_marks.sentences(text) if f"{start}-{end}" in ticked
    ]
    if lost:
        return [
            *marks,
            *(Mark(*span, reason) for span in spans),
        ], f"These words do not stand there: {'; '.join(lost)[:200]}"
    return [
        *marks,
        *(Mark(*span, reason) for span in spans),
    ], "" if spans else "Type the words, or tick a sentence."


def _note(request: HttpRequest, pack: Pack, passage: Passage, given: dict[str, Any]) -> str:
    actions.review(
        pack,
        passage,
        marks=given["marks"],
        whole=given["whole"],
        by=staff(request).actor,
        now=timezone.now(),
    )
    return "Noted as read."


def _after(pack: Pack, passage: Passage) -> str:
    return reverse("admin:access_pack_next", args=[pack.pk])


@FORM
def records(request: HttpRequest, pack_id: int, label: str) -> HttpResponse:
    """The records of one table, so that one can be left out as a whole."""
    pack = fetch(request, pack_id, CHANGE if request.method == "POST" else VIEW)
    table = next((one for one in tables(pack.customer) if one.label == label), None)
    if table is None or not may_read(request, label):
        raise Http404
    number = max(1, whole_number(request.GET.get("page", ""), most=10**6) or 1)
    here = f"{reverse('admin:access_pack_records', args=[pack.pk, label])}?page={number}"
    if request.method == "POST":
        form = HoldForm(request.POST)
        if not form.is_valid():
            raise Http404
        return press(request, lambda: _hold(request, pack, label, form.cleaned_data), here)
    found = list(_records(pack, table, number))
    return show(
        request,
        pack,
        "records.html",
        {
            "title": table.title,
            "columns": list(table.columns.values()),
            "rows": found[:AT_ONCE],
            "number": number,
            "more": len(found) > AT_ONCE,
            "reasons": OmissionReason.choices,
            "label": label,
            "works": pack.state == Pack.State.IN_REVIEW and request.user.has_perm(CHANGE),
        },
    )


def _hold(request: HttpRequest, pack: Pack, label: str, given: dict[str, Any]) -> str:
    by, now = staff(request).actor, timezone.now()
    actions.hold_back(pack, label=label, row=given["row"], reason=given["reason"], by=by, now=now)
    return "The record is left out." if given["reason"] else "The record is in the copy again."


def _records(
    pack: Pack, table: RecordTable, number: int
) -> Iterator[tuple[str, list[tuple[str, Any]], Decision | None]]:
    """One page of records, and one more to tell whether there is a next."""
    made, first = Decisions(pack), (number - 1) * AT_ONCE
    for row in islice(unreviewed(table, pack.customer), first, first + AT_ONCE + 1):
        shown = [
            (words, row.values[name])
            for name, words in table.columns.items()
            if row.values[name] not in (None, "")
        ]
        yield row.pk, shown, made.about(table.label, row.pk)
