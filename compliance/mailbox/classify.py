"""A raw message, understood as far as its words alone allow: what it asks for, whose it may be, and
who wrote it."""

from dataclasses import dataclass, replace

from compliance.mailbox import automated, intent, parser, quotations
from compliance.mailbox import candidates as finding
from compliance.mailbox.automated import SenderKind, Sign
from compliance.mailbox.candidates import Candidates
from compliance.mailbox.intent import Intent
from compliance.mailbox.parser import Mail

LONGEST = 50_000  # characters of text that are kept to be read
MOST_SENDERS = 3


@dataclass(frozen=True)
class ClassifiedMail:
    """What a message says. `people` wrote it: (name, address) pairs, none of them of our own
    domain."""

    mail: Mail
    subject: str
    own: str
    quoted: str
    people: tuple[tuple[str, str], ...]
    sender_kind: SenderKind
    signs: frozenset[Sign]
    intent: Intent
    candidates: Candidates
    answerable: bool
    from_us: bool = False  # our own domain, and nobody's words are passed on

    def __repr__(self) -> str:
        return f"ClassifiedMail({self.sender_kind.name}, {self.intent.kind})"

    @property
    def text(self) -> str:
        """What somebody at the desk reads: the whole text, and that of the messages attached to
        it."""
        pieces = [self.mail.text]
        for inner in self.mail.forwarded:
            pieces.append(
                "Attached message from "
                f"{', '.join(address for _, address in inner.senders) or 'nobody'}: "
                f"{inner.subject}\n\n{inner.text}"
            )
        return "\n\n".join(piece for piece in pieces if piece.strip())[:LONGEST]


def classify(raw: bytes, ours: str) -> ClassifiedMail:
    """Read and weigh a raw message; `ours` is our own address. Raises for nothing that a message
    may hold."""
    mail = parser.read(raw)
    source, parts, people = _words_of(mail, ours)
    quoted = "\n".join([parts.quoted, *(inner.text for inner in mail.forwarded)])
    found = finding.candidates(
        subject=source.subject,
        own=parts.own,
        signature=parts.signature,
        quoted=quoted,
        senders=people,
    )
    signs = automated.signs(mail, ours, parts.own)
    return ClassifiedMail(
        mail=mail,
        subject=mail.subject,
        own=parts.own,
        quoted=quoted,
        people=tuple(people[:MOST_SENDERS]),
        sender_kind=automated.sender_kind(mail, signs, ours),
        signs=frozenset(signs),
        intent=intent.decide(source.subject, parts.own),
        candidates=found,
        answerable=automated.may_reply_to(mail, signs, ours),
        from_us=bool(mail.senders) and not people and source is mail,
    )


def _words_of(mail: Mail, ours: str) -> tuple[Mail, quotations.Parts, list[tuple[str, str]]]:
    """Whose words count. A colleague who passes a customer's email on is not the writer: the
    customer is.

    So it is with a form of the shop's site, which writes in our name and gives the customer's
    address in Reply-To.
    """
    domain = ours.rpartition("@")[2].lower()
    parts, strangers = quotations.split_parts(mail.text, domain), _strangers(mail.senders, ours)
    if strangers or not mail.senders:
        return mail, parts, strangers
    if from_form := _strangers(mail.reply_to, ours):
        return mail, parts, from_form
    for inner in mail.forwarded:
        if people := _strangers(inner.senders, ours):
            return inner, quotations.split_parts(inner.text, domain), people
    passed_on = quotations.forwarded(parts.quoted)
    if passed_on and passed_on.sender and not automated.from_us(passed_on.sender, ours):
        source = replace(mail, subject=passed_on.subject or mail.subject)
        return source, quotations.split_parts(passed_on.text, domain), [("", passed_on.sender)]
    return mail, parts, []


def _strangers(people: tuple[tuple[str, str], ...], ours: str) -> list[tuple[str, str]]:
    return [(name, address) for name, address in people if not automated.from_us(address, ours)]
