"""The copy of somebody's data, or the file for moving it, handed to its customer from the page that
follows their request."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.http import SeeOther
from audit.actions import Refused
from compliance.cases.models import Case
from compliance.outcomes import copies
from customers.identity import visits


@never_cache
@require_POST
def fetch_copy(request: HttpRequest, reference: str) -> HttpResponseBase:
    """Hand out what was made for them to the customer who gave a code within ten minutes; others
    are asked for one.

    The code of a reference is not enough: it proves an address, not a customer.
    """
    page = reverse("portal:case", args=[reference])
    customer = visits.visitor(request)
    case = Case.objects.filter(reference=reference, customer=customer).first() if customer else None
    if case is None or not visits.fresh(request):
        return redirect(f"{reverse('identity:prove')}?{urlencode({'next': page, 'again': 1})}")
    try:
        name, size, content = copies.fetch(
            case, by=f"customer:{case.customer_id}", now=timezone.now()
        )
    except Refused:
        return SeeOther(page)  # the page says that it is gone
    return StreamingHttpResponse(
        content,
        content_type="application/zip",
        headers={
            "Content-Length": str(size),
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store, private",
            "X-Content-Type-Options": "nosniff",
        },
    )
