import base64
import datetime
import hashlib
import io
import os
import signal
import subprocess
import sys
import threading
import time

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import OperationalError, connection, transaction

from audit.models import Entry
from customers import rotation
from customers.models import ContactPoint, Customer
from privacy import seal
from privacy.fields import LookupHashField, SealedTextField
from tests import factories as make

OLD = "test1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
NEW = "k2:" + base64.urlsafe_b64encode(hashlib.sha256(b"new").digest()).decode()
BOTH = f"{NEW},{OLD}"
JOB = "job:tests"


def run(*arguments):
    out, err, code = io.StringIO(), io.StringIO(), 0
    try:
        call_command("rotate_keys", *arguments, stdout=out, stderr=err)
    except SystemExit as end:
        code = end.code
    return code, out.getvalue(), err.getvalue()


@pytest.fixture
def cast(db):
    """One row and more of every table with sealed fields, all under the old key."""
    made = [
        make.CustomerFactory(surname="O’Brien"),
        make.CustomerFactory(title=None),
        make.ContactPointFactory(),
        make.ContactPointFactory(phone=True),
        make.ContactPointFactory(address=True),
        make.PaymentCardFactory(),
        make.FraudMarkerFactory(),
        make.FinancialLinkFactory(),
        make.PrizeEntryFactory(),
        make.PrizeDrawFactory(),
        make.ContactNoteFactory(),
        make.MessageFactory(),
        make.CustomerChallengeFactory(),
        make.ChoiceEventFactory(),
        make.MarketingRequestFactory(),
        make.InboundMailFactory(),
        make.CaseFactory(),
        make.CaseEventFactory(),
        make.AttachmentFactory(),
        make.OutcomeFactory(),
        make.RestrictionFactory(),
        make.ProcessingStopFactory(),
        make.StatementFactory(),
        make.DataCopyFactory(),
        make.CaseChallengeFactory(),
        make.InstructionFactory(),
        make.PackFactory(returned=True),
        make.PackPartFactory(),
        make.ApprovalFactory(person=make.CustomerFactory().pk),
        make.BreachFactory(),
        make.LegalHoldFactory(),
    ]
    assert {type(row) for row in made} >= {table.model for table in rotation.tables()}, (
        "add the new table to this cast"
    )
    return made


def opened(row):
    row = type(row).objects.get(pk=row.pk)
    return {
        one.attname: getattr(row, one.attname)
        for one in row._meta.concrete_fields
        if "lookup" not in one.name
    }


class TestRotating:
    def test_every_value_comes_back_the_same_without_the_old_key(self, cast, settings):
        before = [opened(row) for row in cast]
        settings.PRIVACY_KEYS = BOTH
        assert run()[0] == 0
        settings.PRIVACY_KEYS = NEW
        assert [opened(row) for row in cast] == before
        assert set(rotation.values_by_key()) == {"k2"}

    def test_every_hash_is_as_if_saved_today(self, cast, settings):
        settings.PRIVACY_KEYS = BOTH
        rotation.rotate(by=JOB)
        settings.PRIVACY_KEYS = NEW
        for table in rotation.tables():
            for row in table.model.objects.all():
                for lookup in table.lookups:
                    assert getattr(row, lookup.attname) == lookup.pre_save(row, add=False)

    def test_a_customer_is_found_before_and_after(self, cast, settings):
        settings.PRIVACY_KEYS = BOTH
        for _ in range(2):
            assert (
                Customer.objects.get(surname_lookup__in=seal.lookup_hashes("surname", "obrien")).pk
                == cast[0].pk
            )
            rotation.rotate(by=JOB)

    def test_a_second_run_changes_nothing(self, cast, settings):
        settings.PRIVACY_KEYS = BOTH
        rotation.rotate(by=JOB)
        assert rotation.rotate(by=JOB).rows == rotation.stale_rows() == 0

    def test_it_is_on_record_once_with_counts_alone(self, cast, settings):
        settings.PRIVACY_KEYS = BOTH
        rows = rotation.stale_rows()
        run()
        run()
        entry = Entry.objects.get(event="keys_rotated")
        assert (entry.actor, entry.facts) == ("job:rotate_keys", {"key_id": "k2", "rows": rows})

    def test_values_already_new_are_left_as_they_are(self, cast, settings):
        settings.PRIVACY_KEYS = BOTH
        hold = make.LegalHoldFactory()
        rotation.rotate(by=JOB)
        with connection.cursor() as cursor:
            cursor.execute("SELECT xmin::text FROM retention_legalhold WHERE id = %s", [hold.pk])
            written = cursor.fetchone()
        rotation.rotate(by=JOB)
        with connection.cursor() as cursor:
            cursor.execute("SELECT xmin::text FROM retention_legalhold WHERE id = %s", [hold.pk])
            assert cursor.fetchone() == written

    def test_no_query_is_made_per_row(self, settings, django_assert_max_num_queries, db):
        make.CustomerFactory.create_batch(50)
        settings.PRIVACY_KEYS = BOTH
        with django_assert_max_num_queries(4 * len(list(rotation.tables())) + 10):
            rotation.rotate(by=JOB)

    def test_each_batch_follows_the_last(self, settings, monkeypatch, db):
        monkeypatch.setattr(rotation, "BATCH", 3)
        make.CustomerFactory.create_batch(10)
        settings.PRIVACY_KEYS = BOTH
        taken = []
        assert rotation.rotate(by=JOB, done=taken.append).rows == 10
        assert taken == [3, 3, 3, 1]

    def test_a_batch_of_archives_fits_into_memory(self, settings, monkeypatch, db):
        monkeypatch.setattr(rotation, "BATCH_BYTES", 50_000)
        pack = make.PackFactory()
        for number, size in enumerate((30_000, 30_000, 10, 10, 90_000, 10)):
            make.PackPartFactory(pack=pack, number=number, content="x" * size)
        settings.PRIVACY_KEYS = BOTH
        taken = []
        rotation.rotate(by=JOB, done=taken.append)
        assert taken == [2, 3, 1, 1]  # the last is the customer
        assert set(rotation.values_by_key()) == {"k2"}


class TestWhatNeedsAPerson:
    def test_a_value_under_a_lost_key_is_left_and_counted(self, cast, settings):
        settings.PRIVACY_KEYS = NEW
        code, out, err = run()
        assert (code, err) == (1, "")
        assert "NOT in PRIVACY_KEYS" in out
        assert rotation.values_by_key()["test1"] > 0

    def test_a_broken_value_is_named_and_the_rest_goes_on(self, cast, settings):
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE retention_legalhold SET reason = reason || 'x'::bytea WHERE id = %s",
                [cast[-1].pk],
            )
        settings.PRIVACY_KEYS = BOTH
        code, _, err = run()
        assert code == 1
        assert (
            f"retention.LegalHold {cast[-1].pk}: A value of retention_legalhold.reason cannot be "
            "opened" in err
        )
        assert rotation.values_by_key()["test1"] == 1

    def test_bytes_that_name_no_key_are_counted(self, cast):
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE retention_legalhold SET reason = '' WHERE id = %s", [cast[-1].pk]
            )
        code, out, _ = run("--check")
        assert code == 1
        assert "?                           1  NOT in PRIVACY_KEYS" in out

    def test_a_double_made_between_two_keys_is_named(self, settings, db):
        point = make.ContactPointFactory(value="ann@example.org")
        settings.PRIVACY_KEYS = BOTH
        make.ContactPointFactory(customer=point.customer, value="ann@example.org")
        code, out, err = run()
        assert code == 1
        assert (
            f"customers.ContactPoint {point.pk}: the same value stands in another row already"
            in err
        )
        assert "ann@" not in out + err

    def test_a_database_that_is_away_ends_with_3(self, monkeypatch, db):
        def away():
            raise OperationalError

        monkeypatch.setattr(rotation, "stale_rows", away)
        code, _, err = run()
        assert code == 3
        assert "run the command again" in err


class TestChecking:
    def test_it_tells_when_an_old_key_may_go(self, cast, settings):
        settings.PRIVACY_KEYS = BOTH
        code, out, _ = run("--check")
        assert code == 1
        assert "still needed: run rotate_keys" in out
        code, out, _ = run()
        assert code == 0
        assert "test1                       0  seals nothing here any more" in out

    def test_it_changes_nothing(self, cast, settings):
        settings.PRIVACY_KEYS = BOTH
        before = rotation.values_by_key()
        run("--check")
        assert rotation.values_by_key() == before
        assert not Entry.objects.filter(event="keys_rotated").exists()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
class TestWithOthersAtWork:
    def test_an_edit_under_way_is_never_lost(self, settings):
        customer = make.CustomerFactory(surname="Smith")
        settings.PRIVACY_KEYS = BOTH

        def rotate():
            rotation.rotate(by=JOB)
            connection.close()

        with transaction.atomic():
            customer.surname = "Jones"
            customer.save()
            thread = threading.Thread(target=rotate)
            thread.start()
            thread.join(0.3)
            assert thread.is_alive()
        thread.join(5)
        customer.refresh_from_db()
        assert (customer.surname, customer.surname_lookup) == (
            "Jones",
            seal.lookup_hash("surname", "jones"),
        )

    def test_an_edit_that_comes_meanwhile_waits_and_stands(self, settings, monkeypatch):
        customer = make.CustomerFactory(surname="Smith")
        settings.PRIVACY_KEYS = BOTH
        customer.surname = "Jones"

        def edit():
            customer.save()
            connection.close()

        thread = threading.Thread(target=edit)
        renew = rotation._renewed

        def renew_while_somebody_edits(*arguments):
            thread.start()
            thread.join(0.3)
            return renew(*arguments)

        monkeypatch.setattr(rotation, "_renewed", renew_while_somebody_edits)
        rotation.rotate(by=JOB)
        thread.join(5)
        customer.refresh_from_db()
        assert (customer.surname, customer.surname_lookup) == (
            "Jones",
            seal.lookup_hash("surname", "jones"),
        )

    def test_a_killed_run_is_simply_run_again(self, settings):
        customer = make.CustomerFactory()
        ContactPoint.objects.bulk_create(
            [
                ContactPoint(
                    customer=customer,
                    kind="email",
                    value=f"a{n}@example.org",
                    valid_from=datetime.date(2020, 1, 1),
                    source="shop",
                )
                for n in range(rotation.BATCH + 10)
            ]
        )
        settings.PRIVACY_KEYS = BOTH
        last = ContactPoint.objects.latest("pk")
        with transaction.atomic():
            ContactPoint.objects.select_for_update().get(
                pk=last.pk
            )  # the second batch waits for this one
            command = subprocess.Popen(
                [sys.executable, "manage.py", "rotate_keys"],
                cwd=django_settings.BASE_DIR,
                env={**os.environ, "PRIVACY_KEYS": BOTH, "DATABASE_URL": url()},
            )
            deadline = time.monotonic() + 20
            while rotation.values_by_key()["k2"] < rotation.BATCH and time.monotonic() < deadline:
                time.sleep(0.05)
            command.send_signal(signal.SIGKILL)
            command.wait(5)
        left = rotation.values_by_key()
        assert left["test1"] > 0
        assert left["k2"] >= rotation.BATCH
        assert run()[0] == 0
        assert set(rotation.values_by_key()) == {"k2"}
        found = seal.lookup_hash("contact_point", "email:a7@example.org")
        assert ContactPoint.objects.filter(lookup=found).count() == 1


def url():
    of = connection.settings_dict
    return f"postgres://{of['USER']}:{of['PASSWORD']}@{of['HOST']}:{of['PORT']}/{of['NAME']}"


def test_the_walk_misses_no_sealed_column():
    declared = {
        f"{model._meta.label}.{one.name}"
        for model in apps.get_models()
        for one in model._meta.fields
        if isinstance(one, (SealedTextField, LookupHashField))
    }
    walked = {
        f"{table.model._meta.label}.{one.name}"
        for table in rotation.tables()
        for one in [*table.sealed, *table.lookups]
    }
    assert walked == declared
