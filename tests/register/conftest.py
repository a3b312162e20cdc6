"""The register as it is shipped, in the database."""

import pytest

from compliance.register import actions


@pytest.fixture
def register(db) -> None:
    actions.load(by="job:tests")
