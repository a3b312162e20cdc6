"""Where a letter of a case goes, and whom it greets."""

import re
from dataclasses import dataclass

from compliance.requests.kinds import NEVER_ASK_IDENTITY, EventKind, Requester
from compliance.requests.letters.parts import clean, one_line
from compliance.requests.models import Case
from compliance.requests.models.letters import Letter
from customers import normalise
from customers.actions import Refused
from customers.models import Message

# These say what we hold or did: they go only to the person, or to somebody whose authority we have seen.
TELLING = (Letter.COMPLETION, Letter.PARTLY, Letter.REFUSAL, Letter.AGENCIES, Letter.COMPLAINT_OUTCOME)
TELLS_NOTHING = ("identity", "no-authority")  # refused on these grounds, just because it is not certain who asks
NOWHERE = ("We have neither an email address nor a postal address to write to. Ask for one, and put it into the case, before "
           "you go on.")
UNSURE = ("This letter would say what we hold, and it is not certain who reads it. Make sure who asks (or that they may ask "
          "for somebody else), and write it down in the case, before you go on.")
LONGEST_NAME = 70  # characters of a name in a greeting to an address that nobody proved
LIKE_A_LINK = re.compile(r"[/@\n]|www\.|\w\.\w{2,}|\d{4}")


@dataclass(frozen=True)
class WhereTo:
    """By which means and to which address a case is written to, whom it names, and how it greets them."""

    means: Message.Means
    address: str  # an email address, or the lines of a postal address without the name
    name: str
    greeting: str

    @property
    def lines(self) -> str:
        """The name and the address, as they stand in the window of the envelope."""
        return f"{self.name}\n{self.address}" if self.name else self.address


@dataclass(frozen=True)
class Point:
    """One address, and the form in which two spellings of it are the same."""

    means: Message.Means
    address: str
    key: str


def recipient(case: Case, letter: Letter | str = Letter.ACKNOWLEDGEMENT, ground: str = "") -> WhereTo:
    """Where a letter of this case goes: the email address given, the customer's, the postal address given, the customer's.

    When somebody asks for somebody else, only what they gave counts. A letter that says what we hold goes to an address that
    was given only if it is certain who asks, or the address is the customer's; else to the customer's. `ground` is that of a
    refusal. Refused with words
    for the case page when there is nowhere to send it.
    """
    given, kept, unproven = _given(case), _kept(case), set()
    if letter in TELLING and ground not in TELLS_NOTHING and not _certain(case):
        theirs = {point.key for point in kept}
        unproven = {point.key for point in given} - theirs
        given = [point for point in given if point.key in theirs]
    typed = one_line((case.name if _in_person(case) else case.requester_name) or "")
    for means in (Message.Means.EMAIL, Message.Means.LETTER):
        for point in (*given, *kept):
            if point.means == means:
                # An address on file is written to by the name on file; one that was given, by the name that was given.
                name = typed if point in given or case.customer is None else case.customer.full_name
                return WhereTo(means, point.address, name, _greeting(case, name))
    for point in _before(case):  # their addresses are erased by now: the letter that says so goes where the others went
        if point.key not in unproven:
            return WhereTo(point.means, point.address, "", _greeting(case, typed))
    raise Refused(UNSURE if unproven else NOWHERE)


def _in_person(case: Case) -> bool:
    return case.requester == Requester.CUSTOMER


def _certain(case: Case) -> bool:
    """Whether what we hold may be told to whoever gave the address of the case."""
    if case.identified_at is not None or case.kind in NEVER_ASK_IDENTITY:
        return True
    if not _in_person(case):
        return case.events.filter(kind=EventKind.AUTHORITY_RECEIVED).exists()
    return case.customer_id is None  # nothing of anybody's is told


def _given(case: Case) -> list[Point]:
    return [point for point in (_email(case.email), _postal(case.address)) if point]


def _kept(case: Case) -> list[Point]:
    """The customer's own addresses, as they are in use now; none for somebody who acts for them."""
    if case.customer is None or not _in_person(case):
        return []
    rows = case.customer.contact_points.filter(valid_to__isnull=True, kind__in=["email", "address"])
    found = [_email(row.value) if row.kind == "email" else _postal(row.value)
             for row in rows.order_by("-kind", "-valid_from", "-pk")]
    return [point for point in found if point]


def _before(case: Case) -> list[Point]:
    """Where this case was written to before, the latest first."""
    rows = Message.objects.filter(of_case__case=case).order_by("-queued_at").only("means", "recipient")
    found = [_email(row.recipient) if row.means == Message.Means.EMAIL else _postal(row.recipient) for row in rows]
    return [point for point in found if point]


def _email(value: str | None) -> Point | None:
    """An email address that can be written to; None when it was not taken down as one."""
    try:
        address = normalise.email(value or "")
    except ValueError:
        return None
    return Point(Message.Means.EMAIL, address, f"email:{address}")


def _postal(value: str | None) -> Point | None:
    """A postal address of two lines or more."""
    found = [line for row in clean(value or "").split("\n") if (line := one_line(row).strip(" ,"))]
    if len(found) < 2:
        return None
    address = "\n".join(found)
    try:
        key = normalise.address_key(address)
    except ValueError:
        key = address.casefold()
    return Point(Message.Means.LETTER, address, f"address:{key}")


def _greeting(case: Case, name: str) -> str:
    """“Dear Ada Lovelace,”. Where nobody has proved anything, a name that could carry a message is not repeated: our letters
    must not take a stranger's words to an address of the stranger's choice."""
    unproven = case.identified_at is None and (len(name) > LONGEST_NAME or LIKE_A_LINK.search(name))
    return f"Dear {name}," if name and not unproven else "Hello,"
