"""The words in which marketing choices are told: channels, senders, kinds of event, sources. No
model here."""

from django.db import models

# the sender that is the controller itself; any other sender is a recipient's code in the register
US = "us"
THIRD_PARTIES = (
    "third_parties"  # every other organisation at once: an objection may name it, a consent never
)


class Channel(models.TextChoices):
    """How marketing reaches a person: each has its own rule (see `rules`)."""

    EMAIL = "email", "Email"
    SMS = "sms", "Text message"
    POST = "post", "Post"
    LIVE_CALL = "live_call", "Telephone call"
    AUTOMATED_CALL = "automated_call", "Recorded telephone call"
    ONLINE = "online_profiling", "Online advertising and profiling"


class Kind(models.TextChoices):
    """What a person said."""

    OBJECTION = "objection", "Objection"
    WITHDRAWAL = "withdrawal", "Consent withdrawn"
    CONSENT = "consent", "Consent"
    SOFT_OPT_IN = "soft_opt_in", "Bought from us and did not refuse"
    NOT_OBJECTED = "not_objected", "Left a box to object unticked (which is not consent)"


class Source(models.TextChoices):
    """By which road it came."""

    WEB_FORM = "web_form", "Form on this site"
    CHOICES_PAGE = "choices_page", "Your choices page"
    ONE_CLICK = "one_click", "One click in an email"
    EMAIL = "email", "Email"
    LETTER = "letter", "Letter"
    TELEPHONE = "telephone", "Telephone"
    IN_PERSON = "in_person", "In person"
    GPC = "gpc", "Browser signal (Global Privacy Control)"
    REQUEST = "request", "Rights request"
    SHOP = "shop", "The shop"


class ContactKind(models.TextChoices):
    """What a message is addressed to."""

    EMAIL = "email", "Email address"
    PHONE = "phone", "Telephone number"
    ADDRESS = "address", "Name and postal address"


STOPS = (Kind.OBJECTION, Kind.WITHDRAWAL)

# Which kinds of contact point each channel uses: what a stop on the channel suppresses, and what a
# list is screened by.
USES: dict[str, tuple[str, ...]] = {
    Channel.EMAIL: (ContactKind.EMAIL,),
    Channel.SMS: (ContactKind.PHONE,),
    Channel.POST: (ContactKind.ADDRESS,),
    Channel.LIVE_CALL: (ContactKind.PHONE,),
    Channel.AUTOMATED_CALL: (ContactKind.PHONE,),
    Channel.ONLINE: (ContactKind.EMAIL, ContactKind.PHONE),
}


def third_party(sender: str) -> bool:
    """Whether a sender is somebody else than the controller."""
    return sender != US


def covering(sender: str) -> tuple[str, ...]:
    """The senders an objection may name to stop `sender`: itself and, for a third party, all third
    parties."""
    return (US,) if sender == US else (sender, THIRD_PARTIES)
