"""Every address of the desk, for every role: in, or the sign-in page, or 403 or 404, and never a
fault."""

import datetime
import re
import uuid
from collections.abc import Iterator

import pgtrigger
import pytest
import time_machine
from django.contrib import admin
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from accounts.models import StaffUser
from accounts.roles import Role
from audit import events
from compliance.register import actions as register_actions
from compliance.retention.models import PurgeRun
from customers.models import Customer
from customers.models.markers import KEEP
from tests import factories as make

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
DAY = datetime.date
TICKET = "6f2c3c52-8f3b-4c9d-9f55-2f8f2f1d7b11"  # nobody's
FACTORIES = (
    make.ContactPointFactory,
    make.PaymentCardFactory,
    make.OrderLineFactory,
    make.CreditAccountFactory,
    make.FraudMarkerFactory,
    make.FinancialLinkFactory,
    make.PrizeEntryFactory,
    make.ContactNoteFactory,
    make.DisclosureFactory,
    make.InstructionFactory,
    make.LegalHoldFactory,
    make.MessageFactory,
)


@pytest.fixture
def records() -> dict[type[Model], Model]:
    """One record in every table that the desk shows and a factory makes."""
    for factory in FACTORIES:
        factory.create_batch(2)
    events.customer_searched(by="staff:1", kind="email", matches=0)
    now = datetime.datetime(2026, 6, 1, tzinfo=datetime.UTC)
    PurgeRun.objects.create(as_of=DAY(2026, 6, 1), started_at=now, started_by="job:x")
    found = {model: model.objects.first() for model in admin.site._registry}
    return {model: record for model, record in found.items() if record is not None}


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry, prefix + str(entry.pattern))
        else:
            yield prefix + str(entry.pattern), entry


def addresses(records: dict[type[Model], Model]) -> dict[str, str]:
    """Each named address of the admin, with its parameters filled in from the records."""
    by_name = {
        f"{model._meta.app_label}_{model._meta.model_name}": record
        for model, record in records.items()
    }
    found = {}
    for route, pattern in patterns(get_resolver()):
        if not route.startswith("admin/") or not pattern.name or pattern.name == "view_on_site":
            continue
        record = by_name.get("_".join(pattern.name.split("_")[:2]))
        given = {
            "app_label": "customers",
            "customer_id": make_customer(records),
            "content_type_id": 1,
            "ticket": TICKET,
        }
        names = list(pattern.pattern.converters) or list(pattern.pattern.regex.groupindex)
        if record is None and any(name not in given for name in names):
            continue
        values = {name: given.get(name, getattr(record, "pk", None)) for name in names}
        found[pattern.name] = reverse(f"admin:{pattern.name}", kwargs=values)
    return found


def make_customer(records):
    return next(
        record.pk for model, record in records.items() if model._meta.label == "customers.Customer"
    )


def test_the_walk_is_complete(records):
    found = addresses(records)
    assert {
        "index",
        "customers_customer_changelist",
        "customers_customer_end",
        "retention_legalhold_release",
        "customers_fraudmarker_change",
        "audit_entry_change",
    } <= set(found)


def test_strangers_get_the_sign_in_page(records, client):
    for name, address in addresses(records).items():
        if name in ("login", "logout"):
            continue
        response = client.get(address)
        assert response.status_code == 302, name
        assert response.url.startswith("/admin/login/"), name


@pytest.mark.parametrize("role", Role.values)
def test_no_role_meets_a_fault_or_a_secret(records, signed_in, role):
    user = make.StaffFactory(staff_id=f"walker-{role}", role=role)
    client = signed_in(user)
    for name, address in addresses(records).items():
        if name == "logout":
            continue
        response = client.get(address)
        assert response.status_code in (200, 302, 303, 403, 404, 405), (
            name
        )  # 405: a button, which is only ever sent
        table = next(
            (
                model
                for model in records
                if name.startswith(f"{model._meta.app_label}_{model._meta.model_name}_")
            ),
            None,
        )
        if table and response.status_code == 200:
            assert any(
                user.has_perm(f"{table._meta.app_label}.{verb}_{table._meta.model_name}")
                for verb in ("view", "add", "change")
            ), name
            may_change(user, table, response, name)


def may_change(user: StaffUser, table: type[Model], response, name: str) -> None:
    if user.role == Role.AUDITOR and name.endswith(("_change", "_add")):
        assert b'name="_save"' not in response.content, name


def test_operator_sees_no_customers(records, operator, signed_in):
    client = signed_in(operator)
    for name, address in addresses(records).items():
        if name.startswith(("customers_", "disclosures_")) or name in (
            "retention_legalhold_place",
        ):
            assert client.get(address).status_code in (403, 404, 405), name


def test_nobody_posts_without_the_right(records, auditor, signed_in):
    client = signed_in(auditor)
    for name, address in addresses(records).items():
        if name in ("login", "logout", "password_change", "customers_customer_changelist"):
            continue
        before = {model: model.objects.count() for model in records}
        assert client.post(address, {"action": "delete_selected"}).status_code in (
            200,
            302,
            303,
            403,
            404,
            405,
        ), name
        assert {
            model: model.objects.count() for model in records if model._meta.label != "audit.Entry"
        } == {
            model: count for model, count in before.items() if model._meta.label != "audit.Entry"
        }, name


def test_lists_cost_the_same_for_two_rows_and_twenty(
    records, lead, signed_in, django_assert_max_num_queries
):
    for factory in FACTORIES:
        factory.create_batch(18)
    client = signed_in(lead)
    for model in admin.site._registry:
        if lead.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}"):
            with django_assert_max_num_queries(8):
                client.get(
                    reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
                )


def test_lists_show_no_personal_value(records, lead, signed_in):
    client = signed_in(lead)
    secrets = [
        str(getattr(record, field))
        for record in records.values()
        for field in ("surname", "value", "linked_person", "email", "text", "details", "reason")
        if getattr(record, field, None)
    ]
    assert len(secrets) > 5
    for model in records:
        label = f"{model._meta.app_label}_{model._meta.model_name}"
        page = client.get(reverse(f"admin:{label}_changelist")).content.decode()
        assert not [secret for secret in secrets if secret in page], label


def test_opening_a_record_is_a_look_at_its_customer(records, agent, signed_in, trail):
    note = next(
        record for model, record in records.items() if model._meta.label == "customers.ContactNote"
    )
    signed_in(agent).get(reverse("admin:customers_contactnote_change", args=[note.pk]))
    assert trail("customer_viewed").subject == note.customer_id


def test_lead_sets_the_closing_day_of_a_draw(lead, signed_in, trail):
    draw = make.PrizeDrawFactory()
    signed_in(lead).post(
        reverse("admin:draws_prizedraw_change", args=[draw.pk]),
        {
            "name": draw.name,
            "opens_on": "2026-01-01",
            "closes_on": "2026-02-01",
            "winner_count": "1",
        },
    )
    draw.refresh_from_db()
    assert draw.closes_on == DAY(2026, 2, 1)
    assert trail("draw_changed").facts == {
        "draw": draw.pk,
        "change": "changed",
        "fields": ["opens_on", "closes_on"],
    }


def hide(customer) -> list[Model]:
    """What an investigation leaves about somebody, which only few may know of."""
    today = timezone.localdate()
    secret = {"negotiations_ended_on": None, "occurred_on": today, "recipient": "cifas"}
    return [
        make.FraudMarkerFactory(customer=customer, opened_on=today),
        make.LegalHoldFactory(customer=customer, kind="fraud", review_on=DAY(2020, 1, 1)),
        make.DisclosureFactory(customer=customer, kind="fraud_filing", **secret),
        make.DisclosureFactory(customer=customer, application="", **secret),
        make.InstructionFactory(customer=customer, confidential=True, due_on=DAY(2020, 1, 1)),
        make.ApprovalFactory(person=customer.pk, what=KEEP),
    ]


def test_what_is_hidden_betrays_itself_nowhere(records, agent, signed_in):
    """Every page, with and without an investigation: the same bytes but for tokens, for the same
    number of questions to the database."""
    register_actions.load(by="job:test")
    client, walked = signed_in(agent), addresses(records)
    walked.pop("logout")
    for label, queries in {
        "retention_legalhold": ("state=all", "kind=fraud", "o=1"),
        "disclosures_disclosure": ("kind=fraud_filing", "recipient=cifas", "period=7"),
        "disclosures_instruction": ("state=all", "state=overdue"),
    }.items():
        for query in queries:
            walked[f"{label} {query}"] = f"{reverse(f'admin:{label}_changelist')}?{query}"

    def walk(*names):
        found = {}
        for name in names or walked:
            with CaptureQueriesContext(connection) as asked:
                response = client.get(walked[name])
            token = rb'name="(csrfmiddlewaretoken|token|reference)" value="[^"]*"'
            page = re.sub(token, b"", response.content)
            found[name] = (response.status_code, page, len(asked))
        return found

    with time_machine.travel(datetime.datetime(2026, 6, 1, 12, tzinfo=datetime.UTC), tick=False):
        before = walk()
        hidden = hide(Customer.objects.get(pk=make_customer(records)))
        after = walk()
        assert {name for name in before if before[name][:2] != after[name][:2]} == set()
        for row in hidden:
            name = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
            ours, nobodys = (
                client.get(reverse(name, args=[key])) for key in (row.pk, uuid.uuid4())
            )
            assert ours.status_code == nobodys.status_code, name
            assert ours.headers.get("Location") == nobodys.headers.get("Location"), name
        slower = [name for name in before if before[name][2] != after[name][2]]
        with pgtrigger.ignore():  # a first time asks more, once for each process: ask again
            for row in hidden:
                row.delete()
        again = walk(*slower) if slower else {}
        assert {name for name in slower if again[name][2] != after[name][2]} == set()
