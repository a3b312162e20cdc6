"""Following a request by its reference: asking for a code, looking up where it goes, giving it,
ending the visit.

Built like the proof that somebody is a customer (`customers.identity.proof_actions`), on the same
codes and limits; but the prover may be no customer of ours, and what they prove is only that they
read what is sent to the address of that request. The page does the same whatever reference is
typed: it stores it, and how often that was done. Only the job looks for the request.
"""

import json
import re
import secrets
import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from audit import events
from audit.actions import Refused
from compliance.cases.models import Case, StatusAttempt, StatusVisit
from compliance.letters import WhereTo, recipient
from compliance.preferences.actions import ALPHABET
from customers.identity import codes, visits
from customers.identity.codes import ANOTHER_LETTER, LETTER_VALID, TRIES, VALID
from customers.identity.rate_limit import DAY, HOUR, QUARTER, exceeded, forget
from customers.models import contact_key
from customers.outbox import messages
from customers.outbox.models import ONE_TIME_CODE, Message
from jobs.enqueue import enqueue
from privacy import seal

ACTOR = events.job("status_proof")
CODES = ((3, QUARTER), (10, DAY))  # codes for one reference
ASKED = 20  # times in an hour from one internet address
SIGNS = re.compile(rf"[{ALPHABET}]{{12}}")
Means = Message.Means


def reference_in(typed: str) -> str:
    """A reference as we write it, from however somebody typed it; an empty text when it is none."""
    signs = re.sub(r"[^0-9A-Z]", "", typed.upper())
    signs = signs.removeprefix("R") if len(signs) == 13 else signs
    return f"R-{signs[:4]}-{signs[4:8]}-{signs[8:]}" if SIGNS.fullmatch(signs) else ""


def ask(typed: str, *, form: uuid.UUID, address: str, now: datetime) -> str:
    """Store that somebody asked for the code of a reference; returns the token for their browser's
    cookie, whatever it was.

    `address` is the internet address that it came from. The same `form` with the same words is the
    same request.
    """
    named = reference_in(typed)
    token = seal.lookup_hash("status_asked", f"{form} {named or typed}").hex
    forget(now=now)
    limited = exceeded(seal.lookup_hash("status_reference", named or typed), CODES, now=now)
    limited |= exceeded(seal.lookup_hash("status_address", address), ((ASKED, HOUR),), now=now)
    with transaction.atomic():
        attempt, new = StatusAttempt.objects.get_or_create(
            token_digest=seal.lookup_hash("visitor_token", token),
            defaults={
                "given": json.dumps({"reference": named, "limited": limited}),
                "asked_at": now,
                "expires_at": now + VALID,
            },
        )
        if new:
            enqueue("compliance.portal.tasks.look_up_reference", attempt_id=str(attempt.pk))
    return token


@transaction.atomic
def look_up(attempt_id: uuid.UUID | str, *, now: datetime) -> None:
    """Find the request, forget what was typed, and send a code to where the request's letters
    go."""
    attempt = (
        StatusAttempt.objects.select_for_update()
        .filter(pk=attempt_id, looked_up_at__isnull=True)
        .first()
    )
    if attempt is None:
        return  # another worker was quicker
    given = json.loads(attempt.given or "{}")
    attempt.given, attempt.looked_up_at = None, now
    live = given.get("reference") and not given.get("limited") and attempt.expires_at > now
    case = (
        Case.objects.select_for_update(of=("self",)).filter(reference=given["reference"]).first()
        if live
        else None
    )
    where = _route(case) if case else None
    if case and where and _may_have_another(case, where, attempt, now):
        _issue(attempt, case, where, now=now)
    attempt.save()
    events.code_asked(
        by=ACTOR,
        subject=case.customer_id if case else None,
        attempt=attempt.pk,
        means=str(where.means) if where and attempt.case_id else "",
    )


def _route(case: Case) -> WhereTo | None:
    try:
        return recipient(case)
    except Refused:
        return None


def _may_have_another(case: Case, where: WhereTo, attempt: StatusAttempt, now: datetime) -> bool:
    """Whether one more code may go out for a case; its row is locked, so codes are counted one
    after another."""
    others = StatusAttempt.objects.filter(case=case, code_digest__isnull=False).exclude(
        pk=attempt.pk
    )
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
    return not (where.means == Means.LETTER and in_the_post.exists())


def _issue(attempt: StatusAttempt, case: Case, where: WhereTo, *, now: datetime) -> None:
    """Give an attempt its code, end the case's older ones, and send it."""
    _end_older(case, now=now)
    code = codes.new_code()
    attempt.case, attempt.contact_digest, attempt.code_digest = (
        case,
        contact_digest(where),
        codes.digest(attempt.pk, code),
    )
    words: dict[str, object] = {
        "code": codes.spaced(code),
        "minutes": int(VALID.total_seconds() // 60),
        "reference": case.reference,
    }
    attempt.expires_at = now + VALID
    template = "status_code"
    if where.means == Means.LETTER:
        letter, template = codes.new_letter(), "status_code_letter"
        attempt.letter_digest = seal.lookup_hash("visitor_letter", letter)
        attempt.expires_at = now + LETTER_VALID
        words |= {
            "letter": codes.spaced(letter),
            "greeting": where.greeting,
            "path": reverse("portal:status_code"),
            "until": date_format(timezone.localtime(attempt.expires_at)),
        }
    messages.queue(
        kind=ONE_TIME_CODE,
        key=_key(attempt.pk),
        means=where.means,
        customer=where.customer,
        recipient=where.lines if where.means == Means.LETTER else where.address,
        send_before=attempt.expires_at,
        by=ACTOR,
        now=now,
        **messages.render(template, words),
    )


def _end_older(case: Case, *, now: datetime) -> None:
    """End the codes of a case that are still good, and keep those in letters that nobody has
    printed yet from leaving."""
    older = StatusAttempt.objects.filter(case=case, used_at__isnull=True, expires_at__gt=now)
    unsent = [_key(pk) for pk in older.values_list("pk", flat=True)]
    Message.objects.queued().filter(key__in=unsent).update(state=Message.State.EXPIRED)
    older.update(expires_at=now)


def _key(attempt_id: uuid.UUID) -> str:
    return f"status_code:{attempt_id}"


def contact_digest(where: WhereTo) -> uuid.UUID:
    """A keyed hash of an address to which letters go, the same for two spellings of it."""
    return point_digest("email" if where.means == Means.EMAIL else "address", where.address)


def point_digest(kind: str, value: str) -> uuid.UUID:
    """The same for one contact point, of a kind as in `ContactPoint.Kind`."""
    try:
        key = contact_key(kind, value)
    except ValueError:
        key = value.casefold()
    return seal.lookup_hash("status_contact", f"{kind}:{key}")


@transaction.atomic
def verify_code(
    code: str, *, token: str, letter: str = "", browser: str, now: datetime
) -> tuple[str, StatusVisit] | None:
    """Try a code: the token of a new visit and the visit when it is right, else None, and nobody
    learns why.

    `token` is the cookie of the browser that asked; the number of a `letter` takes its place. Each
    try counts, also a right one; the row is locked, so two at once are one after the other.
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
        StatusAttempt.objects.select_for_update(of=("self",))
        .select_related("case")
        .filter(**named)
        .first()
    )
    if attempt is None:
        return None
    StatusAttempt.objects.filter(pk=attempt.pk, tries__lt=TRIES).update(tries=F("tries") + 1)
    good = codes.is_right(attempt.code_digest, attempt.pk, code)
    live = attempt.tries < TRIES and attempt.used_at is None and attempt.expires_at > now
    if not (good and live and attempt.case and attempt.contact_digest):
        return None
    attempt.used_at = now
    attempt.save(update_fields=["used_at"])
    return _open(attempt.case, attempt.contact_digest, replaces=token, browser=browser, now=now)


def _open(
    case: Case, contact: uuid.UUID, *, replaces: str, browser: str, now: datetime
) -> tuple[str, StatusVisit]:
    """Begin a visit under a new token; the one that this browser had before is over."""
    StatusVisit.objects.filter(
        token_digest__in=seal.lookup_hashes("visitor_token", replaces), expires_at__gt=now
    ).update(expires_at=now)
    token = secrets.token_urlsafe(32)
    visit = StatusVisit.objects.create(
        case=case,
        contact_digest=contact,
        token_digest=seal.lookup_hash("visitor_token", token),
        browser_digest=seal.lookup_hash("visitor_browser", browser),
        proved_at=now,
        last_seen_at=now,
        expires_at=now + visits.LONGEST,
    )
    events.case_step(
        by=ACTOR, subject=case.customer_id, case=case.pk, step="followed", visit=visit.pk
    )
    return token, visit


def visit_of(request: HttpRequest) -> StatusVisit | None:
    """The running visit that a request's cookie names, with its case. One query, and none without
    the cookie."""
    if not hasattr(request, "_status_visit"):
        request._status_visit = _find(request)  # type: ignore[attr-defined]
    return request._status_visit  # type: ignore[attr-defined, no-any-return]


def _find(request: HttpRequest) -> StatusVisit | None:
    token, now = request.COOKIES.get(visits.COOKIE_NAME, ""), timezone.now()
    if not token:
        return None
    return (
        StatusVisit.objects.select_related("case__customer")
        .filter(
            token_digest__in=seal.lookup_hashes("visitor_token", token),
            expires_at__gt=now,
            last_seen_at__gt=now - visits.IDLE,
            browser_digest__in=seal.lookup_hashes("visitor_browser", visits.browser(request)),
        )
        .first()
    )


def touch(visit: StatusVisit, *, now: datetime) -> None:
    """Keep a visit awake that is in use; written at most once a minute."""
    if now - visit.last_seen_at > timedelta(minutes=1):
        StatusVisit.objects.filter(pk=visit.pk, expires_at__gt=now).update(last_seen_at=now)


@transaction.atomic
def end(visit: StatusVisit, *, now: datetime) -> None:
    """End a visit. Ending it twice is ending it once."""
    StatusVisit.objects.filter(pk=visit.pk, expires_at__gt=now).update(expires_at=now)


def retry_lost_jobs(*, now: datetime) -> int:
    """Look up every reference whose job was lost; how many there were."""
    found = list(
        StatusAttempt.objects.filter(looked_up_at__isnull=True)
        .order_by("asked_at")
        .values_list("pk", flat=True)
    )
    for pk in found:
        look_up(pk, now=now)
    return len(found)
