"""What proves that something is erased when its time is over."""

from django.utils import timezone

from audit.evidence import Evidence, Source, evidence
from compliance.register.models import RetentionRule
from compliance.retention.models import PurgeRun
from jobs.health import NIGHT

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
