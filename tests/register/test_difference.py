"""What a reader sees of a change between two notices."""

from compliance.register.blocks import bullets, entry, paragraph, section, table
from compliance.register.difference import between


def notice(*sections):
    return {"sections": list(sections)}


def said(change) -> list[str]:
    marks = {"same": "{}", "added": "+{}+", "removed": "-{}-"}
    return [
        "".join(marks[piece.kind].format(piece.text) for piece in line) for line in change.lines
    ]


BEFORE = notice(
    section(
        "keep",
        "How long",
        [
            table(
                "T",
                ["What", "How long"],
                [["Orders", "six years · ten years"], ["Cards", "a year"]],
            )
        ],
    ),
    section("who", "Who", [paragraph("We are one shop."), bullets(["By post", "By phone"])]),
)


def test_the_same_notice_has_no_change():
    assert between(BEFORE, BEFORE) == []


def test_one_word_in_a_table_line():
    after = notice(
        section(
            "keep",
            "How long",
            [
                table(
                    "T",
                    ["What", "How long"],
                    [["Orders", "six years · nine years"], ["Cards", "a year"]],
                )
            ],
        ),
        BEFORE["sections"][1],
    )
    (change,) = between(BEFORE, after)
    assert (change.id, change.kind, change.unchanged) == ("keep", "changed", 3)
    assert said(change) == ["Orders: -ten-+nine+ years"]


def test_lines_that_came_and_went():
    after = notice(
        BEFORE["sections"][0],
        section(
            "who",
            "Who",
            [paragraph("We are one shop."), bullets(["By post", "Online, at any hour"])],
        ),
    )
    (change,) = between(BEFORE, after)
    assert sorted(said(change)) == ["+• Online, at any hour+", "-• By phone-"]


def test_a_run_of_changed_words_is_one_change():
    before, after = (
        notice(section("a", "A", [paragraph(text)]))
        for text in (
            "We keep your order for six years here.",
            "We keep your order for at most ten months here.",
        )
    )
    (change,) = between(before, after)
    assert said(change) == ["We keep your order for -six years-+at most ten months+ here."]


def test_a_new_and_a_removed_section():
    new = section("safe", "Safety", [entry("x", "Keys", "Kept apart.", [("Where", ["Elsewhere"])])])
    added, removed = between(BEFORE, notice(BEFORE["sections"][0], new))
    assert (added.kind, removed.kind) == ("added", "removed")
    assert said(added) == ["+Safety+", "+Keys: Kept apart.+", "+Keys, where: Elsewhere+"]
    assert said(removed)[0] == "-Who-"


def test_order_alone_is_no_change():
    assert between(BEFORE, notice(*reversed(BEFORE["sections"]))) == []
