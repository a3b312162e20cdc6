"""Instructions on the desk: the list, one of them with what its addressee needs to know, and the
step that comes next."""

import uuid
from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST, require_safe

from accounts.desk import FORM, FirstFilter, OwnPage, desk_page, fetch, names_of, staff
from accounts.desk_form import hand_out, perform
from compliance.disclosures import instruction_files, instructions
from compliance.disclosures.models import Instruction, InstructionQuerySet
from compliance.register.models import Recipient
from customers.desk import RecordAdmin, action_page, render_page
from customers.desk_tables import badge
from customers.forms import ActionForm, DayField, long_text
from customers.panels import visible
from privacy.words import in_words

VIEW, CHANGE = "disclosures.view_instruction", "disclosures.change_instruction"
AT_ONCE = 200  # open instructions that the page of an addressee offers to tick


class DayForm(ActionForm):
    """The day on which an addressee was told."""

    button = "Note it"

    on = DayField(
        label="On which day?",
        initial=timezone.localdate,
    )


class ConfirmedForm(DayForm):
    """The day on which they confirmed it, and who did."""

    confirmation = forms.CharField(
        label="Who confirmed it, and under which reference?",
        required=False,
        max_length=200,
        help_text="As they sign. It is sealed.",
    )


class ManyForm(forms.Form):
    """Several instructions that one letter told, or one answer confirmed."""

    ids = forms.ModelMultipleChoiceField(
        Instruction.objects.none(), error_messages={"required": "Tick at least one."}
    )
    step = forms.ChoiceField(choices=[("told", ""), ("confirmed", "")])
    on = DayField()
    confirmation = forms.CharField(required=False, max_length=200)

    def __init__(self, *args: Any, rows: QuerySet[Instruction], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ids"].queryset = rows  # type: ignore[attr-defined]  # a choice field


class WhyForm(ActionForm):
    """Why somebody cannot be told."""

    button = "They cannot be told"

    why = long_text(
        "Why not?",
        "Write why they cannot be told.",
        help_text="It must be impossible, or out of all proportion (Article 19). The person is "
        "told who was not told, and why.",
        longest=2_000,
    )


class EscalateForm(ActionForm):
    """Just the button."""

    button = "Hand it on"


class InstructionState(FirstFilter):
    """Where an instruction stands: those that wait for us or for them come first."""

    title, parameter_name, first = "state", "state", "Not settled"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("to_tell", "To tell"),
            ("told", "Told, not confirmed"),
            ("overdue", "Overdue"),
            ("escalated", "Handed to the lead"),
            ("settled", "Settled"),
            ("all", "All"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        wanted = {
            "to_tell": Instruction.objects.to_tell(),
            "told": Instruction.objects.told(),
            "overdue": Instruction.objects.overdue(timezone.localdate()),
            "escalated": Instruction.objects.unsettled().filter(escalated_on__isnull=False),
            "settled": Instruction.objects.settled(),
            "all": Instruction.objects.all(),
        }.get(self.value() or "", Instruction.objects.unsettled())
        return queryset & wanted


class ByAddressee(admin.SimpleListFilter):
    """To whom: the recipients of the register, and our own other systems, under their latest
    names."""

    title, parameter_name = "addressee", "to"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        rows = Recipient.objects.order_by("valid_from", "pk")
        return sorted({row.code: row.name for row in rows}.items(), key=lambda one: one[1])

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(recipient=self.value()) if self.value() else queryset


@admin.register(Instruction)
class InstructionAdmin(OwnPage, RecordAdmin):
    """What others are to do with people's data, the earliest due first."""

    empty_text = (
        "Nobody has to be told: nothing that was corrected, erased, restricted or stopped had "
        "been passed on."
    )
    list_display = ("addressee", "what", "reference", "person", "due_on", "standing")
    list_display_links = ("what",)
    list_filter = (InstructionState, ByAddressee, "what")
    ordering = ("due_on", "asked_at", "pk")

    def get_urls(self) -> list[URLPattern]:
        gate, name = self.admin_site.admin_view, "disclosures_instruction"
        return [
            path("<uuid:pk>/do/<slug:step>/", gate(FORM(settle)), name=f"{name}_settle"),
            path("to/<slug:code>/", gate(require_safe(addressee)), name=f"{name}_to"),
            path("to/<slug:code>/file/<slug:sort>/", gate(require_POST(file)), name=f"{name}_file"),
            path("to/<slug:code>/note/", gate(require_POST(note)), name=f"{name}_note"),
            *super().get_urls(),
        ]

    def page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return show(request, object_id)

    @admin.display(description="To whom")
    def addressee(self, row: Instruction) -> SafeString:
        return format_html('<a href="{}">{}</a>', addressee_url(row.recipient), row.recipient_name)

    @admin.display(description="State")
    def standing(self, row: Instruction) -> SafeString:
        return standing(row)


def standing(row: Instruction) -> SafeString:
    """Where an instruction stands, as a badge with its day."""
    late = row.due_on < timezone.localdate()
    if row.acknowledged_on:
        return format_html("{} {}", badge("Confirmed", "good"), date_format(row.acknowledged_on))
    if row.impossible_on:
        return format_html("{} {}", badge("Cannot be told"), date_format(row.impossible_on))
    if row.told_on:
        tone = "warning" if late else "quiet"
        return format_html("{} told {}", badge("Not confirmed", tone), date_format(row.told_on))
    return badge("Overdue", "danger") if late else badge("To tell", "warning")


def _get(request: HttpRequest, pk: uuid.UUID | str, permission: str) -> Instruction:
    rows: QuerySet[Instruction] = visible(
        Instruction.objects.select_related("customer"), staff(request)
    )
    return fetch(request, rows, pk, permission)


def _trail() -> list[tuple[str, str]]:
    return [("Instructions", reverse("admin:disclosures_instruction_changelist"))]


def show(request: HttpRequest, object_id: str) -> HttpResponse:
    """One instruction: to whom, of whom, what, and what happened so far."""
    row = _get(request, object_id, VIEW)
    noted = (row.asked_by, row.told_by, row.acknowledged_by, row.escalated_by)
    names = names_of(filter(None, noted))
    open_here = not row.settled and request.user.has_perm(CHANGE)
    return render_page(
        request,
        row.customer,
        "admin/disclosures/instruction.html",
        {
            "title": f"{row.recipient_name}: {row.get_what_display().lower()}",
            "row": row,
            "standing": standing(row),
            "parts": instructions.parts_in_words(row),
            "asked_by": names[row.asked_by],
            "told_by": names.get(row.told_by, ""),
            "acknowledged_by": names.get(row.acknowledged_by, ""),
            "escalated_by": names.get(row.escalated_by, ""),
            "origin_url": instructions.origin_url(row.reference),
            "trail": _trail(),
            "acts": _acts(row) if open_here else [],
        },
    )


def _acts(row: Instruction) -> list[tuple[str, str]]:
    """The buttons of an open instruction, the likeliest first: label and address."""
    late = row.due_on < timezone.localdate() and not row.escalated_on
    steps = ["confirmed" if row.told_on else "told"]
    steps += [] if instructions.must_be_told(row) else ["impossible"]
    steps += ["escalate"] if late else []
    return [
        (STEPS[step][2], reverse("admin:disclosures_instruction_settle", args=[row.pk, step]))
        for step in steps
    ]


def _escalate(ids: list[uuid.UUID], **given: Any) -> None:
    instructions.escalate(Instruction.objects.get(pk=ids[0]), **given)


STEPS: dict[str, tuple[Callable[..., object], type[ActionForm], str, str]] = {
    "told": (instructions.told, DayForm, "They were told", "They have {confirm} to confirm it."),
    "confirmed": (
        instructions.acknowledge,
        ConfirmedForm,
        "They confirmed",
        "What they needed to find the person is kept no longer.",
    ),
    "impossible": (instructions.impossible, WhyForm, "They cannot be told", ""),
    "escalate": (
        _escalate,
        EscalateForm,
        "Hand it to the data protection lead",
        "It is late. From now on it stands on the first page of the data protection lead.",
    ),
}


def settle(request: HttpRequest, pk: uuid.UUID, step: str) -> HttpResponse:
    """They were told, they confirmed, they cannot be told; or it is handed on."""
    row = _get(request, pk, CHANGE)
    if step not in STEPS:
        raise Http404
    settled, form, title, explanation = STEPS[step]

    def note_it(given: dict[str, Any]) -> str:
        settled([row.pk], **given, by=staff(request).actor, now=timezone.now())
        return "Noted."

    return action_page(
        request,
        row.customer,
        form,
        title=f"{row.recipient_name}: {title[0].lower()}{title[1:]}",
        explanation=explanation.format(confirm=in_words(instructions.within(row.what).confirm)),
        perform=note_it,
        back=reverse("admin:disclosures_instruction_change", args=[row.pk]),
    )


# --- Everything for one addressee: the files, and several noted at once -----------------------------


def addressee_url(code: str) -> str:
    """The page of one addressee."""
    return reverse("admin:disclosures_instruction_to", args=[code])


def _rows(request: HttpRequest, code: str, permission: str) -> InstructionQuerySet:
    """The instructions for one addressee that this member of staff may know of: 404 when there are
    none."""
    if not request.user.has_perm(permission):
        raise PermissionDenied
    rows = cast(
        InstructionQuerySet, visible(Instruction.objects.filter(recipient=code), staff(request))
    )
    if not rows.exists():
        raise Http404
    return rows


def addressee(request: HttpRequest, code: str, form: ManyForm | None = None) -> HttpResponse:
    """One addressee: what it is to be told, the button for each sort of file, and each day on which
    it was told."""
    rows, today = _rows(request, code, VIEW), timezone.localdate()
    open_rows = list(rows.unsettled().order_by("told_on", "due_on", "asked_at", "pk")[:AT_ONCE])
    ticked = form["ids"].value() or () if form else ()
    files = instruction_files.made(rows)
    names = names_of(one["told_by"] for one in files)
    for one in files:
        one["by"] = names[one["told_by"]]
        one["late"] = one["waiting"] and one["due"] < today
    last = rows.order_by("-asked_at").first()
    assert last is not None  # noqa: S101  there are some
    return desk_page(
        request,
        "admin/disclosures/addressee.html",
        {
            "title": last.recipient_name,
            "code": code,
            "rows": [(row, standing(row), str(row.pk) in ticked) for row in open_rows],
            "more": rows.unsettled().count() > AT_ONCE,
            "files": files,
            "sorts": [
                (sort, waiting)
                for sort in instruction_files.formats()
                if (waiting := rows.unsettled().filter(sort.tells).count())
            ],
            "form": form,
            "today": today,
            "acts": request.user.has_perm(CHANGE),
            "trail": _trail(),
        },
    )


def file(request: HttpRequest, code: str, sort: str) -> HttpResponse:
    """A file of what an addressee has not confirmed yet, as a download; what is in it counts as
    told."""
    rows, given = _rows(request, code, CHANGE), instruction_files.format_of(sort)
    if given is None:
        raise Http404
    now, parts = timezone.now(), list[bytes]()

    def take() -> tuple[str, bytes]:
        instruction_files.make(
            rows.unsettled(), given, parts.append, by=staff(request).actor, now=now
        )
        return f"{sort}-{code}-{timezone.localtime(now):%Y-%m-%d-%H%M}.csv", b"".join(parts)

    return hand_out(request, take, addressee_url(code), content_type="text/csv; charset=utf-8")


def note(request: HttpRequest, code: str) -> HttpResponse:
    """Several were told by one letter, or confirmed by one answer: those that are ticked."""
    rows = _rows(request, code, CHANGE)
    form = ManyForm(request.POST, rows=rows.unsettled())

    def action(given: dict[str, Any]) -> str:
        by, now = staff(request).actor, timezone.now()
        ids = [row.pk for row in given["ids"]]
        if given["step"] == "told":
            count = instructions.told(ids, on=given["on"], by=by, now=now)
            return f"Noted: they were told of {count}."
        count = instructions.acknowledge(
            ids, on=given["on"], confirmation=given["confirmation"], by=by, now=now
        )
        return f"Noted: they confirmed {count}."

    return perform(
        request,
        form,
        action,
        addressee_url(code),
        lambda: addressee(request, code, form),
        at="on",
    )
