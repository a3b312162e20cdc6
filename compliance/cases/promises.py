"""What a person promises: each kind of task, what is to be done, and within how many days. No model
here.

The sentences on pages and in letters print these days; `actions.to_do` makes the rows. A last day
that is no working day moves back, so that “within five days” is never longer.
"""

import datetime
from dataclasses import dataclass

from privacy.words import in_words


@dataclass(frozen=True)
class Promise:
    """One kind of promise about a case, and the task that keeps it. `ends_with_case`: when the case
    is closed nobody waits for it any more. `needs_records`: what the right needs stays until then,
    though the case is closed."""

    code: str
    label: str  # what is to be done
    within: datetime.timedelta
    ends_with_case: bool = False
    needs_records: bool = False

    @property
    def words(self) -> str:
        """How long it may take, in words: “five days”."""
        return in_words(self.within)


def _days(number: int) -> datetime.timedelta:
    return datetime.timedelta(days=number)


# days, as each of them is told: a weekend and a bank holiday fit in
MESSAGE = Promise("message", "Read what they wrote, and answer", _days(5))
# days: reading it anew, and a second person's check
NEW_COPY = Promise("new_copy", "Let them have a new copy", _days(7), needs_records=True)
# days: they are told that nobody can go on in their name
PUT_BACK = Promise(
    "put_back", "Put back the contact details that they had", _days(5), needs_records=True
)
# days: as a message, and long before the answer is due
AUTHORITY = Promise(
    "authority", "See whether they may ask for somebody else", _days(5), ends_with_case=True
)
# days: so that the alert comes before the thirty that the law gives
ACKNOWLEDGE = Promise("acknowledge", "Confirm the complaint", _days(14), ends_with_case=True)
# days: nobody who complained is without news for longer
PROGRESS = Promise("progress", "Write how the complaint stands", _days(28), ends_with_case=True)
# days, where whoever decides on a complaint names no day of their own
REMEDY = Promise("remedy", "Do what was decided about the complaint", _days(28))

PROMISES = {
    kind.code: kind
    for kind in (MESSAGE, NEW_COPY, PUT_BACK, AUTHORITY, ACKNOWLEDGE, PROGRESS, REMEDY)
}
