"""What the operator meets: exit codes, the file of rejects, one import at a time."""

import stat
from pathlib import Path

import psycopg2
import pytest
from django.core.management import CommandError
from django.db import connection

from customers.importing import load, merge
from customers.models import Customer, Order
from tests.importing.shop import Shop

HEADER = "customer_number,surname,email"


@pytest.fixture
def shop(tmp_path) -> Shop:
    return Shop(tmp_path)


@pytest.mark.django_db
class TestRejects:
    def test_only_the_owner_reads_them(self, shop):
        shop.sends("customers", [HEADER, "C1,Ann,none"])
        assert stat.S_IMODE(shop.listed.stat().st_mode) == 0o600
        assert (
            shop.listed.read_text()
            == 'line,reason,original\n2,email: not an email address,"C1,Ann,none"\n'
        )

    def test_old_ones_go_when_all_is_well(self, shop):
        shop.sends("customers", [HEADER, "C1,Ann,none"])
        shop.sends("customers", [HEADER, "C1,Ann,"])
        assert not shop.listed.exists()

    def test_an_old_link_is_not_followed(self, shop, tmp_path):
        other = tmp_path / "precious"
        other.write_text("precious")
        shop.listed.symlink_to(other)
        shop.sends("customers", [HEADER, "C1,Ann,none"])
        assert other.read_text() == "precious"

    @pytest.mark.parametrize("sign", "=+-@")
    def test_a_formula_is_made_harmless(self, shop, sign):
        result = shop.sends("customers", [HEADER, f"{sign}1+1,Ann,"])
        assert result.rejects[0][2] == f"'{sign}1+1,Ann,"

    def test_reasons_never_carry_a_value(self, shop):
        result = shop.sends(
            "customers", [HEADER, "Zebedee!,Quick,x@y", "C1,Quick,Zebedee@@", "C2,Zebedee\x00,"]
        )
        assert not any("Zebedee" in row[1] or "Quick" in row[1] for row in result.rejects)
        assert "Zebedee" not in result.out + result.err

    def test_they_come_in_the_order_of_lines(self, shop):
        shop.sends("customers", [HEADER, "C1,Ann,"])
        result = shop.sends(
            "orders",
            [
                "order_number,customer_number,placed_on,total",
                "N1,C9,2026-01-01,1",
                "N2,C1,never,1",
                "N3,C8,2026-01-01,1",
            ],
        )
        assert [row[0] for row in result.rejects] == ["2", "3", "4"]

    def test_unwritten_rejects_stop_the_import(self, shop, monkeypatch):
        def full(*args, **options):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(load.refused, "write", full)
        result = shop.sends("customers", [HEADER, "C1,Ann,", "C2,Ben,none"], keep_good=True)
        assert (result.code, Customer.objects.count()) == (2, 0)
        assert "No space left" in result.err


@pytest.mark.django_db
class TestExitCodes:
    def test_nought_when_all_went_in(self, shop):
        assert shop.sends("customers", [HEADER, "C1,Ann,"]).code == 0

    def test_one_when_a_person_is_needed(self, shop):
        result = shop.sends("customers", [HEADER, "C1,Ann,", "C2,Ben,none"], keep_good=True)
        assert (result.code, Customer.objects.count()) == (1, 1)
        assert "Mend them in the file" in result.out

    def test_two_when_nothing_went_in(self, shop):
        result = shop.sends("customers", [HEADER, "C1,Ann,", "C2,Ben,none"])
        assert (result.code, Customer.objects.count()) == (2, 0)
        assert "0 added" in result.out

    @pytest.mark.parametrize(
        ("kind", "options", "words"),
        [
            (
                "gossip",
                {},
                "The kinds are: contact_notes, credit_accounts, customers, disclosures, ",
            ),
            ("customers", {"preset": "online-retail"}, "no preset"),
            ("orders", {"preset": "amazing"}, "online-retail (for orders)"),
        ],
    )
    def test_two_for_wrong_usage(self, shop, kind, options, words):
        result = shop.sends(kind, [HEADER, "C1,Ann,"], **options)
        assert result.code == 2
        assert words in result.err

    @pytest.mark.parametrize("name", ["missing.csv", "."])
    def test_two_for_an_unreadable_file(self, shop, tmp_path, name):
        assert shop.again("customers", tmp_path / name).code == 2

    def test_two_when_arguments_are_missing(self):
        from django.core.management import call_command

        with pytest.raises(CommandError):
            call_command("import_data")

    def test_two_for_a_constraint_nobody_foresaw(self, shop, monkeypatch):
        monkeypatch.setattr(merge.Merge, "_upsert", self.breaks_a_constraint)
        result = shop.sends("customers", [HEADER, "C1,Zebedee,"])
        assert result.code == 2
        assert "customer_is_numbered" in result.err
        assert "Zebedee" not in result.err

    def breaks_a_constraint(self):
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO customers_customer (id, title, created_at) "
                "VALUES (gen_random_uuid(), 'Zebedee', now())"
            )

    def test_an_error_in_the_stream_is_ours(self, shop, monkeypatch):
        monkeypatch.setattr(load.encode, "line", lambda values: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            shop.sends("customers", [HEADER, "C1,Zebedee,"])


@pytest.mark.django_db(transaction=True)
class TestOneAtATime:
    def test_three_while_another_runs(self, shop):
        settings = connection.get_connection_params()
        other = psycopg2.connect(
            **{name: settings[name] for name in ("dbname", "user", "password", "host", "port")}
        )
        with other, other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [load.LOCK])
            result = shop.sends("customers", [HEADER, "C1,Ann,"])
        other.close()
        assert (result.code, Customer.objects.count()) == (3, 0)
        assert "Another import is running" in result.err

    def test_three_when_the_database_breaks_off(self, shop, monkeypatch):
        def breaks_off(merge):
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

        monkeypatch.setattr(merge.Merge, "_upsert", breaks_off)
        result = shop.sends("customers", [HEADER, "C1,Ann,"])
        connection.close()
        assert (result.code, Customer.objects.count()) == (3, 0)

    def test_all_or_nothing_for_good(self, shop):
        shop.sends("customers", [HEADER, "C1,Ann,"])
        shop.sends(
            "orders",
            ["order_number,customer_number,placed_on,total", "N1,C1,2026-01-01,1", "N2,C1,x,1"],
        )
        assert not Order.objects.exists()

    def test_no_temporary_table_is_left(self, shop):
        shop.sends("customers", [HEADER, "C1,Ann,"])
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_class WHERE relname LIKE 'import%' AND relpersistence = "
                "'t'"
            )
            assert cursor.fetchone()[0] == 0


def test_the_demo_data_names_its_author(settings):
    licence = Path(settings.BASE_DIR) / "customers/demo/LICENCE"
    assert "Creative Commons Attribution 4.0" in licence.read_text()
