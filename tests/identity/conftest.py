"""The cast of the stories of proof, on the night on which the clocks go forward."""

import pytest
import time_machine

from tests import factories as make
from tests.identity.steps import NIGHT


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NIGHT, tick=False) as traveller:
        yield traveller


@pytest.fixture
def ada():
    customer = make.CustomerFactory(
        customer_number="C0001234", given_names="Ada", surname="de la Cruz"
    )
    make.ContactPointFactory(customer=customer, value="Ada@example.org")
    make.ContactPointFactory(customer=customer, phone=True, value="07700 900461")
    make.ContactPointFactory(customer=customer, address=True)
    return customer


@pytest.fixture
def bert():
    """A customer without email."""
    customer = make.CustomerFactory(
        customer_number="C0009876", title="Mr", given_names="Bert", surname="Ode"
    )
    make.ContactPointFactory(
        customer=customer, address=True, value="2 Mill Lane\nBradford\nBD1 1AA"
    )
    return customer
