import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy.free_text import mask_cards, passes_luhn

CARD = "4111111111111111"


@pytest.mark.parametrize(
    "written",
    [
        CARD,
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "4111.1111.1111.1111",
        "4111  1111\n1111 1111",
        "3782 822463 10005",
    ],
)
def test_a_full_number_is_cut_to_four(written):
    assert (
        mask_cards(f"Paid with {written}, she said")
        == f"Paid with [card ending {written[-4:]}], she said"
    )


@pytest.mark.parametrize(
    "text",
    [
        f"card 2: 12 {CARD}",
        f"{CARD} 09 27",
        f"{CARD} 12/26",
        f"07700900123 {CARD}",
        f"{CARD} {CARD}",
        f"12345 {CARD} 1",
    ],
)
def test_digits_beside_it_do_not_hide_it(text):
    masked = mask_cards(text)
    assert CARD not in masked
    assert "[card ending 1111]" in masked


def test_groups_of_one_card_are_not_taken_for_another():
    assert mask_cards("4045 8832 9629 3333 6529") == "[card ending 3333] 6529"


@pytest.mark.parametrize(
    "text",
    [
        "Order 4111111111111112 is late",
        "Call 07700 900123",
        "Call 00447700900123",
        "Born 29 02 1980",
        "0000000000000",
    ],
)
def test_other_numbers_stay(text):
    assert mask_cards(text) == text


@pytest.mark.parametrize(
    "text", ["CVV 123", "cvc: 1234", "Security code is 123", "the PIN number was 1234", "cv2=123"]
)
def test_security_codes_go(text):
    assert mask_cards(text).endswith("[removed]")


@given(st.text(alphabet="0123456789 -.", max_size=60))
def test_masking_twice_changes_nothing_more(text):
    once = mask_cards(text)
    assert mask_cards(once) == once


@given(st.from_regex(r"[2-6][0-9]{11,17}", fullmatch=True))
def test_every_number_that_passes_luhn_is_redacted(start):
    number = next(f"{start}{digit}" for digit in range(10) if passes_luhn(f"{start}{digit}"))
    assert mask_cards(f"x {number} y") == f"x [card ending {number[-4:]}] y"
