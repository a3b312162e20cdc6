"""The trail as the database holds it: nothing but INSERT, one chain, and one door out for what has
expired."""

import datetime
import threading
import uuid

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from audit import chain, events, trail
from audit.models import ChainHead, Entry


def write(count=1, **facts):
    for _ in range(count):
        trail.append("tested", by="job:tests", **facts)


def sql(statement, params=()):
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.fetchall() if cursor.description else None


@pytest.fixture
def as_superuser(db):
    """Run statements with every trigger asleep, as somebody who owns the whole server could."""

    def run(statement, params=()):
        sql("SET session_replication_role = replica")
        sql(statement, params)
        sql("SET session_replication_role = origin")

    yield run
    sql("SET session_replication_role = origin")


def found():
    return [fault.sentence for fault in chain.faults()]


@pytest.mark.django_db
class TestAppendOnly:
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE audit_entry SET actor = 'job:other'",
            "UPDATE audit_entry SET actor = 'job:other' WHERE false",
            "DELETE FROM audit_entry",
            "TRUNCATE audit_entry",
            "DELETE FROM audit_newentry",
            "UPDATE audit_newentry SET event = 'forged'",
            "TRUNCATE audit_newentry",
            "INSERT INTO audit_entry (number, actor, event, facts) VALUES (1, 'job:x', 'x', '{}')"
            " ON CONFLICT (number) DO UPDATE SET event = 'forged'",
            "UPDATE audit_chainhead SET number = 7",
            "DELETE FROM audit_chainhead",
            "TRUNCATE audit_chainhead",
            "INSERT INTO audit_chainhead VALUES (2, 0, '', 0, '')",
        ],
    )
    def test_the_database_refuses(self, statement):
        write(3)
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            sql(statement)
        assert found() == []

    @pytest.mark.parametrize(
        "act",
        [
            lambda: Entry.objects.update(event="forged"),
            lambda: Entry.objects.all().delete(),
            lambda: Entry.objects.first().delete(),
            lambda: Entry.objects.first().save(),
            lambda: ChainHead.objects.update(number=7),
        ],
    )
    def test_the_orm_is_refused_too(self, act):
        write(3)
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            act()

    def test_the_open_door_lets_no_change_through(self):
        write()
        for statement in (
            "UPDATE audit_entry SET event = 'x'",
            "TRUNCATE audit_entry",
            "DELETE FROM audit_chainhead",
        ):
            with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
                sql(f"SET LOCAL audit.removing_expired = 'on'; {statement}")

    def test_number_time_and_link_cannot_be_chosen(self):
        write()
        sql(
            "INSERT INTO audit_entry (number, at, actor, event, facts, previous, digest)"
            " VALUES (99, '1999-01-01', 'job:x', 'x', '{}', 'x', 'x')"
        )
        entry = Entry.objects.first()
        assert entry.number == 2
        assert entry.at.year > 2000
        assert found() == []

    @pytest.mark.parametrize("actor", ["", "nobody", "staff:", "Jane Smith"])
    def test_nobody_is_no_actor(self, actor):
        with (
            pytest.raises(IntegrityError, match="audit_newentry_actor_named"),
            transaction.atomic(),
        ):
            events.hold_released(by=actor, subject=uuid.uuid4(), hold=1)

    def test_a_temporary_table_cannot_pose_as_the_chain(self):
        sql("CREATE TEMPORARY TABLE audit_chainhead (LIKE audit_chainhead)")
        sql("INSERT INTO pg_temp.audit_chainhead VALUES (1, 500, '', 0, '')")
        write()
        sql("DROP TABLE pg_temp.audit_chainhead")
        assert Entry.objects.get().number == 1

    def test_without_its_head_nothing_is_written(self, as_superuser):
        as_superuser("DELETE FROM audit_chainhead")
        with (
            pytest.raises(DatabaseError, match="head of the audit chain is missing"),
            transaction.atomic(),
        ):
            write()

    def test_only_the_owner_may_open_the_door(self):
        sql("CREATE ROLE audit_stranger")
        with (
            pytest.raises(DatabaseError, match="permission denied for function"),
            transaction.atomic(),
        ):
            sql("SET LOCAL ROLE audit_stranger; SELECT audit_remove_expired('2020-01-01')")


@pytest.mark.django_db
class TestFacts:
    def test_days_moments_and_ids_are_kept_as_text(self):
        some_id, day = uuid.uuid4(), datetime.date(2026, 1, 31)
        write(one=some_id, rules=[{"until": day}])
        assert Entry.objects.get().facts == {
            "one": str(some_id),
            "rules": [{"until": "2026-01-31"}],
        }

    def test_anything_else_is_refused(self):
        with pytest.raises(TypeError, match="cannot be a object"):
            write(thing=object())


@pytest.mark.django_db
class TestVerifying:
    def test_an_empty_trail_is_whole(self):
        assert found() == []

    def test_an_untouched_trail_is_whole(self):
        write(5, note="Zoë — \U0001f9fe", value=1.5)
        assert found() == []

    @pytest.mark.parametrize(
        "change",
        [
            "actor = 'job:other'",
            "event = 'other'",
            "facts = '{\"a\": 1}'",
            "at = at + interval '1 microsecond'",
            "subject = gen_random_uuid()",
            "previous = 'x'",
            "digest = 'x'",
        ],
    )
    def test_a_changed_row_is_named(self, change, as_superuser):
        write(5)
        as_superuser(f"UPDATE audit_entry SET {change} WHERE number = 3")
        assert (
            found()[0]
            == "Row 3 was changed after it was written: its digest does not fit its contents."
        )

    @pytest.mark.parametrize(
        ("rows", "sentence"),
        [
            ("number = 1", "Row 1 was removed: row 2 follows row 0."),
            ("number = 3", "Row 3 was removed: row 4 follows row 2."),
            ("number IN (2, 3)", "Rows 2 to 3 were removed: row 4 follows row 1."),
            ("number = 5", "Row 5 was removed from the end: the trail ends at row 4."),
            ("number > 3", "Rows 4 to 5 were removed from the end: the trail ends at row 3."),
            ("true", "Rows 1 to 5 were removed from the end: the trail ends at row 0."),
        ],
    )
    def test_removed_rows_are_named(self, rows, sentence, as_superuser):
        write(5)
        as_superuser(f"DELETE FROM audit_entry WHERE {rows}")
        assert found() == [sentence]

    def test_an_inserted_row_is_named(self, as_superuser):
        write(5)
        as_superuser(
            "INSERT INTO audit_entry SELECT 6, at, actor, event, subject, facts, digest, 'x' "
            "FROM audit_entry"
            " WHERE number = 5"
        )
        as_superuser("UPDATE audit_entry e SET digest = audit_digest(e) WHERE number = 6")
        assert found() == ["Row 6 was inserted: the chain ends at row 5."]

    def test_a_row_before_the_first_is_named(self, as_superuser):
        write(2)
        as_superuser(
            "INSERT INTO audit_entry SELECT 0, at, actor, event, subject, facts, '', '' FROM "
            "audit_entry"
            " WHERE number = 1"
        )
        assert "Row 0 was inserted: it is not where the chain put it." in found()

    def test_a_forger_who_renews_the_digest_is_found_by_the_next_link(self, as_superuser):
        write(5)
        as_superuser("UPDATE audit_entry SET event = 'forged' WHERE number = 3")
        as_superuser("UPDATE audit_entry e SET digest = audit_digest(e) WHERE number = 3")
        assert found() == [
            "Row 4 does not link to the row before it: it or its predecessor was rewritten."
        ]

    def test_a_forged_last_row_is_found_by_the_head(self, as_superuser):
        write(5)
        as_superuser("UPDATE audit_entry SET event = 'forged' WHERE number = 5")
        as_superuser("UPDATE audit_entry e SET digest = audit_digest(e) WHERE number = 5")
        assert found() == [
            "Row 5, the last one, was rewritten: the head of the chain remembers another."
        ]

    def test_a_missing_head_does_not_pass_for_whole(self, as_superuser):
        write(5)
        as_superuser("DELETE FROM audit_chainhead")
        assert found() == [
            "The head of the chain has 0 rows instead of one: the trail cannot be told to be whole."
        ]

    @pytest.mark.parametrize(
        "setting",
        [
            "TimeZone = 'Pacific/Chatham'",
            "DateStyle = 'German, DMY'",
            "bytea_output = 'escape'",
            "IntervalStyle = 'iso_8601'",
            "extra_float_digits = -15",
            "client_encoding = 'SQL_ASCII'",
            "standard_conforming_strings = off",
            "search_path = public, pg_catalog",
            "lc_messages = 'C'",
        ],
    )
    def test_the_session_settings_make_no_difference(self, setting):
        write(2, value=0.1, note="Zoë")
        sql(f"SET LOCAL {setting}")
        assert sql("SELECT bool_and(digest = audit_digest(e)) FROM audit_entry e") == [(True,)]


@pytest.mark.django_db
class TestExpiry:
    @pytest.fixture
    def two_old_one_new(self, as_superuser):
        """Rows 1 and 2 are of 2019 and 2020, row 3 of today, in one chain that verifies."""
        sql("SET session_replication_role = replica")
        previous = b""
        for number, at in ((1, "2019-06-01"), (2, "2020-03-31 23:00:00+00")):
            sql(
                "INSERT INTO audit_entry VALUES (%s, %s, 'job:x', 'x', NULL, '{}', %s, '')",
                [number, at, previous],
            )
            sql("UPDATE audit_entry e SET digest = audit_digest(e) WHERE number = %s", [number])
            [(previous,)] = sql("SELECT digest FROM audit_entry WHERE number = %s", [number])
        sql("UPDATE audit_chainhead SET number = 2, digest = %s", [previous])
        sql("SET session_replication_role = origin")
        write()
        assert found() == []

    def remove(self, last_day):
        return sql("SELECT audit_remove_expired(%s)", [last_day])[0][0]

    def test_whole_days_go_and_the_rest_still_verifies(self, two_old_one_new):
        assert self.remove("2020-04-01") == 2
        assert list(Entry.objects.values_list("number", flat=True)) == [3]
        assert (found(), chain.expired()) == ([], 2)

    def test_a_day_ends_at_midnight_in_london(self, two_old_one_new):
        assert (
            self.remove("2020-03-31") == 1
        )  # row 2 is of the first of April, by British Summer Time
        assert found() == []

    def test_nothing_due_changes_nothing(self, two_old_one_new):
        assert self.remove("2018-01-01") == 0
        assert (found(), chain.expired()) == ([], 0)

    def test_an_emptied_trail_goes_on_where_it_ended(self, two_old_one_new):
        assert self.remove("2999-01-01") == 3
        assert found() == []
        write()
        assert Entry.objects.get().number == 4
        assert found() == []

    def test_a_row_removed_after_the_expired_ones_is_named(self, two_old_one_new, as_superuser):
        self.remove("2019-12-31")
        as_superuser("DELETE FROM audit_entry WHERE number = 2")
        assert found() == ["Row 2 was removed: row 3 follows row 1."]

    def test_the_door_is_shut_again_afterwards(self, two_old_one_new):
        self.remove("2019-12-31")
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            sql("DELETE FROM audit_entry")


@pytest.mark.django_db(transaction=True)
class TestManyWriters:
    @pytest.mark.slow
    def test_the_chain_never_forks(self):
        def work():
            try:
                for _ in range(40):
                    with transaction.atomic():
                        write()
            finally:
                connection.close()

        threads = [threading.Thread(target=work) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert (chain.length(), found()) == (240, [])

    def test_a_change_that_is_taken_back_leaves_no_gap(self):
        write()
        with transaction.atomic():
            write(2)
            transaction.set_rollback(True)
        write()
        assert (chain.length(), found()) == (2, [])
