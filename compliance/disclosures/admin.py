"""Disclosures on the desk: to look at; they come in by import."""

from django.contrib import admin

from compliance.disclosures import panels  # noqa: F401  adds to the customer's page
from compliance.disclosures.models import Disclosure
from customers.desk import RecordAdmin


@admin.register(Disclosure)
class DisclosureAdmin(RecordAdmin):
    list_display = ("id", "occurred_on", "kind", "recipient_name", "person")
    list_filter = ("occurred_on",)
    fields = ("person", "kind", "occurred_on", "recipient_name", "purpose", "application", "negotiations_ended_on",
              "credit_account", "detail", "reference")
    ordering = ("-occurred_on", "-pk")
