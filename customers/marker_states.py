"""The life of a fraud marker: which state may follow which. The actions obey this table, and the
database knows it.

No model here. A cleared marker is over: a new suspicion is a new marker, with a reference of its
own.
"""

import datetime

# an investigation is looked at again so long after it opened, or was last looked at
REVIEW_AFTER = datetime.timedelta(days=90)

SUSPECTED, CONFIRMED, CLEARED, VICTIM = "suspected", "confirmed", "cleared", "victim"

NEXT: dict[str, tuple[str, ...]] = {
    SUSPECTED: (CONFIRMED, CLEARED, VICTIM),
    CONFIRMED: (CLEARED, VICTIM),  # found wrong; or somebody else did it, in this person's name
    VICTIM: (CLEARED,),  # the warning is no longer wanted
    CLEARED: (),
}


def may(before: str, after: str) -> bool:
    """Whether a marker may go from one state to another."""
    return after in NEXT.get(before, ())


def in_sql(before: str, after: str) -> str:
    """The same as a condition on two SQL expressions; a state that stays is let through."""
    steps = [
        f"({before} = '{one}' AND {after} = '{other}')"
        for one, others in NEXT.items()
        for other in others
    ]
    return " OR ".join([f"{before} = {after}", *steps])
