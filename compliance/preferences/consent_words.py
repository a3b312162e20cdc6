"""What the choices page says: how things stand, and the exact words of each consent. No database
here."""

from compliance.preferences.vocabulary import US, Channel

CODE = "your-choices"  # under which the words are kept

NAMES = {
    Channel.EMAIL: "Email",
    Channel.SMS: "Text messages",
    Channel.POST: "Post",
    Channel.LIVE_CALL: "Telephone calls",
    Channel.AUTOMATED_CALL: "Recorded telephone calls",
    Channel.ONLINE: "Online advertising",
}
DETAIL = {
    Channel.EMAIL: "email address",
    Channel.SMS: "telephone number",
    Channel.POST: "postal address",
    Channel.LIVE_CALL: "telephone number",
    Channel.AUTOMATED_CALL: "telephone number",
    Channel.ONLINE: "email address",
}
DOES = {
    Channel.EMAIL: "send me marketing by email",
    Channel.SMS: "send me marketing by text message",
    Channel.POST: "send me marketing by post",
    Channel.LIVE_CALL: "call me with marketing, even if my number is on the list of the "
    "Telephone Preference Service",
    Channel.AUTOMATED_CALL: "call me with recorded marketing messages",
    Channel.ONLINE: "use my email address to show me advertising on other companies’ websites "
    "and apps",
}
BACK = "I can take this back at any time, on this page or in any other way."

# Why it is so, by the reason of the verdict (see `rules`).
WHY = {
    "objected": "We were told to stop.",
    "consent": "You agreed to this.",
    "soft_opt_in": "You bought from us, we offered you to refuse, and you did not.",
    "no_consent": "This needs your agreement, and you have not given it.",
    "legitimate_interests": "You have not objected, and the law asks for no agreement to this.",
    "tps": "Your number is on the Telephone Preference Service’s list.",
    "mps": "Your address is on the Mailing Preference Service’s list.",
    "list_too_old": "We have no recent list of a preference service, so we hold this back.",
    "no_contact_point": "We have nothing on file for you to reach you by.",
    "erased": "Your data was erased.",
    "restricted": "The use of your data is limited, so for now we only keep it.",
}


def text(channel: str, sender: str, name: str, controller: str) -> str:
    """The words of a consent to one sender on one channel; `name` is the sender's as in the
    register.

    Another organisation is named, and so is that its marketing needs our passing the contact detail
    on.
    """
    one = Channel(channel)
    if sender == US:
        return f"Yes, {controller} may {DOES[one]}. {BACK}"
    return (
        f"Yes, {controller} may give {name} my name and {DETAIL[one]}, and {name} may "
        f"{DOES[one]}. {BACK}"
    )
