"""How the actions of every room end, and who the database's own history says did it.

An action is one transaction. It raises Refused when it may not be done, AlreadyDone when it is done
already, and writes its entry in the trail otherwise.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pghistory
from django.db import transaction


class Refused(Exception):
    """The action may not be done now; its text says why and what to do, in words fit to show."""


class AlreadyDone(Refused):
    """What was asked for is so already, by a second click or a quicker colleague; nothing was
    changed."""


@contextmanager
def attributed(*, by: str, why: str) -> Iterator[None]:
    """One transaction whose changes carry who made them and why in the database's own history.

    `by` names the actor (`staff:ID` or `job:NAME`).
    """
    with transaction.atomic(), pghistory.context(actor=by, why=why):
        yield
