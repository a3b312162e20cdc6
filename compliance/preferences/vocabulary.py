"""The words in which marketing choices are told: senders, kinds of event, sources, preference
services. The channels stand in `channels`. No model here."""

from django.db import models

# the sender that is the controller itself; any other sender is a recipient's code in the register
US = "us"
THIRD_PARTIES = (
    "third_parties"  # every other organisation at once: an objection may name it, a consent never
)


class ChoiceKind(models.TextChoices):
    """What a person said."""

    OBJECTION = "objection", "Objection"
    WITHDRAWAL = "withdrawal", "Consent withdrawn"
    CONSENT = "consent", "Consent"
    SOFT_OPT_IN = "soft_opt_in", "Bought from us and did not refuse"
    NOT_OBJECTED = "not_objected", "Left a box to object unticked (which is not consent)"


class ChoiceSource(models.TextChoices):
    """How it came."""

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
    FOLLOWED = "followed", "Taken along from an earlier contact detail"


class ContactKind(models.TextChoices):
    """What a message is addressed to."""

    EMAIL = "email", "Email address"
    PHONE = "phone", "Telephone number"
    ADDRESS = "address", "Name and postal address"


STOPS = (ChoiceKind.OBJECTION, ChoiceKind.WITHDRAWAL)


class Service(models.TextChoices):
    """The industry's lists of those who want no calls or no advertising post."""

    TPS = "tps", "Telephone Preference Service"
    CTPS = "ctps", "Corporate Telephone Preference Service"
    MPS = "mps", "Mailing Preference Service"


def third_party(sender: str) -> bool:
    """Whether a sender is somebody else than the controller."""
    return sender != US


def covering(sender: str) -> tuple[str, ...]:
    """The senders an objection may name to stop `sender`: itself and, for a third party, all third
    parties."""
    return (US,) if sender == US else (sender, THIRD_PARTIES)


# the purposes of the register that are marketing, and the gate's name for the choices about it
MARKETING, PARTNER_MARKETING, TAILORING = "marketing", "partner-marketing", "tailoring"
CHOICES = "marketing_choice"


def purpose_of(sender: str) -> str:
    """The purpose in the register that a sender's marketing serves."""
    return PARTNER_MARKETING if third_party(sender) else MARKETING
