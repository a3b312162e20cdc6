"""The list of cookies, as the trail tells of them."""

from audit.trail import append


def cookies_loaded(*, by: str, added: int) -> None:
    """So many shipped rows that the list of cookies lacked were added."""
    append("cookies_loaded", by=by, added=added)


def cookie_wording_published(*, by: str, version: int, digest: str) -> None:
    """A version of what visitors are told about cookies was frozen and shown; visitors are asked
    again."""
    append("cookie_wording_published", by=by, version=version, digest=digest)
