"""The channels of marketing: one row each, with all that is particular to it. No model here.

A new channel is a new row. The forms, the customer's and the desk's pages, the letters, the law's
rules, the screening of lists and the reading of emails all follow the table; no field of a row has
a default, so what is forgotten is an error at import.
"""

from collections.abc import Collection
from dataclasses import dataclass

from compliance.preferences.vocabulary import ContactKind, Service
from customers.contact_words import CONTACT_NOUNS


@dataclass(frozen=True)
class FormChoice:
    """One box of the public form that stops marketing; several channels may share it."""

    code: str
    words: str
    note: str  # what the answer page adds where the box was ticked


@dataclass(frozen=True)
class Channel:
    """One way in which marketing reaches a person."""

    code: str
    label: str  # one such message: “Text message”
    noun: str  # the kind of marketing: “Text messages”
    by: str  # after “marketing by”: “text message”
    choice: FormChoice  # its box on the public form
    # The kinds of contact point that it uses: what a stop suppresses. A consent is for the first of
    # them, and by the first of them a list is screened.
    uses: tuple[ContactKind, ...]
    needs_consent: bool  # of our own marketing
    needs_consent_for_others: bool  # of the marketing of other organisations
    soft_opt_in: bool  # whether it stands in for consent to our own marketing
    services: tuple[Service, ...]  # the preference services whose lists count
    services_spare_own: bool  # whether those lists do not count for the sender's own customers
    screened: bool  # whether lists go out on it, to be screened first
    does: str  # the customer agrees: “… may send me marketing by email”
    asks: str  # the desk asks: “May … send you its offers by email?”
    mail_noun: str  # what people call it in an email: a pattern as in `mailbox.lexicon`
    mail_words: tuple[str, ...]  # further words of theirs that name it

    @property
    def kind(self) -> ContactKind:
        """The kind of contact point that a consent is for."""
        return self.uses[0]

    @property
    def detail(self) -> str:
        """The contact detail that a consent is for, in words."""
        return CONTACT_NOUNS[self.kind]

    @property
    def has_feed(self) -> bool:
        """Whether partners get digests to compare their lists with: there are too few telephone
        numbers for a digest to hide one."""
        return self.screened and ContactKind.PHONE not in self.uses


CALLS = FormChoice("calls", "Telephone calls", "")
CALL_NOUN = (
    r"(?:calls?|calling|phone ?calls?|phoning|telephone calls?|telephoning|ringing|cold "
    r"call\w*|telesales|telemarketing|"
    r"ring me|robocalls?|recorded messages?|(?:by|on|over) the (?:tele)?phone|by (?:tele)?phone)"
)
CALL_WORDS = (
    r"phon(?:ing|ed)",
    r"phone (?:me|us)",
    r"rung",
    r"telephon(?:ing|ed)",
    r"telephone (?:me|us)",
    r"called",
    r"ring (?:me|us)",
)

EMAIL = Channel(
    code="email",
    label="Email",
    noun="Email",
    by="email",
    choice=FormChoice("email", "Email", ""),
    uses=(ContactKind.EMAIL,),
    needs_consent=True,
    needs_consent_for_others=True,
    soft_opt_in=True,
    services=(),
    services_spare_own=False,
    screened=True,
    does="send me marketing by email",
    asks="send you its offers by email",
    mail_noun=r"(?:e ?mails?|mails|emailing|e ?mailings?)",
    mail_words=(
        r"e ?mail",
        r"newsletters?",
        r"inbox",
        r"un ?subscribe\w*",
        r"mailing list",
        r"e ?mailed",
    ),
)
SMS = Channel(
    code="sms",
    label="Text message",
    noun="Text messages",
    by="text message",
    choice=FormChoice("sms", "Text messages", ""),
    uses=(ContactKind.PHONE,),
    needs_consent=True,
    needs_consent_for_others=True,
    soft_opt_in=True,
    services=(),
    services_spare_own=False,
    screened=True,
    does="send me marketing by text message",
    asks="send you its offers by text message",
    mail_noun=r"(?:te?xts?|texting|sms|text messages?|messages to my (?:phone|mobile))",
    mail_words=(r"texted",),
)
POST = Channel(
    code="post",
    label="Post",
    noun="Post",
    by="post",
    choice=FormChoice(
        "post",
        "Post",
        "no list that we make from now on has your address. A mailing for which the addresses "
        "were made up before may still reach you",
    ),
    uses=(ContactKind.ADDRESS,),
    needs_consent=False,
    needs_consent_for_others=False,
    soft_opt_in=False,
    services=(Service.MPS,),
    services_spare_own=True,
    screened=True,
    does="send me marketing by post",
    asks="send you its offers by post",
    mail_noun=r"(?:by post|post|letters?|catalogues?|catalogs?|brochures?|leaflets?|flyers?|"
    r"through the (?:post|letter ?box)|paper|postal|magazines?|mail order books?|junk mail)",
    mail_words=(r"posted",),
)
LIVE_CALL = Channel(
    code="live_call",
    label="Telephone call",
    noun="Telephone calls",
    by="telephone",
    choice=CALLS,
    uses=(ContactKind.PHONE,),
    needs_consent=False,
    needs_consent_for_others=False,
    soft_opt_in=False,
    services=(Service.TPS, Service.CTPS),
    services_spare_own=False,
    screened=True,
    does="call me with marketing, even if my number is on the list of the Telephone Preference "
    "Service",
    asks="call you with its offers, even if your number is on the list of the Telephone "
    "Preference Service",
    mail_noun=CALL_NOUN,
    mail_words=CALL_WORDS,
)
AUTOMATED_CALL = Channel(
    code="automated_call",
    label="Recorded telephone call",
    noun="Recorded telephone calls",
    by="telephone",
    choice=CALLS,
    uses=(ContactKind.PHONE,),
    needs_consent=True,
    needs_consent_for_others=True,
    soft_opt_in=False,
    services=(),
    services_spare_own=False,
    screened=True,
    does="call me with recorded marketing messages",
    asks="call you with recorded messages about its offers",
    mail_noun=CALL_NOUN,
    mail_words=CALL_WORDS,
)
ONLINE = Channel(
    code="online_profiling",
    label="Online advertising and profiling",
    noun="Online advertising",
    by="online advertising",
    choice=FormChoice("online", "Online advertising", ""),
    uses=(ContactKind.EMAIL, ContactKind.PHONE),
    needs_consent=False,
    needs_consent_for_others=True,
    soft_opt_in=False,
    services=(),
    services_spare_own=False,
    screened=False,
    does="use my email address to show me advertising on other companies’ websites and apps",
    asks="use your email address to show you its offers on other companies’ websites and apps",
    mail_noun="",
    mail_words=(),
)

CHANNELS: dict[str, Channel] = {
    one.code: one for one in (EMAIL, SMS, POST, LIVE_CALL, AUTOMATED_CALL, ONLINE)
}


def labels() -> list[tuple[str, str]]:
    """The codes with their labels, as a model's field or a form takes them."""
    return [(one.code, one.label) for one in CHANNELS.values()]


def nouns() -> list[tuple[str, str]]:
    """The codes with the kinds of marketing in words, as a form takes them."""
    return [(one.code, one.noun) for one in CHANNELS.values()]


def using(kind: str, among: Collection[str]) -> list[str]:
    """Of some channels those that use a kind of contact point, in their order."""
    return [code for code in among if kind in CHANNELS[code].uses]


def needed_kinds(among: Collection[str]) -> set[ContactKind]:
    """The kinds of contact point that any of these channels uses."""
    return {kind for code in among for kind in CHANNELS[code].uses}


def form_choices() -> dict[str, FormChoice]:
    """The boxes of the public form by their codes, in the order of the table."""
    return {one.choice.code: one.choice for one in CHANNELS.values()}


def channels_of(choices: Collection[str]) -> list[str]:
    """The channels for which boxes of the public form stand; an unknown box stands for none."""
    return [code for code, one in CHANNELS.items() if one.choice.code in choices]


def channel_of(text: str) -> str:
    """The code of the channel that a text names by its code or label, in any case. ValueError, with
    the codes there are, when it names none."""
    wanted = text.lower()
    for one in CHANNELS.values():
        if wanted in (one.code, one.label.lower()):
            return one.code
    raise ValueError(f"none of {', '.join(CHANNELS)}")
