"""The requests that wait for a person: whose is this? Each is stopped already as far as its contact
details go."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from accounts.desk import desk_page, fetch, names_of, staff
from accounts.desk_form import perform, press
from audit import events
from compliance.preferences import contact_digests as contacts
from compliance.preferences import intake, partners
from compliance.preferences.desk import actions, words
from compliance.preferences.desk.forms import MatchRequestForm
from compliance.preferences.desk.views import RECORDS
from compliance.preferences.models import MarketingRequest, Suppression
from compliance.preferences.vocabulary import THIRD_PARTIES, US, ChoiceSource, ContactKind
from customers import search
from customers.desk import page_url
from customers.matching import Given
from customers.models import Customer

SINCE, LATEST = (
    datetime.timedelta(days=90),
    2_000,
)  # the figures are of so long, and of the latest so many
MOST = 10  # proposals shown
State = MarketingRequest.State


@dataclass
class Proposal:
    """A customer whom a request may be from, and which of its details say so."""

    customer: Customer
    postcode: str
    by: list[str] = field(default_factory=list)


def show(request: HttpRequest, request_id: str) -> HttpResponse:
    """One request: what was written, what was done, who it could be."""
    asked = _fetch(request, request_id, "preferences.view_marketingrequest")
    return _page(request, asked, MatchRequestForm())


def match(request: HttpRequest, request_id: int) -> HttpResponse:
    """“This is the customer”: by a proposal's key, or by a number typed."""
    asked, form = _fetch(request, request_id, RECORDS), MatchRequestForm(request.POST)

    def action(given: dict[str, Any]) -> str:
        customer = given["customer_number"]
        done = actions.match_to(asked.pk, customer, by=staff(request).actor, now=timezone.now())
        return (
            f"{done.reference}: stopped for customer {customer.customer_number}, with every contact "
            "detail on file."
        )

    return perform(request, form, action, _list_url(), lambda: _page(request, asked, form))


def close_unmatched(request: HttpRequest, request_id: int) -> HttpResponse:
    """“Nobody of ours”: the request is closed, and what was suppressed stays so."""
    asked = _fetch(request, request_id, RECORDS)

    def action() -> str:
        done = actions.close_unmatched(asked.pk, by=staff(request).actor, now=timezone.now())
        return f"{done.reference} is closed. What it named stays suppressed."

    return press(request, action, _list_url())


def _list_url() -> str:
    return reverse("admin:preferences_marketingrequest_changelist")


def _fetch(request: HttpRequest, request_id: int | str, permission: str) -> MarketingRequest:
    rows = MarketingRequest.objects.select_related("customer")
    return fetch(request, rows, request_id, permission)


def _page(request: HttpRequest, asked: MarketingRequest, form: MatchRequestForm) -> HttpResponse:
    given = intake.given_of(asked)
    waits = asked.state != State.DONE and request.user.has_perm(RECORDS)
    proposed = proposals(given) if waits else []
    events.marketing_request_viewed(
        by=staff(request).actor,
        subject=asked.customer_id,
        request=asked.pk,
        proposals=len(proposed),
    )
    names = partners.names(set(asked.senders) - {US, THIRD_PARTIES}, at=asked.received_at)
    return desk_page(
        request,
        "admin/preferences/request.html",
        {
            "title": f"Request {asked.reference}",
            "asked": asked,
            "form": form,
            "waits": waits,
            "channels": words.channels_in_words(asked.channels),
            "senders": words.senders_in_words(asked.senders, names),
            "given": [
                (label, getattr(given, name))
                for name, label in LABELS.items()
                if getattr(given, name)
            ],
            "done": list(suppressed(asked, given)),
            "proposals": proposed,
            "trail": [("Requests about marketing", _list_url())],
            "handled_by": names_of([asked.handled_by])[asked.handled_by]
            if asked.handled_by
            else "",
            "customer_url": page_url(asked.customer_id) if asked.customer_id else "",
        },
    )


LABELS = {
    "name": "Name",
    "customer_number": "Customer number",
    "email": "Email address",
    "phone": "Telephone number",
    "address": "Postal address",
}


def suppressed(asked: MarketingRequest, given: Given) -> Iterator[tuple[str, str]]:
    """What became of each contact detail that was written: suppressed and since when, or why
    not."""
    made: dict[str, list[contacts.Contact]] = {kind: [] for kind in ContactKind.values}
    for one in intake.readable_contacts(given):
        made[one.kind].append(one)
    for kind, text in zip(ContactKind, (given.email, given.phone, given.address), strict=True):
        if not text:
            continue
        digests = [digest for one in made[kind] for digest in contacts.digests(one)]
        entry = (
            Suppression.objects.filter(
                digest__in=digests, channel__in=asked.channels, sender__in=asked.senders
            )
            .order_by("-at")
            .first()
        )
        if entry:
            yield (
                kind.label,
                f"On the suppression list since {timezone.localtime(entry.at):%-d %B %Y, %H:%M}.",
            )
        elif made[kind]:
            yield kind.label, "Not suppressed: nothing that was to stop uses it."
        else:
            yield kind.label, "Could not be read, so it could not be suppressed."


def proposals(given: Given) -> list[Proposal]:
    """Who it could be, looked for by each detail by itself; whom more of them name comes first."""
    found: dict[Any, Proposal] = {}
    postcode = given.address.strip().splitlines()[-1] if given.address.strip() else ""
    asked = [
        ("customer number", given.customer_number),
        ("email address", given.email),
        ("telephone number", given.phone),
        ("surname and postcode", f"{given.name} {postcode}" if given.name and postcode else ""),
    ]
    for by, text in asked:
        for match in search.find(text[:320]).matches if text else []:
            proposal = found.setdefault(match.customer.pk, Proposal(match.customer, match.postcode))
            proposal.by.append(f"{by}{' of former days' if match.until else ''}")
            proposal.postcode = proposal.postcode or match.postcode
    standing = [one for one in found.values() if not one.customer.erased_at]
    return sorted(standing, key=lambda one: -len(one.by))[:MOST]


# --- Figures --------------------------------------------------------------------------------------


def figures(now: datetime.datetime) -> list[dict[str, object]]:
    """How quickly the latest requests of the last 90 days took effect and were matched, by how
    they came.

    The median from the moment of receipt to the first entry in the ledger, and of those that a
    person matched, to that.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT r.source, count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY e.recorded_at - r.received_at),
                   percentile_cont(0.5) WITHIN GROUP (ORDER BY r.handled_at - r.received_at)
                       FILTER (WHERE r.handled_by LIKE 'staff:%%'),
                   count(*) FILTER (WHERE r.state = 'open')
            FROM (SELECT source, reference, received_at, handled_at, handled_by, state FROM preferences_marketingrequest
                  WHERE received_at >= %s ORDER BY received_at DESC, id DESC LIMIT %s) r LEFT JOIN LATERAL (
                SELECT min(recorded_at) AS recorded_at FROM preferences_choiceevent WHERE reference = r.reference) e ON true
            GROUP BY r.source ORDER BY count(*) DESC, r.source""",
            [now - SINCE, LATEST],
        )
        return [
            {
                "road": ChoiceSource(source).label,
                "count": count,
                "effect": in_words(effect),
                "matched": in_words(matched),
                "waiting": waiting,
            }
            for source, count, effect, matched, waiting in cursor.fetchall()
        ]


def in_words(length: datetime.timedelta | None) -> str:
    """A length of time as a person says it: “at once”, “3 minutes”, “2 days”."""
    if length is None:
        return "–"
    seconds = length.total_seconds()
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= size:
            number = round(seconds / size)
            return f"{number} {unit}{'' if number == 1 else 's'}"
    return "at once" if seconds < 5 else f"{seconds:.0f} seconds"
