"""Handing a copy out: its release, each time that it is fetched or printed, and the withdrawal that
stops it at once."""

import datetime
import zipfile
from collections.abc import Iterator

from django.db import transaction
from django.utils import timezone

from audit import events as audit
from audit.actions import AlreadyDone, Refused
from compliance.access import changes
from compliance.access.actions import steps
from compliance.access.models import Pack, PackFetch
from compliance.access.parts import Opened, streamed
from compliance.retention.periods import start_of
from customers.models import Customer

State, Means = Pack.State, Pack.Means
LASTS = datetime.timedelta(days=30)  # how long a copy can be fetched, after the day of its release
GONE = "The copy is not there any more. Your page lets you ask for it again."


def last_moment(now: datetime.datetime) -> datetime.datetime:
    """Until when what is released now can be fetched: the end of the last day, in London.
    Letters name the day."""
    return start_of(
        timezone.localdate(now) + LASTS + datetime.timedelta(days=1)
    ) - datetime.timedelta(seconds=1)


@transaction.atomic
def release(
    pack: Pack,
    *,
    means: str = Means.ONLINE,
    as_built: bool = False,
    by: str,
    now: datetime.datetime,
) -> Pack:
    """Let the customer have a copy: to fetch for a while (`LASTS`), or on paper. A copy whose time is
    over may be released again.

    Refused when something about the person changed since it was built, unless it is to go as it was
    built (`as_built`); and by post when nobody printed it.
    """
    pack = steps.lock(pack, State.BUILT, State.RELEASED)
    if pack.state == State.RELEASED and (pack.expires_at is None or pack.expires_at > now):
        raise AlreadyDone("It was released already. Nothing was changed.")
    if not as_built and (found := changes.changed(pack)):
        raise Refused(
            f"Something changed since it was built: {', '.join(found)}. Build it again, or "
            "release it as it was."
        )
    printed = pack.fetches.filter(how=PackFetch.How.PRINT, at__gte=pack.built_at)
    if means == Means.POST and not printed.exists():
        raise Refused("Print it first: the letter says that it is printed.")
    pack.state, pack.means, pack.released_at, pack.released_by = State.RELEASED, means, now, by
    pack.expires_at = last_moment(now) if means == Means.ONLINE else None
    pack.save(update_fields=["state", "means", "released_at", "released_by", "expires_at"])
    audit.pack_step(
        by=by, subject=pack.customer_id, pack=pack.pk, step="released", means=str(means)
    )
    return pack


@transaction.atomic
def withdraw(pack: Pack, *, reason: str, by: str, now: datetime.datetime) -> Pack:
    """Take a copy back in which an error was found: from this moment nobody can fetch it, not even
    who is fetching it now."""
    pack = steps.lock(
        pack, *(state for state in State if state != State.WITHDRAWN), done=[State.WITHDRAWN]
    )
    steps.withdraw(pack, why=steps.need(reason, "Write what is wrong with it."), by=by, now=now)
    return pack


def latest(reference: str, customer: Customer | None, *, now: datetime.datetime) -> Pack | None:
    """The last copy that a request's customer was told of: released, over, or withdrawn after its
    release. None else."""
    if customer is None:
        return None
    told = Pack.objects.released().filter(reference=reference, customer=customer)
    return told.order_by("-number").first()


def can_be_fetched(pack: Pack, *, now: datetime.datetime) -> bool:
    """Whether its customer can fetch it now."""
    return pack.state == State.RELEASED and pack.expires_at is not None and pack.expires_at > now


def fetch(pack: Pack, *, by: str, now: datetime.datetime) -> Iterator[bytes]:
    """The archive, part by part, for the proven customer whose it is; counted and recorded before
    its first byte.

    The caller has made sure who asks. Refused when it is over or withdrawn. What is returned runs
    outside the transaction.
    """
    with transaction.atomic():
        fresh = Pack.objects.select_for_update(of=("self",)).get(pk=pack.pk)
        if not can_be_fetched(fresh, now=now):
            raise Refused(GONE)
        _count(fresh, PackFetch.How.DOWNLOAD, by=by, now=now)
    return streamed(fresh)


@transaction.atomic
def print_out(pack: Pack, *, by: str, now: datetime.datetime) -> tuple[str, bytes]:
    """The letter of a copy as PDF, for a colleague who prints and posts it: its name and its bytes,
    counted and recorded."""
    pack = steps.lock(pack, State.BUILT, State.RELEASED)
    with zipfile.ZipFile(Opened(pack)) as archive:
        name = next(one for one in archive.namelist() if one.endswith(".pdf"))
        content = archive.read(name)
    _count(pack, PackFetch.How.PRINT, by=by, now=now)
    return f"copy-{pack.reference}.pdf", content


def _count(pack: Pack, how: PackFetch.How, *, by: str, now: datetime.datetime) -> None:
    PackFetch.objects.create(pack=pack, how=how, at=now, by=by)
    times = pack.fetches.filter(how=how).count()
    audit.pack_fetched(by=by, subject=pack.customer_id, pack=pack.pk, how=str(how), times=times)
