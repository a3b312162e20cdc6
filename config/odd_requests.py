"""Requests that no browser of ours sends, answered plainly instead of with a fault.

A body in signs that Django does not read would raise where it is read, again in the page that says
so, and end as a raw error. It is refused before anything reads it, with all the pages' headers.
"""

import codecs
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template import loader
from django.urls import Resolver404, resolve

READ = {"utf-8", "ascii"}  # what bodies are read as; the second is a part of the first


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The page of a request that cannot be read (400). Unlike Django's own it never looks at the
    body, which may be what cannot be read."""
    return HttpResponse(loader.get_template("400.html").render(), status=400)


class OddRequestMiddleware:
    """A body whose charset cannot be read is answered with 400, except where a view says by
    `takes_any_body` that the address alone is enough."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.encoding is not None:
            known = codecs.lookup(request.encoding).name in READ
            if not (known or _takes_any_body(request)):
                return bad_request(request)
            request.encoding = "utf-8"  # under whatever name it came
        return self.get_response(request)


def _takes_any_body(request: HttpRequest) -> bool:
    try:
        return getattr(resolve(request.path_info).func, "takes_any_body", False)
    except Resolver404:
        return False
