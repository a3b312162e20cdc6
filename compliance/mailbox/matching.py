"""Whose an email is: its candidates put to the one matching table (`customers.matching`)."""

from dataclasses import dataclass

from compliance.mailbox import intent, lexicon
from compliance.mailbox.classify import ClassifiedMail
from customers import matching
from customers.matching import Given
from customers.models import Customer
from customers.normalise import fold


@dataclass
class MatchedSender:
    """Whom an email points to. `name` and `number` are what to go by; `conflict`: to more than one
    person.

    `by_number`: a customer number in it goes with a name in it, which nobody but the customer is
    likely to know.
    """

    customer: Customer | None
    name: str = ""
    number: str = ""
    conflict: bool = False
    by_number: bool = False

    def __repr__(self) -> str:
        return f"MatchedSender({self.customer})"


def match_sender(seen: ClassifiedMail) -> MatchedSender:
    """The customer whom an email points to. A customer number counts with a surname that the writer
    gives as their own.

    Nobody when the number's customer is not the one who holds the sender's address, or when two
    customers fit. Each name is tried with each number, so at most 6 x 8 look-ups by a unique index,
    and usually one.
    """
    holder = matching.match(Given(email=seen.people[0][1])) if len(seen.people) == 1 else None
    found: dict[Customer, tuple[str, str]] = {}
    for number in seen.candidates.numbers:
        for name in seen.candidates.names:
            customer = matching.match(Given(name=name, customer_number=number))
            if customer:
                found.setdefault(customer, (name, number))
                break
    people = {*found, *([holder] if holder else [])}
    if len(people) > 1:
        return MatchedSender(None, conflict=True, by_number=True)
    if found:
        ((customer, (name, number)),) = found.items()
        return MatchedSender(customer, name, number, by_number=True)
    claimed = seen.candidates.claimed[0] if seen.candidates.claimed else ""
    name = seen.candidates.names[0] if seen.candidates.names else ""
    return MatchedSender(None if claimed and name else holder, name, claimed)


def is_notice_form(seen: ClassifiedMail, whose: MatchedSender) -> bool | None:
    """Whether an email says nothing but a name and a customer number: True when both are a
    customer's, False when that is likely but the number goes with nobody, None when it says more.
    """
    named = {word for name, _ in seen.people for word in fold(name).split()}
    if whose.by_number and whose.customer:
        person = whose.customer
        named |= {
            word
            for part in (person.title, person.given_names, person.surname)
            for word in fold(part or "").split()
        }
        named |= set(fold(whose.name).split()[-1:])
        return True if intent.says_nothing_else(seen.subject, seen.own, named) else None
    capitals = {fold(word) for word in seen.own.split() if word[:1].isupper()} - lexicon.NOT_NAMES
    new = capitals - lexicon.FILLER - named
    likely = len(new) <= 4 and intent.says_nothing_else(seen.subject, seen.own, named | new)
    return False if likely and len(seen.own.split()) <= 25 else None
