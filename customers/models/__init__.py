"""Whose data: the person, and everything the privacy notice says is collected about them."""

from customers.models.cards import PaymentCard
from customers.models.credit import CreditAccount, FinancialLink
from customers.models.markers import FraudMarker
from customers.models.notes import ContactNote
from customers.models.orders import Order, OrderLine
from customers.models.person import ContactPoint, Customer, contact_key

__all__ = [
    "ContactNote",
    "ContactPoint",
    "CreditAccount",
    "Customer",
    "FinancialLink",
    "FraudMarker",
    "Order",
    "OrderLine",
    "PaymentCard",
    "contact_key",
]
