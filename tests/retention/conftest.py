"""A small register of confirmed rules, one per kind of protection that the engine knows."""

import datetime

import pytest

from compliance.register.models import DataCategory, Purpose, RetentionRule

# code, category, clock, condition, period, unit
RULES = [
    ("identity-account", "identity", "relationship_end", "", 6, "years"),
    ("contact-account", "contact", "relationship_end", "", 6, "years"),
    ("card-payment", "payment_card", "last_payment", "used", 13, "months"),
    ("card-expiry", "payment_card", "card_expiry", "", 13, "months"),
    ("order-tax", "order", "financial_year_end", "", 6, "years"),
    ("order-sale", "order", "sale", "", 6, "years"),
    ("order-recall", "order", "supply", "safety_critical", 10, "years"),
    ("identity-dormant", "identity", "last_contact", "going_on", 36, "months"),
    ("credit-agreement", "credit_account", "account_end", "agreement", 6, "years"),
    ("credit-default", "credit_account", "default_resolved", "satisfied", 6, "years"),
    ("credit-default-unsatisfied", "credit_account", "default", "unsatisfied", 6, "years"),
    ("credit-judgment", "credit_account", "judgment", "judgment", 6, "years"),
    ("fraud-confirmed", "fraud_marker", "filed", "confirmed", 6, "years"),
    ("fraud-victim", "fraud_marker", "filed", "victim", 2, "years"),
    ("fraud-confirmed-unfiled", "fraud_marker", "opened", "confirmed_unfiled", 6, "years"),
    ("fraud-victim-unfiled", "fraud_marker", "opened", "victim_unfiled", 2, "years"),
    ("fraud-suspected", "fraud_marker", "review", "suspected", 12, "months"),
    ("fraud-unconfirmed", "fraud_marker", "investigation_closed", "unconfirmed", 12, "months"),
    ("link-disassociated", "financial_link", "disassociation", "disassociated", 0, "days"),
    ("link-account", "financial_link", "relationship_end", "linked", 6, "years"),
    ("prize-entry", "prize_entry", "draw_closed", "", 6, "months"),
    ("prize-winner", "prize_entry", "award", "won", 2, "years"),
    ("note-correspondence", "contact_note", "thread_closed", "correspondence", 3, "years"),
    ("note-unclosed", "contact_note", "noted", "unclosed", 4, "years"),
    ("note-support-need", "contact_note", "relationship_end", "vulnerability", 12, "months"),
    ("disclosure-search", "disclosure", "disclosed", "search", 6, "years"),
    ("disclosure-report", "disclosure", "account_end", "report", 6, "years"),
    ("disclosure-filing", "disclosure", "disclosed", "filing", 6, "years"),
    ("disclosure-feed", "disclosure", "disclosed", "feed", 6, "years"),
    ("instruction-asked", "instruction", "asked", "", 6, "years"),
    ("legal-hold-record", "legal_hold", "hold_released", "", 12, "months"),
    ("message-sent", "message", "queued", "correspondence", 3, "years"),
    ("message-code", "message", "useless", "code", 1, "days"),
    ("proof-over", "proof", "expiry", "", 1, "days"),
    ("pack-sent", "access_pack", "sent", "sent", 12, "months"),
    ("pack-unsent", "access_pack", "begun", "unsent", 12, "months"),
    ("two-people", "two_people", "review", "", 12, "months"),
    ("audit-trail", "audit_trail", "recorded", "", 6, "years"),
]


def make_register() -> None:
    """The rules above, confirmed."""
    purpose = Purpose.objects.create(code="purpose", name="Purpose", description="A purpose.")
    categories = {
        code: DataCategory.objects.create(code=code, name=code, description=code, source="you")
        for code in dict.fromkeys(rule[1] for rule in RULES)
    }
    for code, category, clock, condition, period, unit in RULES:
        RetentionRule.objects.create(
            code=code,
            category=categories[category],
            purpose=purpose,
            clock=clock,
            clock_name=clock,
            condition=condition,
            period=period,
            unit=unit,
            authority="policy",
            confirmed_on=datetime.date(2026, 1, 1),
            confirmed_by="staff:1",
        )


@pytest.fixture
def register(db):
    """A confirmed register."""
    make_register()
