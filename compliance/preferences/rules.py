"""The law's rules for marketing, as pure functions of facts: who may send what to whom, and why in
words.

Sources: UK GDPR Article 21(2)-(3); Privacy and Electronic Communications (EC Directive) Regulations
2003 (PECR) regulations 19, 21 and 22; the Mailing Preference Service is a scheme of the industry.
"""

import datetime
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from django.utils import timezone

from compliance.preferences.channels import CHANNELS
from compliance.preferences.vocabulary import STOPS, ChoiceKind, Service, covering, third_party
from compliance.retention.periods import latest_due_anchor
from privacy.words import in_words


@dataclass(frozen=True)
class ChoiceFact:
    """One event as far as the rules need it. `proved`: nothing is missing from the evidence (see
    `missing`).

    `whose` tells the people apart who share an address: the end of one's consent is not the end of
    another's. `last_contact` is the last day on which whoever gave a soft opt-in had to do with us.
    """

    kind: str
    channel: str
    sender: str
    at: datetime.datetime
    proved: bool = True
    expires_at: datetime.datetime | None = None
    whose: Hashable = None
    last_contact: datetime.date | None = None


@dataclass(frozen=True)
class ConsentState:
    """What follows from a history for one channel and one sender: the latest of each kind that
    counts."""

    stopped_at: datetime.datetime | None = None
    consented_at: datetime.datetime | None = None
    soft_at: datetime.datetime | None = None

    @property
    def consented(self) -> bool:
        """Whether a consent stands: nothing at or after it took it back."""
        return self.consented_at is not None and (
            self.stopped_at is None or self.consented_at > self.stopped_at
        )

    @property
    def stopped(self) -> bool:
        """Whether an objection stands: only a later consent, specific and proved, outweighs it."""
        return self.stopped_at is not None and not self.consented

    @property
    def soft(self) -> bool:
        """Whether the soft opt-in stands: it never outlives an objection, whichever came first."""
        return self.soft_at is not None and self.stopped_at is None


def consent_state(
    facts: Iterable[ChoiceFact], channel: str, sender: str, at: datetime.datetime
) -> ConsentState:
    """What a history up to and including `at` (aware) says, in whatever order its events were
    written down.

    An objection to all third parties stops each of them. A consent counts for the very sender and
    channel that it names, and the latest one of each person says until when.
    """
    past = [fact for fact in facts if fact.channel == channel and fact.at <= at]
    stops = [fact.at for fact in past if fact.kind in STOPS and fact.sender in covering(sender)]
    proved = [fact for fact in past if fact.sender == sender and fact.proved]
    softs = [
        fact.at
        for fact in proved
        if fact.kind == ChoiceKind.SOFT_OPT_IN
        and max(timezone.localdate(fact.at), fact.last_contact or datetime.date.min)
        > soft_lapsed_until(at)
    ]
    consents = [fact for fact in proved if fact.kind == ChoiceKind.CONSENT]
    latest = {fact.whose: fact.at for fact in sorted(consents, key=lambda fact: fact.at)}
    ended = {
        fact.whose
        for fact in consents
        if fact.at == latest[fact.whose] and fact.expires_at is not None and fact.expires_at <= at
    }
    consented_at = max(
        (moment for whose, moment in latest.items() if whose not in ended), default=None
    )
    return ConsentState(max(stops, default=None), consented_at, max(softs, default=None))


# For how many months a soft opt-in stands after the person last had to do with us (an order, a
# payment, a sign-in, a letter or a call): PECR regulation 22(3) speaks of a sale, and fairness lets
# it not reach for ever.
SOFT_MONTHS = 24


def soft_lapsed_until(at: datetime.datetime) -> datetime.date:
    """The latest day of last contact with which a soft opt-in has lapsed at a moment (London)."""
    return latest_due_anchor(timezone.localdate(at), SOFT_MONTHS, "months")


@dataclass(frozen=True)
class Evidence:
    """What proves a consent: all of it, or there was none (UK GDPR Article 7(1))."""

    contact: bool  # which address or number it is for
    wording: bool  # the exact words are kept, and name this sender and this channel
    unticked: bool  # nothing was ticked beforehand
    page: bool  # the page, form or script
    taken_by: bool
    notice: bool  # the privacy notice in force
    origin: bool  # where from: IP address or recording
    sale: bool = True  # of a soft opt-in: the order or the negotiation that it rests on

    def missing(self, kind: str) -> list[str]:
        """The names of what is missing. A soft opt-in needs to show only the sale or negotiation
        that it rests on, and that refusing was offered, where, and for what."""
        soft = kind == ChoiceKind.SOFT_OPT_IN
        needed = ("contact", "wording", "page", "sale") if soft else tuple(vars(self))
        return [name for name in needed if not getattr(self, name)]


@dataclass(frozen=True)
class Verdict:
    """Whether a message may go, the reason as a code, in words for staff and customer, and the law
    behind it."""

    allowed: bool
    reason: str
    words: str
    law: str = ""

    def __bool__(self) -> bool:
        return self.allowed


SERVICE = Verdict(
    True,
    "service_message",
    "This is a message about an order or an account, not marketing: it may go, "
    "as long as it promotes nothing.",
    "PECR regulation 22; UK GDPR Article 6(1)(b)-(c)",
)
NO_CONTACT = Verdict(
    False, "no_contact_point", "There is no address or number on record for this channel."
)
ERASED = Verdict(False, "erased", "This person's data was erased.", "UK GDPR Article 17")
RESTRICTED = Verdict(
    False,
    "restricted",
    "The use of this person's data is restricted or stopped: no marketing for now.",
    "UK GDPR Article 18(2)",
)
OBJECTED = Verdict(
    False,
    "objected",
    "They told us to stop, and have not agreed to it again since.",
    "UK GDPR Article 21(3); PECR regulations 21 and 22",
)
CONSENT = Verdict(
    True,
    "consent",
    "They agreed to exactly this, and the proof is complete.",
    "UK GDPR Article 7; PECR regulation 22(2)",
)
SOFT = Verdict(
    True,
    "soft_opt_in",
    "They bought from us, were offered to refuse, and did not; and they had to do with us within the "
    f"last {SOFT_MONTHS} months.",
    "PECR regulation 22(3)",
)
NO_CONSENT = Verdict(
    False,
    "no_consent",
    "This needs their consent, and there is none that we could prove.",
    "PECR regulations 19 and 22; UK GDPR Article 7(1)",
)
INTEREST = Verdict(
    True,
    "legitimate_interests",
    "They have not objected, and this needs no consent.",
    "UK GDPR Articles 6(1)(f) and 21",
)
LISTED_CALL = Verdict(
    False,
    "tps",
    "The number is on the Telephone Preference Service's list, and they have not told us "
    "that they accept our calls.",
    "PECR regulation 21(1)(b) and (4)",
)
LISTED_POST = Verdict(
    False,
    "mps",
    "The address is on the Mailing Preference Service's list, and this is not a "
    "customer of the sender.",
    "CAP Code; an industry scheme",
)
FRESH = datetime.timedelta(days=28)  # PECR regulation 21(3): how old a service's list may be
STALE_LIST = Verdict(
    False,
    "list_too_old",
    f"The preference service's list is missing or more than {in_words(FRESH)} old: load the newest "
    "one first.",
    "PECR regulation 21(3)",
)

BY_SERVICE = {Service.TPS: LISTED_CALL, Service.CTPS: LISTED_CALL, Service.MPS: LISTED_POST}


@dataclass(frozen=True)
class Listing:
    """What the preference services say about a contact point; None: no list young enough to
    tell."""

    listed: bool | None = False


def verdict(
    channel: str, sender: str, said: ConsentState, *, listing: Listing, known: bool
) -> Verdict:
    """Whether marketing may go on `channel` from `sender` to one address or number.

    `said` follows from what was said about that address or number, and from every objection of the
    person: a consent lifts an objection for nothing but what it names. `known` says that the person
    is the sender's own customer, to whom the Mailing Preference Service does not apply.
    """
    if said.stopped:
        return OBJECTED
    if said.consented:
        return CONSENT
    one, other = CHANNELS[channel], third_party(sender)
    if one.needs_consent_for_others if other else one.needs_consent:
        return SOFT if one.soft_opt_in and said.soft and not other else NO_CONSENT
    spared = known and one.services_spare_own
    if one.services and not spared and listing.listed is not False:
        return STALE_LIST if listing.listed is None else BY_SERVICE[one.services[0]]
    return INTEREST
