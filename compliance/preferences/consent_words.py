"""What the choices page says: how things stand, and the exact words of each consent. No database
here."""

from compliance.preferences.channels import CHANNELS
from compliance.preferences.rules import SOFT_MONTHS
from compliance.preferences.vocabulary import US

CODE = "your-choices"  # under which the words are kept

BACK = "I can take this back at any time, on this page or in any other way."

# Why it is so, by the reason of the verdict (see `rules`).
WHY = {
    "objected": "We were told to stop.",
    "consent": "You agreed to this.",
    "soft_opt_in": "You bought from us, we offered you to refuse, you did not, and you were in touch "
    f"with us within the last {SOFT_MONTHS} months.",
    "no_consent": "This needs your agreement, and you have not given it.",
    "legitimate_interests": "You have not objected, and the law asks for no agreement to this.",
    "tps": "Your number is on the Telephone Preference Service’s list.",
    "mps": "Your address is on the Mailing Preference Service’s list.",
    "list_too_old": "We have no recent list of a preference service, so we hold this back.",
    "no_contact_point": "We have nothing on file for you to reach you by.",
    "erased": "Your data was erased.",
    "restricted": "The use of your data is restricted, so no marketing goes to you for now.",
}


def text(channel: str, sender: str, name: str, controller: str) -> str:
    """The words of a consent to one sender on one channel; `name` is the sender's as in the
    register.

    Another organisation is named, and so is that its marketing needs our passing the contact detail
    on.
    """
    one = CHANNELS[channel]
    if sender == US:
        return f"Yes, {controller} may {one.does}. {BACK}"
    return (
        f"Yes, {controller} may give {name} my name and {one.detail}, and {name} may "
        f"{one.does}. {BACK}"
    )
