"""The words by which an email is known to ask for something that has a deadline of its own.

The rooms above give them when the program starts (`register`). The texts are folded
(`customers.normalise.fold`: no case, no accents, no punctuation, single spaces). Pure: no model.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache


@lru_cache
def pattern(*parts: str) -> re.Pattern[str]:
    """Any of these, as whole words."""
    return re.compile(rf"\b(?:{'|'.join(parts)})\b")


DATA = r"(?:personal )?(?:data|information|details|records?|file)"


@dataclass(frozen=True, kw_only=True)
class RequestWords:
    """How an email is known to make one request."""

    label: str  # what the email seems to be about, for colleagues
    turn: int  # in which order the patterns are tried: the first that fits says what it is
    pattern: re.Pattern[str]
    may_be_a_stop: bool  # beside a wish to stop marketing it may be that same wish


REQUESTS: dict[str, RequestWords] = {}


def register(requests: Mapping[str, RequestWords]) -> None:
    """Take in the words of requests, by the code under which each is stored."""
    REQUESTS.update(requests)


def request_in(text: str) -> str:
    """The code of the request that a folded text seems to make; empty when it makes none."""
    turns = sorted(REQUESTS.items(), key=lambda pair: pair[1].turn)
    return next((code for code, words in turns if words.pattern.search(text)), "")
