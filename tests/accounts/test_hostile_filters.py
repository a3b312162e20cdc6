"""Whatever an address asks of a list of the desk, it answers: with the list, or with what is left when
the filter is left out."""

import pytest
from django.contrib import admin
from django.urls import reverse

from accounts.desk import LIST_PARAMETERS
from accounts.http import whole_number
from tests import factories as make

pytestmark = [pytest.mark.django_db]
HOSTILE = [
    "\0",
    "²",
    "(",
    "9" * 40,
    "-1",
    "'",
    "%",
    "x" * 5_000,
    "é\u202e",
    "2026-13-45",
    "1,2",
    "",
]
NOWHERE = [
    "_to_field",
    "_popup",
    "number__regex",
    "pk__in",
    "customer__surname__contains",
    "nothing",
    "state__foo__bar",
    "__",
]
LISTS = sorted(admin.site._registry, key=lambda model: model._meta.label)


def names(one):
    """What the list of a model can be asked for, and more."""
    found = [*LIST_PARAMETERS, *NOWHERE, "customer__id__exact"]
    for given in one.list_filter:
        field = given[0] if isinstance(given, list | tuple) else given
        if isinstance(field, str):
            found += [f"{field}__{how}" for how in ("exact", "isnull", "regex")]
        else:
            found.append(field.parameter_name)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("model", LISTS, ids=lambda model: model._meta.label)
def test_every_filter_of_every_list_answers_to_anything(model, lead, investigator, signed_in):
    make.MessageFactory()
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    for who in (lead, investigator):
        desk = signed_in(who)
        if desk.get(address).status_code != 200:
            continue
        for turn, name in enumerate(names(admin.site._registry[model])):
            for step in range(1 if name in NOWHERE else 3):  # all of them, over the lists together
                value = HOSTILE[(turn * 3 + step) % len(HOSTILE)]
                answer = desk.get(address, {name: value})
                assert answer.status_code in (200, 302), (name, value)
        return


def test_a_filter_that_is_left_out_is_said_to_be(lead, signed_in):
    list_of = reverse("admin:customers_order_changelist")
    answer = signed_in(lead).get(f"{list_of}?number__regex=(&q=7", follow=True)
    assert answer.redirect_chain == [(f"{list_of}?q=7", 302)]
    assert "fits nothing here, and was left out" in answer.content.decode()


@pytest.mark.parametrize(
    ("text", "number"),
    [("7", 7), ("007", 7), ("²", None), ("٣", None), ("-1", None), ("", None), ("9" * 19, None)],
)
def test_a_number_is_plain_digits(text, number):
    assert whole_number(text) == number
