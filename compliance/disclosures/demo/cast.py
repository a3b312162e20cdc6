"""The showcase: a few invented customers who together have something to see on every panel.

Days are counted back from today, so that some records are due, some are held and some are kept
whenever the demonstration is set up.
"""

import datetime

from compliance.disclosures.demo import contact, credit, people, shopping
from compliance.disclosures.demo.people import Row

Files = dict[str, list[Row]]  # by kind of import file


def files(today: datetime.date) -> Files:
    """The rows of each import file, in the order in which they go in."""

    def ago(days: int) -> datetime.date:
        return today - datetime.timedelta(days=days)

    return {
        "customers": list(people.customers(ago)),
        "orders": list(shopping.orders(ago)),
        "credit_accounts": list(credit.accounts(ago)),
        "payment_cards": list(shopping.cards(today, ago)),
        "financial_links": list(credit.links(ago)),
        "fraud_markers": list(credit.markers(ago)),
        "prize_entries": list(shopping.entries(ago)),
        "contact_notes": list(contact.notes(ago)),
        "disclosures": list(credit.disclosures(today, ago)),
    }
