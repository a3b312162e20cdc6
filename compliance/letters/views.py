"""Desk pages of the letters: the list, one letter with its words to read or to edit, and a preview
with made-up data."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.desk import FORM, names_of, staff
from accounts.desk_form import perform
from compliance.cases.models.letters import Letter, LetterWording
from compliance.cases.rights import right_of
from compliance.letters import preview, versions
from compliance.letters.compose import MissingError
from compliance.letters.forms import SAVE, WordingForm
from compliance.letters.parts import as_data
from compliance.letters.periods import fixed
from compliance.letters.placeholders import PLACEHOLDERS
from compliance.letters.wording import Frame, frame

MOST_VERSIONS = 50  # of one letter's words that its page lists
LIST = "admin:cases_letterwording_changelist"
WHOLE = "Letters about cases"


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Every letter: when it goes, and which version of its words is in use."""
    _need(request, "view_letterwording")
    newest = {
        row.letter: row
        for row in LetterWording.objects.order_by("letter", "-number").distinct("letter")
    }
    who, known = names_of([row.saved_by for row in newest.values()]), fixed()
    rows = [
        {
            "frame": frame(letter.value),
            "says": frame(letter.value).says.format(**known),
            "url": _url(letter),
            "row": newest.get(letter.value),
            "who": who.get(newest[letter.value].saved_by) if letter.value in newest else "",
        }
        for letter in Letter
    ]
    return render(
        request,
        "admin/letters/list.html",
        {**_context(request, WHOLE), "rows": rows},
    )


@FORM
def edit(request: HttpRequest, letter: str) -> HttpResponse:
    """The words of one letter. The data protection lead edits, previews and saves them; others read
    them."""
    _need(request, "view_letterwording")
    found, chosen = _frame(letter), Letter(letter)
    may = request.user.has_perm("cases.add_letterwording")
    if request.method == "POST":
        _need(request, "add_letterwording")
    form = _form(request, found)
    if SAVE in request.POST:

        def save(given: dict[str, Any]) -> str:
            now, by = timezone.now(), staff(request).actor
            row = versions.save(
                chosen, form.texts, seen=given["seen"], why=given["why"], by=by, now=now
            )
            return f"Version {row.number} is saved. Letters are written in these words from now on."

        return perform(
            request, form, save, _url(chosen), lambda: _page(request, found, form, None, may=may)
        )
    shown = None
    if request.method != "POST":
        first = preview.kinds_of(chosen)[0]
        shown = _shown(found, versions.texts_in_use(chosen), first)
    elif form.is_valid():
        shown = _shown(found, form.texts, form.kind)
    return _page(request, found, form, shown, may=may)


def _page(
    request: HttpRequest,
    found: Frame,
    form: WordingForm,
    shown: dict[str, Any] | None,
    *,
    may: bool,
) -> HttpResponse:
    """The words of one letter in their form, with a preview where there is one."""
    letter = Letter(found.letter)
    return render(
        request,
        "admin/letters/edit.html",
        {
            **_context(request, found.title, (WHOLE, reverse(LIST))),
            "frame": found,
            "says": found.says.format(**fixed()),
            "form": form,
            "shown": shown,
            "may": may,
            "row": versions.latest(letter),
            "versions": _versions(letter),
            "placeholders": [(name, PLACEHOLDERS[name]) for name in found.known],
            "pdf_url": reverse("admin:cases_letterwording_pdf", args=[letter.value]),
        },
    )


@never_cache
@require_POST
def pdf(request: HttpRequest, letter: str) -> HttpResponse:
    """The PDF of the words as they stand in the form, with made-up data. What is wrong with them
    comes back as the form."""
    _need(request, "view_letterwording")
    found = _frame(letter)
    form = _form(request, found)
    if form.is_valid():
        try:
            document = preview.document(found, form.texts, form.kind, now=timezone.now())
        except MissingError as missing:
            form.add_error(None, str(missing))
        else:
            return download(document, f"preview-{letter}.pdf")
    return edit(request, letter)


def download(document: bytes, name: str) -> HttpResponse:
    """A PDF as a file that no cache keeps."""
    answer = HttpResponse(document, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store, private"
    return answer


@require_safe
def version(request: HttpRequest, row_id: int) -> HttpResponse:
    """One frozen version, as it was saved."""
    _need(request, "view_letterwording")
    row = get_object_or_404(LetterWording, pk=row_id)
    found = frame(row.letter)
    labels = {block.name: block.label for block in found.blocks}
    return render(
        request,
        "admin/letters/version.html",
        {
            **_context(
                request,
                str(row),
                (WHOLE, reverse(LIST)),
                (found.title, _url(Letter(row.letter))),
            ),
            "row": row,
            "who": names_of([row.saved_by])[row.saved_by],
            "frame": found,
            "blocks": [(labels.get(name, name), text) for name, text in row.blocks.items()],
        },
    )


def _form(request: HttpRequest, found: Frame) -> WordingForm:
    row = versions.latest(found.letter)
    initial = {**versions.texts_in_use(found.letter), "seen": row.number if row else 0}
    return WordingForm(
        request.POST if request.method == "POST" else None,
        initial=initial,
        frame=found,
        pdf_url=reverse("admin:cases_letterwording_pdf", args=[found.letter]),
    )


def _shown(found: Frame, texts: dict[str, str], kind: str) -> dict[str, Any]:
    label = right_of(kind).label
    try:
        content = preview.content(found, texts, kind, now=timezone.now())
    except MissingError as missing:  # the register lacks it, such as the ombudsman's address
        return {"missing": str(missing), "kind": label}
    return {"subject": content.subject, "parts": as_data(content.parts), "kind": label}


def _versions(letter: Letter) -> list[dict[str, Any]]:
    rows = list(
        LetterWording.objects.filter(letter=letter)
        .defer("blocks")
        .order_by("-number")[:MOST_VERSIONS]
    )
    who = names_of([row.saved_by for row in rows])
    return [
        {
            "row": row,
            "who": who[row.saved_by],
            "url": reverse("admin:cases_letterwording_change", args=[row.pk]),
        }
        for row in rows
    ]


def _frame(letter: str) -> Frame:
    if letter not in Letter.values:
        raise Http404
    return frame(letter)


def _url(letter: Letter) -> str:
    return reverse("admin:cases_letterwording_edit", args=[letter.value])


def _need(request: HttpRequest, permission: str) -> None:
    if not request.user.has_perm(f"cases.{permission}"):
        raise PermissionDenied


def _context(request: HttpRequest, title: str, *above: tuple[str, str]) -> dict[str, Any]:
    return {
        **admin.site.each_context(request),
        "title": title,
        "opts": LetterWording._meta,
        "trail": above,
    }
