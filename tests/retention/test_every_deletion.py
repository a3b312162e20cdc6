"""Every statement that deletes or blanks is known: it asks about holds (restrictions are holds), open
requests and the rules of the register, or stands here with the reason why it need not."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.conf import settings

from privacy.fields import SealedDateField, SealedTextField

ROOMS = ("accounts", "audit", "compliance", "config", "customers", "jobs", "privacy")
SQL = re.compile(r"\bDELETE FROM\b|\bTRUNCATE (?:TABLE )?\w|= NULL\b")
# Where it is decided what such a statement takes, and what is asked there.
PURGE = {"rule_rows", "held", "needed", "confirmed"}
ASKS = {
    "compliance/retention/batches.py Walk.statement": (
        "compliance/retention/batches.py Walk.__init__",
        PURGE,
    ),
    "compliance/retention/people.py PurgeTable.__init__": (
        "compliance/retention/people.py People.__init__",
        PURGE,
    ),
    "compliance/retention/people.py People._erase_persons": (
        "compliance/retention/people.py People.__init__",
        PURGE,
    ),
    "compliance/retention/erasing.py _delete": (
        "compliance/retention/on_request.py plan",
        {"LegalHold", "standing", "requests", "Schedules", "_hang_together"},
    ),
    "compliance/mailbox/handler.py link_and_delete_originals": (
        "compliance/mailbox/handler.py link_and_delete_originals",
        {"LegalHold", "standing", "needed"},
    ),
    "compliance/retention/erasing.py _erase_person": (
        "compliance/retention/on_request.py _the_person",
        {"needing", "held", "whole"},
    ),
}
STAGED = "Rows of the file that is being imported, in a table of this transaction alone."
OF_THIS_IMPORT = "Records that this very import put in, and that are past their time."
APART = {
    "compliance/retention/batches.py delete_emptied_customers": "A nameless stub on which nothing "
    "hangs: who it was is gone already.",
    "audit/migrations/0001_append_only_chained_trail.py": "Entries of the trail past the period of "
    "their rule (`engine._call`): they name nobody, so there is no person to hold them for.",
    "compliance/casework/actions/requester_actions.py _identified": "Ways to reach somebody that "
    "were typed before it was clear who asks, and are not theirs.",
    "customers/draws/draw_actions.py run": "The secret of a draw that was made: it stands in the "
    "evidence.",
    "customers/importing/held.py _take_out": STAGED,
    "accounts/sign_in.py": "Wrong passwords of colleagues, past the time for which they count, or "
    "after the right one.",
    "customers/identity/rate_limit.py": "Counts of a limit, past their end.",
    "compliance/access/actions/builds.py": "The parts of a copy that is being built anew, never "
    "released.",
    "compliance/preferences/screening/services.py": "An older file of an outside list.",
    "compliance/preferences/customer_contacts.py": "The note of a suppression that was made.",
    "customers/importing/order_files.py": OF_THIS_IMPORT,
    "customers/importing/prize_files.py": STAGED,
    "customers/importing/merge.py": f"{STAGED} {OF_THIS_IMPORT}",
}


class Sites(ast.NodeVisitor):
    """Every place of a file that deletes rows or blanks sealed values, by its function."""

    def __init__(self, path: str, sealed: set[str]) -> None:
        self.path, self.sealed = path, sealed
        self.inside: list[str] = []
        self.found: set[str] = set()
        self.bodies: dict[str, ast.AST] = {}

    def here(self) -> str:
        return f"{self.path} {'.'.join(self.inside)}".strip()

    def _named(self, node) -> None:
        self.inside.append(node.name)
        self.bodies[self.here()] = node
        body = node.body
        if isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
            body = body[1:]  # words about it
        for one in body:
            self.visit(one)
        self.inside.pop()

    visit_FunctionDef = visit_ClassDef = _named

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str) and SQL.search(node.value):
            self.found.add(self.here())

    def visit_Call(self, node: ast.Call) -> None:
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        blanks = any(
            getattr(one.value, "value", 0) is None and one.arg in self.sealed
            for one in node.keywords
        )
        sets = name == "setattr" and getattr(node.args[-1], "value", 0) is None
        if name in ("delete", "_raw_delete") or (name == "update" and blanks) or sets:
            self.found.add(self.here())
        self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        if getattr(node.value, "value", 0) is None:
            for target in node.targets:
                if isinstance(target, ast.Attribute) and target.attr in self.sealed:
                    self.found.add(self.here())
        self.generic_visit(node)


def files() -> Iterator[tuple[str, ast.Module]]:
    for room in ROOMS:
        for path in sorted((Path(settings.BASE_DIR) / room).rglob("*.py")):
            tree = ast.parse(path.read_text())
            if isinstance(tree.body[0] if tree.body else None, ast.Expr):
                del tree.body[0]
            yield str(path.relative_to(settings.BASE_DIR)), tree


def walked() -> Sites:
    """All sites of the program, and the bodies of all functions."""
    sealed = {
        field.name
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, SealedTextField | SealedDateField)
    }
    everything = Sites("", sealed)
    for path, tree in files():
        sites = Sites(path, sealed)
        sites.visit(tree)
        everything.found |= sites.found
        everything.bodies |= sites.bodies
    return everything


def test_every_deletion_asks_or_says_why_not():
    sites = walked()
    reasons = {*APART, *ASKS}
    unknown = {
        one for one in sites.found if one not in reasons and one.split(" ")[0] not in reasons
    }
    assert not unknown, f"These delete or blank without asking: {sorted(unknown)}"
    used = {
        one for one in reasons for site in sites.found if site == one or site.split(" ")[0] == one
    }
    assert used == reasons, f"These delete nothing any more: {sorted(reasons - used)}"


def test_where_it_is_decided_it_is_asked():
    bodies = walked().bodies
    for site, (decider, questions) in ASKS.items():
        names = {
            getattr(node, "attr", getattr(node, "id", getattr(node, "arg", "")))
            for node in ast.walk(bodies[decider])
        }
        assert questions <= names, f"{site}: {decider} does not ask {questions - names}"
