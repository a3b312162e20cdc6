"""Writing to the person about their case, in the transaction of what they are told."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from audit import events as audit
from audit.actions import AlreadyDone, Refused
from compliance.cases.actions import clock, to_do
from compliance.cases.kinds import EventKind
from compliance.cases.models import Case, CaseEvent, CaseMessage
from compliance.cases.models.letters import Letter, LetterWording
from compliance.cases.rights import right_of
from compliance.letters import facts, pdf, versions
from compliance.letters.addresses import WhereTo, certain, on_file, recipient
from compliance.letters.compose import MissingError, compose
from compliance.letters.parts import Content, as_data, as_text
from compliance.letters.wording import frame
from customers.outbox import messages
from customers.outbox.models import Message

ONCE = (Letter.ACKNOWLEDGEMENT, Letter.COMPLAINT_ACKNOWLEDGEMENT)
TOO_LATE = (
    "A notice of extension that goes out now would have no effect: the first month is over. "
    "Answer as soon as you "
    "can, and say in the answer why it is late."
)


def letter_for(case: Case, letter: Letter | str) -> Letter:
    """The letter that a case really needs: complaints and questions about agencies have their
    own."""
    return Letter(right_of(case.kind).letter(Letter(letter)))


def next_number(case: Case, letter: Letter | str) -> int:
    """The number that the next letter of this sort has in the case: 1, 2, 3 ... A form that carries
    it and gives it to `send` may be pressed twice."""
    return CaseMessage.objects.filter(case=case, letter=letter_for(case, letter)).count() + 1


def hand_over(case: Case) -> None:
    """Once it is clear who asks, what was written to an address that they gave is the customer's
    own correspondence."""
    if case.customer is not None and certain(case):
        Message.objects.filter(of_case__case=case, customer=None).update(customer=case.customer)


def take_away(case: Case) -> None:
    """The case is somebody else's: what was written to an address that only the case gave is not
    the customer's any more."""
    for message in Message.objects.filter(of_case__case=case, customer=case.customer_id).only(
        "recipient", "means"
    ):
        if not on_file(case, message):
            Message.objects.filter(pk=message.pk).update(customer=None)


@transaction.atomic
def send(
    case: Case,
    *,
    letter: Letter | str,
    by: str,
    now: datetime.datetime,
    context: Mapping[str, Any] = {},
    note: str = "",
    number: int | None = None,
) -> CaseMessage:
    """Write one letter of a case, in the caller's transaction: by email where there is an address,
    else as a PDF to print.

    `context` is what the letter says beyond the case itself (`letters.facts` lists it for each
    letter); its `text` is what the member of staff writes to the person. `note` is for colleagues:
    it stays in the case. The same `number` again is the same letter; without one it is the next,
    and an acknowledgement is always the first. Call it after the step that it tells of, so that the
    case's dates are the new ones.

    Refused, in words for the case page: when there is nowhere to send it, when it is not certain
    who would read it, when something that the law asks for is missing, and for a notice of
    extension that comes too late. AlreadyDone when another letter has that number.
    """
    letter = letter_for(case, letter)
    Case.objects.select_for_update(of=("self",)).only("pk").get(
        pk=case.pk
    )  # two letters at once are numbered in turn
    number = 1 if letter in ONCE else number or next_number(case, letter)
    known = (
        CaseMessage.objects.filter(case=case, letter=letter, number=number)
        .select_related("message")
        .first()
    )
    if known is not None and letter in ONCE:
        return known
    if letter == Letter.EXTENSION and not case.extended:
        raise Refused(TOO_LATE)
    where = recipient(case, letter, str(context.get("ground", "")))
    wording = versions.in_use(letter, now=now)
    content = written(case, wording, where, context, now=now)
    if known is not None:
        if known.message.text != _email(content)["text"]:
            raise AlreadyDone(
                "A letter of this sort was written meanwhile. Look at it before you write another."
            )
        return known
    return _store(case, letter, number, wording, where, content, note=note, by=by, now=now)


def written(
    case: Case,
    wording: LetterWording,
    where: WhereTo,
    context: Mapping[str, Any],
    *,
    now: datetime.datetime,
) -> Content:
    """The letter in a wording, as it would go out now. Refused when it would lack something that
    the law asks for."""
    try:
        found = frame(wording.letter)
        known = facts.known(case, where, context, now=now, claims=found.claims)
        return compose(found, wording.blocks, known)
    except MissingError as missing:
        raise Refused(str(missing)) from None


def _email(content: Content) -> messages.MessageWords:
    return messages.render(
        "case/letter",
        {
            "letter_subject": content.subject,
            "letter_text": as_text(content.parts),
            "parts": as_data(content.parts),
        },
    )


def _store(
    case: Case,
    letter: Letter,
    number: int,
    wording: LetterWording,
    where: WhereTo,
    content: Content,
    *,
    note: str,
    by: str,
    now: datetime.datetime,
) -> CaseMessage:
    document, to, boxes = None, where.address, 0
    if where.means == Message.Means.LETTER:
        to = where.lines
        document = pdf.render(content, to=to, reference=case.reference, now=now)
        boxes = pdf.unprintable(to + as_text(content.parts))
    message = messages.queue(
        kind=f"case_{letter}",
        key=f"case:{case.pk}:{letter}:{number}",
        recipient=to,
        customer=where.customer,
        means=where.means,
        document=document,
        **_email(content),
        by=by,
        now=now,
    )
    row = CaseMessage.objects.create(
        case=case,
        letter=letter,
        number=number,
        wording=wording,
        message=message,
        written_at=now,
        written_by=by,
    )
    codes = {
        "letter": str(letter),
        "number": number,
        "wording": wording.number,
        "means": str(where.means),
    }
    CaseEvent.objects.create(
        case=case,
        kind=EventKind.WRITTEN,
        at=now,
        on=timezone.localdate(now),
        by=by,
        text=note or None,
        codes={**codes, "message": str(message.pk), **({"boxes": boxes} if boxes else {})},
    )
    audit.case_step(by=by, subject=case.customer_id, case=case.pk, step="written", **codes)
    to_do.written(case, str(letter), by=by, now=now)
    if letter == Letter.COMPLAINT_ACKNOWLEDGEMENT and case.is_open:
        clock.apply(case, by=by, now=now, on=timezone.localdate(now), why="acknowledged")
    return row
