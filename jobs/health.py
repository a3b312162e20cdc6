"""Whether jobs are being done at all, for whoever warns of it."""

from datetime import datetime, timedelta

from django.db.models import Case, F, Min, When
from django_tasks_db.models import DBTaskResult, get_date_max

NIGHT = timedelta(hours=26)  # a nightly job is late after this: a day, and two hours to finish


def waiting_jobs_since() -> datetime | None:
    """Since when the oldest job that could have begun waits; None when nothing waits."""
    may_begin = Case(When(run_after=get_date_max(), then=F("enqueued_at")), default=F("run_after"))
    since: datetime | None = DBTaskResult.objects.ready().aggregate(since=Min(may_begin))["since"]
    return since
