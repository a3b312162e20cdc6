from django.db import models
from django.db.models import Q
from django.db.models.signals import post_delete
from django.test.utils import isolate_apps

from compliance.retention import checks
from customers.models import Customer, Order, PaymentCard
from privacy import declarations


def ids(found):
    return [message.id for message in found]


def test_the_project_itself_passes():
    assert checks.the_purge_can_work(None) == []


def test_a_missing_clock_index_is_named(monkeypatch):
    indexes = [i for i in PaymentCard._meta.indexes if i.name != "paymentcard_expires"]
    monkeypatch.setattr(PaymentCard._meta, "indexes", indexes)
    found = checks.the_purge_can_work(None)
    assert ids(found) == ["retention.E001"]
    assert "customers.PaymentCard.expires_on" in found[0].msg
    assert "customers/models/cards.py, class PaymentCard" in found[0].hint


def test_a_foreign_key_without_an_index_is_named(monkeypatch):
    monkeypatch.setattr(Order._meta.get_field("customer"), "db_index", False)
    assert ids(checks.the_purge_can_work(None)) == ["retention.E002"]


def test_a_listener_on_deletion_is_named():
    def listener(**kwargs): ...

    post_delete.connect(listener, sender=Customer)
    try:
        assert ids(checks.the_purge_can_work(None)) == ["retention.E004"]
    finally:
        post_delete.disconnect(listener, sender=Customer)


@isolate_apps("customers")
def test_an_undecided_relation_is_named(monkeypatch):
    class Badge(models.Model):
        customer = models.ForeignKey(Customer, models.PROTECT, related_name="+")

        class Meta:
            app_label = "customers"

        def __str__(self):
            return "badge"

    monkeypatch.setattr(checks.apps, "get_models", lambda **kwargs: [Badge])
    assert ids(checks._relations({Customer})) == ["retention.E003"]


def test_conditions_are_queries():
    """A condition that is not a Q would be read as true by Python and protect nothing."""
    for declaration in declarations.declarations():
        assert all(isinstance(condition, Q) for condition in declaration.conditions.values())
