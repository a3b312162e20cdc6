"""The filters of the desk's lists about marketing."""

import datetime
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts.desk import FirstFilter
from compliance.preferences.models import MarketingRequest
from compliance.preferences.vocabulary import THIRD_PARTIES, US
from compliance.register.models import Recipient
from privacy.words import in_words


class RequestState(FirstFilter):
    """Requests that wait, unless others are asked for."""

    title, parameter_name, first = "state", "state", "To be matched"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("done", "Done"), ("nobody", "Nobody of ours"), ("all", "All")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        state = self.value()
        return (
            queryset
            if state == "all"
            else queryset.filter(state=state or MarketingRequest.State.OPEN)
        )


AGES = (1, 2, 7, 28)  # days: how long a request has waited


class OlderThan(admin.SimpleListFilter):
    """Requests that came more than so many days ago."""

    title, parameter_name = "age", "age"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        named = {1: "a day", 7: "a week"}
        return [
            (str(days), f"More than {named.get(days) or in_words(days, 'day')}") for days in AGES
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        days = self.value()
        if days is None or days not in map(str, AGES):
            return queryset
        return queryset.filter(received_at__lt=timezone.now() - datetime.timedelta(days=int(days)))


class BySender(admin.SimpleListFilter):
    """Ourselves, all third parties at once, or one of the marketing partners that the register ever
    named."""

    title, parameter_name = "about whom", "sender"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        named = Recipient.objects.partners().order_by("name", "pk")
        return [
            (US, settings.CONTROLLER["name"]),
            (THIRD_PARTIES, "All other organisations"),
            *{row.code: row.name for row in named}.items(),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(sender=self.value()) if self.value() else queryset
