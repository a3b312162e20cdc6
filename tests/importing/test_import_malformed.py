"""Corrupted copies of the real file: nothing changes by default, no good line is lost with
--keep-good, none crashes."""

import gzip
from pathlib import Path

import pytest
from django.conf import settings

from audit.models import Entry
from customers.models import Customer, Order
from tests.importing.shop import Shop

pytestmark = pytest.mark.django_db
LINES = (
    (Path(settings.BASE_DIR) / "customers/demo/online_retail_orders.csv")
    .read_bytes()
    .splitlines(keepends=True)[:401]
)
RETAIL = {"preset": "online-retail", "allow_expired": True}
GOOD = {line.split(b",")[0].decode() for line in LINES[1:]}


@pytest.fixture
def shop(tmp_path) -> Shop:
    return Shop(tmp_path)


def spoilt(at: int, line: bytes) -> bytes:
    """The file with one more line, a bad one."""
    return b"".join([*LINES[:at], line, *LINES[at:]])


BAD_LINES = {
    "bad date": (
        b"900001,2010-13-01,17850,1.00\n",
        "placed_on: not a date (YYYY-MM-DD or DD/MM/YYYY)",
    ),
    "nul byte": (b"900001,2010-12-01,17\x00850,1.00\n", "holds a NUL byte"),
    "only nul bytes": (b"\x00" * 5000 + b"\n", "holds a NUL byte"),
    "open quote": (b'900001,2010-12-01,"17850,1.00\n', "a quote is opened and not closed"),
    "ten megabytes": (b"9" * 10_000_000 + b"\n", "longer than 1 MB"),
    "ten megabytes in quotes": (
        b'900001,"' + b"9" * 10_000_000 + b'",17850,1.00\n',
        "longer than 1 MB",
    ),
    "half a line": (b"900001,2010-12\n", "fewer fields than the header"),
    "glued lines": (
        b"900001,2010-12-01,17850,1.00900002,2010-12-01,17850,1.00\n",
        "more fields than the header",
    ),
    "bad amount": (b"900001,2010-12-01,17850,1.00.00\n", "total: not an amount in pounds"),
    "no customer": (b"900001,2010-12-01,,1.00\n", "customer_number is missing"),
    "a repeated header": (LINES[0], "placed_on: not a date (YYYY-MM-DD or DD/MM/YYYY)"),
    "a stray return": (b"900001,2010-12-01\r,17850,1.00\n", "holds a stray line end"),
}


@pytest.mark.parametrize("fault", BAD_LINES)
class TestABadLine:
    def test_nothing_changes_by_default(self, shop, fault):
        line, reason = BAD_LINES[fault]
        result = shop.sends("orders", spoilt(200, line), **RETAIL)
        assert (result.code, [row[:2] for row in result.rejects]) == (2, [["201", reason]])
        assert not Order.objects.exists()
        assert not Customer.objects.exists()
        assert not Entry.objects.exists()
        assert "--keep-good" in result.out

    def test_no_good_line_is_lost(self, shop, fault):
        line, reason = BAD_LINES[fault]
        result = shop.sends("orders", spoilt(200, line), keep_good=True, **RETAIL)
        assert (result.code, [row[:2] for row in result.rejects]) == (1, [["201", reason]])
        assert set(Order.objects.values_list("number", flat=True)) == GOOD


class TestEncodings:
    @pytest.mark.parametrize("end", [b"\r\n", b"\r"])
    def test_each_line_end_goes_in(self, shop, end):
        assert shop.sends("orders", b"".join(LINES).replace(b"\n", end), **RETAIL).code == 0
        assert Order.objects.count() == 400

    def test_a_byte_order_mark_goes_in(self, shop):
        assert shop.sends("orders", b"\xef\xbb\xbf" + b"".join(LINES), **RETAIL).code == 0
        assert Order.objects.count() == 400

    def test_a_broken_character_costs_its_line(self, shop):
        accented = "900001é,2010-12-01,17850,1.00\n".encode()
        broken = b"900002\xff,2010-12-01,17850,1.00\n"
        result = shop.sends("orders", spoilt(200, accented + broken), keep_good=True, **RETAIL)
        assert [row[:2] for row in result.rejects] == [["202", "not valid UTF-8"]]
        assert set(Order.objects.values_list("number", flat=True)) == GOOD | {"900001é"}

    def test_windows_text_goes_in(self, shop):
        assert (
            shop.sends("customers", "customer_number,surname\nC1,Müller\n".encode("cp1252")).code
            == 0
        )
        assert Customer.objects.get().surname == "Müller"

    def test_an_encoding_can_be_given(self, shop):
        data = "customer_number,surname\nC1,Müller\n".encode()
        assert shop.sends("customers", data, encoding="windows-1252").code == 0
        assert Customer.objects.get().surname == "MÃ¼ller"

    def test_an_unknown_encoding_is_refused(self, shop):
        assert "utf-8 or windows-1252" in shop.sends("customers", b"a\n1\n", encoding="utf-16").err


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (gzip.compress(b"".join(LINES)), "compressed"),
        (b"".join(LINES).replace(b",", b";"), "semicolons"),
        (b"".join(LINES).decode().encode("utf-16"), "UTF-16"),
        (b"".join(LINES[1:]), "does not look like the names of columns"),
        (
            b"".join(LINES).replace(b"CustomerID,", b"Client,", 1),
            "lacks the column CustomerID. Its columns are: InvoiceNo, ",
        ),
        (b"Something\n1\n", "lacks the columns InvoiceNo, CustomerID, InvoiceDate, TotalPrice"),
        (b"".join(LINES).replace(b"TotalPrice", b"TotalPrice,CVV", 1), "security code"),
        (b"".join(LINES).replace(b"TotalPrice", b"TotalPrice,TotalPrice", 1), "more than once"),
    ],
)
def test_a_hopeless_file_is_explained(shop, data, words):
    result = shop.sends("orders", data, keep_good=True, **RETAIL)
    assert result.code == 2
    assert words in result.err
    assert not Order.objects.exists()
    assert not shop.listed.exists()


def test_a_header_alone_is_nothing(shop):
    result = shop.sends("orders", LINES[0], **RETAIL)
    assert (result.code, Entry.objects.count()) == (0, 0)
    assert "no lines below its header" in result.out


def test_empty_cells_at_the_end_are_nothing(shop):
    assert shop.sends("orders", b"".join(LINES) + b",,,\n , ,,\n", **RETAIL).code == 0
    assert Order.objects.count() == 400
