"""Lists in which somebody who objected is written otherwise, or stands twice: stopped where it is the
same door and name, left out and counted where it may be, and the neighbour let through."""

import csv
import io
import uuid

import pytest
from django.core.management import CommandError, call_command

from compliance.preferences import contact_digests, former_forms, suppression
from compliance.preferences.may_contact import may_contact
from compliance.preferences.models import Screening, Suppression
from tests.preferences.conftest import NOON
from tests.preferences.test_screening import HOME, LATER, screened, stop  # noqa: F401 a fixture

pytestmark = pytest.mark.django_db
OBJECTIONS = (
    "customer_number,kind,channel,sender,contact,surname,at,source\n"
    ',objection,post,us,"Flat 1, 12 Mill Lane, Bradford, BD1 1AA",Tallow,2026-11-01 09:00,letter\n'
    ',objection,post,us,"2/1, 30 Marischal Street, Glasgow, G1 1BC",MacGregor,2026-11-01 09:00,letter\n'
    ',objection,post,us,"First Floor Flat, 10 Kings Road, London, SW3 4ND",Smith,2026-11-01 09:00,letter\n'
)
HEADER = "name,address1,address2,town,postcode\n"


@pytest.fixture
def objected(tmp_path):
    def load(text=OBJECTIONS):
        path = tmp_path / "objections.csv"
        path.write_text(text)
        call_command("import_data", "marketing_choices", str(path), stdout=io.StringIO())

    return load


@pytest.fixture
def post(screened):  # noqa: F811
    """Screen addresses for post, and return for each line what became of it."""

    def screen(text, **options):
        _, _, files = screened(text, "post", suppression_only=True, **options)
        found = {}
        for name, data in files.items():
            for row in list(csv.reader(io.StringIO(data.decode())))[1:]:
                line = row if name == "allowed" else row[:-1]
                found[",".join(line)] = name if name == "allowed" else row[-1]
        return [found[",".join(line)] for line in list(csv.reader(io.StringIO(text)))[1:]]

    return screen


class TestTheSameDoor:
    def test_is_stopped_however_it_is_written_and_its_neighbour_is_not(self, objected, post):
        objected()
        text = HEADER + (
            'Ms N Tallow,"12 Mill Lane, Flat 1",,Bradford,BD1 1AA\n'
            "Ms N Tallow,1/12 Mill Lane,,Bradford,BD1 1AA\n"
            "The Tallow Family,Flat 1,12 Mill Lane,Bradford,BD1 1AA\n"
            "N Tallow (Ms),Flat 1,12 Mill Lane,Bradford,BD1 1AA\n"
            "I MacGregor,Flat 2/1,30 Marischal Street,Glasgow,G1 1BC\n"
            "J MacGregor,2/1,32 Marischal Street,Glasgow,G1 1BC\n"
            "J Smith,First Floor Flat,14 Kings Road,London,SW3 4ND\n"
        )
        assert post(text) == ["objected"] * 5 + ["allowed"] * 2

    @pytest.mark.parametrize(
        "name",
        [
            "Mr & Mrs Tallow",
            "Mr &amp; Mrs N Tallow",
            "Mr J Smith and Ms N Tallow",
            "Ms N Tallow & Mr J Smith",
            "J + N Tallow",
            "Tallow, N",
            "Mrs N. Tallow (deceased)",
            "The late N Tallow",
            "Executors of the Estate of N Tallow",
            "Miss N Tallow MBE",
            "TALLOW",
            "The Tallow Household",
        ],
    )
    def test_is_the_same_household_however_it_is_named(self, objected, post, name):
        objected()
        text = f"{HEADER}{name if ',' not in name else chr(34) + name + chr(34)},Flat 1,12 Mill Lane,Bradford,BD1 1AA\n"
        assert post(text) == ["objected"]

    @pytest.mark.parametrize(
        ("said", "listed"),
        [
            ("MacDonald", "McDonald"),
            ("Müller", "Mueller"),
            ("O'Brien", "O&#39;Brien"),
            ("Tallow", "Tallow (Mrs)"),
            ("Tallow", "Tallow & Smith"),
        ],
    )
    def test_in_a_column_of_surnames(self, post, said, listed):
        stop(contact_digests.address(said, HOME), channels=["post"])
        text = (
            f"surname,address,postcode\n{listed},1 Mill Lane,BD1 1AA\nOther,1 Mill Lane,BD1 1AA\n"
        )
        assert post(text) == ["objected", "allowed"]

    def test_of_an_email_address_in_quotes(self, screened):  # noqa: F811
        stop(contact_digests.email("gone@example.org"))
        text = "email\n'gone@example.org'\n'new@example.org'\n<Gone@example.org>\n"
        _, _, files = screened(text, suppression_only=True)
        assert files["allowed"] == b"email\n'new@example.org'\n"

    def test_with_a_postcode_that_cannot_exist_is_not_read(self, post):
        text = "surname,address,postcode\nTallow,1 Mill Lane,QQ1 1AA\n"
        assert post(text) == ["not a UK postcode"]


class TestWhatMayBeTheSame:
    @pytest.mark.parametrize(
        ("said", "listed"),
        [
            ("Flat 1, 12 Mill Lane", "N Tallow,12/1 Mill Lane"),
            ("Flat A, 12 Mill Lane", "N Tallow,12a Mill Lane"),
            ("12a Mill Lane", "N Tallow,Flat A 12 Mill Lane"),
            ("12 Mill Lane", "N Tallow,Flat 3 12 Mill Lane"),
            ("Flat 3, Rose Court", "N Tallow,3 Rose Court"),
            ("12 Mill Lane", "Tallow Nerys,12 Mill Lane"),
        ],
    )
    def test_is_left_out_as_unsure_and_counted(self, screened, said, listed):  # noqa: F811
        stop(contact_digests.address("Tallow", f"{said}\nBD1 1AA"), channels=["post"])
        text = f"name,address,postcode\n{listed},BD1 1AA\nN Other,{said.replace(',', '')},BD1 1AA\n"
        code, said, files = screened(text, "post", suppression_only=True)
        assert files["suppressed"].decode().splitlines()[1:] == [f"{listed},BD1 1AA,unsure"]
        assert (code, "1 suppressed: unsure" in said) == (0, True)
        assert Screening.objects.get().suppressed == 1

    def test_of_a_full_verdict_too(self, ada, tps, screened):  # noqa: F811
        tps("mps", "surname,address_1,postcode\nTallow,12 Mill Lane,BD1 1AA\n")
        text = "name,address,postcode\nN Tallow,Flat 3 12 Mill Lane,BD1 1AA\nN Other,2 Mill Lane,BD1 1AA\n"
        _, _, files = screened(text, "post")
        assert files["suppressed"].decode().splitlines()[1:] == [
            "N Tallow,Flat 3 12 Mill Lane,BD1 1AA,unsure"
        ]


class TestStopsOfTheFormBefore:
    """A stop stands under the digest that was made when it came; that digest cannot be made anew."""

    @pytest.mark.parametrize(
        ("surname", "lines", "listed"),
        [
            ("Müller", "The Annexe\n12 Mill Lane\nBD1 1AA", "Müller,The Annexe,12 Mill Lane"),
            ("MacDonald", "12-14 Mill Lane\nBD1 1AA", "MacDonald,12-14 Mill Lane,"),
            ("Rae", "12 Mill Lane Bradford\nBD1 1AA", "RAE,12 Mill Ln Bradford,"),
        ],
    )
    def test_are_found_where_the_list_is_written_as_then(self, post, surname, lines, listed):
        key = f"{former_forms.surname_1(surname)}|{former_forms.address_key_1(lines)}"
        suppression.add_digest(
            uuid.UUID(contact_digests.digester("address")(key)),
            "address",
            key_id=contact_digests.current_key(),
            form=1,
            channels=["post"],
            senders=["us"],
            source="letter",
            at=NOON,
        )
        one = contact_digests.address(surname, lines)
        assert contact_digests.digest(one) != Suppression.objects.get().digest
        assert may_contact(one, "post", "us", "marketing", LATER).reason == "objected"
        text = f"surname,address_1,address_2,postcode\n{listed},BD1 1AA\n"
        assert post(text) == ["objected"]


class TestASecondColumn:
    @pytest.mark.parametrize(
        "header", ["Email,Email 2", "Work email,Email", "Email,Contact", "Email,Partner's e-mail"]
    )
    def test_of_addresses_is_asked_about(self, screened, header):  # noqa: F811
        stop(contact_digests.email("gone@example.org"))
        with pytest.raises(CommandError, match=r"--column NAME"):
            screened(f"{header}\nother@example.org,gone@example.org\n", suppression_only=True)
        assert not Screening.objects.exists()

    @pytest.mark.parametrize("header", ["Email,Email 2", "Work email,Email"])
    def test_is_known_by_its_name_whatever_it_holds(
        self,
        screened,  # noqa: F811
        header,
    ):
        with pytest.raises(CommandError, match="several columns"):
            screened(f"{header}\na@example.org,\n,a@example.org\n", suppression_only=True)

    def test_named_is_the_one_screened(self, screened):  # noqa: F811
        stop(contact_digests.email("gone@example.org"))
        text = "Email,Email 2\nother@example.org,gone@example.org\n"
        _, said, files = screened(text, suppression_only=True, column=["Email 2"])
        assert b"gone@example.org,objected" in files["suppressed"]
        assert "screened by Email 2" in said

    @pytest.mark.parametrize(
        ("text", "channel"),
        [
            ("Mobile,Home phone\n07700900111,07700900222\n", "sms"),
            ("Phone,Ring first\n07700900111,020 7946 0018\n", "live_call"),
            ("surname,address,postcode,delivery postcode\nTallow,1 Mill Lane,BD1 1AA,\n", "post"),
            ("surname,address,postcode,parcels to\nTallow,1 Mill Lane,BD1 1AA,BD1 1AB\n", "post"),
            ("name,partner name,address,postcode\nA Tallow,B Smith,1 Mill Lane,BD1 1AA\n", "post"),
        ],
    )
    def test_of_numbers_names_and_postcodes_too(self, screened, text, channel):  # noqa: F811
        with pytest.raises(CommandError, match=r"--column"):
            screened(text, channel, suppression_only=True)

    @pytest.mark.parametrize(
        "text",
        [
            "id,email,first_name,email opt-in,notes\n1,a@example.org,Ann,yes,wrote to b@example.org\n",
            "email,order\na@example.org,07700900111\n",
        ],
    )
    def test_of_another_kind_is_let_be(self, screened, text):  # noqa: F811
        assert b"a@example.org" in screened(text, suppression_only=True)[2]["allowed"]
