"""What every template knows."""

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from compliance.register import regulator


def controller(request: HttpRequest) -> dict[str, object]:
    """The controller's and the regulator's names and addresses, as set for this installation."""
    return {"controller": settings.CONTROLLER, "regulator": regulator.on(timezone.localdate())}
