"""A letter as PDF: tagged, titled and in British English, and whatever a name holds is only ever
text."""

import datetime
import io
from decimal import Decimal

import pikepdf
import pytest
from django.core.management import call_command

from compliance.cases.models import Letter
from compliance.letters import pdf
from compliance.letters.compose import facts, typed
from compliance.letters.parts import Content, Heading, Para, Run, as_data, clean
from tests.letters.letters import HOME, NEXT, POST, case_of, happened, pdf_of, write
from tests.letters.pdf import by_page, squeezed, tags, words_of

STATUS = "https://portal.example/your-data/status/of-a-long-name/"
HOSTILE = [
    '#import "/etc/passwd"',
    '#read("layout.typ")',
    "$ x^2 $",
    "@label <label>",
    "\\ \\u{41}",
    "*bold* _slanted_ `raw`",
    "= Heading",
    "- point",
    "// comment",
    "/* comment */",
    "#{ 1 + 1 }",
    "[content]",
    "<b>bold</b> & more",
    "{reference}",
    "{% now %} {{ settings }}",
    '"quoted" \\" \' ’',
    "Łódź Ñandú Ő ß",
    "Жуков Ωμέγα",
    "O’Brien–Smythe",
    "line\u2028separator",
    "Ada " * 500,
]


def letter(name="Ada Lovelace", text="Words.", to=HOME):
    content = Content(
        "A subject: R-7K3F", (*typed(f"Dear {name},"), *typed(text), *facts({"Label": name}))
    )
    return pdf.render(content, to=f"{clean(name)}\n{to}", reference="R-7K3F", now=NEXT)


@pytest.mark.parametrize("name", HOSTILE, ids=lambda name: name[:20])
def test_a_hostile_name_prints_literally(name):
    shown = words_of(letter(name))
    assert shown.count(squeezed(name)) >= 3, "in the window, in the greeting and in the facts"


@pytest.mark.parametrize("name", ["שלמה המלך", "مرحبا"], ids=["hebrew", "arabic"])
def test_a_name_from_right_to_left_is_whole(name):
    assert words_of(letter(f"{name} Smith")).count("Smith") == 3
    assert pdf.unprintable(name) == 0


@pytest.mark.parametrize(
    ("name", "boxes"),
    [("Ada 😀 Lovelace", 1), ("王小明", 3), ("👨‍👩‍👧", 3), ("Ada", 0), ("\U0010ffff", 1)],
)
def test_a_sign_that_no_font_has_is_a_box(name, boxes):
    assert words_of(letter(name)).count("□") == 3 * boxes
    assert pdf.unprintable(name) == boxes


@pytest.mark.slow
def test_thousands_of_strange_signs_take_no_time():
    strange = "".join(map(chr, range(0x4E00, 0x4E00 + 2000)))
    started = datetime.datetime.now(datetime.UTC)
    assert "□" in words_of(letter(strange))
    assert (datetime.datetime.now(datetime.UTC) - started).total_seconds() < 10


def test_what_turns_the_direction_of_text_is_taken_out():
    assert clean("Ada\u202eecalevoL\u0000\x07\u2066!\r\nB") == "AdaecalevoL!\nB"


def test_an_overlong_word_stays_on_the_page():
    document = letter("ж" * 2000)
    assert words_of(document).count("ж") == 6000
    with pikepdf.open(io.BytesIO(document)) as opened:
        places = [
            (number, left, round(top))
            for number, page in enumerate(opened.pages)
            for left, top in lines(page)
        ]
    assert len({(page, top) for page, _, top in places}) > 60, "it was broken into lines"
    assert max(left for _, left, _ in places) < 190


def test_the_fault_of_a_layout_tells_no_words(monkeypatch):
    monkeypatch.setattr(pdf, "LETTER", b"#panic(sys.inputs.data)")
    with pytest.raises(pdf.LetterError) as fault:
        letter("Zebedee")
    assert "Zebedee" not in str(fault.value)
    assert fault.value.__cause__ is None
    assert fault.value.__suppress_context__


@pytest.mark.parametrize("above", range(8, 20, 2))
def test_a_list_is_not_parted_from_its_words(above):
    points = f"Three things.\n\n- One of them\n- And {'so on ' * 200}"
    content = Content(
        "A subject",
        (*typed("Above.\n\n" * above), Heading("To do"), *typed(f"{points}\n\nYours\n\nWe")),
    )
    pages = by_page(pdf.render(content, to=HOME, reference="R-7K3F", now=NEXT))
    assert [page for page in pages if "Threethings." in page] == [
        page for page in pages if "Oneofthem" in page
    ]


def test_the_same_letter_is_the_same_bytes():
    assert letter() == letter()


def test_a_long_letter_numbers_its_pages():
    shown = words_of(letter(text="\n\n".join(["A paragraph that goes on. " * 20] * 30)))
    assert squeezed("Page 1 of 4") in shown
    assert squeezed("Page 4 of 4") in shown


@pytest.mark.django_db
class TestAccessible:
    @pytest.fixture(autouse=True)
    def register(self):
        call_command("load_register", verbosity=0)

    @pytest.mark.slow
    @pytest.mark.parametrize("code", list(Letter))
    def test_every_letter_is_tagged_titled_and_in_english(self, code):
        kind = {
            "agencies": "cra_disclosure",
            "complaint_acknowledgement": "complaint_ack",
            "complaint_outcome": "fca_complaint_final",
        }.get(code, "sar")
        case = case_of(kind, given=POST)
        if code == Letter.EXTENSION:
            happened(case, "extended")
        row = write(
            case,
            code,
            text="Words.\n\n- A point",
            ground="excessive",
            waiting_for="fee",
            because="excessive",
            fee=Decimal("10"),
            agencies=[],
        )
        document = pdf_of(row)
        with pikepdf.open(io.BytesIO(document)) as opened:
            assert str(opened.Root.Lang) == "en-GB"
            assert opened.Root.MarkInfo.Marked
            assert opened.Root.ViewerPreferences.DisplayDocTitle
            with opened.open_metadata() as about:
                assert about["pdfuaid:part"] == "1"
                assert about["dc:title"] == row.message.subject.partition(": R-")[0]
        tree = tags(document)
        kinds = [tag for _, tag in tree]
        assert tree[0] == (0, "Document")
        assert kinds.count("H1") == 1
        assert "P" in kinds
        levels = [int(tag[1]) for tag in kinds if tag[0] == "H" and tag[1:].isdigit()]
        assert levels == sorted(levels), "no heading is skipped"
        assert levels[0] == 1

    def test_lists_and_facts_are_lists_to_a_screen_reader(self):
        document = pdf_of(write(case_of(given=POST), Letter.COMPLETION, text="- One\n- Two"))
        kinds = [tag for _, tag in tags(document)]
        assert (
            kinds.count("LI") == kinds.count("LBody") == 5
        )  # two points, and three lines of facts
        assert kinds.count("Lbl") == 5
        assert "Link" in kinds

    @pytest.mark.parametrize("sort", ["acknowledgement", "completion", "message"])
    def test_the_reference_is_said_once_or_twice(self, sort):
        row = write(case_of(given=POST), Letter(sort), text="Words.")
        assert words_of(pdf_of(row)).count(row.case.reference) in (1, 2)

    def test_a_web_address_is_whole(self):
        row = write(case_of(given=POST), Letter.ACKNOWLEDGEMENT)
        told = as_data((Para((Run("See "), Run(STATUS, STATUS), Run("x" * 90, "https://x"))),))
        (_, short, long) = pdf._breakable(told)[0]["runs"]
        assert (short["text"], short["whole"]) == (STATUS, True)
        assert "\u200b" in long["text"]
        with pikepdf.open(io.BytesIO(pdf_of(row))) as opened:
            targets = [str(mark.A.URI) for page in opened.pages for mark in page.get("/Annots", ())]
        assert len(targets) == len(set(targets)), "a link that is on two lines has two places"

    def test_the_address_stands_in_the_window(self):
        document = pdf_of(write(case_of(given=POST), Letter.MESSAGE, text="Words."))
        with pikepdf.open(io.BytesIO(document)) as opened:
            page = opened.pages[0]
            assert [round(float(side)) for side in page.MediaBox] == [0, 0, 595, 842]  # A4
            window = [place for place in lines(page) if 50 < place[1] < 90]
        assert (
            len(window) == 4
        )  # the name and three lines of address, between 53 and 85 mm from the top
        assert all(left == pytest.approx(20, abs=0.5) and 53 < top < 85 for left, top in window)


def lines(page):
    """Where each line of text stands, in millimetres from the left and, at its baseline, from the
    top of the page."""
    stack, now, found = [], pikepdf.Matrix(), []
    for operands, operator in pikepdf.parse_content_stream(page):
        match str(operator):
            case "q":
                stack.append(now)
            case "Q":
                now = stack.pop()
            case "cm":
                now = pikepdf.Matrix(*map(float, operands)) @ now
            case "Tm":
                matrix = pikepdf.Matrix(*map(float, operands)) @ now
                found.append((matrix.e / 72 * 25.4, 297 - matrix.f / 72 * 25.4))
    return found
