"""The public pages: home, the notice, its earlier versions and what changed between two."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from accounts.http import whole_number
from compliance.register import difference, pages, publishing
from compliance.register.models import NoticeVersion

ABOUT = ("number", "published_at", "summary")


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What a customer can do here today."""
    return render(request, "register/home.html", {"pages": pages.public()})


@require_safe
def notice(request: HttpRequest) -> HttpResponse:
    """The newest published notice; until there is one, how to reach us. One query."""
    return render(request, "register/notice.html", {"version": publishing.latest()})


@require_safe
def versions(request: HttpRequest) -> HttpResponse:
    """Every published version, the newest first. One query."""
    return render(
        request, "register/versions.html", {"versions": list(NoticeVersion.objects.only(*ABOUT))}
    )


@require_safe
def version(request: HttpRequest, number: int) -> HttpResponse:
    """One version as it was shown; one that was replaced says so. Two queries."""
    shown = get_object_or_404(NoticeVersion, number=number)
    after = NoticeVersion.objects.filter(number__gt=number).only(*ABOUT).order_by("number").first()
    return render(request, "register/notice.html", {"version": shown, "after": after})


@require_safe
def changes(request: HttpRequest, number: int) -> HttpResponse:
    """What changed in a version against the one before it, or against the one named by `with`. Two
    queries."""
    asked = request.GET.get("with", "")
    other = whole_number(asked, most=10**6)
    if asked and other is None:
        raise Http404("No such version.")
    newer = get_object_or_404(NoticeVersion, number=number)
    older = (
        get_object_or_404(NoticeVersion, number=other)
        if asked
        else NoticeVersion.objects.filter(number__lt=number).first()
    )
    if older is not None and older.number > newer.number:
        older, newer = newer, older
    return render(
        request,
        "register/changes.html",
        {
            "version": newer,
            "older": older,
            "changes": difference.between(older.content, newer.content) if older else [],
        },
    )


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers ask for this address unasked; the mark is a picture of ours."""
    return redirect(static("img/mark.svg"))
