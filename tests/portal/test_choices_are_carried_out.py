"""What a form of the public offers to choose is carried out: each option names what does it."""

import pytest

from compliance import outcomes
from compliance.cases.rights import right_of
from compliance.portal.forms.objection import USES
from compliance.portal.forms.requester import AT_ONCE
from compliance.portal.menu import PUBLIC_FORMS
from compliance.preferences import opt_out
from compliance.preferences.channels import CHANNELS, channels_of, form_choices
from compliance.preferences.forms import OptOutForm
from compliance.register import actions
from compliance.register.models import Purpose

FORMS = {one.slug: one.form for one in PUBLIC_FORMS}


@pytest.mark.parametrize("slug", FORMS)
def test_each_option_names_its_effect(slug):
    form = FORMS[slug](proven=True)
    asked = {name: field for name, field in form.fields.items() if hasattr(field, "choices")}
    assert asked.keys() == form.effects.keys()
    known = {effect.code for effect in outcomes.OF_KIND[form.kind]} | {AT_ONCE}
    for name, field in asked.items():
        assert {code for code, _ in field.choices} == form.effects[name].keys()
        assert set(form.effects[name].values()) <= known
    assert right_of(form.kind)


def test_each_box_of_the_form_that_stops_marketing_stops_something():
    form = OptOutForm()
    boxes = [code for code, _ in form.fields["channels"].choices]
    assert boxes == list(form_choices())
    assert all(channels_of([box]) for box in boxes)
    assert channels_of(boxes) == list(CHANNELS)
    assert [code for code, _ in form.fields["senders"].choices] == list(opt_out.SENDERS)


@pytest.mark.django_db
def test_each_use_to_object_to_is_one_of_the_register():
    actions.load(by="job:test")
    weighed = set(Purpose.objects.weighed().values_list("code", flat=True))
    direct = set(Purpose.objects.filter(direct_marketing=True).values_list("code", flat=True))
    for use in USES.values():
        assert set(use.purposes) <= (direct if use.boxes else weighed)
    assert {one for use in USES.values() if use.boxes for one in use.purposes} == direct
