"""Who is no person: automatic answers, reports of mail servers, mailing lists, advertising. None of
them is ever answered.

Most signs are weak: providers, group addresses and forms put them on people's emails, too. They only
keep us from answering. What two strong ones say, independent of each other, is believed.
"""

import re
from enum import Enum, auto

from compliance.mailbox.parser import Mail

NOBODY = re.compile(
    r"^(?:mailer-?daemon|postmaster|no-?_?reply|do-?not-?reply|noreply.*|bounces?|abuse|root|daemon|www-data|"
    r"owner-.*|.*-(?:bounces?|request|owner))(?:[+.=-].*)?@",
    re.IGNORECASE,
)
AWAY = re.compile(
    r"^\W*(?:auto(?:matic|mated)?[ -]?(?:reply|response|antwort)|out of (?:the )?office|on "
    r"holiday|on leave|"
    r"away from|abwesen|réponse automatique|absence)",
    re.IGNORECASE,
)
UNDELIVERED = re.compile(
    r"^\W*(?:undeliver|mail delivery (?:fail|sub)|delivery (?:status )?(?:notification|failure|"
    r"has failed)|failure notice|returned mail|message not delivered)",
    re.IGNORECASE,
)


OFFER = re.compile(
    r"\bun-?subscribe\b.{0,40}(?:\bhere\b|\bany time\b|https?:)"
    r"|(?:click|tap|follow|visit).{0,60}\b(?:un-?subscribe|opt out)\b",
    re.IGNORECASE,
)
LIST_HEADERS = ("list-id", "list-unsubscribe", "list-post", "x-campaign")
ANSWERING = ("x-autoreply", "x-autorespond", "x-auto-reply", "x-autoresponder")


class SenderKind(Enum):
    """What kind of sender it seems to be: each is treated in its own way."""

    PERSON = "a person, as far as can be told"
    BOUNCE = "a mail server reports"
    ANSWER = "an automatic answer"
    BULK = "a mailing list or advertising"
    OURS = "a message of ours that came back"


class Sign(Enum):
    """A strong sign that no person wrote a message; none of them follows from another."""

    SAYS_SO = auto()  # RFC 3834, or what programs wrote before it
    REPORT = auto()  # built as mail servers build their reports (RFC 6522)
    PROGRAM = auto()  # from an address that nobody writes with
    OURS = auto()  # its Message-ID is one of ours
    TO_OURS = auto()  # it answers a message of ours, or brings it back
    ONE_CLICK = auto()  # RFC 8058: only who sends to many offers it
    OFFER = auto()  # its text offers to unsubscribe
    SPAM = auto()  # our mail server's own verdict


def signs(mail: Mail, ours: str, own: str) -> set[Sign]:
    """The strong signs on a message with these `own` words. `ours` is the portal's own address, from
    which everything that we send leaves."""
    addresses = [address.lower() for _, address in mail.senders]
    report = mail.report or "x-failed-recipients" in mail.named
    found = {
        Sign.SAYS_SO: _says_so(mail),
        Sign.REPORT: report,
        Sign.PROGRAM: _nobody(addresses) or ours.lower() in addresses,
        Sign.OURS: _our_id(mail.header("message-id"), ours),
        # people answer us, too, but not by a program or a report
        Sign.TO_OURS: (report or _says_so(mail))
        and any(_our_id(mail.header(name), ours) for name in ("in-reply-to", "references")),
        Sign.ONE_CLICK: "list-unsubscribe-post" in mail.named,
        Sign.OFFER: bool(OFFER.search(own)),
        Sign.SPAM: spam(mail),
    }
    return {sign for sign, holds in found.items() if holds}


def sender_kind(mail: Mail, found: set[Sign], ours: str) -> SenderKind:
    """What a message with these signs seems to come from, by its weak signs too."""
    addresses = [address.lower() for _, address in mail.senders]
    if Sign.OURS in found or (ours.lower() in addresses and Sign.SAYS_SO in found):
        return SenderKind.OURS
    if Sign.REPORT in found or any(
        one.startswith(("mailer-daemon@", "postmaster@")) for one in addresses
    ):
        return SenderKind.BOUNCE
    if UNDELIVERED.match(mail.subject) and found & {Sign.SAYS_SO, Sign.PROGRAM}:
        return SenderKind.BOUNCE
    if Sign.ONE_CLICK in found or _in_a_list(mail):
        return SenderKind.BULK
    if Sign.SAYS_SO in found or AWAY.match(mail.subject):
        return SenderKind.ANSWER
    return SenderKind.PERSON


def may_reply_to(mail: Mail, found: set[Sign], ours: str) -> bool:
    """Whether an answer may go to the one who wrote this: only to a person, at an address that is
    not our own. Each weak sign is enough to keep silent.

    So no two programs ever answer each other (RFC 3834): an answer of ours carries Auto-Submitted,
    and whatever answers that carries it, too, or one of the other marks, or names us.
    """
    quiet = mail.header("x-auto-response-suppress").strip().lower() not in ("", "none")
    addresses = [address.lower() for _, address in mail.senders]
    return (
        sender_kind(mail, found, ours) is SenderKind.PERSON
        and not quiet
        and not mail.calendar
        and not mail.reported
        and not _null_return(mail)
        and not UNDELIVERED.match(mail.subject)
        and not found & {Sign.PROGRAM, Sign.OURS, Sign.SPAM}
        and len(addresses) == 1
        and not from_us(addresses[0], ours)
    )


def spam(mail: Mail) -> bool:
    """Whether the mail server marked it as spam."""
    flag, status = (
        mail.header("x-spam-flag").strip().lower(),
        mail.header("x-spam-status").strip().lower(),
    )
    return flag in ("yes", "true") or status.startswith("yes")


def from_us(address: str, ours: str) -> bool:
    """Whether an address is of our own domain."""
    return address.rpartition("@")[2].lower() == ours.rpartition("@")[2].lower()


def _null_return(mail: Mail) -> bool:
    return any(value.strip() in ("<>", "") for value in mail.named.get("return-path", []))


def _says_so(mail: Mail) -> bool:
    submitted = mail.header("auto-submitted").partition(";")[0].strip().lower()
    return (
        submitted not in ("", "no")
        or mail.header("precedence").strip().lower() in ("auto_reply", "junk")
        or any(name in mail.named for name in ANSWERING)
    )


def _in_a_list(mail: Mail) -> bool:
    return mail.header("precedence").strip().lower() in ("bulk", "list") or any(
        name in mail.named for name in LIST_HEADERS
    )


def _nobody(addresses: list[str]) -> bool:
    return any(NOBODY.match(one) for one in addresses)


def _our_id(value: str, ours: str) -> bool:
    """Whether a message's number is one that we give: thirty-two signs at our own domain."""
    domain = ours.rpartition("@")[2].lower()
    return any(
        len(name) == 32 and where == domain
        for name, _, where in (
            one.strip("<>").lower().partition("@") for one in value.split()[-20:]
        )
    )
