"""Proof that a visitor is a customer: whom what they typed names, and where their code goes."""

import uuid
from collections.abc import Mapping

from django.conf import settings
from django.utils import timezone

from audit import events
from customers import matching
from customers.dealings import heard_from
from customers.identity.models import CustomerChallenge, CustomerVisit
from customers.identity.subjects import Destination, Subject
from customers.models import ContactPoint, Customer
from customers.outbox.models import ONE_TIME_CODE, Message

Means = Message.Means
MOBILE = "+447"
ORDER = ("email", "phone", "address")


class CustomerSubject(Subject[CustomerChallenge, CustomerVisit]):
    """A visitor is the customer."""

    code, message, code_page = "customer", ONE_TIME_CODE, "identity:prove_code"
    actor = events.job("proof")
    trail_names_unsent = False
    challenges, visits = CustomerChallenge, CustomerVisit

    def find(self, given: Mapping[str, str]) -> Destination | None:
        destination = destination_of(given)
        if destination is not None:  # locked: codes are counted one after another
            Customer.objects.select_for_update(no_key=True, of=("self",)).get(pk=destination.of.pk)
        return destination

    def person(self, of: Customer) -> uuid.UUID:
        return of.pk

    def can_open(self, challenge: CustomerChallenge) -> bool:
        return challenge.customer is not None and challenge.customer.erased_at is None

    def record_opened(self, visit: CustomerVisit) -> None:
        heard_from(
            visit.customer_id,
            on=timezone.localdate(visit.proved_at),
            by=f"customer:{visit.customer_id}",
            signed_in=True,
        )
        events.proved(
            by=f"customer:{visit.customer_id}",
            subject=visit.customer_id,
            session=visit.pk,
            means=visit.contact_kind,
        )

    def record_ended(self, visit: CustomerVisit) -> None:
        events.session_ended(
            by=f"customer:{visit.customer_id}", subject=visit.customer_id, session=visit.pk
        )


CUSTOMER = CustomerSubject()


def destination_of(given: Mapping[str, str]) -> Destination | None:
    """Where a code goes for whoever was named: the detail that they gave where that can be, else
    email, text message or letter. `given` is as in `WhoForm.given`."""
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
    return next((found for point in points if (found := _to(point, customer))), None)


def _as_given(given: Mapping[str, str]) -> matching.Given:
    if given["kind"] == "number":
        return matching.Given(customer_number=given["value"], name=given["surname"])
    return matching.Given(**{given["kind"]: given["value"]})


def _is(point: ContactPoint, given: Mapping[str, str]) -> bool:
    """Whether a contact detail on file is the very one that was given."""
    return point.kind == given["kind"] and point.lookup_key() == f"{given['kind']}:{given['value']}"


def _to(point: ContactPoint, customer: Customer) -> Destination | None:
    """The destination at one contact detail, if anything can be sent there."""
    if point.kind == "email":
        means, recipient = Means.EMAIL, point.value
    elif point.kind == "address":
        means, recipient = Means.LETTER, f"{customer.full_name}\n{point.value}"
    elif settings.SMS_BACKEND and point.lookup_key().startswith(f"phone:{MOBILE}"):
        means, recipient = Means.SMS, point.lookup_key().removeprefix("phone:")
    else:
        return None
    return Destination(
        of=customer,
        means=means,
        recipient=recipient,
        customer=customer,
        sent_to=point.kind,
        words={"name": customer.full_name},
    )
