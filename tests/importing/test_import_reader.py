"""The reader alone: bytes in, records out, nothing lost and nothing failing."""

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from customers.importing import reader
from customers.importing.reader import InputError
from tests.strength import examples


@pytest.fixture
def read(tmp_path):
    def read(data: bytes, **options):
        path = tmp_path / "some.csv"
        path.write_bytes(data)
        return list(reader.inspect(path).records(**options))

    return read


def good(records):
    return [record.fields for record in records if not record.reason]


def bad(records):
    return [(record.line, record.reason) for record in records if record.reason]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_each_line_end_reads_alike(read, end):
    assert good(read(end.join([b"a,b", b"1,2", b"3,4", b""]))) == [["1", "2"], ["3", "4"]]


def test_the_last_line_needs_no_end(read):
    assert good(read(b"a,b\n1,2")) == [["1", "2"]]


def test_blank_lines_are_passed_over(read):
    records = read(b"a,b\n\n1,2\n   \n3,4\n")
    assert [record.line for record in records] == [3, 5]


def test_a_byte_order_mark_goes(tmp_path):
    path = tmp_path / "some.csv"
    path.write_bytes(b"\xef\xbb\xbfa,b\n1,2\n")
    assert reader.inspect(path).header == ["a", "b"]


def test_windows_text_is_recognised(read):
    assert good(read(b"a\nZo\xeb\nBj\xf6rk\n")) == [["Zoë"], ["Björk"]]


def test_one_broken_line_is_not_windows(read):
    records = read("a\nZoë\n".encode() + b"Bj\xf6rk\nAnn\n")
    assert good(records) == [["Zoë"], ["Ann"]]
    assert bad(records) == [(3, "not valid UTF-8")]


def test_bytes_that_windows_lacks_are_named(read):
    assert bad(read(b"a\nZo\xeb\nX\x81\n")) == [(3, "not valid Windows-1252")]


def test_a_quote_ends_with_its_line(read):
    records = read(b'a,b\n1,"open\n3,4\n"5,5","six, 6"\n')
    assert good(records) == [["3", "4"], ["5,5", "six, 6"]]
    assert bad(records) == [(2, "a quote is opened and not closed")]


def test_a_quoted_field_may_run_on(read):
    records = read(b'a,b\n1,"two\nlines"\n3,4\n', multiline=True)
    assert good(records) == [["1", "two\nlines"], ["3", "4"]]
    assert [record.line for record in records] == [2, 4]


def test_only_the_swallowed_lines_go(read):
    records = read(b'a,b\n1,"never closed\n2,swallowed\n3,"fine"\n4,x\n', multiline=True)
    assert good(records) == [["3", "fine"], ["4", "x"]]
    assert [line for line, _ in bad(records)] == [2, 3]


def test_an_open_quote_swallows_a_bounded_piece(read):
    lines = b"".join(b"%d,x\n" % n for n in range(5000))
    records = read(b'a,b\n1,"never closed\n' + lines, multiline=True)
    assert len(bad(records)) == reader.MULTILINE_LIMIT
    assert len(good(records)) == 5001 - reader.MULTILINE_LIMIT


def test_a_long_line_costs_no_memory(read):
    import tracemalloc

    data = b"a,b\n1,2\n" + b"x" * 10_000_000 + b"\n3,4\n"
    tracemalloc.start()
    records = read(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert good(records) == [["1", "2"], ["3", "4"]]
    assert bad(records) == [(3, "longer than 1 MB")]
    assert peak < 4_000_000


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"1,\x002", "holds a NUL byte"),
        (b"1,2\r3", "holds a stray line end"),
        (b"1", "fewer fields than the header"),
        (b"1,2,3", "more fields than the header"),
        (b'1,"2"3', "text after a closing quote"),
        (b'1,"' + b"2" * 200_000 + b'"', "a field is longer than 128 KB"),
    ],
)
@pytest.mark.parametrize("multiline", [False, True])
def test_a_bad_line_costs_itself_only(read, line, reason, multiline):
    records = read(b"a,b\n1,2\n" + line + b"\n3,4\n", multiline=multiline)
    assert good(records) == [["1", "2"], ["3", "4"]]
    assert bad(records) == [(3, reason)]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        ("a,b\n".encode("utf-16"), "UTF-16"),
        (b"\x1f\x8b\x08 whatever", "compressed"),
        (b"PK\x03\x04 whatever", "compressed or a spreadsheet"),
        (b"a;b\n1;2\n", "semicolons"),
        (b"a\tb\n1\t2\n", "tabs"),
        (b"\n1,2\n", "blank"),
        (b"a,\x00b\n1,2\n", "NUL"),
        (b"x" * 2_000_000, "longer than 1 MB"),
    ],
)
def test_a_hopeless_file_is_named(read, data, words):
    with pytest.raises(InputError, match=words):
        read(data)


PIECES = st.one_of(
    st.binary(max_size=6),
    st.sampled_from(
        [
            b"\n",
            b"\r\n",
            b"\r",
            b'"',
            b'""',
            b",",
            b'","',
            b"\x00",
            b"\xff",
            b"\xc3\xa9",
            b"1,2\n",
            b'1,"2"\n',
        ]
    ),
)


@pytest.mark.slow
@settings(
    max_examples=examples(400),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(PIECES, max_size=40).map(b"".join), st.booleans())
@example(b'1,"\n"\n', True)
@example(b'"\n"x\n1,2\n', True)
def test_any_bytes_come_through(tmp_path, data, multiline):
    path = tmp_path / "some.csv"
    path.write_bytes(b"a,b\n" + data)
    try:
        source = reader.inspect(path)
    except InputError:  # letters without sense: somebody who knows better has said what they are
        source = reader.inspect(path, "windows-1252")
    records = list(source.records(multiline=multiline))
    assert all(len(record.fields) == 2 for record in records if not record.reason)
    covered = [n for r in records for n in range(r.line, r.line + r.original.count("\n") + 1)]
    lines = (b"a,b\n" + data).split(b"\n")
    assert covered == sorted(set(covered))
    assert set(covered) >= {
        n for n, line in enumerate(lines, 1) if n > 1 and b"\r" not in line and not blank(line)
    }


def blank(line: bytes) -> bool:
    return not line or any(
        line.decode(encoding, "replace").isspace() for encoding in ("utf-8", "cp1252")
    )
