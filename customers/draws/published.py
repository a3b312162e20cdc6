"""What anybody may fetch of a draw that was made, and whether it still agrees with what is held."""

from typing import Any

from customers.draws import fairness
from customers.draws.models import DrawEvidence


def as_json(evidence: DrawEvidence) -> dict[str, Any]:
    """A draw in the form that `fairness.faults` checks: ticket numbers, digests and the seed."""
    return {
        "draw": evidence.draw.code,
        "name": evidence.draw.name,
        "drawn_at": evidence.at.isoformat(timespec="seconds"),
        "algorithm": evidence.algorithm,
        "commitment": evidence.commitment,
        "seed": evidence.seed,
        "entries": evidence.entries,
        "entries_digest": evidence.entries_digest,
        "winners": [str(ticket) for ticket in evidence.winners],
        "reserve_count": evidence.reserve_count,
        "reserves": [str(ticket) for ticket in evidence.reserves],
        "tickets": [str(ticket) for ticket in evidence.tickets],
    }


def faults(evidence: DrawEvidence) -> list[str]:
    """What is wrong with a draw as it is stored: its own arithmetic, and the entries that are still
    held."""
    found = fairness.faults(as_json(evidence))
    if evidence.commitment != evidence.draw.commitment:
        found.append("The commitment is not the one that was published with the draw.")
    held = dict(evidence.draw.entries.values_list("ticket", "awarded_on"))
    added = set(held) - set(evidence.tickets)
    if added:
        found.append(f"{len(added):,} entries are held that were not drawn from.")
    prizes = {ticket for ticket, awarded in held.items() if awarded}
    due = {*evidence.winners, *evidence.passes.values_list("reserve", flat=True)} & set(held)
    if prizes != due:
        found.append(
            f"The entries marked as won are not those of the winners: {len(prizes ^ due):,} differ."
        )
    return found


def still_held(evidence: DrawEvidence) -> int:
    """How many of the entries that were drawn from have not been erased."""
    return evidence.draw.entries.filter(ticket__in=evidence.tickets).count()
