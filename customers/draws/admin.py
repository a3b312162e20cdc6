"""Prize draws and their entries on the desk. A draw is edited until it is published; all else is
done by its buttons."""

import uuid
from collections.abc import Collection, Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.desk import DeskAdmin, staff
from audit import events
from customers.desk import RecordAdmin
from customers.desk_tables import as_table, badge
from customers.draws import (
    desk_views,
    draw_actions,
    panels,  # noqa: F401  registers its own
)
from customers.draws.models import DrawEvidence, PrizeDraw, PrizeEntry
from customers.draws.states import london_day

TONES = {
    PrizeDraw.State.OPEN: "good",
    PrizeDraw.State.TO_DRAW: "warning",
    PrizeDraw.State.DRAWN: "good",
}


class PrizeDrawForm(forms.ModelForm):  # type: ignore[type-arg]  # takes none at run time
    class Meta:
        model = PrizeDraw
        fields = (
            "name",
            "code",
            "opens_on",
            "closes_on",
            "prize",
            "winner_count",
            "terms",
            "promoter",
        )
        widgets = {
            "prize": forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
            "terms": forms.Textarea(attrs={"rows": 8, "class": "vLargeTextField"}),
        }

    def clean(self) -> dict[str, Any] | None:
        """A colleague may have published it since this page was opened; the page is saved in one
        transaction."""
        if (
            self.instance.pk
            and PrizeDraw.objects.select_for_update().get(pk=self.instance.pk).published_at
        ):
            raise forms.ValidationError(
                "This draw was published meanwhile, so nothing about it changes any more."
            )
        return super().clean()


def kept(draw: PrizeDraw) -> DrawEvidence:
    """The evidence of a draw that was made, without its long list of tickets."""
    return DrawEvidence.objects.defer("tickets").get(draw=draw)


@admin.register(PrizeDraw)
class PrizeDrawAdmin(DeskAdmin):
    form = PrizeDrawForm
    list_display = ("name", "code", "standing", "opens_on", "closes_on", "entries_held")
    empty_text = "No prize draws yet. Write the first one, then publish it."
    sortable_by = ("opens_on", "closes_on")

    def get_queryset(self, request: HttpRequest) -> QuerySet[PrizeDraw]:
        return PrizeDraw.objects.with_state()

    def get_urls(self) -> list[URLPattern]:
        gate = self.admin_site.admin_view
        return [
            path(
                "<int:draw_id>/publish/", gate(desk_views.publish), name="draws_prizedraw_publish"
            ),
            path(
                "<int:draw_id>/take-back/",
                gate(desk_views.take_back),
                name="draws_prizedraw_take_back",
            ),
            path("<int:draw_id>/draw/", gate(desk_views.draw), name="draws_prizedraw_draw"),
            path("<int:draw_id>/names/", gate(desk_views.names), name="draws_prizedraw_names"),
            path(
                "<int:draw_id>/pass-on/<uuid:ticket>/",
                gate(desk_views.pass_on),
                name="draws_prizedraw_pass_on",
            ),
            *super().get_urls(),
        ]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        if obj is None:
            return PrizeDrawForm.Meta.fields
        return (
            "standing",
            "entries_held",
            *PrizeDrawForm.Meta.fields,
            "commitment",
            *(("prizes", "reserves", "how_it_was_drawn") if obj.drawn else ()),
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        # Import files name a draw by its code.
        return (
            (
                "code",
                "commitment",
                "standing",
                "entries_held",
                "prizes",
                "reserves",
                "how_it_was_drawn",
            )
            if obj
            else ()
        )

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A published draw is only looked at."""
        fixed = obj is not None and (
            obj.published_at or getattr(obj, "drawn", False)
        )  # a new one is not drawn
        return not fixed and super().has_change_permission(request, obj)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        found = self.get_object(request, object_id)
        buttons = [] if found is None else desk_views.buttons(request, found)
        return super().change_view(
            request, object_id, form_url, {**(extra_context or {}), "draw_buttons": buttons}
        )

    def save_model(self, request: HttpRequest, obj: PrizeDraw, form: Any, change: bool) -> None:
        with transaction.atomic():
            if change:
                obj.save(
                    update_fields=form.changed_data
                )  # never the column that says whether it is published
            else:
                draw_actions.with_seed(obj).save()
            events.draw_changed(
                by=staff(request).actor,
                draw=obj.pk,
                change="changed" if change else "added",
                fields=form.changed_data,
            )

    @admin.display(description="State")
    def standing(self, draw: PrizeDraw) -> SafeString:
        state = draw.state(london_day(timezone.now()))
        return badge(state.label, TONES.get(state, "quiet"))

    @admin.display(description="Entries held")
    def entries_held(self, draw: PrizeDraw) -> SafeString | str:
        held = draw.held
        url = f"{reverse('admin:draws_prizeentry_changelist')}?draw__id__exact={draw.pk}"
        return format_html('<a href="{}">{}</a>', url, f"{held:,}") if held else "None"

    @admin.display(description="Prizes")
    def prizes(self, draw: PrizeDraw) -> SafeString | str:
        """Each prize, whose it is, and the way to pass it on."""
        entries, chains = self._entries(draw), draw_actions.prizes(kept(draw))
        return as_table(
            [
                [
                    ("Prize", place),
                    ("Ticket", chain[-1]),
                    ("Entry", entries.get(chain[-1], "erased")),
                    ("State", self._way(draw, chain)),
                ]
                for place, chain in enumerate(chains, start=1)
            ]
        )

    def _way(self, draw: PrizeDraw, chain: list[Any]) -> SafeString:
        passed = (
            f"Passed on {len(chain) - 1} times. "
            if len(chain) > 2
            else "Passed on once. "
            if len(chain) == 2
            else ""
        )
        url = reverse("admin:draws_prizedraw_pass_on", args=[draw.pk, chain[-1]])
        return format_html('{}<a href="{}">No answer: pass it on</a>', passed, url)

    @admin.display(description="Reserves")
    def reserves(self, draw: PrizeDraw) -> SafeString | str:
        entries, used = (
            self._entries(draw),
            {ticket for chain in draw_actions.prizes(kept(draw)) for ticket in chain},
        )
        return as_table(
            [
                [
                    ("Place", place),
                    ("Ticket", ticket),
                    ("Entry", entries.get(ticket, "erased")),
                    ("State", _state_of_reserve(ticket, used, entries)),
                ]
                for place, ticket in enumerate(kept(draw).reserves, start=1)
            ]
        )

    @admin.display(description="Evidence")
    def how_it_was_drawn(self, draw: PrizeDraw) -> str:
        made = kept(draw)
        return (
            f"Drawn on {date_format(timezone.localtime(made.at), 'DATETIME_FORMAT')} from "
            f"{made.entries:,} entries by "
            f"{made.algorithm}\nSeed {made.seed}\nDigest of the list of entries "
            f"{made.entries_digest}"
        )

    def _entries(self, draw: PrizeDraw) -> dict[Any, SafeString]:
        """A link to the entry of each winner and reserve that is still held."""
        made = kept(draw)
        tickets = [*made.winners, *made.reserves]
        found = PrizeEntry.objects.filter(draw=draw, ticket__in=tickets).values_list("ticket", "pk")
        return {
            ticket: format_html(
                '<a href="{}">Entry {}</a>', reverse("admin:draws_prizeentry_change", args=[pk]), pk
            )
            for ticket, pk in found
        }


@admin.register(PrizeEntry)
class PrizeEntryAdmin(RecordAdmin):
    empty_text = (
        "No entries. They come from the site's own form and from import files, and go "
        "when their time is over."
    )
    list_display = ("id", "draw", "ticket", "person", "entered_on", "awarded_on")
    list_filter = ("awarded_on",)
    list_select_related = ("draw",)
    search_fields = ("=ticket",)
    search_help_text = "A whole ticket number"
    fields = (
        "draw",
        "ticket",
        "person",
        "name",
        "address",
        "email",
        "customer_number",
        "entered_on",
        "received_at",
        "no_publicity",
        "awarded_on",
    )
    ordering = ("-pk",)

    def get_urls(self) -> list[URLPattern]:
        return [
            path(
                "<int:entry_id>/object/",
                self.admin_site.admin_view(desk_views.object_to_publicity),
                name="draws_prizeentry_object",
            ),
            *super().get_urls(),
        ]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        found = self.get_object(request, object_id)
        may = (
            found is not None
            and not found.no_publicity
            and request.user.has_perm("draws.change_prizeentry")
        )
        url = reverse("admin:draws_prizeentry_object", args=[object_id]) if may else ""
        return super().change_view(
            request, object_id, form_url, {**(extra_context or {}), "object_url": url}
        )

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return lookup == "draw__id__exact" or super().lookup_allowed(lookup, value, request)


def _state_of_reserve(ticket: uuid.UUID, used: Collection[Any], entries: Mapping[Any, Any]) -> str:
    """Whether a reserve can still be offered a prize: one whose entry was erased cannot."""
    if ticket in used:
        return "Has been offered a prize"
    return "Waiting" if ticket in entries else "Out: the entry was erased"
