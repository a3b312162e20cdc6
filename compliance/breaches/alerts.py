"""What the breach register puts on the desk's first page: the 72 hours, and people to tell."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from accounts.desk import Alert
from compliance.breaches.models import Breach
from compliance.deadlines.wording import moment_in_words
from compliance.register import time_limits


def to_tell(request: HttpRequest) -> Iterator[Alert]:
    """Breaches of which the regulator was not told, with the hour by which they must be; and those
    of high risk of which the people were not. Two queries."""
    if not request.user.has_perm("breaches.change_breach"):
        return
    url, now = reverse("admin:breaches_breach_changelist"), timezone.now()
    due = list(Breach.objects.untold().order_by("due_at").values_list("due_at", flat=True))
    late = sum(1 for moment in due if moment < now)
    if late:
        noun = "breach is" if late == 1 else "breaches are"
        yield Alert(
            f"{late:,} {noun} past the {time_limits.period('breach')}, and the regulator was not "
            "told. Tell them today, with the reasons for the delay.",
            f"{url}?state=untold",
            "danger",
        )
    if waiting := due[late:]:
        noun = "a breach" if len(waiting) == 1 else f"{len(waiting):,} breaches"
        yield Alert(
            f"The regulator must be told of {noun} by {moment_in_words(waiting[0])}, unless a "
            "risk is unlikely.",
            f"{url}?state=untold",
            "danger",
        )
    if people := Breach.objects.people_untold().count():
        noun = "breach of high risk" if people == 1 else "breaches of high risk"
        yield Alert(
            f"{people:,} {noun}: the people have not been told. The law wants it without undue "
            "delay.",
            f"{url}?state=people",
            "danger",
        )


ALERTS = (to_tell,)
