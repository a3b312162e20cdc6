"""What can be done about cookies: load the shipped rows, publish a wording, keep a visitor's
choice."""

import datetime
import tomllib
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from audit import events
from audit.actions import Refused, attributed
from compliance.cookies import portal_cookies, wording
from compliance.cookies.groups import ADVERTISING
from compliance.cookies.models import Cookie, CookieReceipt, CookieWording
from compliance.register import blocks
from customers.models import Customer

SHIPPED = Path(__file__).parent / "data" / "cookies.toml"
SUMMARY_LENGTH = CookieWording._meta.get_field("summary").max_length or 0


class WordingRefusedError(Refused):
    """The wording was not published; the message says why, in words for the person who asked."""


class WordingUnchangedError(WordingRefusedError):
    """The rows say what the published wording says."""


class WordingMovedError(Exception):
    """The visitor answered a wording that is no longer the published one, so the answer counts for
    nothing."""


def shipped() -> list[dict[str, Any]]:
    """The rows of `data/cookies.toml`, those of the portal with the names that they have here."""
    rows = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))["cookie"]
    return [
        {**row, "name": portal_cookies.names().get(row["code"], row.get("name", ""))}
        for row in rows
    ]


def load(*, by: str) -> int:
    """Add the shipped cookies that the database lacks, by code; return how many. A row that is
    there is left as it is."""
    with attributed(by=by, why="Shipped defaults, for the owner to confirm"):
        _one_at_a_time()
        known = set(Cookie.objects.values_list("code", flat=True))
        added = Cookie.objects.bulk_create(
            Cookie(**row) for row in shipped() if row["code"] not in known
        )
        if added:
            events.cookies_loaded(by=by, added=len(added))
    return len(added)


def publish(*, summary: str, by: str, now: datetime.datetime) -> CookieWording:
    """Freeze what the rows say now and show it to visitors, who are asked again; return the new
    version.

    WordingRefusedError without a summary, while a cookie of this portal is not listed, or when
    nothing has changed.
    """
    if not summary.strip():
        raise WordingRefusedError(
            "Say in a few words what changed, for colleagues who look at a choice later."
        )
    if len(summary) > SUMMARY_LENGTH:
        raise WordingRefusedError(f"Say what changed in at most {SUMMARY_LENGTH} characters.")
    with transaction.atomic():
        _one_at_a_time()
        content, differs, before = wording.draft()
        missing = portal_cookies.names().keys() - {
            cookie["code"] for group in content["groups"] for cookie in group["cookies"]
        }
        if missing:
            raise WordingRefusedError(
                f"This portal sets {_names(missing)}, so the list must have it. `manage.py "
                "load_cookies` adds a row that is missing; a retired one is taken back on the desk."
            )
        if before is not None and not differs:
            raise WordingUnchangedError(f"Nothing has changed since version {before.number}.")
        version = CookieWording.objects.create(
            number=before.number + 1 if before else 1,
            published_at=now,
            published_by=by,
            summary=summary.strip(),
            content=content,
            asks=wording.asks(content),
            digest=blocks.digest(content),
        )
        events.cookie_wording_published(by=by, version=version.number, digest=version.digest)
    return version


def choose(
    *,
    version: int,
    accepted: Iterable[str],
    source: str,
    gpc: bool,
    key: uuid.UUID,
    customer: Customer | None,
    now: datetime.datetime,
) -> CookieReceipt:
    """Keep one answer of a visitor and return its receipt. The receipt is the record: the audit
    trail has no second one.

    `version` is the wording that the visitor saw: WordingMovedError when another is published by
    now. `key` comes with the form; the same answer sent twice with it is one receipt. With `gpc`
    the browser refuses advertising, whatever was pressed. `customer` is given when the visitor has
    proved who they are.
    """
    with transaction.atomic():
        shown = wording.current()
        if shown is None or shown.number != version:
            raise WordingMovedError
        yes = [
            group
            for group in shown.asks
            if group in set(accepted) and not (gpc and group == ADVERTISING)
        ]
        answer = {
            "wording": shown,
            "accepted": yes,
            "refused": [group for group in shown.asks if group not in yes],
            "source": source,
            "gpc": gpc,
            "customer": customer,
        }
        CookieReceipt.objects.bulk_create(
            [CookieReceipt(receipt=key, at=now, **answer)], ignore_conflicts=True
        )
        kept = CookieReceipt.objects.filter(receipt=key, **answer).first()
        # The key was used for another answer (an old copy of the page): this one gets a number of
        # its own.
        return kept or CookieReceipt.objects.create(at=now, **answer)


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('cookies.rows'))")


def _names(codes: Iterable[str]) -> str:
    return ", ".join(portal_cookies.names()[code] for code in sorted(codes))
