"""The letters on the desk. Their words are edited by the data protection lead and read by everybody
there."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

from accounts.desk import ReadOnlyAdmin
from compliance.cases.models.letters import LetterWording
from compliance.letters import views


@admin.register(LetterWording)
class LetterWordingAdmin(ReadOnlyAdmin):
    """The list of letters; each leads to its words, their versions and a preview."""

    def get_urls(self) -> list[URLPattern]:
        gate = self.admin_site.admin_view
        return [
            path("", gate(self.changelist_view), name="cases_letterwording_changelist"),
            path("<slug:letter>/words/", gate(views.edit), name="cases_letterwording_edit"),
            path(
                "<slug:letter>/words/preview.pdf", gate(views.pdf), name="cases_letterwording_pdf"
            ),
            path("<int:row_id>/change/", gate(views.version), name="cases_letterwording_change"),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return views.listing(request)
