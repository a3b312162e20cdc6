"""Text messages, for trials: printed instead of sent.

A backend is a function that takes an E.164 number and a text and returns when the provider has
taken the message. It raises `customers.outbox.carriers.NotTaken` when the provider surely did not;
any other fault leaves that open.
"""

import sys


def console(number: str, text: str) -> None:
    """Print a text message where the worker runs."""
    sys.stdout.write(f"Text message to {number}:\n{text}\n")
