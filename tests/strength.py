"""How hard the tests search: fully in `make test`, lightly in `make test-fast`."""

import os

from hypothesis import Phase, settings

FAST = os.environ.get("TESTS") == "fast"
LIGHTLY = 10  # examples of a rule in the fast suite, where the full one tries a hundred

# Without the phase that explains a failure: it traces every line of every example.
PHASES = [one for one in Phase if one is not Phase.explain]
settings.register_profile("full", deadline=None, phases=PHASES)
settings.register_profile("fast", max_examples=LIGHTLY, deadline=None, phases=PHASES)
settings.load_profile("fast" if FAST else "full")


def examples(full: int) -> int:
    """How many examples to try of a rule that the full suite tries `full` times."""
    return min(full, LIGHTLY) if FAST else full
