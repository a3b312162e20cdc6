"""Where a one-time code goes: to a contact detail on file, never to one that was merely typed."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings

from customers import matching
from customers.models import ContactPoint, Customer
from customers.outbox.models import Message

Means = Message.Means
MOBILE = "+447"
ORDER = ("email", "phone", "address")


@dataclass(frozen=True)
class Route:
    """A customer, and the contact detail on file to which their code goes."""

    customer: Customer
    point: ContactPoint
    means: Message.Means

    @property
    def kind(self) -> str:
        return self.point.kind

    @property
    def recipient(self) -> str:
        """The email address, the E.164 number, or the lines for the window of the envelope."""
        if self.means == Means.SMS:
            return self.point.lookup_key().removeprefix("phone:")
        return (
            f"{self.customer.full_name}\n{self.point.value}"
            if self.means == Means.LETTER
            else self.point.value
        )


def find(given: Mapping[str, str]) -> Route | None:
    """The route to whoever was named: the detail that they gave where that can be, else email, text
    message or letter."""
    customer = matching.match(_as_given(given))
    if customer is None:
        return None
    points = sorted(
        customer.contact_points.in_use(),
        key=lambda point: (
            not _is(point, given),
            ORDER.index(point.kind),
            -point.valid_from.toordinal(),
            -point.pk,
        ),
    )
    return next((route for point in points if (route := _to(point, customer))), None)


def _as_given(given: Mapping[str, str]) -> matching.Given:
    if given["kind"] == "number":
        return matching.Given(customer_number=given["value"], name=given["surname"])
    return matching.Given(**{given["kind"]: given["value"]})


def _is(point: ContactPoint, given: Mapping[str, str]) -> bool:
    """Whether a contact detail on file is the very one that was given."""
    return point.kind == given["kind"] and point.lookup_key() == f"{given['kind']}:{given['value']}"


def _to(point: ContactPoint, customer: Customer) -> Route | None:
    """The route by one contact detail, if anything can be sent there."""
    if point.kind == "email":
        return Route(customer, point, Means.EMAIL)
    if point.kind == "address":
        return Route(customer, point, Means.LETTER)
    texts = settings.SMS_BACKEND and point.lookup_key().startswith(f"phone:{MOBILE}")
    return Route(customer, point, Means.SMS) if texts else None
