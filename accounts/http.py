"""What HTTP has and Django lacks."""

from django.http import HttpResponseRedirect


class SeeOther(HttpResponseRedirect):
    """After a POST: fetch this page with a GET (RFC 9110 section 15.4.4)."""

    status_code = 303
