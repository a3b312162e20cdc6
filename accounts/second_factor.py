"""The seam for two-factor sign-in: the one question that the desk asks of every request."""

from django.http import HttpRequest


def satisfied(request: HttpRequest) -> bool:
    """Whether this session has given every factor that is asked of its user. Today that is the
    password alone."""
    return request.user.is_authenticated
