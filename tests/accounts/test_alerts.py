"""The alerts of the desk's first page: one way for every room to add one."""

import ast
import inspect
import pathlib
from importlib import import_module

import pytest
from django.apps import apps
from django.conf import settings

from accounts import desk

HOW = "Put it into ALERTS of the room's alerts.py (see accounts/desk.py)."


def modules() -> list[pathlib.Path]:
    rooms = [pathlib.Path(room.path) for room in apps.get_app_configs()]
    inside = [path for path in rooms if path.is_relative_to(settings.BASE_DIR)]
    found = {path for room in inside for path in room.rglob("*.py") if ".venv" not in path.parts}
    return sorted(path.relative_to(settings.BASE_DIR) for path in found)


@pytest.mark.slow
def test_only_alerts_modules_make_alerts():
    makers = [
        str(path)
        for path in modules()
        if any(
            isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Alert"
            for node in ast.walk(ast.parse((settings.BASE_DIR / path).read_text()))
        )
    ]
    assert len(makers) > 8
    assert [path for path in makers if not path.endswith("/alerts.py")] == [], HOW


def test_every_alerts_module_is_a_rooms_own():
    rooms = {f"{room.name}.alerts" for room in apps.get_app_configs()}
    found = [".".join(path.with_suffix("").parts) for path in modules() if path.name == "alerts.py"]
    assert [name for name in found if name not in rooms] == [], HOW


def test_no_alert_is_forgotten():
    for path in modules():
        if path.name == "alerts.py":
            module = import_module(".".join(path.with_suffix("").parts))
            public = {
                function
                for name, function in inspect.getmembers(module, inspect.isfunction)
                if not name.startswith("_")
                and function.__module__ == module.__name__
                and "Alert" in str(inspect.signature(function).return_annotation)
            }
            assert public == set(module.ALERTS), HOW
            assert set(module.ALERTS) <= set(desk.alert_sources())
