"""Asking for a one-time code, looking up who asked, giving the code, ending the visit.

The page that asks does the same for everybody: it stores what was typed and how often that was
typed. Only the job looks for a customer, so neither the answer nor its timing can tell whether
there is one.
"""

import json
import secrets
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from audit import events
from customers.identity import codes, routes, visits
from customers.identity.codes import ANOTHER_LETTER, LETTER_VALID, TRIES, VALID
from customers.identity.models import ProofAttempt, VisitorSession
from customers.identity.rate_limit import DAY, HOUR, QUARTER, exceeded, forget
from customers.models import Customer
from customers.outbox import messages
from customers.outbox.models import ONE_TIME_CODE, Message
from jobs.enqueue import enqueue
from privacy import seal

ACTOR = events.job("proof")
CODES = ((3, QUARTER), (10, DAY))  # codes for one contact detail or one customer
ASKED = 20  # times in an hour from one internet address


def ask(given: Mapping[str, str], *, reference: uuid.UUID, address: str, now: datetime) -> str:
    """Store that somebody asked for a code; returns the token for their browser's cookie, whoever
    they are.

    `given` is what was typed (see WhoForm.given), `address` the internet address it came from. The
    same `reference` with the same words is the same request.
    """
    typed = json.dumps(given, sort_keys=True)
    token = seal.lookup_hash("visitor_asked", f"{reference} {typed}").hex
    forget(now=now)
    limited = exceeded(seal.lookup_hash("visitor_given", typed), CODES, now=now)
    limited |= exceeded(seal.lookup_hash("visitor_address", address), ((ASKED, HOUR),), now=now)
    with transaction.atomic():
        attempt, new = ProofAttempt.objects.get_or_create(
            token_digest=seal.lookup_hash("visitor_token", token),
            defaults={
                "given": json.dumps({**given, "limited": limited}),
                "asked_at": now,
                "expires_at": now + VALID,
            },
        )
        if new:
            enqueue("customers.identity.tasks.look_up_visitor", attempt_id=str(attempt.pk))
    return token


@transaction.atomic
def look_up(attempt_id: uuid.UUID | str, *, now: datetime) -> None:
    """Find out who asked, forget what was typed, and send a code to a contact detail on file."""
    attempt = (
        ProofAttempt.objects.select_for_update()
        .filter(pk=attempt_id, looked_up_at__isnull=True)
        .first()
    )
    if attempt is None:
        return  # another worker was quicker
    given = json.loads(attempt.given or "{}")
    attempt.given, attempt.looked_up_at = None, now
    route = None if given.get("limited") or attempt.expires_at <= now else routes.find(given)
    if route and _may_have_another(route, attempt, now):
        _issue(attempt, route, now=now)
    attempt.save()
    means = route.means if route and attempt.customer else ""
    events.code_asked(by=ACTOR, subject=attempt.customer_id, attempt=attempt.pk, means=means)


def _may_have_another(route: routes.Route, attempt: ProofAttempt, now: datetime) -> bool:
    """Whether a customer may have one more code. The customer's row is locked: codes are counted
    one after another."""
    Customer.objects.select_for_update(no_key=True, of=("self",)).get(pk=route.customer.pk)
    others = ProofAttempt.objects.filter(
        customer=route.customer, code_digest__isnull=False
    ).exclude(pk=attempt.pk)
    asked = list(others.filter(asked_at__gt=now - DAY).values_list("asked_at", flat=True))
    if any(at > attempt.asked_at for at in asked) or any(
        sum(at > now - period for at in asked) >= most for most, period in CODES
    ):
        return False
    in_the_post = others.filter(
        letter_digest__isnull=False,
        used_at__isnull=True,
        expires_at__gt=now,
        asked_at__gt=now - ANOTHER_LETTER,
    )
    return not (route.means == Message.Means.LETTER and in_the_post.exists())


def _issue(attempt: ProofAttempt, route: routes.Route, *, now: datetime) -> None:
    """Give an attempt its code, end the customer's older ones, and send it."""
    _end_older(route.customer, now=now)
    code = codes.new_code()
    attempt.customer, attempt.contact_kind, attempt.code_digest = (
        route.customer,
        route.kind,
        codes.digest(attempt.pk, code),
    )
    words: dict[str, object] = {
        "code": codes.spaced(code),
        "minutes": int(VALID.total_seconds() // 60),
    }
    attempt.expires_at = now + VALID
    if route.means == Message.Means.LETTER:
        letter = codes.new_letter()
        attempt.letter_digest = seal.lookup_hash("visitor_letter", letter)
        attempt.expires_at = now + LETTER_VALID
        words |= {
            "letter": codes.spaced(letter),
            "name": route.customer.full_name,
            "path": reverse("identity:prove_code"),
            "until": date_format(timezone.localtime(attempt.expires_at)),
        }
    template = {
        "email": ONE_TIME_CODE,
        "sms": f"{ONE_TIME_CODE}_sms",
        "letter": f"{ONE_TIME_CODE}_letter",
    }[route.means]
    messages.queue(
        kind=ONE_TIME_CODE,
        key=_key(attempt.pk),
        recipient=route.recipient,
        means=route.means,
        customer=route.customer,
        send_before=attempt.expires_at,
        by=ACTOR,
        now=now,
        **messages.render(template, words),
    )


def _end_older(customer: Customer, *, now: datetime) -> None:
    """End a customer's codes that are still good, and keep those in letters that nobody has printed
    yet from leaving."""
    older = ProofAttempt.objects.filter(customer=customer, used_at__isnull=True, expires_at__gt=now)
    unsent = [_key(pk) for pk in older.values_list("pk", flat=True)]
    Message.objects.queued().filter(key__in=unsent).update(state=Message.State.EXPIRED)
    older.update(expires_at=now)


def _key(attempt_id: uuid.UUID) -> str:
    return f"{ONE_TIME_CODE}:{attempt_id}"


@transaction.atomic
def verify_code(
    code: str,
    *,
    token: str,
    letter: str = "",
    browser: str,
    now: datetime,
    then: Callable[[Customer], None] = lambda customer: None,
) -> str | None:
    """Try a code: the token of a new session when it is right, else None, and nobody learns why.

    `token` is the cookie of the browser that asked; the number of a `letter` takes its place. Each
    try counts, also a right one; the row is locked, so two at once are one after the other. `then`
    is called with the customer whose code was right, in the same transaction.
    """
    named = (
        {"letter_digest__in": seal.lookup_hashes("visitor_letter", letter)}
        if letter
        else {
            "token_digest__in": seal.lookup_hashes("visitor_token", token),
            "letter_digest__isnull": True,
        }
    )
    attempt = (
        ProofAttempt.objects.select_for_update(of=("self",))
        .select_related("customer")
        .filter(**named)
        .first()
    )
    if attempt is None:
        return None
    ProofAttempt.objects.filter(pk=attempt.pk, tries__lt=TRIES).update(tries=F("tries") + 1)
    good = codes.is_right(attempt.code_digest, attempt.pk, code)
    live = attempt.tries < TRIES and attempt.used_at is None and attempt.expires_at > now
    if not (good and live and attempt.customer and attempt.customer.erased_at is None):
        return None
    attempt.used_at = now
    attempt.save(update_fields=["used_at"])
    opened = _open(attempt.customer, attempt.contact_kind, replaces=token, browser=browser, now=now)
    then(attempt.customer)
    return opened


def _open(customer: Customer, kind: str, *, replaces: str, browser: str, now: datetime) -> str:
    """Begin a session under a new token; the one that this browser had before is over."""
    VisitorSession.objects.filter(
        token_digest__in=seal.lookup_hashes("visitor_token", replaces), expires_at__gt=now
    ).update(expires_at=now)
    token = secrets.token_urlsafe(32)
    session = VisitorSession.objects.create(
        customer=customer,
        contact_kind=kind,
        token_digest=seal.lookup_hash("visitor_token", token),
        browser_digest=seal.lookup_hash("visitor_browser", browser),
        proved_at=now,
        last_seen_at=now,
        expires_at=now + visits.LONGEST,
    )
    events.proved(by=f"customer:{customer.pk}", subject=customer.pk, session=session.pk, means=kind)
    return token


@transaction.atomic
def end(session: VisitorSession, *, now: datetime) -> None:
    """End a session. Ending it twice is ending it once."""
    if VisitorSession.objects.filter(pk=session.pk, expires_at__gt=now).update(expires_at=now):
        events.session_ended(
            by=f"customer:{session.customer_id}", subject=session.customer_id, session=session.pk
        )


def end_others(customer: Customer, *, but: VisitorSession, now: datetime) -> None:
    """End every other session of a customer, and every code that is still good: for when their
    contact details change."""
    _end_older(customer, now=now)
    for session in VisitorSession.objects.filter(customer=customer, expires_at__gt=now).exclude(
        pk=but.pk
    ):
        end(session, now=now)


def retry_lost_jobs(*, now: datetime) -> int:
    """Look up every request whose job was lost; how many there were."""
    found = list(
        ProofAttempt.objects.filter(looked_up_at__isnull=True)
        .order_by("asked_at")
        .values_list("pk", flat=True)
    )
    for pk in found:
        look_up(pk, now=now)
    return len(found)
