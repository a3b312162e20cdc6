"""A colleague at the desk, and one request of Ada's."""

import pytest

from tests.casework.desk import ada, opened


@pytest.fixture
def desk(signed_in, agent):
    return signed_in(agent)


@pytest.fixture
def case():
    ada()
    return opened()
