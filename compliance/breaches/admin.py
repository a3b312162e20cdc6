"""The breach register on the desk: the list, one breach with its 72 hours, and each thing that is
done about it on a page of its own."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.desk import FORM, FirstFilter, OwnPage, ReadOnlyAdmin, desk_page, fetch, staff
from accounts.desk_form import action_page
from compliance.breaches import actions, forms
from compliance.breaches.models import OPEN, Breach
from compliance.deadlines.wording import moment_in_words
from compliance.register import time_limits
from customers.desk_tables import badge
from customers.forms import ActionForm

ADD, CHANGE, VIEW = "breaches.add_breach", "breaches.change_breach", "breaches.view_breach"
LIST = "admin:breaches_breach_changelist"


class BreachState(FirstFilter):
    """Open breaches, unless others are asked for."""

    title, parameter_name, first = "state", "state", "Open"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("untold", "Regulator not told"),
            ("people", "People not told"),
            ("closed", "Closed"),
            ("all", "All"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        state = self.value()
        found = {
            "untold": Breach.objects.untold,
            "people": Breach.objects.people_untold,
        }.get(state or "")
        if found is not None:
            return queryset.filter(pk__in=found().values("pk"))
        wanted = {"closed": ~OPEN, "all": Q()}
        return queryset.filter(wanted.get(state or "", OPEN))


@admin.register(Breach)
class BreachAdmin(OwnPage, ReadOnlyAdmin):
    """Every breach, also those of which nobody has to be told; the one whose hours end first
    stands first."""

    empty_text = "No breach is like that."
    list_display = ("name", "aware_at", "regulator", "risk", "people", "closed_on")
    list_filter = (BreachState, "risk")
    sortable_by = ()
    show_facets = admin.ShowFacets.NEVER
    ordering = ("due_at", "pk")
    change_list_template = "admin/breaches/list.html"

    def get_urls(self) -> list[URLPattern]:
        gate = self.admin_site.admin_view
        return [
            path("record/", gate(FORM(record)), name="breaches_breach_record"),
            path("<int:breach_id>/do/<slug:code>/", gate(FORM(do)), name="breaches_breach_do"),
            *super().get_urls(),
        ]

    def page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return show(request, object_id)

    @admin.display(description="Breach")
    def name(self, breach: Breach) -> str:
        return str(breach)

    @admin.display(description="Regulator")
    def regulator(self, breach: Breach) -> SafeString:
        due = "" if _settled(breach) else f"by {timezone.localtime(breach.due_at):%-d %b %Y, %H:%M}"
        return format_html("{} {}", standing(breach), due)


def _settled(breach: Breach) -> bool:
    return bool(breach.regulator_told_at or breach.regulator_why_not)


def standing(breach: Breach) -> SafeString:
    """Whether the regulator was told, or must be."""
    if breach.regulator_told_at:
        late = breach.regulator_told_at > breach.due_at
        return badge("Told late" if late else "Told", "warning" if late else "good")
    if breach.regulator_why_not:
        return badge("Need not be told", "quiet")
    past = breach.due_at < timezone.now()
    words = f"Past the {time_limits.period('breach')}" if past else "To tell"
    return badge(words, "danger" if past else "warning")


def _trail(*above: tuple[str, str]) -> list[tuple[str, str]]:
    return [("Breaches", reverse(LIST)), *above]


def page_url(breach: Breach) -> str:
    """The page of one breach."""
    return reverse("admin:breaches_breach_change", args=[breach.pk])


# The texts of a breach, with their headings, in this order.
TEXTS = {
    "what": "What happened",
    "which_data": "Which data",
    "cause": "Cause",
    "consequences": "What it may lead to",
    "measures": "What is done about it",
    "processor": "What a processor told us, and when",
    "risk_reason": "Why the risk is judged so",
    "regulator_why_not": "Why the regulator need not be told",
    "late_reason": "Why the regulator was told late",
    "people_why_not": "Why the people need not be told one by one",
    "lessons": "What was learnt",
}


def show(request: HttpRequest, breach_id: str) -> HttpResponse:
    """One breach: its hours, what is known, who was told, and what is left to decide."""
    breach = fetch(request, Breach, breach_id, VIEW)
    texts = [(label, value) for name, label in TEXTS.items() if (value := getattr(breach, name))]
    acts = request.user.has_perm(CHANGE) and breach.closed_at is None
    return desk_page(
        request,
        "admin/breaches/breach.html",
        {
            "title": str(breach),
            "trail": _trail(),
            "breach": breach,
            "kinds": [Breach.Kind(kind).label for kind in breach.kinds],
            "standing": standing(breach),
            "due": moment_in_words(breach.due_at),
            "time": time_limits.period("breach"),
            "texts": texts,
            "undecided": [] if breach.closed_at else actions.undecided(breach),
            "persons": breach.persons.count(),
            "told": breach.persons.filter(told_at__isnull=False).count(),
            "steps": [(code, STEPS[code][1]) for code in _possible(breach)] if acts else [],
        },
    )


def record(request: HttpRequest) -> HttpResponse:
    """Write a new breach into the register."""
    if not request.user.has_perm(ADD):
        raise PermissionDenied
    form, made = forms.RecordForm(request.POST if request.method == "POST" else None), []

    def action(given: dict[str, Any]) -> str:
        breach = actions.record(**given, by=staff(request).actor, now=timezone.now())
        made.append(breach)
        return (
            f"{breach} is in the register. Tell the regulator by {moment_in_words(breach.due_at)}."
        )

    return action_page(
        request,
        form,
        action,
        title="A breach of personal data",
        explanation="Write down what you know now. The rest can follow.",
        trail=_trail(),
        back=reverse(LIST),
        then=lambda: page_url(made[0]),
    )


def _told_people(breach: Breach, **given: Any) -> str:
    told, left = actions.tell_people(breach, **given)
    nowhere = f" {left:,} have no address: tell them in another way." if left else ""
    return f"Written to {told:,}.{nowhere}"


# Each thing that can be done: its form, its title, what it says, and the act.
STEPS: dict[str, tuple[Callable[..., ActionForm], str, str, Callable[..., object]]] = {
    "describe": (
        forms.DescribeForm,
        "Write down what is known",
        "Everything that the law wants documented (Article 33(3) and (5)).",
        lambda breach, by, now, **facts: actions.describe(breach, facts, by=by, now=now),
    ),
    "judge": (
        forms.JudgeForm,
        "Judge the risk",
        "Who could be hurt, how badly, and how likely.",
        actions.judge,
    ),
    "regulator": (
        forms.RegulatorForm,
        "The regulator was told",
        f"Within {time_limits.period('breach')} of our knowing of it, or with the reasons for the "
        "delay.",
        actions.regulator_told,
    ),
    "regulator-not": (
        forms.WhyForm,
        "The regulator need not be told",
        "Only where a risk to people is unlikely.",
        actions.regulator_need_not,
    ),
    "people": (
        forms.PeopleForm,
        "Say whose data it concerns",
        "Their files show then that we told them.",
        lambda breach, numbers, by, now: actions.concerns(breach, numbers, by=by, now=now),
    ),
    "tell": (
        forms.TellForm,
        "Tell the people",
        "By email, or by letter to whoever has none. Whoever was told is not told again.",
        _told_people,
    ),
    "tell-not": (
        forms.WhyForm,
        "The people need not be told one by one",
        "The data was unreadable to others, the high risk is over, or it would be out of "
        "proportion: then the public is told instead (Article 34(3)).",
        actions.people_need_not,
    ),
    "close": (
        forms.CloseForm,
        "Close it",
        "It stays in the register for as long as the register of rules says.",
        actions.close,
    ),
}


def _possible(breach: Breach) -> list[str]:
    """Which of the steps can be taken as it stands, in their order."""
    judged, untold = breach.risk != Breach.Risk.UNKNOWN, not breach.regulator_told_at
    can = {
        "regulator": untold,
        "regulator-not": untold and breach.risk == Breach.Risk.UNLIKELY,
        "tell": judged and breach.persons.filter(told_at=None).exists(),
        "tell-not": not breach.people_told_on,
        "close": not actions.undecided(breach),
    }
    return [code for code in STEPS if can.get(code, True)]


def do(request: HttpRequest, breach_id: int, code: str) -> HttpResponse:
    """One thing to be done about a breach."""
    breach = fetch(request, Breach, breach_id, CHANGE)
    if code not in STEPS:
        raise Http404
    form_class, title, says, act = STEPS[code]
    data = request.POST if request.method == "POST" else None
    form = form_class(data, breach=breach) if code == "describe" else form_class(data)

    def action(given: dict[str, Any]) -> str:
        said = act(breach, **given, by=staff(request).actor, now=timezone.now())
        return said if isinstance(said, str) else "Written into the register."

    return action_page(
        request,
        form,
        action,
        title=title,
        explanation=says,
        trail=_trail((str(breach), page_url(breach))),
        back=page_url(breach),
    )
