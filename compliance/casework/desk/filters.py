"""What the list of cases can be narrowed to. Without a choice it shows the open ones."""

import datetime
from typing import Any

from django.contrib import admin
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts.desk import FirstFilter, staff
from accounts.http import whole_number
from accounts.models import StaffUser
from accounts.roles import allows
from compliance.cases.buckets import Bucket, conditions
from compliance.cases.kinds import OPEN_STATUSES, CaseKind, CaseStatus
from compliance.cases.models.case import OPEN
from compliance.casework.desk.counts import WORK, to_look_at
from privacy.words import in_words

MINE, NOBODY = "mine", "nobody"
CLOSED = Bucket.CLOSED.value


def shows_closed(request: HttpRequest) -> bool:
    """Whether the list is that of the closed cases."""
    return request.GET.get("bucket") == CLOSED


class ByBucket(FirstFilter):
    """How urgent; the closed ones are a list of their own."""

    title, parameter_name, first = "when", "bucket", "All that are open"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(bucket.value, str(bucket.label)) for bucket in Bucket]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        wanted = self.value()
        if wanted == CLOSED:
            return queryset.filter(closed_on__isnull=False)
        found = next(
            (rows for one, rows in conditions(timezone.localdate()).items() if one == wanted), None
        )
        if wanted and found is None:
            return queryset.none()
        return queryset.filter(OPEN, found) if found is not None else queryset.filter(OPEN)


class ByCaseKind(admin.SimpleListFilter):
    title, parameter_name = "what they ask", "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(kind.value, str(kind.label)) for kind in CaseKind]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


class ByStatus(admin.SimpleListFilter):
    """Where a case stands: only what the list can hold."""

    title, parameter_name = "where it stands", "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        closed = shows_closed(request)
        return [
            (status.value, str(status.label))
            for status in CaseStatus
            if (status not in OPEN_STATUSES) == closed
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(status=self.value()) if self.value() else queryset


class ByAssignee(admin.SimpleListFilter):
    """One's own, nobody's, or a colleague's."""

    title, parameter_name = "who works on it", "assignee"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        me = staff(request)
        others = [(str(one.pk), one.staff_id) for one in workers() if one.pk != me.pk]
        return [(MINE, "Myself"), (NOBODY, "Nobody yet"), *others]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value() or ""
        if value == NOBODY:
            return queryset.filter(assignee=None)
        key = staff(request).pk if value == MINE else whole_number(value[:18])
        return queryset if key is None else queryset.filter(assignee=key)


def workers() -> list[StaffUser]:
    """The members of staff who may work on cases."""
    return [one for one in StaffUser.objects.filter(is_active=True) if allows(one.role, WORK)]


class ByReceipt(admin.SimpleListFilter):
    """How long ago it was received, in days; `older` is everything before this year."""

    title, parameter_name = "received", "received"
    DAYS = {str(days): f"In the last {days} days" for days in (7, 30, 90)}

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [*self.DAYS.items(), ("year", "This year"), ("older", "Before this year")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        today, value = timezone.localdate(), self.value() or ""
        new_year = today.replace(month=1, day=1)
        if value in self.DAYS:
            return queryset.filter(received_on__gt=today - datetime.timedelta(days=int(value)))
        if value == "year":
            return queryset.filter(received_on__gte=new_year)
        return queryset.filter(received_on__lt=new_year) if value == "older" else queryset


EXTENSION_SOON = datetime.timedelta(days=7)  # that an extension can still be told


class ByAttention(admin.SimpleListFilter):
    """What somebody should look at beside the due date; of the closed ones, those that ended
    late."""

    title, parameter_name = "what needs a look", "attention"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        if shows_closed(request):
            return [("late", "Closed after the last day")]
        return [
            ("review", "No last day, to look at again"),
            (
                "extension",
                f"Extension possible for {in_words(EXTENSION_SOON, figures=True)} at most",
            ),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        today = timezone.localdate()
        if self.value() == "late":
            return queryset.filter(closed_on__gt=F("due_on"))
        if self.value() == "review":
            return to_look_at(queryset, today)
        if self.value() == "extension":
            return queryset.filter(
                extended=False,
                extension_until__gte=today,
                extension_until__lte=today + EXTENSION_SOON,
            )
        return queryset
