"""Marks on a text: what stands in place of the words, and that silent ones leave no trace."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.access.reasons import PLACE, SILENT, OmissionReason
from compliance.access.redaction_marks import Mark, occurrences, redacted, segments, sentences, tidy

TEXT = "Her neighbour Bertha Mason called. Fraud looks at it. She wants it left at the door."
marks = st.lists(
    st.builds(Mark, st.integers(0, 40), st.integers(0, 40), st.sampled_from(OmissionReason.values)),
    max_size=6,
)


def over(words, reason="other_person", text=TEXT):
    return [Mark(*span, reason) for span in occurrences(text, words)]


class TestRedacting:
    def test_another_person_is_named_as_such(self):
        assert redacted(TEXT, over("Bertha Mason")).startswith(
            "Her neighbour [redacted: other person] called."
        )

    @pytest.mark.parametrize(
        "reason", [reason for reason in OmissionReason if reason not in SILENT]
    )
    def test_an_exemption_says_which(self, reason):
        assert PLACE[reason] in redacted(TEXT, over("Fraud looks at it.", reason))

    @pytest.mark.parametrize("reason", SILENT)
    def test_a_silent_one_reads_as_if_never_written(self, reason):
        assert redacted(TEXT, over("Fraud looks at it.", reason)) == (
            "Her neighbour Bertha Mason called. She wants it left at the door."
        )

    @pytest.mark.parametrize(
        ("text", "words", "reads"),
        [
            ("One.\nTwo.\nThree.", "Two.", "One.\nThree."),
            ("One. Two.", "Two.", "One."),
            ("One. Two.", "One.", "Two."),
            ("One.\r\n\r\nTwo.", "One.", "Two."),
            ("Two.", "Two.", ""),
            ("One (secret) two.", "(secret)", "One two."),
        ],
    )
    def test_no_gap_tells_of_a_silent_one(self, text, words, reads):
        plainly = text.replace("\r\n", "\n")
        assert redacted(text, over(words, "crime", plainly)) == reads

    def test_two_names_side_by_side_are_one_gap(self):
        assert redacted(
            "Ann Bell came.",
            over("Ann", text="Ann Bell came.") + over("Bell", text="Ann Bell came."),
        ) == ("[redacted: other person] came.")

    @given(st.text("ab \n.", max_size=40), marks)
    def test_marked_words_are_gone_whatever_the_marks(self, text, found):
        clear = {place for place in range(len(text))} - {
            place
            for mark in found
            if mark.start < mark.end
            for place in range(mark.start, mark.end)
        }
        reads = redacted(text, found)
        for words in PLACE.values():
            reads = reads.replace(words, "")
        assert len(reads.replace("\n", " ")) <= len(clear) + text.count("\n") + 1

    @given(st.text("ab \n", max_size=40), marks)
    def test_the_pieces_are_the_whole_text(self, text, found):
        assert "".join(words for words, _ in segments(text, found)) == text
        placed = tidy(text, found)
        assert all(one.end <= other.start for one, other in pairwise(placed))


class TestFinding:
    def test_words_are_found_whatever_their_case_and_blanks(self):
        assert [TEXT[start:end] for start, end in occurrences(TEXT, "bertha  MASON")] == [
            "Bertha Mason"
        ]

    def test_a_part_of_a_word_is_no_match(self):
        assert occurrences("Annexe of Ann's house", "Ann") == [(10, 13)]

    def test_sentences_end_at_stops_and_lines(self):
        text = "One. Two? Three!\nFour"
        assert [text[start:end] for start, end in sentences(text)] == [
            "One.",
            "Two?",
            "Three!",
            "Four",
        ]
