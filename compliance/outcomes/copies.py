"""What a customer can fetch of their request, as their page shows it: the copy of their data, or
the file for moving it."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from audit.actions import Refused
from compliance.access import actions
from compliance.access.actions.releases import LASTS, can_be_fetched, last_moment
from compliance.access.models import Pack, PackFetch
from compliance.cases.kinds import CaseKind
from compliance.cases.models import Case, Outcome
from compliance.outcomes import portability
from privacy.words import in_words

READY, OVER, WITHDRAWN, POSTED = "ready", "over", "withdrawn", "posted"


@dataclass(frozen=True)
class Copy:
    """Where it stands: ready until a moment, over, withdrawn, or posted on paper."""

    title: str
    button: str
    state: str
    holds: str
    at: datetime.datetime
    until: datetime.datetime | None
    times: int

    @property
    def lasts(self) -> str:
        """How long it can be fetched, in words."""
        return in_words(LASTS)


def latest(case: Case, *, now: datetime.datetime) -> Copy | None:
    """What there is to fetch, or was; None when nothing was made, or nobody was told of it."""
    if case.kind == CaseKind.PORTABILITY:
        return _file(case, now)
    pack = (
        actions.latest(case.reference, case.customer, now=now)
        if case.kind == CaseKind.ACCESS
        else None
    )
    if pack is None or pack.released_at is None:
        return None
    times = pack.fetches.filter(how=PackFetch.How.DOWNLOAD).count()
    return Copy(
        "Your copy",
        "Fetch my copy",
        _state(pack, now),
        f"{pack.records:,} records, as a document to read and as files for computers, in one zip "
        "archive",
        pack.released_at,
        pack.expires_at,
        times,
    )


def _state(pack: Pack, now: datetime.datetime) -> str:
    if pack.state == Pack.State.WITHDRAWN:
        return WITHDRAWN
    if pack.means == Pack.Means.POST:
        return POSTED
    return READY if can_be_fetched(pack, now=now) else OVER


def _file(case: Case, now: datetime.datetime) -> Copy | None:
    made = portability.latest(case)
    if made is None:
        return _gone(case)
    holds = f"{made.records:,} records, as CSV and JSON, in one zip archive"
    state = READY if made.expires_at > now else OVER
    return Copy(
        "Your file", "Fetch my file", state, holds, made.made_at, made.expires_at, made.downloads
    )


def _gone(case: Case) -> Copy | None:
    """A file whose time was over, so that it was erased: what is left is that it was made."""
    done = Outcome.objects.filter(case=case, effect=portability.MakeFile.code).order_by("-pk")
    if (outcome := done.first()) is None:
        return None
    until = last_moment(outcome.at)
    return Copy("Your file", "Fetch my file", OVER, "", outcome.at, until, 0)


def fetch(case: Case, *, by: str, now: datetime.datetime) -> tuple[str, int, Iterator[bytes]]:
    """Hand it out: its name, its size in bytes and its bytes; counted and recorded. Refused when it
    is not there.

    The caller has made sure that it is the proven customer of the case.
    """
    if case.kind == CaseKind.PORTABILITY:
        name, content = portability.fetch(case, by=by, now=now)
        return name, len(content), iter([content])
    pack = (
        actions.latest(case.reference, case.customer, now=now)
        if case.kind == CaseKind.ACCESS
        else None
    )
    if pack is None:
        raise Refused("There is nothing to fetch.")
    return f"copy-of-my-data-{case.reference}.zip", pack.size, actions.fetch(pack, by=by, now=now)
