"""The demonstration: complete, repeatable, and only where it may go."""

import datetime
import io
import stat

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import StaffUser
from audit.models import Entry
from compliance.disclosures.demo import crowd, people, script, shopping
from compliance.register.models import NoticeVersion, RetentionRule
from compliance.retention.models import LegalHold
from customers import models, search
from customers.desk import page_url
from customers.draws import published
from customers.draws.models import DrawEvidence, PrizeEntry

DAY = datetime.date
pytestmark = [pytest.mark.slow, pytest.mark.django_db]


def demo(*arguments) -> str:
    out = io.StringIO()
    call_command("demo", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def small(monkeypatch, tmp_path, settings):
    """The demonstration with five of the real orders, its password in a folder of its own."""
    settings.EMBEDDED_DATABASE = True
    orders = tmp_path / "orders.csv"
    with script.REAL_ORDERS.open() as file:
        orders.write_text("".join(next(file) for _ in range(6)))
    monkeypatch.setattr(script, "REAL_ORDERS", orders)
    monkeypatch.setattr(script, "SIGN_INS", tmp_path / "demo-sign-ins")
    return tmp_path


def test_everything_is_there(small):
    demo()
    assert NoticeVersion.objects.count() == 1
    assert not RetentionRule.objects.filter(confirmed_on=None).exists()
    assert LegalHold.objects.count() == 4
    for model in (
        models.PaymentCard,
        models.CreditAccount,
        models.FinancialLink,
        models.FraudMarker,
        PrizeEntry,
        models.ContactNote,
    ):
        assert model.objects.exists(), model


def test_showcase_has_something_on_every_panel(small, signed_in):
    demo()
    rich = models.Customer.objects.get(customer_number=people.RICH)
    page = signed_in(StaffUser.objects.get(staff_id="lead")).get(page_url(rich.pk)).content.decode()
    for nothing in (
        "No orders",
        "No cards",
        "No credit account",
        "No notes",
        "Nobody is linked",
        "No prize draws",
        "Nothing has left",
        "Nothing is held",
    ):
        assert nothing not in page
    assert len(search.find("Okafor BD1 1AA").matches) == 2


def test_one_draw_is_open_and_one_is_made(small, client):
    demo()
    assert "Enter the draw" in client.get(f"/prize-draws/{shopping.GARDEN}/").content.decode()
    evidence = DrawEvidence.objects.get(draw__code=shopping.SPRING)
    assert (evidence.entries, len(evidence.winners)) == (6, 2)
    assert published.faults(evidence) == []


def test_second_call_changes_nothing_and_asks_little(small):
    demo()
    entries = Entry.objects.count()
    with CaptureQueriesContext(connection) as queries:
        assert demo() == ""
    assert len(queries) == 1
    assert Entry.objects.count() == entries


def test_stopped_half_way_leaves_nothing(small, monkeypatch):
    monkeypatch.setattr(script, "_holds", lambda now: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        demo()
    assert not models.Customer.objects.exists()
    assert not StaffUser.objects.exists()


def test_nothing_goes_into_a_named_database(settings):
    settings.EMBEDDED_DATABASE = False
    for arguments in ((), ("--sign-ins",)):
        assert "DATABASE_URL is set" in demo(*arguments)
    assert not StaffUser.objects.exists()


def test_sign_ins_open_the_desk(small, client):
    demo()
    printed = demo("--sign-ins", "--port", "8123")
    word = (small / "demo-sign-ins").read_text()
    assert stat.S_IMODE((small / "demo-sign-ins").stat().st_mode) == 0o600
    assert all(
        text in printed
        for text in ("http://127.0.0.1:8123/admin/", word, people.RICH, people.BARE, people.HELD)
    )
    for staff_id in script.STAFF:
        assert client.login(staff_id=staff_id, password=word)


def test_lost_password_is_made_anew(small, client):
    demo()
    (small / "demo-sign-ins").unlink()
    demo("--sign-ins")
    assert client.login(staff_id="lead", password=(small / "demo-sign-ins").read_text())


class TestCrowd:
    NUMBERS = [(str(number), DAY(2011, 1, 1), DAY(2011, 6, 1)) for number in range(300)]

    def test_same_people_every_time(self):
        today = DAY(2026, 11, 23)
        assert list(crowd.people(self.NUMBERS, today)) == list(
            crowd.people(reversed(self.NUMBERS), today)
        )

    def test_about_a_third_have_gone(self):
        ended = [
            row["relationship_ended_on"] for row in crowd.people(self.NUMBERS, DAY(2026, 11, 23))
        ]
        gone = [day for day in ended if day]
        assert 70 < len(gone) < 130
        assert all(DAY(2011, 6, 1) < day < DAY(2026, 11, 23) for day in gone)

    def test_nobody_can_be_reached(self):
        for row in crowd.people(self.NUMBERS, DAY(2026, 11, 23)):
            assert not row["email"] or row["email"].split("@")[1] in (
                "example.org",
                "example.com",
                "example.net",
            )
            assert not row["phone"] or row["phone"].startswith(
                ("07700 900", *(town[2] for town in crowd.TOWNS))
            )
