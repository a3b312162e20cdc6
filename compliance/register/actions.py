"""What can be done to the register: load the shipped rows, confirm a retention rule. Publishing is
in `publishing`.
"""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.utils import timezone

from audit import events
from audit.actions import attributed
from compliance.register import models, shape
from compliance.register.models import RetentionRule

RETENTION_FIELDS = (
    "code",
    "clock",
    "clock_name",
    "condition",
    "condition_name",
    "period",
    "unit",
    "authority",
    "on_request",
)


def load(*, by: str) -> dict[str, int]:
    """Add the shipped rows that the database lacks, by code; return how many per table.

    A row that is there, edited or retired, is left as it is, with its bases and links; only a
    category that is new joins the purposes that are shipped with it. Two loads at once wait for
    each other.
    """
    shipped = shape.shipped_file()
    with attributed(by=by, why="Shipped defaults, for the owner to confirm"):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('register.load'))")
        known = set(models.DataCategory.objects.values_list("code", flat=True))
        new = [row for row in shipped["category"] if row["code"] not in known]
        added = {
            "categories": len(
                models.DataCategory.objects.bulk_create([models.DataCategory(**row) for row in new])
            ),
            "recipients": _load_recipients(shipped["recipient"]),
            "adequacy decisions": _load_adequacy(shipped["adequacy"]),
            "purposes": _load_purposes(shipped["purpose"]),
            "retention rules": _load_rules(shipped["rule"]),
        }
        _link_categories({row["code"] for row in new}, shipped["purpose"])
        if any(added.values()):
            events.register_loaded(by=by, added=added)
    return added


def _load_recipients(rows: list[dict[str, Any]]) -> int:
    known = set(models.Recipient.objects.values_list("code", "valid_from"))
    return len(
        models.Recipient.objects.bulk_create(
            [
                models.Recipient(**row)
                for row in rows
                if (row["code"], row.get("valid_from")) not in known
            ]
        )
    )


def _load_adequacy(rows: dict[str, dict[str, Any]]) -> int:
    known = set(models.AdequacyDecision.objects.values_list("country", flat=True))
    return len(
        models.AdequacyDecision.objects.bulk_create(
            [
                models.AdequacyDecision(country=country, **row)
                for country, row in rows.items()
                if country not in known
            ]
        )
    )


def _load_purposes(rows: list[dict[str, Any]]) -> int:
    known = set(models.Purpose.objects.values_list("code", flat=True))
    new = [row for row in rows if row["code"] not in known]
    plain = (
        "code",
        "name",
        "description",
        "automated_decision",
        "direct_marketing",
        "when_restricted",
        "condition",
        "policy",
        "position",
    )
    made = {
        purpose.code: purpose
        for purpose in models.Purpose.objects.bulk_create(
            [models.Purpose(**{name: row[name] for name in plain if name in row}) for row in new]
        )
    }
    categories = dict(models.DataCategory.objects.values_list("code", "pk"))
    recipients = list(models.Recipient.objects.values_list("code", "pk"))
    models.LawfulBasis.objects.bulk_create(
        models.LawfulBasis(purpose=made[row["code"]], **basis)
        for row in new
        for basis in row["bases"]
    )
    models.PurposeCategory.objects.bulk_create(
        models.PurposeCategory(purpose_id=made[row["code"]].pk, datacategory_id=categories[code])
        for row in new
        for code in row["categories"]
    )
    # Every dated row of a code: an earlier name served the same purpose.
    models.PurposeRecipient.objects.bulk_create(
        models.PurposeRecipient(purpose_id=made[row["code"]].pk, recipient_id=pk)
        for row in new
        for code, pk in recipients
        if code in row.get("recipients", ())
    )
    return len(new)


def _link_categories(new: set[str], purposes: list[dict[str, Any]]) -> None:
    """Link categories that were just added to purposes that were there before."""
    categories = dict(models.DataCategory.objects.filter(code__in=new).values_list("code", "pk"))
    known = dict(models.Purpose.objects.values_list("code", "pk"))
    links = {
        (known[row["code"]], categories[code])
        for row in purposes
        for code in row["categories"]
        if code in new
    }
    there = set(
        models.PurposeCategory.objects.filter(datacategory_id__in=categories.values()).values_list(
            "purpose_id", "datacategory_id"
        )
    )
    models.PurposeCategory.objects.bulk_create(
        models.PurposeCategory(purpose_id=purpose, datacategory_id=category)
        for purpose, category in sorted(links - there)
    )


def _load_rules(rows: list[dict[str, Any]]) -> int:
    known = set(RetentionRule.objects.values_list("code", flat=True))
    categories = dict(models.DataCategory.objects.values_list("code", "pk"))
    purposes = dict(models.Purpose.objects.values_list("code", "pk"))
    return len(
        RetentionRule.objects.bulk_create(
            RetentionRule(
                category_id=categories[row["category"]],
                purpose_id=purposes[row["purpose"]],
                **{name: row[name] for name in RETENTION_FIELDS if name in row},
            )
            for row in rows
            if row["code"] not in known
        )
    )


def confirm(rules: Iterable[RetentionRule], *, by: str, why: str, now: datetime.datetime) -> int:
    """The owner takes responsibility for these rules as they stand; the purge may then act on them.
    Returns how many.

    A rule that is confirmed or retired already is passed over.
    """
    with attributed(by=by, why=why):
        waiting = list(
            RetentionRule.objects.unconfirmed()
            .select_for_update()
            .filter(pk__in=[rule.pk for rule in rules])
            .order_by("code")
        )
        for rule in waiting:
            rule.confirmed_on, rule.confirmed_by = timezone.localdate(now), by
            rule.save(update_fields=["confirmed_on", "confirmed_by"])
            events.register_changed(
                by=by,
                table="retention rule",
                row=rule.code,
                change="confirmed",
                fields=["confirmed_on", "confirmed_by"],
            )
    return len(waiting)
