"""What every template knows."""

from django.conf import settings
from django.http import HttpRequest


def controller(request: HttpRequest) -> dict[str, object]:
    """The controller's and the regulator's names and addresses, as set for this installation."""
    return {"controller": settings.CONTROLLER, "regulator": settings.REGULATOR}
