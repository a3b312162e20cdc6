"""Taking in what the public asks on this site: the cases, their files, and what follows once the
page has answered.

The page and its timing are the same for everybody. The form's transaction stores the request and
its clock; only a job acknowledges it, looks for the customer behind it and does what waits for
nobody. A visitor who proved who they are is known: their case is theirs, and identified, at once.
"""

import contextlib
import datetime
import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Q

from audit import events
from audit.actions import AlreadyDone, Refused
from compliance import letters, outcomes
from compliance.cases.actions import files as case_files
from compliance.cases.actions import steps
from compliance.cases.actions.opening import match_customer, open_case, wait_for
from compliance.cases.kinds import Arrival, EventKind, Requester
from compliance.cases.models import Attachment, Case, CaseMessage, Letter
from compliance.casework.actions import work
from compliance.preferences.intake import cleaned
from customers import erasure_lock, normalise
from customers.identity import rate_limit
from customers.matching import Given
from customers.models import Customer
from jobs.enqueue import enqueue
from privacy import seal
from privacy.free_text import mask_cards

SAME_FOR = datetime.timedelta(hours=1)  # how long the same form with the same words is one request
# Acknowledgements to one address or person, and from one internet address; beyond these a request
# is taken all the same, but no message goes out to an address that anybody could have typed.
TO_ONE, FROM_ONE = ((5, rate_limit.DAY),), ((20, rate_limit.HOUR),)
QUIET = (
    "No acknowledgement was sent by itself: too many requests named this address, or came from "
    "one place on the "
    "internet, within a day."
)
UNWRITTEN = "The acknowledgement could not be written."
TOGETHER = "Sent in one letter with"
STRANGER = events.job("web_form")
# When a case of this site, about which nobody was written to, is looked at again.
GIVE_IT, LOOK_BACK = datetime.timedelta(minutes=10), datetime.timedelta(days=7)


@dataclass(frozen=True)
class File:
    """A file as it came."""

    name: str
    content: bytes
    purpose: str = Attachment.Purpose.OTHER

    def digest(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True)
class Request:
    """What one form asks: as many cases as it has kinds."""

    kinds: Sequence[str]
    given: Given
    words: str = ""
    details: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    requester: str = Requester.CUSTOMER
    requester_name: str = ""
    files: Sequence[File] = ()

    def content(self) -> str:
        """Everything that makes it the same request as another."""
        return json.dumps(
            [
                *self.kinds,
                *vars(self.given).values(),
                self.words,
                dict(self.details),
                {name: list(found) for name, found in self.codes.items()},
                self.requester,
                self.requester_name,
                *(one.digest() for one in self.files),
            ]
        )


def too_many(
    request: Request, *, customer: Customer | None, address: str, now: datetime.datetime
) -> bool:
    """Count a request; whether so many named this address (or are this customer's), or came from
    this internet address, that nothing more is sent by itself. Call it outside a transaction. The
    request is taken whatever this says."""
    rate_limit.forget(now=now)
    limited = rate_limit.exceeded(seal.lookup_hash("request_from", address), FROM_ONE, now=now)
    for one in [f"customer:{customer.pk}"] if customer else _addresses(request.given):
        limited |= rate_limit.exceeded(seal.lookup_hash("request_to", one), TO_ONE, now=now)
    return limited


def _addresses(given: Given) -> Iterable[str]:
    """Where an acknowledgement could go, as it is compared."""
    with contextlib.suppress(ValueError):
        yield f"email:{normalise.email(given.email)}"
        return
    with contextlib.suppress(ValueError):
        yield f"address:{normalise.address_key(given.address)}"


@transaction.atomic
def submit(
    request: Request,
    *,
    form: uuid.UUID,
    customer: Customer | None = None,
    quiet: bool = False,
    now: datetime.datetime,
) -> list[Case]:
    """Open the cases of a form. `customer`: who the visitor proved to be. `quiet`: send no
    acknowledgement.

    `form` came with the page: it and the same content are the same request, so a second press opens
    nothing. A page that was kept and filled in anew, or sent again much later, is another request:
    none is ever lost. It is received now.
    """
    if customer is not None:
        erasure_lock.exclusive()  # an open case keeps its customer
    found = [_take(request, kind, form, customer, quiet, now) for kind in request.kinds]
    if len(found) > 1:
        _refer(found)
    return found


def _take(
    request: Request,
    kind: str,
    form: uuid.UUID,
    customer: Customer | None,
    quiet: bool,
    now: datetime.datetime,
) -> Case:
    by = f"customer:{customer.pk}" if customer else STRANGER
    token = seal.lookup_hash(
        "case_form", f"{form} {kind} {customer and customer.pk} {request.content()}"
    )
    wait_for(token)  # two presses at once are one after the other
    known = Case.objects.filter(token=token).first()
    if known is not None and known.received_at > now - SAME_FOR:
        return known
    case = open_case(
        kind=kind,
        channel=Arrival.WEB,
        given=cleaned(request.given),
        token=uuid.uuid4() if known else token,
        by=by,
        now=now,
        words=request.words,
        details={name: mask_cards(text) for name, text in request.details.items()},
        codes=request.codes,
        requester=request.requester,
        requester_name=mask_cards(request.requester_name),
        customer=customer,
        identified=customer is not None,
        match_later=True,
    )
    add_files(case, request.files, by=by, now=now)
    if customer is not None:
        outcomes.at_once(case, by=by, now=now)
    if quiet:
        steps.record(case, EventKind.NOTED, by=by, now=now, text=QUIET, codes={"quiet": True})
    enqueue("compliance.portal.tasks.follow_up", case_id=case.pk)
    return case


def add_files(case: Case, files: Iterable[File], *, by: str, now: datetime.datetime) -> None:
    """Put files with a case that a form has looked at already; one that is there already is passed
    over."""
    for one in files:
        with contextlib.suppress(AlreadyDone):
            case_files.attach(
                case, purpose=one.purpose, name=one.name, content=one.content, by=by, now=now
            )


def _refer(cases: list[Case]) -> None:
    """Let each case of one letter name the others."""
    for case in cases:
        others = ", ".join(other.reference for other in cases if other.pk != case.pk)
        case.details = json.dumps({**case.given, TOGETHER: others})
        case.save(update_fields=["details"])


def follow_up(case_id: int, *, by: str, now: datetime.datetime) -> None:
    """What follows once a form was answered: acknowledge it, look for its customer, and do what
    waits for nobody.

    The acknowledgement goes first: what it says must not depend on whether we know the person.
    Where no address was given, it goes to one on file, if the person is found. Safe to repeat.
    """
    case = Case.objects.filter(pk=case_id).first()
    if case is None:
        return  # gone with its time
    with transaction.atomic():
        outcomes.at_once(steps.locked(case), by=by, now=now)
    _acknowledge(case, by=by, now=now)
    if case.customer_id is None and case.is_open:
        customer = match_customer(_given_in(case), case.requester)
        if customer is not None:
            with contextlib.suppress(
                Refused
            ):  # a colleague was quicker, or the customer was erased
                case = work.match_to(case, customer=customer, by=by, now=now)
                _acknowledge(case, by=by, now=now)


def _acknowledge(case: Case, *, by: str, now: datetime.datetime) -> None:
    """Write to the person, once. Where that cannot be done, the desk reads why."""
    letter = letters.letter_for(case, Letter.ACKNOWLEDGEMENT)
    notes = case.events.filter(kind=EventKind.NOTED)
    if (
        CaseMessage.objects.filter(case=case, letter=letter).exists()
        or notes.filter(codes__quiet=True).exists()
    ):
        return
    try:
        letters.recipient(case, letter)
    except Refused:
        return  # there is nowhere to send it, which the case's page says
    try:
        letters.send(case, letter=letter, by=by, now=now)
    except Refused as refused:
        if not notes.filter(codes__unwritten=True).exists():
            steps.record(
                case,
                EventKind.NOTED,
                by=by,
                now=now,
                text=f"{UNWRITTEN} {refused}",
                codes={"unwritten": True},
            )


def _given_in(case: Case) -> Given:
    return Given(
        **{
            name: getattr(case, name) or ""
            for name in ("name", "customer_number", "email", "phone", "address")
        }
    )


def retry_lost_jobs(*, now: datetime.datetime) -> int:
    """Ask again for what follows a form where the job seems to have failed; how many there were.
    Safe to repeat."""
    waiting = Case.objects.filter(
        channel=Arrival.WEB,
        closed_at__isnull=True,
        messages__isnull=True,
        received_at__range=(now - LOOK_BACK, now - GIVE_IT),
    ).exclude(events__kind=EventKind.NOTED, events__codes__quiet=True)
    found = list(
        waiting.filter(
            Q(email__isnull=False) | Q(address__isnull=False) | Q(customer__isnull=False)
        )
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    for pk in found:
        enqueue("compliance.portal.tasks.follow_up", case_id=pk)
    return len(found)
