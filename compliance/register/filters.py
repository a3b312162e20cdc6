"""What the lists of the register can be narrowed to."""

from typing import Any, cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from compliance.register.shape import HOME


class RowStanding(admin.SimpleListFilter):
    """Rows in use, or retired ones."""

    title, parameter_name = "state", "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("use", "In use"), ("retired", "Retired")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() in ("use", "retired"):
            return queryset.filter(retired_on__isnull=self.value() == "use")
        return queryset


class RuleState(admin.SimpleListFilter):
    """Rules that wait for the owner, that are confirmed, that are retired."""

    title, parameter_name = "state", "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("waiting", "Not confirmed"), ("confirmed", "Confirmed"), ("retired", "Retired")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        match self.value():
            case "waiting":
                found: QuerySet[Any] = cast(Any, queryset).unconfirmed()
                return found
            case "confirmed":
                return queryset.filter(retired_on=None).exclude(confirmed_on=None)
            case "retired":
                return queryset.exclude(retired_on=None)
        return queryset


class OutsideTheUK(admin.SimpleListFilter):
    """Recipients to whom data goes abroad, and those of them whom nothing covers."""

    title, parameter_name = "where", "abroad"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("yes", "Outside the UK"),
            ("bare", "Outside the UK, without a safeguard"),
            ("no", "In the UK"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        match self.value():
            case "yes":
                return queryset.exclude(country=HOME)
            case "bare":
                return queryset.exclude(country=HOME).filter(safeguard="")
            case "no":
                return queryset.filter(country=HOME)
        return queryset


class Verified(admin.SimpleListFilter):
    """Recipients whose address and telephone somebody has checked, or nobody."""

    title, parameter_name = "address checked", "verified"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Checked"), ("no", "Never checked")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() in ("yes", "no"):
            return queryset.filter(verified_on__isnull=self.value() == "no")
        return queryset
