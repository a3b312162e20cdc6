"""A made-up next version of every written form, in which nothing is written as in the one before."""

from compliance.preferences import contact_forms
from compliance.preferences.contact_forms import Form
from customers import normalise

RAISED = {
    "email": Form(lambda text: normalise.email(text).upper()),
    "phone": Form(lambda text: normalise.phone(text).replace("+", "00")),
    "address": Form(
        lambda text: normalise.address_key(text).lower(),
        lambda text: normalise.surname(text).upper(),
    ),
}


def raise_forms(monkeypatch) -> None:
    """Give each kind of contact detail a next version of its form from now on."""
    monkeypatch.setattr(
        contact_forms,
        "FORMS",
        {
            kind: {**known, max(known) + 1: RAISED[kind]}
            for kind, known in contact_forms.FORMS.items()
        },
    )
