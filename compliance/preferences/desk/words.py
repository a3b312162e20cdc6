"""What an agent reads out, and marketing choices in words for the desk. No database here."""

from collections.abc import Collection

from compliance.preferences.channels import CHANNELS
from compliance.preferences.vocabulary import THIRD_PARTIES, US

SCRIPT = "agent_script"  # the code under which the words of the desk are kept
STOPPED = (
    "Thank you. I am writing down now that this marketing is to stop. It takes effect at once, "
    "for every address and number "
    "that we hold for you. A mailing for which the addresses were made up before may "
    "still reach you. News of your orders and "
    "your account still comes. If you want other organisations to stop as well, we tell those "
    "who, by our log, had your details from us. "
    "Would you like to write down a reference?"
)
RECORDED = (
    "Before you answer: I keep the reference of the recording of this call, so that we can show "
    "what you decided. You are free to say no."
)
BACK = "You can take this back at any time, by telephone, letter or email, and it stops as soon as we have that."


def question(channel: str, sender: str, name: str, controller: str) -> str:
    """The exact words of one question: who would do what."""
    one = CHANNELS[channel]
    if sender == US:
        return f"May {controller} {one.asks}?"
    return (
        f"May {controller} give {name} your name and {one.detail}, so that {name} may {one.asks}?"
    )


def whole(question: str) -> str:
    """All that is read out for one question, as it is kept: the form shows these three parts."""
    return f"{RECORDED} {question} {BACK}"


def channels_in_words(channels: Collection[str]) -> str:
    """“Everything”, or “Email, text messages”."""
    if set(channels) >= set(CHANNELS):
        return "Everything"
    words = ", ".join(one.noun.lower() for code, one in CHANNELS.items() if code in channels)
    return words[:1].upper() + words[1:]


def senders_in_words(senders: Collection[str], names: dict[str, str]) -> str:
    """“Us and all others”, “Us”, “All others”, or the names of single organisations."""
    words = [
        {US: "us", THIRD_PARTIES: "all others"}.get(one) or names.get(one, one)
        for one in sorted(set(senders), key=lambda one: (one != US, one != THIRD_PARTIES, one))
    ]
    text = " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
    return text[:1].upper() + text[1:]
