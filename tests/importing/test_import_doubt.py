"""Files that could be read in two ways are refused, and the message says what to do."""

import pytest

from customers.importing import reader, sense
from customers.models import Customer
from tests.importing.shop import Shop

pytestmark = pytest.mark.django_db
NAMES = "customer_number,given_names,surname,date_of_birth,relationship_began_on"


@pytest.fixture
def shop(tmp_path) -> Shop:
    return Shop(tmp_path)


def refused(result, *words):
    assert (result.code, Customer.objects.count()) == (2, 0)
    for word in words:
        assert word in result.err


class TestQuotes:
    def test_after_a_space_would_be_text(self, shop):
        lines = [
            '"customer_number", "given_names", "surname", "date_of_birth", "relationship_began_on"',
            '"ZC1001", "Nerys", "Tallow", "1980-02-29", "2025-01-15"',
        ]
        refused(shop.sends("customers", lines), "spaces between its commas and quotes", "Replace")

    @pytest.mark.parametrize("spaced", ['ZC1, "Nerys","Tallow, Ms",,', 'ZC1,Nerys,\t"Tallow",,'])
    def test_after_a_space_in_a_line_cost_the_line(self, shop, spaced):
        result = shop.sends("customers", [NAMES, spaced, "ZC2,Enid,Tallow,,"], keep_good=True)
        assert [row[1] for row in result.rejects] == ["a space stands before an opening quote"]
        assert [one.customer_number for one in Customer.objects.all()] == ["ZC2"]

    def test_in_the_text_itself_are_text(self, shop):
        lines = [NAMES, 'ZC1,"Nerys, ""Nell""",Tallow,,', 'ZC2," ""Enid""",Tallow,,']
        assert shop.sends("customers", lines).code == 0
        assert {one.given_names for one in Customer.objects.all()} == {'Nerys, "Nell"', '"Enid"'}


class TestEncodings:
    LINE = "ZC1002,Renée,O’Tallow,1980-02-29,2025-01-15"

    @pytest.mark.parametrize(
        ("name", "encoding"),
        [
            ("Renée,O’Tallow", "mac_roman"),
            ("André,Müller", "mac_roman"),
            ("Ana,Nuñez", "mac_roman"),
            ("Ana,O’Tallow", "mac_roman"),
            ("RENÉE,TALLOW", "mac_roman"),
            ("Renée,Tallow", "cp850"),
            ("Renée,Tallow", "cp437"),
            ("Michał,Kowalski", "cp1250"),
            ("Łukasz,Wałęsa", "iso8859-2"),
            ("Анна,Иванова", "cp1251"),
            ("Άννα,Παπαδάκη", "cp1253"),
        ],
    )
    def test_of_another_machine_are_seen(self, shop, name, encoding):
        lines = f"{NAMES}\nZC1002,{name},,\n".encode(encoding)
        refused(shop.sends("customers", lines, keep_good=True), "CSV UTF-8", "Unicode (UTF-8)")

    @pytest.mark.parametrize(
        "text", ["RenÃ©e,O’Tallow", "Renée,Oâ€™Tallow", "Ren\ufffde,Tallow", "Ana,NuÃ±ez"]
    )
    def test_converted_twice_are_seen(self, shop, text):
        lines = f"{NAMES}\nZC1002,{text},,\n"
        refused(shop.sends("customers", lines), "earlier conversion", "Export it again")

    def test_without_a_mark_utf_16_is_seen(self, shop):
        refused(shop.sends("customers", f"{NAMES}\n{self.LINE}\n".encode("utf-16-le")), "UTF-16")

    @pytest.mark.parametrize(
        "name",
        [
            "Renée,O’Tallow",
            "Zoë,Müller-Lüdenscheidt",
            "Seán,McÉvoy",
            "JOÃO,SIMÕES",
            "Óscar,D’Águila",
            "Ana–Maria,Smith–Jones",
            "François,L’Œuvre",
            "ŽELJKO,ŠIMIĆ".replace("Ć", "C"),
            "Anaïs,O´Brien",
        ],
    )
    def test_of_windows_with_real_names_go_in(self, shop, name):
        assert shop.sends("customers", f"{NAMES}\nZC1,{name},,\n".encode("cp1252")).code == 0
        assert Customer.objects.get().given_names == name.split(",")[0]

    def test_a_word_of_somebody_who_knows_goes_first(self, shop):
        lines = f"{NAMES}\nZC1,RenŽe,Tallow,,\n".encode("cp1252")
        assert shop.sends("customers", lines, encoding="windows-1252").code == 0
        assert Customer.objects.get().given_names == "RenŽe"

    def test_one_garbled_name_among_many_is_the_shops_own(self, shop):
        lines = [f"ZC{n},Zoë,Tallow,," for n in range(sense.SHARE * 2)]
        assert shop.sends("customers", [NAMES, *lines, "ZC99,RenÃ©e,Tallow,,"]).code == 0

    def test_a_long_line_of_signs_is_read_in_time(self, tmp_path):
        path = tmp_path / "some.csv"
        path.write_bytes(b"a\n" + b"n\x96n" * 300_000 + b"\n" + b"a" * 900_000 + b"\x96\n")
        reader.inspect(path, "windows-1252")


class TestDays:
    HEADER = "customer_number,surname,date_of_birth,relationship_began_on"

    def test_with_the_month_first_speak_for_the_whole_column(self, shop):
        lines = [
            self.HEADER,
            "ZC1003,Tallow,02/01/1980,03/04/2025",
            "ZC1004,Tallow,12/31/1980,12/31/2024",
        ]
        for keep_good in (False, True):
            result = shop.sends("customers", lines, keep_good=keep_good)
            refused(result, "date_of_birth, relationship_began_on", "yyyy-mm-dd")
            assert not shop.listed.exists()

    def test_later_in_the_file_too(self, shop):
        days = [f"ZC{n},Tallow,,0{n}/05/2020" for n in range(1, 9)]
        lines = [self.HEADER, *days, "ZC9,Tallow,,06/30/2020"]
        refused(shop.sends("customers", lines, keep_good=True), "relationship_began_on")

    @pytest.mark.parametrize("other", ["25/12/1980", "1980-01-02", "05/05/1980", ""])
    def test_cost_their_line_where_no_other_is_in_doubt(self, shop, other):
        lines = [self.HEADER, f"ZC1,Tallow,{other},", "ZC2,Tallow,12/31/1980,"]
        result = shop.sends("customers", lines, keep_good=True)
        assert [row[0] for row in result.rejects] == ["3"]
        assert Customer.objects.count() == 1

    def test_with_a_time_are_days_too(self, shop):
        shop.sends("customers", [self.HEADER, "ZC1,Tallow,,"])
        header = "reference,customer_number,kind,at,text"
        lines = [header, "R1,ZC1,call,02/03/2026 09:00,a", "R2,ZC1,call,02/28/2026 09:00,b"]
        result = shop.sends("contact_notes", lines, keep_good=True)
        assert (result.code, "Some days in at have" in result.err) == (2, True)

    def test_in_another_column_say_nothing(self, shop):
        lines = [self.HEADER, "ZC1,Tallow,01/02/1980,", "ZC2,Tallow,,12/31/1980"]
        assert shop.sends("customers", lines, keep_good=True).code == 1


class TestNames:
    @pytest.mark.parametrize(
        ("header", "word"),
        [
            ("customer_number,First name,Last name", "given_names"),
            ("customer_number,surname,Date of brith", "date_of_birth"),
            ("customer_number,surname,DOB", "date_of_birth"),
            ("customer_number,surname,Telephone", "phone"),
            ("customer_number,surnames,town", "surname"),
            ("customer_number,x,y", "only customer_number"),
        ],
    )
    def test_of_columns_that_are_half_known_are_asked_about(self, shop, header, word):
        refused(shop.sends("customers", [header, "ZC1,a,b"]), word)

    def test_without_their_dashes_are_ours(self, shop):
        header = "CustomerNumber,Sur name,E-mail,Address1,post code"
        assert shop.sends("customers", [header, "ZC1,Tallow,a@example.org,1 Mill Lane,BD1 1AA"])
        assert Customer.objects.get().contact_points.count() == 2

    def test_of_others_are_said_to_be_ignored(self, shop):
        result = shop.sends("customers", ["customer_number,surname,colour", "ZC1,Tallow,red"])
        assert (result.code, "colour" in result.out) == (0, True)

    @pytest.mark.parametrize("line", ["sep=,", "SEP=;", '"sep=,"', "\ufeffsep=,"])
    def test_after_a_spreadsheets_own_line_are_not_found(self, shop, line):
        lines = [line, NAMES, "ZC1,Nerys,Tallow,,"]
        refused(shop.sends("customers", lines), "sep=", "Delete that line")


class TestNumbers:
    @pytest.mark.parametrize("number", ["4.47701E+11", "1E+05", "4,47701e+11", "-1.2E+9"])
    @pytest.mark.parametrize("column", ["customer_number", "phone"])
    def test_that_a_spreadsheet_cut_short_are_refused(self, shop, column, number):
        row = {"customer_number": "ZC1", "surname": "Tallow", "phone": "", column: f'"{number}"'}
        lines = [",".join(row), ",".join(row.values())]
        result = shop.sends("customers", lines, keep_good=True)
        assert result.rejects[0][1].startswith(f"{column}: a long number in a spreadsheet's short")
        assert "as text" in result.rejects[0][1]

    def test_of_an_account_and_an_amount_too(self, shop):
        shop.sends("customers", ["customer_number,surname", "ZC1,Tallow"])
        header = "account_number,customer_number,opened_on,credit_limit,balance"
        lines = [
            header,
            "1.23457E+15,ZC1,2020-01-01,500,1",
            "A1,ZC1,2020-01-01,1.5E+03,1",
            "12E05,ZC1,2020-01-01,500,7e-15",
        ]
        result = shop.sends("credit_accounts", lines, keep_good=True)
        assert [row[0] for row in result.rejects] == ["2", "3"]
