"""What we said we would do, on the desk: the list by last day, one task, taking it, and what was
done."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from accounts.desk import FORM, FirstFilter, OwnPage, desk_page, fetch, names_of, staff
from accounts.desk_form import press
from audit import events as audit
from compliance.cases.models import Task
from compliance.cases.models.tasks import TO_DO
from compliance.casework.actions import tasks
from compliance.casework.desk.filters import MINE, NOBODY
from compliance.casework.outcomes.desk_pages import OfCaseAdmin, action_page, case_url
from compliance.deadlines.wording import words_of
from customers.desk_tables import badge
from customers.forms import ActionForm, long_text

CHANGE_TASK = "cases.change_task"


class TaskState(FirstFilter):
    """Tasks to do, unless the late ones or those that are done are asked for."""

    title, parameter_name, first = "state", "state", "To do"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("late", "Past the last day"), ("done", "Done"), ("all", "All")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        state = self.value()
        if state == "all":
            return queryset
        if state == "done":
            return queryset.filter(~TO_DO)
        late = Q(due_on__lt=timezone.localdate()) if state == "late" else Q()
        return queryset.filter(TO_DO, late)


class ByTaker(FirstFilter):
    """One's own tasks, or those that nobody has taken."""

    title, parameter_name, first = "colleague", "whose", "Everybody’s"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(MINE, "Mine"), (NOBODY, "Nobody’s yet")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        whose = {MINE: Q(taken_by=staff(request).pk), NOBODY: Q(taken_by=None)}
        return queryset.filter(whose.get(self.value() or "", Q()))


class FinishForm(ActionForm):
    button = "It is done"

    text = long_text(
        "What was done?",
        "Write what was done.",
        help_text="For colleagues. It stands in the history of the case.",
        longest=2_000,
    )


@admin.register(Task)
class TaskAdmin(OwnPage, OfCaseAdmin):
    """Everything that somebody was told would be done, the earliest last day first."""

    empty_text = "Nothing is to be done: all that we said we would do is done."
    list_display = ("kind", "request_of", "person", "by_when", "whose", "made_at")
    list_filter = (TaskState, ByTaker, "kind")
    ordering = ("due_on", "pk")

    def get_urls(self) -> list[URLPattern]:
        gate, name = self.admin_site.admin_view, "cases_task"
        return [
            path("<int:task_id>/take/", gate(require_POST(take)), name=f"{name}_take"),
            path("<int:task_id>/done/", gate(FORM(finish)), name=f"{name}_done"),
            *super().get_urls(),
        ]

    def page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return task_page(request, object_id)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("taken_by")

    @admin.display(description="By")
    def by_when(self, task: Task) -> SafeString:
        return standing(task)

    @admin.display(description="Whose", empty_value="Nobody’s yet")
    def whose(self, task: Task) -> str | None:
        return task.taken_by.staff_id if task.taken_by else None


def standing(task: Task) -> SafeString:
    """A task's last day, with how it stands to today."""
    today = timezone.localdate()
    if task.ended_at:
        ended = words_of(timezone.localdate(task.ended_at), False)
        return format_html("{} {}", badge("Ended", "quiet"), ended)
    tone = "danger" if task.due_on < today else "warning" if task.due_on == today else "quiet"
    word = {"danger": "Late", "warning": "Today"}.get(tone, "To do")
    return format_html("{} {}", words_of(task.due_on, False), badge(word, tone))


def _task(request: HttpRequest, task_id: int | str, permission: str) -> Task:
    rows = Task.objects.select_related("case", "case__customer", "taken_by")
    return fetch(request, rows, task_id, permission)


def task_page(request: HttpRequest, task_id: str) -> HttpResponse:
    """One task: what is to be done about which case, by when, and whose it is."""
    task = _task(request, task_id, "cases.view_task")
    audit.case_viewed(by=staff(request).actor, subject=task.case.customer_id, case=task.case_id)
    return desk_page(
        request,
        "admin/cases/task.html",
        {
            "trail": [("Tasks", reverse("admin:cases_task_changelist"))],
            "title": task.get_kind_display(),
            "task": task,
            "standing": standing(task),
            "age": (timezone.localdate() - timezone.localdate(task.made_at)).days,
            "ended_by": names_of([task.ended_by])[task.ended_by] if task.ended_by else "",
            "case_url": case_url(task.case_id),
            "acts": request.user.has_perm(CHANGE_TASK) and task.ended_at is None,
            "mine": task.taken_by_id == staff(request).pk,
        },
    )


def take(request: HttpRequest, task_id: int) -> HttpResponse:
    """Take a task, or give one's own back."""
    task, me = _task(request, task_id, CHANGE_TASK), staff(request)
    back = "back" in request.POST

    def act() -> str:
        tasks.take(task, who=None if back else me, by=me.actor, now=timezone.now())
        return "It is nobody’s again." if back else "It is yours."

    return press(request, act, reverse("admin:cases_task_change", args=[task.pk]))


def finish(request: HttpRequest, task_id: int) -> HttpResponse:
    """Write down that a task is done."""
    task = _task(request, task_id, CHANGE_TASK)

    def action(given: dict[str, Any]) -> str:
        tasks.finish(task, text=given["text"], by=staff(request).actor, now=timezone.now())
        return f"Done: {task.get_kind_display().lower()}."

    form = FinishForm(request.POST if request.method == "POST" else None)
    return action_page(
        request,
        form,
        action,
        title=f"Done: {task.get_kind_display().lower()}",
        explanation="A letter to the person, or the step that was promised, ends a task by itself.",
        back=reverse("admin:cases_task_change", args=[task.pk]),
        then=lambda: reverse("admin:cases_task_changelist"),
        case=task.case,
    )
