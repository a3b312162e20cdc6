"""What the desk's pages of a copy have in common: who may open them, and how they are shown."""

import datetime
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from accounts import desk
from accounts.desk import staff
from audit import events
from compliance.access import case_urls
from compliance.access.alerts import CHANGE, CHECK
from compliance.access.models import Pack
from compliance.access.records import Passage, passages
from privacy.declarations import declared

VIEW = "access.view_pack"
__all__ = ["CHANGE", "CHECK", "VIEW"]


def fetch(request: HttpRequest, pack_id: int | str, permission: str) -> Pack:
    """The copy, for whoever may see or work on it: 403 without the permission, 404 when there is
    none."""
    return desk.fetch(request, Pack.objects.select_related("customer"), pack_id, permission)


def may_read(request: HttpRequest, label: str) -> bool:
    """Whether a colleague may read the texts and records of a table (`app.Model`): whoever may not
    open such records elsewhere does not read them in a copy either."""
    model = apps.get_model(label)
    declaration = declared(model)
    if declaration is None or declaration.no_tipping_off is None:
        return True
    return request.user.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}")


def readable(request: HttpRequest, pack: Pack) -> Iterator[Passage]:
    """The texts about a customer that this colleague may read."""
    return (one for one in passages(pack.customer) if may_read(request, one.label))


def pack_url(pack: Pack) -> str:
    """The page of a copy."""
    return reverse("admin:access_pack_change", args=[pack.pk])


def show(request: HttpRequest, pack: Pack, template: str, context: dict[str, Any]) -> HttpResponse:
    """A page of a copy; that something personal of its customer was looked at goes into the audit
    trail."""
    events.customer_viewed(by=staff(request).actor, subject=pack.customer_id)
    return desk.desk_page(
        request,
        f"admin/access/{template}",
        {
            "pack": pack,
            "pack_url": pack_url(pack),
            "request_url": case_urls.of().request(pack.reference),
            **context,
        },
    )


def day_of(passage: Passage) -> str:
    """The day of a text in words; empty when it has none."""
    return f"{datetime.date.fromisoformat(passage.when[:10]):%-d %B %Y}" if passage.when else ""
