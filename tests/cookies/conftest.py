"""A published list of cookies, and a visitor who meets it."""

import datetime

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from compliance.cookies import actions
from compliance.cookies.models import CookieWording

NOW = datetime.datetime(
    2027, 3, 28, 0, 59, 30, tzinfo=datetime.UTC
)  # a minute before the clocks go forward
OURS = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def at_night():
    """The clock stands; `at_night.move_to(...)` moves it."""
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def published(db, at_night) -> CookieWording:
    """The shipped list, as visitors read it."""
    actions.load(by="job:tests")
    return actions.publish(summary="First.", by="job:tests", now=timezone.now())


@pytest.fixture
def visitor() -> Client:
    """A browser that says where its requests come from."""
    return Client(headers=OURS)


def press(client: Client, answer: str, /, *, page: str = "/privacy/", **changes):
    """Press a button of the banner on a page, as the browser sends it; None leaves a field out."""
    banner = client.get(page).context["state"]
    fields = {
        "answer": answer,
        "version": banner.wording.number,
        "key": "5f0c8ed0-44b5-4d09-a2c6-7a51c1f36fd1",
        "next": page,
    }
    sent = {name: value for name, value in {**fields, **changes}.items() if value is not None}
    return client.post("/cookies/answer/", sent)


def choose(client: Client, answer: str, /, *groups: str, **changes):
    """Send the choices page's form."""
    version = client.get("/cookies/").context["state"].wording.number
    fields = {
        "answer": answer,
        "groups": groups,
        "version": version,
        "key": "0a0c8ed0-44b5-4d09-a2c6-7a51c1f36fd1",
    }
    return client.post("/cookies/", {**fields, **changes})
