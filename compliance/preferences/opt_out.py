"""The form with which anybody stops marketing: its act, and what its answer page says.

The page and its timing are the same for everybody. The contact points that were given are
suppressed in the transaction of the request; only a job looks for the customer behind them, and
nothing that the visitor sees depends on what it finds.
"""

import datetime
import json
import uuid
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass

from django.db import transaction

from audit import events
from compliance.preferences import confirmation, intake
from compliance.preferences.channels import CHANNELS, FormChoice, channels_of, form_choices
from compliance.preferences.models import MarketingRequest
from compliance.preferences.vocabulary import THIRD_PARTIES, US, ChoiceSource
from customers import matching, normalise, sealed_address
from customers.contact_words import DETAIL_NOUNS
from customers.outbox import messages
from privacy import seal

SHOWN_FOR = datetime.timedelta(hours=1)  # how long the address of an answer page works
SAME_FOR = datetime.timedelta(hours=1)  # how long the same form with the same words is one request
PAGE = "/marketing/"

SENDERS: dict[str, tuple[str, ...]] = {
    "both": (US, THIRD_PARTIES),
    "us": (US,),
    "others": (THIRD_PARTIES,),
}


@dataclass(frozen=True)
class OptOutAnswer:
    """What the answer page says: codes, a moment and a reference, and nothing about a person."""

    reference: str
    at: int  # seconds since 1970
    channels: list[str]  # boxes of the form, as in `channels.form_choices`
    senders: str  # as in SENDERS
    read: list[str]  # as in DETAIL_NOUNS: what was given and could be read
    unread: list[str]  # what was given and could not

    def sealed(self) -> str:
        """The answer as the opaque part of an address."""
        return sealed_address.sealed(asdict(self), "preferences.answer")

    @property
    def moment(self) -> datetime.datetime:
        return datetime.datetime.fromtimestamp(self.at, datetime.UTC)

    @property
    def boxes(self) -> list[FormChoice]:
        """The boxes that were ticked, each with its `words` and `note`."""
        return [box for code, box in form_choices().items() if code in self.channels]

    @property
    def read_words(self) -> list[str]:
        return [words for code, words in DETAIL_NOUNS.items() if code in self.read]

    @property
    def unread_words(self) -> list[str]:
        return [words for code, words in DETAIL_NOUNS.items() if code in self.unread]

    @property
    def not_given_words(self) -> list[str]:
        """What the channels asked for would need, and was not given in a form that we can read."""
        needed = {CHANNELS[code].kind for code in channels_of(self.channels)}
        return [
            words
            for code, words in DETAIL_NOUNS.items()
            if code in needed and code not in (*self.read, *self.unread)
        ]


def read_answer(text: str, *, now: datetime.datetime) -> OptOutAnswer | None:
    """The answer in a part of an address; None when it is not one of ours, or older than
    `SHOWN_FOR`."""
    try:
        answer = OptOutAnswer(**(sealed_address.opened(text, "preferences.answer") or {}))
    except TypeError:
        return None
    return answer if answer.moment > now - SHOWN_FOR else None


def readable(given: matching.Given) -> tuple[list[str], list[str]]:
    """Of what was given, what we can act on and what we cannot, as in `DETAIL_NOUNS`.

    An address or a customer number is of use only together with a name.
    """
    named = bool(normalise.surname(given.name))
    rules: list[tuple[str, str, Callable[[str], str], bool]] = [
        ("email", given.email, normalise.email, True),
        ("phone", given.phone, normalise.phone, True),
        ("address", given.address, normalise.address_key, named),
        ("number", given.customer_number, normalise.customer_number, named),
    ]
    found: dict[bool, list[str]] = {True: [], False: []}
    for kind, value, rule, usable in rules:
        if value.strip():
            found[usable and _reads(rule, value)].append(kind)
    return found[True], found[False]


def _reads(rule: Callable[[str], str], value: str) -> bool:
    try:
        return bool(rule(value))
    except ValueError:
        return False


@transaction.atomic
def submit(
    given: matching.Given,
    *,
    channels: Collection[str],
    senders: str,
    form: uuid.UUID,
    now: datetime.datetime,
) -> OptOutAnswer:
    """Take a form in, and confirm it to the email address in it; `channels` and `senders` are the
    form's own words.

    `form` came with the page: it and the same content are the same request, so a second press
    changes nothing. A page that was kept open and filled in anew, or sent again another day, is
    another request: none is ever lost. The confirmation goes at most once a day to an address, and
    refusing a second one never touches the request.
    """
    by, read, unread = events.job("web_form"), *readable(given)
    content = json.dumps([str(form), sorted(channels), senders, *vars(given).values()])
    request = _take(given, channels, senders, seal.lookup_hash("opt_out_form", content), by, now)
    if request.received_at <= now - SAME_FOR:
        request = _take(given, channels, senders, uuid.uuid4(), by, now)
    answer = OptOutAnswer(
        request.reference,
        int(request.received_at.timestamp()),
        sorted(channels),
        senders,
        read,
        unread,
    )
    if "email" in read:
        confirmation.without_failing(
            lambda: _confirm(answer, normalise.email(given.email), by, now)
        )
    return answer


def _take(
    given: matching.Given,
    channels: Collection[str],
    senders: str,
    token: uuid.UUID,
    by: str,
    now: datetime.datetime,
) -> MarketingRequest:
    return intake.take(
        source=ChoiceSource.WEB_FORM,
        given=given,
        channels=channels_of(channels),
        senders=SENDERS[senders],
        token=token,
        by=by,
        now=now,
        page=PAGE,
        match_later=True,
    )


def _confirm(answer: OptOutAnswer, address: str, by: str, now: datetime.datetime) -> None:
    """Nothing that was typed stands in it, so the form cannot be used to write to others."""
    messages.queue(
        kind=confirmation.KIND,
        key=confirmation.message_key(address, now=now),
        recipient=address,
        by=by,
        now=now,
        **messages.render("opt_out_confirmed", {"answer": answer}),
    )
