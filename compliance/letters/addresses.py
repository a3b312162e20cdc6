"""Where a letter of a case goes, and whom it greets."""

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from audit.actions import Refused
from compliance.cases.kinds import EventKind, Requester
from compliance.cases.models import Case
from compliance.cases.models.letters import Letter
from compliance.cases.rights import right_of
from compliance.letters.parts import clean, one_line
from customers import normalise
from customers.models import ContactPoint, Customer
from customers.outbox.models import Message

# These say what we hold or did: they go only to the person, or to somebody whose authority we have
# seen.
TELLING = (
    Letter.COMPLETION,
    Letter.PARTLY,
    Letter.REFUSAL,
    Letter.AGENCIES,
    Letter.COMPLAINT_OUTCOME,
)
TELLS_NOTHING = (
    "identity",
    "no-authority",
)  # refused on these grounds, just because it is not certain who asks
NOWHERE = (
    "We have neither an email address nor a postal address to write to. Ask for one, and put it "
    "into the case, before "
    "you go on."
)
UNSURE = (
    "This letter would say what we hold, and it is not certain who reads it. Make sure who asks "
    "(or that they may ask "
    "for somebody else), and write it down in the case, before you go on."
)
LONGEST_NAME = 70  # characters of a name in a greeting to an address that nobody proved
LIKE_A_LINK = re.compile(r"[/@\n]|www\.|\w\.\w{2,}|\d{4}")


@dataclass(frozen=True)
class WhereTo:
    """By which means and to which address a case is written to, whom it names, and how it greets
    them."""

    means: Message.Means
    address: str  # an email address, or the lines of a postal address without the name
    name: str
    greeting: str
    customer: (
        Customer | None
    )  # whose data the letter is; None while it goes to an address that anybody could have typed

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


def recipient(
    case: Case, letter: Letter | str = Letter.ACKNOWLEDGEMENT, ground: str = ""
) -> WhereTo:
    """Where a letter of this case goes: to what was given, by email before by post, else to what is
    on file, likewise.

    What the customer gave up since is not written to any more, on whichever case it stands.
    Whoever gives a postal address alone is written to by post, as the form promises. When somebody
    asks for somebody else, only what they gave counts. A letter that says what we hold goes to an
    address that was given only if it is certain who asks, or the address is the customer's; else to
    the customer's. `ground` is that of a refusal. Refused with words for the case page when there
    is nowhere to send it.
    """
    kept, unproven, gone = _kept(case), set(), given_up(case)
    given = [point for point in _given(case) if point.key not in gone]
    if letter in TELLING and ground not in TELLS_NOTHING and not _certain(case):
        theirs = {point.key for point in kept}
        unproven = {point.key for point in given} - theirs
        given = [point for point in given if point.key in theirs]
    typed = one_line((case.name if _in_person(case) else case.requester_name) or "")
    for point in (*_email_first(given), *_email_first(kept)):
        # An address on file is written to by the name on file; one that was given, by the name that
        # was given.
        name = typed if point in given or case.customer is None else case.customer.full_name
        sure = point.key in {one.key for one in kept} or certain(case)
        return WhereTo(
            point.means, point.address, name, _greeting(case, name), case.customer if sure else None
        )
    for point in _before(
        case
    ):  # their addresses are erased by now: the letter that says so goes where the others went
        if point.key not in unproven | gone:
            return WhereTo(
                point.means,
                point.address,
                "",
                _greeting(case, typed),
                case.customer if certain(case) else None,
            )
    raise Refused(UNSURE if unproven else NOWHERE)


def _email_first(points: list[Point]) -> list[Point]:
    return sorted(points, key=lambda point: point.means != Message.Means.EMAIL)


def _in_person(case: Case) -> bool:
    return case.requester == Requester.CUSTOMER


def _certain(case: Case) -> bool:
    """Whether what we hold may be told to whoever gave the address of the case."""
    if right_of(case.kind).anybody_may or certain(case):
        return True
    return _in_person(case) and case.customer_id is None  # nothing of anybody's is told


def certain(case: Case) -> bool:
    """Whether it is clear that the customer asks, or somebody who may ask for them: until then
    anybody may have."""
    return case.identified_at is not None or (
        not _in_person(case) and case.events.filter(kind=EventKind.AUTHORITY_RECEIVED).exists()
    )


def same_reach(one: Case, other: Case) -> bool:
    """Whether two cases give the same addresses to write to."""
    return {point.key for point in _given(one)} == {point.key for point in _given(other)}


def _given(case: Case) -> list[Point]:
    return [point for point in (_email(case.email), _postal(case.address)) if point]


def _kept(case: Case) -> list[Point]:
    """The customer's own addresses, as they are in use now; none for somebody who acts for them."""
    if case.customer is None or not _in_person(case):
        return []
    rows = case.customer.contact_points.in_use().filter(kind__in=["email", "address"])
    found = [
        _email(row.value) if row.kind == "email" else _postal(row.value)
        for row in rows.order_by("-kind", "-valid_from", "-pk")
    ]
    return [point for point in found if point]


def given_up(case: Case) -> set[str]:
    """The keys of the addresses that the customer of a case, who asks in person, gave up on or after
    the day on which it came."""
    if case.customer is None or not _in_person(case):
        return set()
    return keys_given_up(
        case.customer.contact_points.filter(kind__in=["email", "address"]), since=case.received_on
    )


def keys_given_up(points: Iterable[ContactPoint], *, since: datetime.date) -> set[str]:
    """Of all addresses of one customer, the keys of those that ended on a day or later, and are in
    use under no other row."""
    ended: set[str] = set()
    used: set[str] = set()
    for row in points:
        if (made := _email(row.value) if row.kind == "email" else _postal(row.value)) is None:
            continue
        if row.valid_to is None:
            used.add(made.key)
        elif row.valid_to >= since:
            ended.add(made.key)
    return ended - used


def key_of(means: Message.Means | str, recipient: str) -> str:
    """The key of the address that a message goes to; empty where it cannot be read, or is a
    telephone number."""
    if means == Message.Means.SMS:
        return ""
    email = means == Message.Means.EMAIL
    point = _email(recipient) if email else _postal(recipient.partition("\n")[2])
    return point.key if point else ""


def on_file(case: Case, message: Message) -> bool:
    """Whether a message went to an address that the customer of the case has on file."""
    return key_of(message.means, message.recipient) in {point.key for point in _kept(case)}


def _before(case: Case) -> list[Point]:
    """Where this case was written to before, the latest first: since they last said that another
    address should be used."""
    rows = Message.objects.filter(of_case__case=case).order_by("-queued_at")
    moved = case.events.filter(kind=EventKind.NOTED).filter(
        Q(codes__has_key="changed") | Q(codes__has_key="removed")
    )
    if last := moved.order_by("-at").first():
        rows = rows.filter(queued_at__gt=last.at)
    found = [
        _email(row.recipient) if row.means == Message.Means.EMAIL else _postal(row.recipient)
        for row in rows
    ]
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
    """“Dear Ada Lovelace,”. Where nobody has proved anything, a name that could carry a message is
    not repeated: our letters must not take a stranger's words to an address of the stranger's
    choice."""
    unproven = case.identified_at is None and (len(name) > LONGEST_NAME or LIKE_A_LINK.search(name))
    return f"Dear {name}," if name and not unproven else "Hello,"
