"""Whose data: the person, and everything the privacy notice says is collected about them."""

from customers.models.credit import CreditAccount, FinancialLink, FraudMarker
from customers.models.draws import DrawEvidence, PrizeDraw, PrizeEntry, PrizePass
from customers.models.messages import ONE_TIME_CODE, PRIZE_ENTERED, PRIZE_WON, Message
from customers.models.notes import ContactNote
from customers.models.person import ContactPoint, Customer, Jurisdiction, contact_key
from customers.models.proof import ProofAttempt, ProofKnock, VisitorSession
from customers.models.shopping import Order, OrderLine, PaymentCard

__all__ = [
    "ONE_TIME_CODE",
    "PRIZE_ENTERED",
    "PRIZE_WON",
    "ContactNote",
    "ContactPoint",
    "CreditAccount",
    "Customer",
    "DrawEvidence",
    "FinancialLink",
    "FraudMarker",
    "Jurisdiction",
    "Message",
    "Order",
    "OrderLine",
    "PaymentCard",
    "PrizeDraw",
    "PrizeEntry",
    "PrizePass",
    "ProofAttempt",
    "ProofKnock",
    "VisitorSession",
    "contact_key",
]
