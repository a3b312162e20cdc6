"""Checks of the register against itself and against what the models declare. Each says what is
missing and where.

The shipped file is checked before every command: a fault in it is a fault of the code. The live
register is checked by `manage.py check` alone (see its command in this room), by the desk and
before a notice is published: a row that somebody typed today must show, but must not keep tonight's
purge from running.
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.core import checks

from compliance.register import gate, shape
from compliance.register.countries import name_of
from compliance.register.shape import HOME, Register, RuleRow
from privacy.checks import where
from privacy.declarations import Declaration, declarations

ADEQUACY = "adequacy"
OFFENCES = "fraud_marker"  # the category that tells of offences (Data Protection Act 2018, s.11(2))
# further checks of the live database, of rooms above: `manage.py check` alone asks them
LIVE: list[Callable[..., list[Any]]] = []
Fault = checks.Error


@checks.register("register")
def shipped_register_is_whole(app_configs: Any, **kwargs: Any) -> list[Fault]:
    """The rows that the product ships answer every question that the models and the law ask."""
    register = shape.shipped()
    return [*faults(register), *unused(register)]


def live_register_is_whole(app_configs: Any, **kwargs: Any) -> list[Fault]:
    """The same of the database; nothing to say where it cannot be read or holds no register yet."""
    register = shape.live()
    return [*faults(register), *lost(register)] if register else []


def faults(register: Register, declared: list[Declaration] | None = None) -> list[Fault]:
    """Everything that is missing from a register, in plain words. `declared`: the models'
    declarations (default: all)."""
    found = _own_declarations() if declared is None else declared
    sources: tuple[Callable[[Register, list[Declaration]], Iterator[Fault]], ...] = (
        _categories,
        _purposes,
        _models,
        _rules,
        _recipients,
    )
    return [fault for source in sources for fault in source(register, found)]


def unused(register: Register, declared: list[Declaration] | None = None) -> list[Fault]:
    """Clocks and conditions that a model declares and no rule names: most likely a rule was lost.

    Asked of the shipped file only. On the desk, somebody may have retired the rule for a reason.
    """
    found = []
    for declaration in _own_declarations() if declared is None else declared:
        rules = [rule for rule in register.rules if _covers(rule, declaration)]
        named = {("clock", rule.clock) for rule in rules} | {
            ("condition", rule.condition) for rule in rules
        }
        words = [("clock", word) for word in declaration.clocks] + [
            ("condition", word) for word in declaration.conditions
        ]
        for kind, word in words:
            if (kind, word) not in named:
                found.append(
                    _fault(
                        "E012",
                        register,
                        f"No retention rule names the {kind} {word!r} that {declaration.label} "
                        "declares.",
                        f"Add the rule for the category {declaration.category!r} that it was "
                        "declared for, or take it out of "
                        f"`{kind}s` in {where(declaration.model)}.",
                    )
                )
    return found


def lost(register: Register) -> list[Fault]:
    """Rules that the product ships and the live register does not have at all: retiring is the way
    to end one."""
    return [
        _fault(
            "E013",
            register,
            f"The retention rule {rule.code!r}, which the product ships, is missing.",
            "Run `manage.py load_register`, which adds what is missing; then retire the rule on "
            "the desk if it is to end.",
        )
        for rule in shape.shipped().rules
        if rule.code not in register.every_rule
    ]


def _own_declarations() -> list[Declaration]:
    return list(declarations())


def _fault(number: str, register: Register, message: str, hint: str) -> Fault:
    return Fault(f"{message} ({register.source})", hint=hint, id=f"register.{number}")


def _categories(register: Register, declared: list[Declaration]) -> Iterator[Fault]:
    used = {category for purpose in register.purposes for category in purpose.categories}
    for category in register.categories:
        if category not in used:
            yield _fault(
                "E001",
                register,
                f"The data category {category!r} has no purpose.",
                f"Add {category!r} to the categories of a purpose that needs it, or retire the "
                "category.",
            )


def _purposes(register: Register, declared: list[Declaration]) -> Iterator[Fault]:
    for purpose in register.purposes:
        if not purpose.bases:
            yield _fault(
                "E002",
                register,
                f"The purpose {purpose.code!r} has no lawful basis.",
                "Add at least one lawful basis with its explanation (UK GDPR Article 6), or "
                "retire the purpose.",
            )
        asked = {one for purposes in gate.consumers().values() for one in purposes}
        if set(purpose.bases) != {"c"} and not purpose.systems and purpose.code not in asked:
            yield _fault(
                "E014",
                register,
                f"Nobody asks before data is used for the purpose {purpose.code!r}, so nobody "
                "could stop it.",
                "Add the system of ours that does it to its recipients: it can be told to stop "
                "(or register what asks: compliance/register/gate.py).",
            )
        if OFFENCES in purpose.categories and not purpose.condition:
            yield _fault(
                "E015",
                register,
                f"The purpose {purpose.code!r} uses data about offences and names no condition.",
                "Name the condition of the Data Protection Act 2018, Schedule 1, and write its "
                "policy document, or take the category out of the purpose.",
            )
        for category in purpose.categories:
            if category not in register.categories:
                yield _fault(
                    "E003",
                    register,
                    f"The purpose {purpose.code!r} uses the category {category!r}, which does "
                    "not exist.",
                    f"Add a category with the code {category!r}, or take it out of the purpose.",
                )


def _models(register: Register, declared: list[Declaration]) -> Iterator[Fault]:
    for declaration in declared:
        category = declaration.category
        if category not in register.categories:
            yield _fault(
                "E004",
                register,
                f"{declaration.label} holds {category!r}, which is no category of the register.",
                f"Add a category with the code {category!r}, or mend `category` in "
                f"{where(declaration.model)}.",
            )
        elif not any(_covers(rule, declaration) for rule in register.rules):
            yield _fault(
                "E005",
                register,
                f"No retention rule in use covers {declaration.label} (category {category!r}).",
                f"Add a rule for the category {category!r} with one of the clocks "
                f"{_words(declaration.clocks)}.",
            )


def _rules(register: Register, declared: list[Declaration]) -> Iterator[Fault]:
    purposes = {purpose.code for purpose in register.purposes}
    for rule in register.rules:
        if rule.category not in register.categories:
            yield _fault(
                "E006",
                register,
                f"The retention rule {rule.code!r} is for the category {rule.category!r}, which "
                "does not exist or is "
                "retired.",
                "Name a category in use, or retire the rule.",
            )
        if rule.purpose not in purposes:
            yield _fault(
                "E006",
                register,
                f"The retention rule {rule.code!r} serves the purpose {rule.purpose!r}, which "
                "does not exist or is "
                "retired.",
                "Name a purpose in use, or retire the rule.",
            )
        yield from rule_faults(rule, register, declared)


def rule_faults(
    rule: RuleRow, register: Register, declared: list[Declaration] | None = None
) -> Iterator[Fault]:
    """Whether the models can tell the rule's clock and condition."""
    found = _own_declarations() if declared is None else declared
    same = [declaration for declaration in found if declaration.category == rule.category]
    covered = [declaration for declaration in same if _covers(rule, declaration)]
    if same and not covered:
        known = {word for declaration in same for word in declaration.conditions}
        yield _fault(
            "E007",
            register,
            f"The retention rule {rule.code!r} has the condition {rule.condition!r}, which no "
            f"model of {rule.category!r} "
            "declares.",
            f"Choose one of {_words(known)}, leave it empty, or declare it under `conditions` in "
            f"{', '.join(where(declaration.model) for declaration in same)}.",
        )
    for declaration in covered:
        if rule.clock not in declaration.clocks:
            yield _fault(
                "E008",
                register,
                f"The retention rule {rule.code!r} counts from {rule.clock!r}, a clock that "
                f"{declaration.label} does not "
                "have.",
                f"Choose one of {_words(declaration.clocks)}, or add {rule.clock!r} to `clocks` in "
                f"{where(declaration.model)}.",
            )


def _recipients(register: Register, declared: list[Declaration]) -> Iterator[Fault]:
    for recipient in register.recipients:
        if recipient.country == HOME:
            continue
        who, place = f"{recipient.name} ({recipient.code!r})", name_of(recipient.country)
        if not recipient.safeguard:
            yield _fault(
                "E009",
                register,
                f"{who} receives data in {place} without a safeguard.",
                "Name the safeguard that covers the transfer (UK GDPR Articles 45A to 49), or "
                "end the recipient by its last "
                "day.",
            )
        elif recipient.safeguard == ADEQUACY and recipient.country not in register.adequate:
            yield _fault(
                "E010",
                register,
                f"{who} relies on adequacy, but no adequacy decision for {place} stands.",
                "Choose another safeguard, or add the decision under adequacy.",
            )
        elif (
            recipient.safeguard == ADEQUACY
            and register.adequate[recipient.country]
            and not recipient.detail
        ):
            yield _fault(
                "E011",
                register,
                f"{who} relies on adequacy, which in {place} covers only: "
                f"{register.adequate[recipient.country]}",
                "Write in the safeguard's detail why it is one of those.",
            )


def _covers(rule: RuleRow, declaration: Declaration) -> bool:
    """A rule covers the models of its category; with a condition, those of them that declare it."""
    return rule.category == declaration.category and (
        not rule.condition or rule.condition in declaration.conditions
    )


def _words(names: Any) -> str:
    return ", ".join(repr(name) for name in sorted(names)) or "(none declared)"
