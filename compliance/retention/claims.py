"""What proves that something is erased when its time is over."""

import datetime

from django.utils import timezone

from audit.evidence import Evidence, Source, evidence
from compliance.register.claims import rules_confirmed
from compliance.register.models import RetentionRule
from compliance.retention.models import PurgeRun
from compliance.retention.waiting import stuck
from jobs.health import NIGHT

LATEST = datetime.timedelta(days=2)  # what the notice says of the purge stands on a run so old
PROOF = "request-identity"  # the rule by which proof of identity goes


def purged_by(code: str) -> Evidence | None:
    """The last purge of everything, where a rule is carried out: it is confirmed, and the purge
    ended well within a night."""
    if not RetentionRule.objects.in_use().filter(code=code, confirmed_on__isnull=False).exists():
        return None
    last = (
        PurgeRun.objects.filter(
            outcome=PurgeRun.Outcome.DONE, category="", finished_at__gte=timezone.now() - NIGHT
        )
        .order_by("-pk")
        .first()
    )
    return Evidence.row(last, last.started_at, Source.RUN) if last else None


@evidence("retention.proof_is_deleted")
def proof_is_deleted(case: object) -> Evidence | None:
    """That what somebody sent to show who they are goes by its rule."""
    return purged_by(PROOF)


@evidence("retention.purge_runs")
def purge_runs() -> Evidence | None:
    """That the purge of everything does its work: the last one ended well, less than two days ago."""
    last = _last_run()
    return Evidence.row(last, last.started_at, Source.RUN) if last else None


def _last_run() -> PurgeRun | None:
    last = PurgeRun.objects.filter(category="").exclude(outcome=PurgeRun.Outcome.RUNNING).first()
    if (
        last is None
        or last.outcome != PurgeRun.Outcome.DONE
        or last.finished_at is None
        or last.finished_at < timezone.now() - LATEST
    ):
        return None
    return last


@evidence("retention.nothing_for_ever")
def nothing_for_ever() -> Evidence | None:
    """That every record comes to its end, those of one category that have no period excepted: the
    rules are confirmed, cover every record and are carried out, and no clock waits for nothing."""
    run = _last_run()
    for_ever = RetentionRule.objects.in_use().filter(period__isnull=True).values("category")
    if not run or run.uncovered or not rules_confirmed() or for_ever.distinct().count() > 1:
        return None
    if stuck(timezone.localdate()):
        return None
    return Evidence.row(run, run.started_at, Source.RUN)
