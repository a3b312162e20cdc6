"""Who is no person: automatic answers, reports of mail servers, mailing lists, advertising. None of
them is ever answered."""

import re
from enum import Enum

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


class SenderKind(Enum):
    """What kind of sender: each is treated in its own way."""

    PERSON = "a person, as far as can be told"
    BOUNCE = "a mail server reports"
    ANSWER = "an automatic answer"
    BULK = "a mailing list or advertising"
    OURS = "a message of ours that came back"


def sender_kind(mail: Mail, ours: str) -> SenderKind:
    """What a message comes from. `ours` is the portal's own address, from which everything that we
    send leaves."""
    submitted = mail.header("auto-submitted").partition(";")[0].strip().lower()
    addresses = [address.lower() for _, address in mail.senders]
    automatic = submitted not in ("", "no")
    if (automatic and _our_id(mail, ours)) or (
        ours.lower() in addresses and (automatic or _our_id(mail, ours))
    ):
        return SenderKind.OURS
    if (
        mail.report
        or _null_return(mail)
        or any(one.startswith(("mailer-daemon@", "postmaster@")) for one in addresses)
    ):
        return SenderKind.BOUNCE
    if mail.named.get("x-failed-recipients") or (
        UNDELIVERED.match(mail.subject) and (automatic or _nobody(addresses))
    ):
        return SenderKind.BOUNCE
    precedence = mail.header("precedence").strip().lower()
    if any(
        mail.named.get(name)
        for name in ("list-id", "list-unsubscribe", "list-post", "feedback-id", "x-campaign")
    ):
        return SenderKind.BULK
    if precedence in ("bulk", "list"):
        return SenderKind.BULK
    if (
        automatic
        or precedence in ("auto_reply", "junk")
        or mail.calendar
        or AWAY.match(mail.subject)
        or any(
            mail.named.get(name)
            for name in ("x-autoreply", "x-autorespond", "x-auto-reply", "x-autoresponder")
        )
    ):
        return SenderKind.ANSWER
    return SenderKind.PERSON


def may_reply_to(mail: Mail, ours: str) -> bool:
    """Whether an answer may go to the one who wrote this: only to a person, at an address that is
    not our own.

    So no two programs ever answer each other (RFC 3834): an answer of ours carries Auto-Submitted,
    and whatever answers that carries it, too, or one of the other marks, or names us.
    """
    quiet = mail.header("x-auto-response-suppress").strip().lower() not in ("", "none")
    addresses = [address.lower() for _, address in mail.senders]
    return (
        sender_kind(mail, ours) is SenderKind.PERSON
        and not quiet
        and len(addresses) == 1
        and not _nobody(addresses)
        and not from_us(addresses[0], ours)
        and not _our_id(mail, ours)
        and not spam(mail)
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


def _nobody(addresses: list[str]) -> bool:
    return any(NOBODY.match(one) for one in addresses)


def _our_id(mail: Mail, ours: str) -> bool:
    return (
        mail.header("message-id")
        .strip()
        .rstrip(">")
        .lower()
        .endswith("@" + ours.rpartition("@")[2].lower())
    )
