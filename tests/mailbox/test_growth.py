"""A text ten times as long takes about ten times as long to read, whatever sign or words it repeats."""

import time

import pytest

from compliance.mailbox import classify

US = "privacy@hartwell.example"
REPEATED = (
    "-", "_", "=*", "- ", "> ", " x", "\t", "a", "A", "1", "0 ", "+44 ", "a b ", "a.", "a@", "a@b.",
    "<", '"', "(", "<a ", "A1", "12.", "From: x\n", "on a b ", "do not a ", "stop a ", "my data a ",
    "http://a.", "Mr Ab ", "=?u?q?", "boundary=", "no more a ", "delete a ", "customer no ", "SW1A ",
    "everything a ", "if you a ", "gave my ", "unhappy data ", "mother a ", "a\n", "-- \n", "? ",
)  # fmt: skip
SHORT = 2_000  # signs; a quadratic reader needs a hundred times as long for ten times as many
TOO_LITTLE = 0.003  # seconds that a clock that steps could double


def seconds(raw):
    begun = time.process_time()
    classify.classify(raw, US)
    return time.process_time() - begun


@pytest.mark.parametrize(
    "where", ["From: a@b.example\n\n{}x", "From: a@b.example\nSubject: {}\n\nx"]
)
def test_time_to_read_grows_with_the_length(where):
    slow = []
    for sign in REPEATED:
        raws = [where.format((sign * size)[:size]).encode() for size in (SHORT, SHORT * 10)]
        short, long = (min(seconds(raw) for _ in range(2)) for raw in raws)
        if long > 18 * max(short, TOO_LITTLE):
            slow.append((sign, short, long))
    assert not slow
