"""Every number of this room: how long codes and visits are good for, and how often they may be
asked for or tried. Pages, emails and letters tell them in the words of `in_words`."""

from datetime import timedelta

from customers.identity.rate_limit import DAY, HOUR, QUARTER, Limit
from privacy import words

# by email or text message: long enough for a slow mail server, too short to be guessed
CODE_VALID = timedelta(minutes=10)
# by post: there and back
LETTER_VALID = timedelta(days=14)
# not sooner: the first is still in the post, and would be of no use any more
ANOTHER_LETTER = timedelta(days=3)
TRIES = 5  # for one code
CODES: tuple[Limit, ...] = ((3, QUARTER), (10, DAY))  # for one customer, contact detail or case
ASKED: tuple[Limit, ...] = ((20, HOUR),)  # from one internet address

# without a click: for a telephone that was left lying
VISIT_IDLE = timedelta(minutes=20)
# from the code on, whatever is done
VISIT_LONGEST = timedelta(hours=2)
TOUCH_EVERY = timedelta(minutes=1)  # how often it is written that a visit is in use
FRESH = timedelta(minutes=10)  # how old a code may be before a download or a change of address
FORM_OPEN = timedelta(minutes=30)  # for so long the form to which a fresh code led is taken
CONTACT_CHANGES: tuple[Limit, ...] = ((10, DAY),)  # of one customer's own contact details

FRACTIONS = {QUARTER: "a quarter of an hour", timedelta(minutes=30): "half an hour"}


def in_words() -> dict[str, str]:
    """The numbers that pages tell, as a person writes them, by the names that templates use."""
    most, within = CODES[0]
    return {
        "code": length(CODE_VALID),
        "letter": length(LETTER_VALID),
        "idle": length(VISIT_IDLE),
        "longest": length(VISIT_LONGEST),
        "fresh": length(FRESH),
        "form_open": length(FORM_OPEN),
        "codes": words.number(most),
        "codes_within": length(within),
    }


def length(period: timedelta) -> str:
    """A length of time in words: “ten minutes”, “a quarter of an hour”."""
    return FRACTIONS.get(period) or words.in_words(period)


def code_valid() -> str:
    """For how long a code that goes by email or text message is good: “10 minutes”."""
    return words.in_words(CODE_VALID, figures=True)
