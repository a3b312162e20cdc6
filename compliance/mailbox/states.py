"""The words in which the mailbox tells what an email seems to be and what became of it. No model
here."""

from django.db import models

from compliance.mailbox.request_words import REQUESTS


class MailState(models.TextChoices):
    """How far an email has come. One that nobody has read yet, and one that waits, are never
    purged."""

    RECEIVED = "received", "To be read"
    APPLIED = "applied", "Acted on"
    DESK = "desk", "Waiting for somebody"
    DONE = "done", "Dealt with"
    IGNORED = "ignored", "Set aside unread"


class Topic(models.TextChoices):
    """What an email seems to be about, beside the requests that have words of their own
    (`request_words`): a guess, so that nobody misses a clock. STOP bears the code of its clock."""

    STOP = "marketing_objection", "Stop marketing"
    RESUME = "resume", "Wants marketing (again)"
    ORDER = "order", "An order or an account"
    BOUNCE = "bounce", "Report of a mail server"
    ROBOT = "robot", "Automatic answer"
    BULK = "bulk", "Mailing list or advertising"
    COMPLAINED = "complained", "Called spam by its reader"
    SPAM = "spam", "Marked as spam"
    UNCLEAR = "unclear", "Not understood"


COMPLAINT = "complaint_ack"  # as its clock is called; its words come with its right


def topics() -> list[tuple[str, str]]:
    """All that an email can seem to be about, with its words, for lists and pages."""
    requests = [(code, words.label) for code, words in REQUESTS.items()]
    return [*Topic.choices[:2], *requests, *Topic.choices[2:]]


class WaitReason(models.TextChoices):
    """Why an email waits for somebody."""

    UNCLEAR = "unclear", "Not clear"
    OTHER_RIGHT = "other_right", "May have a deadline"
    UNSURE = "unsure", "Stop, but of what?"
    BESIDE = "beside", "Says more than stop"
    EXCEPTION = "exception", "Stops some, wants other"
    TWO_PEOPLE = "two_people", "Points to two people"
    ANOTHER = "another", "About somebody else"
    NO_SENDER = "no_sender", "No sender"
    FROM_US = "from_us", "From our own domain"
    NO_TEXT = "no_text", "No text"
    ENCRYPTED = "encrypted", "Encrypted"
    FAULTY = "faulty", "Could not be read"
    PROGRAM = "program", "Perhaps a program"


WHY = {
    WaitReason.UNCLEAR: "It is not clear what the sender wants.",
    WaitReason.OTHER_RIGHT: "It seems to ask for something with a deadline of its own. Log it as the "
    "request that it is.",
    WaitReason.UNSURE: "It speaks of stopping, but not clearly of marketing. The sender’s address is "
    "stopped meanwhile.",
    WaitReason.BESIDE: "Marketing is stopped as it asks. It says something else as well: read and answer "
    "that.",
    WaitReason.EXCEPTION: "It stops some marketing and wants other. What it names is stopped; check "
    "the rest.",
    WaitReason.TWO_PEOPLE: "It points to more than one customer. Only the sender’s address is stopped.",
    WaitReason.ANOTHER: "It seems to be about somebody else than the sender, perhaps somebody who "
    "died. See whom it is about.",
    WaitReason.NO_SENDER: "It asks to stop, but there is neither a sender’s address nor a customer "
    "who matches.",
    WaitReason.FROM_US: "It comes from our own domain, so nothing is stopped by its address. Whose "
    "wish is it?",
    WaitReason.NO_TEXT: "It holds no text that can be read, perhaps only files.",
    WaitReason.ENCRYPTED: "It is encrypted.",
    WaitReason.FAULTY: "The program could not read it. Fetch the original.",
    WaitReason.PROGRAM: "Perhaps a program wrote it. Nothing was stopped by it, and nothing answered.",
}


# An email that waits for one of these may ask for anything, whatever it seems to be about.
NOT_UNDERSTOOD = {
    WaitReason.BESIDE,
    WaitReason.ANOTHER,
    WaitReason.NO_TEXT,
    WaitReason.ENCRYPTED,
    WaitReason.FAULTY,
}


def may_have_deadline(kind: str, reason: str) -> bool:
    """Whether an email that waits is to be taken for a request until somebody has read it: it seems
    to make one, or holds words that the program did not understand. The month runs from the day of
    receipt (UK GDPR Article 12A), whether or not the request was recognised."""
    return kind in REQUESTS or kind == Topic.UNCLEAR or reason in NOT_UNDERSTOOD


class MailOutcome(models.TextChoices):
    """What somebody at the desk did with an email."""

    MATCHED = "matched", "Matched to a customer, marketing stopped"
    STOPPED = "stopped", "The sender’s address was stopped"
    PASSED_ON = "passed_on", "Noted as another request, logged or passed on"
    ANSWERED = "answered", "Noted as answered"
    NOTHING = "nothing", "Noted as nothing to do"


class Transport(models.TextChoices):
    """How an email reached us."""

    PIPE = "pipe", "Mail server"
    MAILDIR = "maildir", "Mail folder"
    IMAP = "imap", "Mailbox"
