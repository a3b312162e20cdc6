"""The register on the desk: edited by the data protection lead alone, read by others. Each save
says why."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import ManyToManyField, Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.desk import ReadOnlyAdmin, names_of
from compliance.register import desk_views
from compliance.register.countries import NAMES
from compliance.register.filters import OutsideTheUK, RowStanding, RuleState, Verified
from compliance.register.forms import AdequacyForm, RecipientForm, RuleForm
from compliance.register.models import (
    AdequacyDecision,
    DataCategory,
    LawfulBasis,
    NoticeVersion,
    Purpose,
    Recipient,
    RetentionRule,
    StopList,
)
from compliance.register.row_admin import RegisterAdmin
from compliance.register.shape import HOME
from customers.desk_tables import badge

COUNTED = frozenset(
    {"category", "clock", "condition", "period", "unit", "on_request"}
)  # what the owner confirms of a rule


@admin.register(DataCategory)
class DataCategoryAdmin(RegisterAdmin):
    list_display = ("name", "code", "used_for", "kept_under", "retired_on")
    list_filter = (RowStanding,)
    search_fields = ("name", "code")
    fields = ("code", "name", "description", "source", "position", "retired_on")

    def get_queryset(self, request: HttpRequest) -> QuerySet[DataCategory]:
        return (
            super()
            .get_queryset(request)
            .prefetch_related(
                Prefetch("purposes", Purpose.objects.in_use()),
                Prefetch("retention_rules", RetentionRule.objects.in_use()),
            )
        )

    @admin.display(description="Used for")
    def used_for(self, row: DataCategory) -> SafeString | str:
        return _count(len(row.purposes.all()), "purpose", "purposes")

    @admin.display(description="Kept under")
    def kept_under(self, row: DataCategory) -> SafeString | str:
        return _count(len(row.retention_rules.all()), "rule", "rules")


class BasesInline(admin.StackedInline):  # type: ignore[type-arg]  # Django's class takes no type when it runs
    model = LawfulBasis
    formfield_overrides = RegisterAdmin.formfield_overrides
    extra = 0
    fields = ("article", "explanation")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A basis that no longer applies is taken away; the history keeps it."""
        return self.has_change_permission(request, obj)

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return 0 if obj else 1


@admin.register(Purpose)
class PurposeAdmin(RegisterAdmin):
    list_display = ("name", "code", "rests_on", "policy_document", "retired_on")
    list_filter = (RowStanding, "lawful_bases__article")
    search_fields = ("name", "code")
    fields = (
        "code",
        "name",
        "description",
        "categories",
        "recipients",
        "automated_decision",
        "direct_marketing",
        "when_restricted",
        "condition",
        "policy",
        "policy_review_on",
        "position",
        "retired_on",
    )
    inlines = (BasesInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Purpose]:
        return super().get_queryset(request).prefetch_related("lawful_bases")

    def formfield_for_manytomany(
        self, db_field: "ManyToManyField[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> Any:
        kwargs["widget"] = forms.CheckboxSelectMultiple()
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if field is not None and db_field.name == "recipients":
            field.label_from_instance = _dated_name  # type: ignore[method-assign, assignment]  # Django's own way
        return field

    @admin.display(description="Lawful bases")
    def rests_on(self, row: Purpose) -> SafeString | str:
        return ", ".join(basis.get_article_display() for basis in row.lawful_bases.all()) or badge(
            "None", "danger"
        )

    @admin.display(description="Policy document", ordering="policy_review_on")
    def policy_document(self, row: Purpose) -> SafeString | str:
        if not row.condition:
            return "Not needed"
        if row.policy_review_on is None:
            return badge("Not read yet", "warning")
        late = row.policy_review_on < timezone.localdate()
        day = f"To be read again on {date_format(row.policy_review_on)}"
        return badge(day, "danger" if late else "good")


@admin.register(Recipient)
class RecipientAdmin(RegisterAdmin):
    form = RecipientForm
    list_display = (
        "name",
        "kind",
        "transfer",
        "telephone",
        "valid_from",
        "valid_to",
        "verified_on",
    )
    list_filter = (OutsideTheUK, "kind", Verified)
    search_fields = ("name", "code")
    fields = (
        "code",
        "name",
        "kind",
        "receives",
        "address",
        "telephone",
        "email",
        "website",
        "country",
        "safeguard",
        "safeguard_detail",
        "valid_from",
        "valid_to",
        "verified_on",
    )

    @admin.display(description="Transfer", ordering="country")
    def transfer(self, row: Recipient) -> SafeString | str:
        if row.country == HOME:
            return "In the UK"
        protected = (
            row.get_safeguard_display() if row.safeguard else badge("No safeguard", "danger")
        )
        return format_html("{}: {}", NAMES.get(row.country, row.country), protected)


@admin.register(AdequacyDecision)
class AdequacyAdmin(RegisterAdmin):
    form = AdequacyForm
    fixed = ("country",)
    list_display = ("name", "country", "scope", "valid_from", "valid_to")
    search_fields = ("name", "country")
    fields = ("country", "name", "scope", "valid_from", "valid_to")


@admin.register(RetentionRule)
class RetentionRuleAdmin(RegisterAdmin):
    form = RuleForm
    list_display = ("what", "how_long", "state", "code")
    list_filter = (RuleState, "category")
    list_select_related = ("category",)
    search_fields = ("code", "authority")
    fields = (
        "code",
        "category",
        "purpose",
        "period",
        "unit",
        "clock",
        "clock_name",
        "condition",
        "condition_name",
        "authority",
        "on_request",
        "retired_on",
        "state",
    )
    readonly_fields = ("state",)
    ordering = ("category__position", "code")
    actions = ("confirm",)  # type: ignore[assignment]  # the desk's other lists have none

    def get_urls(self) -> list[URLPattern]:
        return [
            path(
                "confirm/",
                self.admin_site.admin_view(desk_views.confirm),
                name="register_retentionrule_confirm",
            ),
            *super().get_urls(),
        ]

    def save_model(self, request: HttpRequest, obj: RetentionRule, form: Any, change: bool) -> None:
        """Another period is another promise: what the owner confirmed was the rule as it stood."""
        if obj.confirmed_on and COUNTED.intersection(form.changed_data):
            obj.confirmed_on, obj.confirmed_by = None, ""
            messages.warning(
                request, "The rule is different now, so it waits to be confirmed again."
            )
        super().save_model(request, obj, form, change)

    @admin.display(description="What is kept", ordering="category__position")
    def what(self, row: RetentionRule) -> str:
        return (
            f"{row.category.name}: {row.condition_name}"
            if row.condition_name
            else row.category.name
        )

    @admin.display(description="How long", ordering="period")
    def how_long(self, row: RetentionRule) -> str:
        return row.in_words[:1].upper() + row.in_words[1:]

    @admin.display(description="State", ordering="confirmed_on")
    def state(self, row: RetentionRule) -> SafeString | str:
        if row.retired_on:
            return badge(f"Retired on {date_format(row.retired_on)}")
        if not row.confirmed_on:
            return badge("Not confirmed", "warning")
        return badge(f"Confirmed on {date_format(row.confirmed_on)}", "good")

    @admin.action(description="Confirm the chosen rules", permissions=["change"])
    def confirm(self, request: HttpRequest, queryset: QuerySet[RetentionRule]) -> HttpResponse:
        keys = ",".join(str(key) for key in queryset.values_list("pk", flat=True))
        return HttpResponseRedirect(f"confirm/?ids={keys}")


@admin.register(NoticeVersion)
class NoticeVersionAdmin(ReadOnlyAdmin):
    """Published notices; the next one is drafted and published from here."""

    list_display = ("number", "published_at", "summary", "who")
    fields = readonly_fields = ("number", "published_at", "who", "summary", "digest", "read_it")

    def get_queryset(self, request: HttpRequest) -> QuerySet[NoticeVersion]:
        return super().get_queryset(request).defer("content")

    def get_urls(self) -> list[URLPattern]:
        gate = self.admin_site.admin_view
        return [
            path("draft/", gate(desk_views.draft), name="register_noticeversion_draft"),
            path("draft/preview/", gate(desk_views.preview), name="register_noticeversion_preview"),
            *super().get_urls(),
        ]

    @admin.display(description="Published by")
    def who(self, row: NoticeVersion) -> str:
        return names_of([row.published_by])[row.published_by]

    @admin.display(description="As customers see it")
    def read_it(self, row: NoticeVersion) -> SafeString:
        return format_html('<a href="/privacy/versions/{}/">Version {}</a>', row.number, row.number)


def _dated_name(row: Recipient) -> str:
    return f"{row.name} (until {date_format(row.valid_to)})" if row.valid_to else row.name


def _count(number: int, one: str, several: str) -> SafeString | str:
    return f"{number} {one if number == 1 else several}" if number else badge(f"No {one}", "danger")


@admin.register(StopList)
class StopListAdmin(ReadOnlyAdmin):
    """The lists of those whose data may not be used, as other systems took them: the newest
    first."""

    empty_text = "No list was taken yet. write_stop_list writes one."
    list_display = ("written_at", "purpose", "people", "by")
    list_filter = ("purpose", "written_at")
    ordering = ("-written_at",)
