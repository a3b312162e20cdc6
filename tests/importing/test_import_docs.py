"""The examples of docs/imports.md go in as they stand."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from compliance.register.models import Recipient
from customers.importing import load, registry
from tests.importing.shop import Shop

KINDS = load.registry.kinds()
TEXT = (Path(settings.BASE_DIR) / "docs/imports.md").read_text()
SECTIONS = dict(re.findall(r"^### (\w+)\n(.*?)(?=^##)", TEXT, re.MULTILINE | re.DOTALL))


def example(kind: str) -> list[str]:
    return re.findall(r"^    (.+)$", SECTIONS[kind], re.MULTILINE)


@pytest.mark.django_db
def test_the_examples_go_in(tmp_path, monkeypatch):
    monkeypatch.setattr(registry, "_expiry_checks", [])
    Recipient.objects.get_or_create(
        code="experian", defaults={"name": "Experian", "kind": "credit_reference_agency"}
    )
    for kind in SECTIONS:
        result = Shop(tmp_path).sends(kind, example(kind))
        assert (kind, result.code, result.rejects) == (kind, 0, [])


@pytest.mark.parametrize("kind", KINDS)
def test_every_column_is_described(kind):
    for column in KINDS[kind].columns:
        name = (
            re.sub(r"[234]$", "", column.name) if column.name.startswith("address") else column.name
        )
        assert name in SECTIONS[kind], (
            f"describe the column {column.name} of {kind} in docs/imports.md"
        )
