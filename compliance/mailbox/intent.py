"""What an email asks for, decided from its own words alone; docs/mailbox.md has it as a table.

- “email no third party marketing” in the subject or the text: email, third parties only;
- a wish to stop, close to a word for marketing, or a bare “stop”: email, from us and from third
  parties; those channels too that it names, every channel where it says “all”; where it names
  third parties alone, these alone and every channel unless it names some;
- a name and a customer number, and nothing else (the notice's own form): email, from us and from
  third parties;
- “stop” in a longer text about something else: not sure, so the address is stopped and somebody
  reads it;
- “do not unsubscribe me”, “sign me up again”, and anything else: nothing is stopped, and somebody
  reads it.
"""

import re
from dataclasses import dataclass, replace

from compliance.mailbox import lexicon
from compliance.mailbox.request_words import REQUESTS, pattern, request_in
from compliance.mailbox.states import Topic
from compliance.preferences.channels import CHANNELS, EMAIL
from compliance.preferences.vocabulary import THIRD_PARTIES, US
from customers.normalise import fold

BOTH, OTHERS = (US, THIRD_PARTIES), (THIRD_PARTIES,)
LONGEST = 20_000  # characters of a person's own words that are weighed
SAYS_SOMETHING = 5  # words that are no greeting: fewer are a name, or a sigh
SHORT = 12  # words: in a text this short, “stop” can only mean one thing
REPLY = re.compile(r"^(?:\s*(?:re|fwd?|aw|wg|sv|tr|rv|antw)\s*(?:\[\d+\])?\s*:)+", re.IGNORECASE)
MARKETING = pattern(lexicon.MARKETING)
SENTENCE = re.compile(r"[.!?;]+(?=\s|$)|\n\s*\n|\bbut\b|\bhowever\b|\balthough\b", re.IGNORECASE)


@dataclass(frozen=True)
class Intent:
    """What an email wants. Without `senders` it stops nothing. `sure`: no person need read it
    before it is done. `kind` is what it seems to be about beside a wish to stop, `beside` that
    it says something beyond that wish, for somebody to read, `exception` that
    it wants some marketing to go on, and `another` that it seems to be about somebody else than its
    writer.
    """

    senders: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    sure: bool = False
    kind: str = Topic.UNCLEAR
    beside: bool = False
    exception: bool = False
    another: bool = False

    @property
    def stops(self) -> bool:
        return bool(self.senders)


def decide(subject: str, own: str) -> Intent:
    """The intent of a subject line and a person's own words (quotes and signature taken away)."""
    another = bool(lexicon.ANOTHER.search(fold(f"{subject[:1_000]}\n{own[:LONGEST]}")))
    return replace(_decide(subject, own), another=another)


def _decide(subject: str, own: str) -> Intent:
    subject = REPLY.sub("", subject)[:1_000]
    sentences = [
        folded
        for text in (subject, *SENTENCE.split(own[:LONGEST]))
        if (folded := fold(text)[:2_000])
    ]
    sentences = [one for one in sentences if not lexicon.FOOTER.search(one)]
    everything = " . ".join(sentences)
    asked = [one for one in sentences if not lexicon.RESERVED.search(one)]
    kind = _topic(" . ".join(asked))
    if kind == Topic.UNCLEAR:
        kind = _topic(everything)
    stops = [one for one in sentences if _stops(one)] or _bare_stops(sentences)
    goes_on = bool(lexicon.NEGATED.search(everything)) or any(
        lexicon.RESUME.search(one) and one not in stops for one in sentences
    )
    form = next((one for one in sentences if lexicon.SUBJECT_FORM.search(one)), "")
    if form:
        return _by_form(form, stops, kind)
    if stops:
        return _stopped(
            stops,
            kind,
            goes_on=goes_on,
            email_stays=goes_on or bool(lexicon.EMAIL_STAYS.search(everything)),
            beside=any(_says_more(one, stops) for one in sentences),
        )
    if goes_on:
        return Intent(kind=Topic.RESUME)
    if lexicon.WEAK.search(everything) and _meant(everything):
        return Intent(BOTH, (EMAIL.code,), sure=False, kind=kind)
    return Intent(kind=kind)


def _topic(folded: str) -> str:
    """What a folded text seems to be about beside marketing."""
    other = Topic.ORDER if lexicon.ORDER.search(folded) else Topic.UNCLEAR
    return request_in(folded) or other


def says_nothing_else(subject: str, own: str, names: set[str]) -> bool:
    """Whether a text holds nothing but greetings, labels, numbers and these names (folded words):
    the notice's own form."""
    words = fold(f"{REPLY.sub('', subject)}\n{own}"[:LONGEST]).split()
    return len(words) < 80 and all(
        word in lexicon.FILLER or word in names or any(sign.isdigit() for sign in word)
        for word in words
    )


def _says_more(sentence: str, stops: list[str]) -> bool:
    """Whether a sentence says something beyond the wish to stop that somebody should read: about an
    order or an account, a question, or a few words that are no greeting and not about marketing."""
    about_order = bool(lexicon.ORDER.search(sentence) or lexicon.ELSEWHERE.search(sentence))
    if sentence in stops:
        return about_order and bool(MARKETING.search(sentence))
    words = [word for word in sentence.split() if word not in lexicon.FILLER and word.isalpha()]
    if (about_order and len(words) > 1) or lexicon.QUESTION.match(sentence):
        return True
    return len(words) >= SAYS_SOMETHING and not MARKETING.search(sentence)


def _stops(sentence: str) -> bool:
    return bool(lexicon.SURE.search(sentence)) and not lexicon.NEGATED.search(sentence)


def _by_form(form: str, stops: list[str], kind: str) -> Intent:
    """The notice's own words: third parties by email. More than that in the same email is for
    somebody to read."""
    beside = lexicon.SUBJECT_FORM.sub(" ", form)
    more = [
        one
        for one in [*(one for one in stops if one != form), beside]
        if _stops(one) and not lexicon.OTHERS.search(one)
    ]
    return Intent(
        OTHERS,
        (EMAIL.code,),
        sure=True,
        exception=bool(more),
        kind=kind if kind in REQUESTS else Topic.STOP,
    )


def _stopped(
    stops: list[str], kind: str, *, goes_on: bool, email_stays: bool, beside: bool
) -> Intent:
    """The channels and senders of every sentence with a wish to stop, together."""
    scopes = [_scope(one, email_stays) for one in stops]
    senders = BOTH if any(US in scope[0] for scope in scopes) else OTHERS
    channels = {channel for _, found in scopes for channel in found}
    about_else = all(lexicon.ELSEWHERE.search(one) and not MARKETING.search(one) for one in stops)
    another_right = kind in REQUESTS and not REQUESTS[kind].may_be_a_stop
    return Intent(
        senders,
        tuple(one for one in CHANNELS if one in channels),
        sure=not about_else,
        kind=kind if another_right or about_else else Topic.STOP,
        beside=beside,
        exception=US in senders and (goes_on or email_stays),
    )


def _scope(sentence: str, email_stays: bool) -> tuple[tuple[str, ...], set[str]]:
    """Whom and which channels one sentence stops. Where it names none, email; for third parties
    alone, every channel."""
    others = bool(lexicon.OTHERS.search(sentence)) and not lexicon.OURS.search(sentence)
    senders = OTHERS if others else BOTH
    named = lexicon.channels_named(sentence)
    if lexicon.EVERYTHING.search(sentence) or (
        not named and (others or lexicon.CONTACT.search(sentence))
    ):
        return senders, set(CHANNELS)
    if email_stays and len(named) > 1:
        named.discard(EMAIL.code)
    # They wrote by email, so it stops with the rest, unless they say that it may go on, or it is
    # about others' calls.
    return senders, named if named and (others or email_stays) else named | {EMAIL.code}


def _bare_stops(sentences: list[str]) -> list[str]:
    """The sentences of a short text that say nothing but “stop” or “remove me”, perhaps with a name
    and a number."""
    words = " ".join(sentences)
    if (
        lexicon.ELSEWHERE.search(words)
        or len(words.split()) > SHORT * 3
        or lexicon.NEGATED.search(words)
    ):
        return []
    short = len(words.split()) <= SHORT
    bare = [
        (" ".join(word for word in one.split() if not any(sign.isdigit() for sign in word)), one)
        for one in sentences
    ]
    return [
        whole
        for text, whole in bare
        if lexicon.BARE.fullmatch(text) or (short and lexicon.BARE_FIRST.match(text))
    ]


def _meant(everything: str) -> bool:
    """Whether a weak word such as “stop” may be about marketing at all: not when all is about an
    order or a payment."""
    return not lexicon.ELSEWHERE.search(everything) or bool(MARKETING.search(everything))
