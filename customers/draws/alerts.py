"""What prize draws put on the desk's first page."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from accounts.desk import Alert
from customers.draws.models import PrizeDraw
from customers.draws.states import london_day


def waiting_draws(request: HttpRequest) -> Iterator[Alert]:
    """A warning for each draw that closed and that nobody has drawn. One query."""
    if not request.user.has_perm("draws.change_prizedraw"):
        return
    for draw in PrizeDraw.objects.waiting(london_day(timezone.now())).order_by("closes_on"):
        yield Alert(
            f"The prize draw {draw.name} closed on {date_format(draw.closes_on)} and is not "
            "drawn. Draw the winners.",
            reverse("admin:draws_prizedraw_change", args=[draw.pk]),
        )


ALERTS = (waiting_draws,)
