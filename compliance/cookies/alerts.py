"""What the desk's first page tells the data protection lead about cookies."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse

from accounts.desk import Alert
from compliance.cookies import wording


def unpublished(request: HttpRequest) -> Iterator[Alert]:
    """Rows that say something else than visitors read: to whoever may publish."""
    if not request.user.has_perm("cookies.add_cookiewording"):
        return
    _, differs, published = wording.draft()
    if published is None:
        yield Alert(
            "What visitors are told about cookies is not published yet, so nobody is asked.",
            reverse("admin:cookies_cookiewording_draft"),
        )
    elif differs:
        yield Alert(
            f"The list of cookies has changed since version {published.number} was published. "
            "Visitors are asked "
            "again when you publish it.",
            reverse("admin:cookies_cookiewording_draft"),
        )


ALERTS = (unpublished,)
