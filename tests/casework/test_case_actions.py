"""What a colleague can do on a case: each is whole, and has its place in the table of steps."""

import pytest

from compliance.cases.actions import steps
from compliance.cases.transitions import BY_EVENT
from compliance.casework.desk.case_actions import CASE_ACTIONS, GROUPS
from compliance.casework.desk.case_actions.base import CaseAction
from compliance.casework.desk.case_actions.go_on import Came, NotNeeded
from compliance.outcomes import EFFECTS, OF_KIND
from compliance.outcomes.base import Effect


def kinds_of(base):
    """The classes of ours below one that stand for something by themselves."""
    for one in base.__subclasses__():
        yield from kinds_of(one)
        if "code" in vars(one) and one.__module__.startswith("compliance."):
            yield one


@pytest.mark.parametrize("action", CASE_ACTIONS.values(), ids=lambda action: action.code)
def test_an_action_says_what_its_page_needs(action):
    assert all((action.label, action.says, action.done, action.form))
    assert "perform" in {name for kind in type(action).__mro__[:-2] for name in vars(kind)}
    assert action.event is None or action.event in BY_EVENT


@pytest.mark.parametrize("effect", EFFECTS.values(), ids=lambda effect: effect.code)
def test_an_effect_says_what_its_page_needs(effect):
    assert all((effect.label, effect.says))
    assert any(effect in effects for effects in OF_KIND.values())
    assert "perform" in {name for kind in type(effect).__mro__[:-2] for name in vars(kind)}


def test_none_is_forgotten():
    assert set(kinds_of(CaseAction)) <= {type(one) for one in CASE_ACTIONS.values()}
    for base, whats in ((Came, steps.ANSWERS), (NotNeeded, steps.TAKES_BACK)):
        assert {one.what for one in CASE_ACTIONS.values() if isinstance(one, base)} == set(whats)
    assert {type(one) for one in EFFECTS.values()} == set(kinds_of(Effect))


def test_no_code_is_given_twice():
    assert len(CASE_ACTIONS) == sum(len(actions) for actions in GROUPS.values())
