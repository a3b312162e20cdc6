"""What the invented customers said to us, and we to them."""

from collections.abc import Iterator

from compliance.disclosures.demo.people import HELD, RICH, Ago, Row


def notes(ago: Ago) -> Iterator[Row]:
    """What they said to us, and we to them."""
    names = ("reference", "customer_number", "kind", "at", "text", "taken_by", "thread_closed_on")
    for row in (
        (
            "demo-note-1",
            RICH,
            "call",
            f"{ago(12)} 10:40",
            "Asked when the radiator comes. Told her Thursday; she is in all day.",
            "telephone desk",
            "",
        ),
        (
            "demo-note-2",
            RICH,
            "vulnerability",
            f"{ago(400)} 15:05",
            "Hard of hearing: please write instead of calling.",
            "telephone desk",
            "",
        ),
        (
            "demo-note-3",
            RICH,
            "email",
            f"{ago(590)} 09:12",
            "Reported an order that she never placed. Passed to the fraud "
            "team; the order was cancelled and refunded.",
            "mailroom",
            ago(560),
        ),
        (
            "demo-note-4",
            RICH,
            "letter",
            f"{ago(1500)} 12:00",
            "Sent a copy of the credit agreement of 2018.",
            "mailroom",
            ago(1490),
        ),
        (
            "demo-note-5",
            "20004",
            "call",
            f"{ago(35)} 16:20",
            "Can pay £20 a month from the first. Plan to be written up.",
            "telephone desk",
            "",
        ),
        (
            "demo-note-6",
            HELD,
            "letter",
            f"{ago(2750)} 11:30",
            "Her solicitor claims the kettle caused the fire in her kitchen.",
            "mailroom",
            ago(2700),
        ),
    ):
        yield dict(zip(names, row, strict=True))
