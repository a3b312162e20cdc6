"""What the actions on a copy have in common."""

import datetime
from collections.abc import Sequence

from audit import events as audit
from audit.actions import AlreadyDone, Refused
from compliance.access.models import Pack
from privacy.free_text import mask_cards

LONGEST = 10_000  # characters of a note for colleagues
STANDS = {
    Pack.State.IN_REVIEW: "It is being read.",
    Pack.State.READ: "It waits for the second person.",
    Pack.State.CHECKED: "It is being built.",
    Pack.State.FAILED: "It could not be built.",
    Pack.State.BUILT: "It is built, and waits to be released.",
    Pack.State.RELEASED: "It was released already.",
    Pack.State.WITHDRAWN: "It was withdrawn.",
}


def lock(pack: Pack, *states: Pack.State, done: Sequence[Pack.State] = ()) -> Pack:
    """The pack as it stands now, its row locked, when it is in one of these states.

    AlreadyDone when it is in one of `done`: somebody was quicker, or the button was pressed twice.
    Else Refused.
    """
    fresh = Pack.objects.select_for_update(of=("self",)).select_related("customer").get(pk=pack.pk)
    if fresh.state in states:
        return fresh
    says = STANDS[Pack.State(fresh.state)]
    if fresh.state in done:
        raise AlreadyDone(f"{says} Nothing was changed.")
    raise Refused(f"{says} So this cannot be done now. Look at it again.")


def need(text: str, otherwise: str) -> str:
    """A note for colleagues as it is stored. Refused with `otherwise` when it says nothing."""
    kept = "".join(sign for sign in text.replace("\r\n", "\n") if sign in "\n\t" or ord(sign) >= 32)
    kept = mask_cards(kept[:LONGEST].strip())
    if not kept:
        raise Refused(otherwise)
    return kept


def withdraw(pack: Pack, *, why: str, by: str, now: datetime.datetime) -> None:
    """Mark a locked pack as withdrawn."""
    pack.state, pack.withdrawn_at, pack.withdrawn_by, pack.withdrawn_why = (
        Pack.State.WITHDRAWN,
        now,
        by,
        why,
    )
    pack.save(update_fields=["state", "withdrawn_at", "withdrawn_by", "withdrawn_why"])
    audit.pack_step(by=by, subject=pack.customer_id, pack=pack.pk, step="withdrawn")


def back_to_reading(pack: Pack) -> None:
    """Let a locked pack be read again. What was checked before stays checked only in the copies
    before this one."""
    pack.state = Pack.State.IN_REVIEW
    pack.read_at, pack.read_by, pack.checked_at, pack.checked_by = None, "", None, ""
    pack.save()
