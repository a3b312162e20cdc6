"""The kinds of import files of this room. Importing this package registers them."""

from customers.importing.kinds import contact, credit, orders, people, prizes
from customers.importing.registry import register

for kind in (
    people.CUSTOMERS,
    orders.ORDERS,
    credit.CREDIT_ACCOUNTS,
    credit.PAYMENT_CARDS,
    credit.FINANCIAL_LINKS,
    credit.FRAUD_MARKERS,
    contact.CONTACT_NOTES,
    prizes.PRIZE_ENTRIES,
):
    register(kind)
