"""The pack: one archive that people can read, programs can read, and nobody can read more from than
is in it."""

import csv
import dataclasses
import datetime
import hashlib
import io
import json
import zipfile
from itertools import pairwise

import jsonschema
import pikepdf
import pytest
from django.conf import settings
from django.core.management import call_command

from audit.evidence import holds
from compliance.access import archive, records
from compliance.access.document import said
from compliance.access.explanation import Explanation
from compliance.access.reviewed import NOT_READ, REDACTED, UNREAD, UNREDACTED
from compliance.register.models import Purpose, Recipient, RetentionRule
from tests import factories as make
from tests.access.people import NOW, data_of, document_of, of_everything, opened, pack_of
from tests.accessible import faults_of
from tests.letters.pdf import squeezed, tags, words_of
from tests.register.ready import confirmed

pytestmark = pytest.mark.django_db
SCHEMA = settings.BASE_DIR / "compliance" / "access" / "schema" / "pack-1.0.json"


@pytest.fixture(autouse=True)
def _register(db):
    call_command("load_register", verbosity=0)


@pytest.fixture
def ada():
    customer = make.CustomerFactory(
        customer_number="C1843", title="Ms", given_names="Ada", surname="Lovelace"
    )
    make.ContactPointFactory(customer=customer, phone=True, value="+447700900123")
    return customer


class TestTheArchive:
    def test_the_manifest_has_the_digest_of_each_file(self, ada):
        with opened(pack_of(ada)) as files:
            lines = [
                line
                for line in files.read("manifest.txt").decode().splitlines()
                if not line.startswith("#")
            ]
            told = {name: digest for digest, name in (line.split("  ") for line in lines)}
            assert told == {
                name: hashlib.sha256(files.read(name)).hexdigest()
                for name in files.namelist()
                if name != "manifest.txt"
            }

    def test_one_document_one_json_a_csv_for_each_table(self, ada):
        names = opened(pack_of(ada)).namelist()
        assert names == [
            "who_you_are.csv",
            "how_to_reach_you.csv",
            "pack.json",
            "your-data.pdf",
            "manifest.txt",
        ]

    def test_the_same_data_at_the_same_moment_is_the_same_bytes(self):
        customer = of_everything()
        assert pack_of(customer) == pack_of(customer)

    def test_a_target_that_cannot_seek_is_enough(self, ada):
        class Pipe:
            got = b""

            def write(self, data):
                self.got += data

        pipe = Pipe()
        made = archive.write(pipe, ada, reference="R-TEST", texts=UNREDACTED, now=NOW)
        assert zipfile.ZipFile(io.BytesIO(pipe.got)).testzip() is None
        assert (made.size, made.digest) == (len(pipe.got), hashlib.sha256(pipe.got).hexdigest())
        assert (made.records, made.fingerprint) == (2, records.fingerprint(ada))

    def test_an_erased_customer_has_an_empty_pack(self):
        stub = make.CustomerFactory(
            customer_number=None,
            title=None,
            given_names=None,
            surname=None,
            date_of_birth=None,
            erased_at=NOW,
        )
        assert [table["name"] for table in data_of(pack_of(stub))["tables"]] == ["who_you_are"]


class TestTheData:
    def test_it_keeps_to_its_schema(self):
        schema = json.loads(SCHEMA.read_text())
        jsonschema.Draft202012Validator.check_schema(schema)
        data = data_of(pack_of(of_everything()))
        jsonschema.Draft202012Validator(schema).validate(data)
        assert data["schema"] == SCHEMA.stem.removeprefix("pack-")

    def test_values_are_plain_and_dated_in_london(self, ada):
        make.ContactNoteFactory(
            customer=ada, at=datetime.datetime(2026, 7, 1, 23, 30, tzinfo=datetime.UTC)
        )
        make.OrderFactory(customer=ada, total="1234.50")
        tables = {
            table["name"]: table["rows"][0]["values"] for table in data_of(pack_of(ada))["tables"]
        }
        assert tables["calls_emails_chats_and_letters"]["at"] == "2026-07-02T00:30:00+01:00"
        assert tables["calls_emails_chats_and_letters"]["kind"] == "Telephone call"
        assert tables["orders"]["total"] == "1234.50"

    def test_each_record_says_until_when_it_is_kept(self, ada):
        make.OrderFactory(
            customer=ada,
            placed_on=datetime.date(2024, 5, 1),
            financial_year_end=datetime.date(2025, 1, 31),
        )
        confirmed("order")
        row = next(table for table in data_of(pack_of(ada))["tables"] if table["name"] == "orders")[
            "rows"
        ][0]
        assert row["kept_until"] == "2031-01-31"
        assert "31 January 2031" in row["kept_because"]

    def test_a_changed_period_is_told_at_once(self, ada):
        make.OrderFactory(
            customer=ada,
            placed_on=datetime.date(2024, 5, 1),
            financial_year_end=datetime.date(2025, 1, 31),
        )
        RetentionRule.objects.filter(category__code="order", clock="financial_year_end").update(
            period=9
        )
        confirmed("order")
        row = next(table for table in data_of(pack_of(ada))["tables"] if table["name"] == "orders")[
            "rows"
        ][0]
        assert row["kept_until"] == "2034-01-31"


class TestSpreadsheets:
    def sheet(self, pack, name):
        return list(csv.reader(io.StringIO(opened(pack).read(f"{name}.csv").decode("utf-8-sig"))))

    def test_they_begin_with_the_mark_of_utf_8(self, ada):
        assert opened(pack_of(ada)).read("who_you_are.csv").startswith(b"\xef\xbb\xbf")

    def test_nothing_in_them_runs_as_a_formula(self, ada):
        make.OrderLineFactory(
            order=make.OrderFactory(customer=ada), description="=1+1", unit_price="-5.00"
        )
        row = self.sheet(pack_of(ada), "products_you_ordered")[1]
        assert "'=1+1" in row
        assert "-5.00" in row, "an amount stays a number"
        assert self.sheet(pack_of(ada), "how_to_reach_you")[1][1] == "'+447700900123"


class TestDecisions:
    def test_what_nobody_read_is_left_out_everywhere(self, ada):
        make.ContactNoteFactory(customer=ada, text="Her neighbour Zebedee complained.")
        pack = pack_of(ada, texts=UNREAD)
        files = opened(pack)
        assert all(
            "Zebedee" not in files.read(name).decode("utf-8", "ignore") for name in files.namelist()
        )
        assert NOT_READ in files.read("calls_emails_chats_and_letters.csv").decode()
        assert squeezed(NOT_READ) in words_of(document_of(pack))

    def test_staff_and_linked_people_are_redacted(self, ada):
        make.ContactNoteFactory(customer=ada, taken_by="staff:17")
        make.FinancialLinkFactory(customer=ada, linked_person="Charles Babbage")
        values = [
            row["values"] for table in data_of(pack_of(ada))["tables"] for row in table["rows"]
        ]
        assert {value.get("taken_by") or value.get("linked_person") for value in values} == {
            REDACTED,
            None,
        }

    def test_the_person_and_programs_are_no_other_people(self, ada):
        (
            make.ChoiceEventFactory(customer=ada, by=f"customer:{ada.pk}"),
            make.ChoiceEventFactory(customer=ada, by="job:x"),
        )
        make.ChoiceEventFactory(customer=ada, by=f"customer:{make.CustomerFactory().pk}")
        table = next(
            table
            for table in data_of(pack_of(ada))["tables"]
            if table["name"] == "marketing_choices"
        )
        assert {row["values"]["by"] for row in table["rows"]} == {
            "You",
            "Our computer system",
            REDACTED,
        }

    def test_a_record_held_back_is_not_counted_either(self, ada):
        class NoSearches:
            def text(self, label, pk, field, text):
                return text

            def shows(self, label, pk):
                return label != "disclosures.Disclosure"

        make.DisclosureFactory(customer=ada, recipient_name="Zebedee Agency")
        pack = pack_of(ada, texts=NoSearches())
        data = data_of(pack)
        assert "Zebedee" not in json.dumps(data)
        assert squeezed("2 records of 2 kinds") in words_of(document_of(pack))
        assert not data["explanation"]["received"]
        assert "disclosure" not in {one["code"] for one in data["explanation"]["categories"]}
        assert "who_received_your_data.csv" not in opened(pack).namelist()


class TestTheExplanation:
    def test_recipients_are_named_as_the_log_named_them(self, ada):
        for day in (1, 3, 2):
            make.DisclosureFactory(
                customer=ada,
                recipient_name="Callcredit Ltd",
                occurred_on=datetime.date(2015, 1, day),
                negotiations_ended_on=None,
            )
        received = data_of(pack_of(ada))["explanation"]["received"]
        assert [
            (one["recipient"], one["times"], one["first"], one["last"]) for one in received
        ] == [("Callcredit Ltd", 3, "2015-01-01", "2015-01-03")]

    def test_it_has_all_that_article_15_asks_for(self, ada):
        told = data_of(pack_of(ada))["explanation"]
        assert {one["code"] for one in told["categories"]} == {"identity", "contact"}
        assert all(one["source"] for one in told["categories"])
        assert all(one["bases"] for one in told["purposes"])
        assert told["complaints"]["regulator"]["name"] == "Information Commissioner's Office"
        assert any("points" in one["logic"] for one in told["decisions"])
        assert all(one["safeguard"] for one in told["transfers"])
        assert len(told["rights"]) > 8


@pytest.mark.slow
class TestTheDocument:
    @pytest.mark.parametrize("somebody", ["everything", "nearly nothing"])
    def test_it_is_tagged_titled_and_in_english(self, somebody):
        document = document_of(
            pack_of(of_everything() if somebody == "everything" else make.CustomerFactory())
        )
        with pikepdf.open(io.BytesIO(document)) as pdf:
            assert str(pdf.Root.Lang) == "en-GB"
            assert pdf.Root.MarkInfo.Marked
            assert pdf.Root.ViewerPreferences.DisplayDocTitle
            with pdf.open_metadata() as about:
                assert about["pdfuaid:part"] == "1"
                assert about["dc:title"] == "What this portal holds about you: R-TEST"
        kinds = [tag for _, tag in tags(document)]
        assert {
            "Document",
            "TOC",
            "TOCI",
            "H1",
            "H2",
            "Table",
            "TR",
            "TH",
            "TD",
            "L",
            "LI",
            "P",
            "Link",
        } <= set(kinds)
        levels = [int(tag[1]) for tag in kinds if tag[0] == "H" and tag[1:].isdigit()]
        assert all(later <= earlier + 1 for earlier, later in pairwise(levels)), (
            "no level is skipped"
        )

    @pytest.mark.slow
    @pytest.mark.parametrize("pack", ["rich", "empty", "redacted"])
    def test_a_stranger_finds_nothing_that_it_lacks(self, pack):
        class Redacted:
            def text(self, label, pk, field, text):
                return f"{text[:3]}{REDACTED}{text[3:]}"

            def shows(self, label, pk):
                return label != "customers.Order"

        customer = make.CustomerFactory() if pack == "empty" else of_everything()
        texts = Redacted() if pack == "redacted" else UNREDACTED
        assert faults_of(document_of(pack_of(customer, texts=texts))) == []

    def test_pictures_say_the_same_in_words(self):
        document = document_of(pack_of(of_everything()))
        with pikepdf.open(io.BytesIO(document)) as pdf:
            told = [str(node.Alt) for node in elements(pdf.Root.StructTreeRoot) if "/Alt" in node]
        assert any(
            alt.startswith("Time line from 2010 to") and "Orders: 1, in December 2014." in alt
            for alt in told
        )
        drawn = next(alt for alt in told if alt.startswith("Map of who received what."))
        assert "Experian Ltd: search with a credit reference agency, once." in drawn
        assert "Example Parcels Ltd: delivery of your orders, once." in drawn

    def test_it_has_cover_contents_and_plain_names(self, ada):
        shown = words_of(document_of(pack_of(ada)))
        for text in (
            "Ms Ada Lovelace",
            "C1843",
            "R-TEST",
            "25 October 2026",
            "Contents",
            "How to reach you",
            "29 February 1980",
        ):
            assert squeezed(text) in shown
        assert "ContactPoint" not in shown

    def test_a_long_table_names_the_file_that_has_all(self, ada):
        for number in range(130):
            make.OrderFactory(customer=ada, number=f"ORDER-{number:03d}", total="1000.00")
        shown = words_of(document_of(pack_of(ada)))
        assert (
            squeezed("These are the latest 100 of 130 records. All of them stand in orders.csv.")
            in shown
        )
        assert "ORDER-129" in shown
        assert "ORDER-029" not in shown
        assert "£1,000.00" in shown

    def test_a_hostile_value_is_only_ever_text(self, ada):
        make.ContactNoteFactory(customer=ada, text='#panic("x") $ @a <b> \\u{41} 😀 ' + "ж" * 500)
        shown = words_of(document_of(pack_of(ada)))
        assert squeezed('#panic("x") $ @a <b> \\u{41} □') in shown
        assert shown.count("ж") == 500

    def test_a_control_character_does_not_stop_it(self, ada):
        make.ContactNoteFactory(
            customer=ada, text="Rang\x00 twice\x07\x08\x1b[0m, he typed \\u0007 \\b."
        )
        assert squeezed("Rang□ twice□□□[0m, he typed \\u0007 \\b.") in words_of(
            document_of(pack_of(ada))
        )

    @pytest.mark.parametrize(
        ("value", "kind", "text"),
        [
            ("2026-02-28", "day", "28 February 2026"),
            ("2026-03-29T02:00:00+01:00", "moment", "29 March 2026, 02:00"),
            ("-12.50", "pounds", "−£12.50"),
            ("1234567.00", "pounds", "£1,234,567.00"),
            (True, "yes", "Yes"),
            (None, "day", ""),
            (0, "number", "0"),
            ("x" * 4000, "text", "x" * 3000 + " … (the rest stands in the CSV file)"),
        ],
    )
    def test_values_as_people_write_them(self, value, kind, text):
        assert said(value, kind) == text


def elements(node):
    """Every element of a tag tree."""
    if isinstance(node, pikepdf.Dictionary):
        yield node
        kids = node.get("/K")
        for child in (
            [] if kids is None else list(kids) if isinstance(kids, pikepdf.Array) else [kids]
        ):
            yield from elements(child)


class TestWhatItSaysOfItself:
    """Each claim of a copy goes by what stands in the register and in the explanation."""

    def told(self, **given):
        lists = {
            one.name: [] for one in dataclasses.fields(Explanation) if one.name != "complaints"
        }
        return Explanation(**{**lists, "complaints": {}, **given})

    def test_nobody_abroad_only_where_the_register_knows_all(self):
        named = {"recipients": [{"name": "Experian Ltd"}]}
        assert holds("access.none_abroad", self.told(**named))
        Recipient.objects.filter(name="Experian Ltd").update(country="FR")
        assert holds("access.none_abroad", self.told(**named)) is None
        gone = {"received": [{"recipient": "Callcredit of old"}]}
        assert holds("access.none_abroad", self.told(**gone)) is None

    def test_each_abroad_needs_its_protection(self):
        bare, safe = {"safeguard": ""}, {"safeguard": "A contract."}
        assert holds("access.protected_abroad", self.told(transfers=[safe]))
        assert holds("access.protected_abroad", self.told(transfers=[safe, bare])) is None
        assert holds("access.none_abroad", self.told(transfers=[safe])) is None

    def test_no_computer_only_while_no_purpose_lets_it(self):
        orders, credit = (
            {"purposes": [{"name": Purpose.objects.get(code=code).name}]}
            for code in ("orders", "credit-decision")
        )
        assert holds("access.no_computer_decides", self.told(**orders))
        assert holds("access.no_computer_decides", self.told(**credit)) is None
        assert holds("access.nothing_used", self.told(**orders)) is None

    def test_what_is_received_is_counted(self):
        assert holds("access.nobody_received", self.told())
        received = [{"recipient": "Experian Ltd"}]
        assert holds("access.nobody_received", self.told(received=received)) is None
