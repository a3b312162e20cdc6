"""What is quoted and passed on is told from a person's own words, in the layouts of the programs that
people use, in the tongues in which they run."""

import csv
from pathlib import Path

import pytest

from compliance.mailbox import quotations
from compliance.mailbox.classify import classify
from tests.mailbox.conftest import receive

US = "privacy@hartwell.example"
TONGUES = list(csv.DictReader((Path(__file__).parent / "layouts.csv").read_text().splitlines()))
WISH = "Please take me off your mailing list."
NEWS = "Kettles from 9.99 this week.\nStop our emails: unsubscribe here. No more newsletters."
QUESTION = "Is this offer still on, and do you deliver to Skye?"
NERYS, SHOP = "Nerys Tallow <nerys@example.org>", "Hartwell <offers@hartwell.example>"


def lines(one, names, who, to, *, label="{}: {}"):
    values = {"from": who, "to": to, "subject": "Kettles", "date": "29 November 2026 12:46"}
    values["sent"] = values["date"]
    return "\n".join(label.format(one[name], values[name]) for name in names.split())


def marked(text):
    return "\n".join(f"> {line}" for line in text.split("\n"))


# Each: how a program passes a text on, by the words of its tongue, the sender, whom it had been to.
PROGRAMS = {
    "gmail": lambda one, who, to, text: (
        f"---------- {one['forwarded']} ---------\n{lines(one, 'from date subject to', who, to)}\n\n\n{text}"
    ),
    "apple": lambda one, who, to, text: marked(
        f"{one['begin']}\n\n{lines(one, 'from subject date to', who, to)}\n\n{text}"
    ),
    "apple plain": lambda one, who, to, text: (
        f"{one['begin']}\n\n{lines(one, 'from subject date to', who, to)}\n\n{text}"
    ),
    "outlook": lambda one, who, to, text: (
        f"{'_' * 32}\n{lines(one, 'from sent to subject', who, to)}\n\n{text}"
    ),
    "outlook bold": lambda one, who, to, text: (
        f"{lines(one, 'from sent to subject', who, to, label='*{}:* {}')}\n\n{text}"
    ),
    "new outlook": lambda one, who, to, text: (
        f"{lines(one, 'from date to subject', who, to)}\n{text}"
    ),
    "thunderbird": lambda one, who, to, text: (
        f"-------- {one['forwarded']} --------\n"
        + lines(one, "subject date from to", who, to, label="{}: \t{}")
        + f"\n\n\n\n{text}"
    ),
    "yahoo": lambda one, who, to, text: (
        f"   ----- {one['forwarded']} ----- "
        f"{lines(one, 'from to sent subject', who, to).replace(chr(10), '')}\n {text}"
    ),
    "one sentence": lambda one, who, to, text: f"{one['wrote'].format(who=who)}\n\n{text}",
}
LAYOUTS = [
    pytest.param(program, one, id=f"{name}-{one['tongue']}")
    for name, program in PROGRAMS.items()
    for one in TONGUES
]


def mail(sender, subject, text):
    return (
        f"From: {sender}\nTo: {US}\nSubject: {subject}\nMessage-ID: <a@b.example>\n"
        f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{text}\n"
    ).encode()


@pytest.mark.parametrize(("program", "one"), LAYOUTS)
def test_a_colleagues_forward_speaks_for_the_customer(program, one):
    text = f"Please see below.\n\n{program(one, NERYS, SHOP, WISH)}"
    seen = classify(mail("Sarah <sarah@hartwell.example>", "Fwd: Kettles", text), US)
    assert seen.people == (("", "nerys@example.org"),)
    assert seen.own.strip() == WISH
    assert (seen.intent.stops, seen.intent.sure) == (True, True)


@pytest.mark.parametrize(("program", "one"), LAYOUTS)
def test_our_newsletter_passed_on_with_a_question_stops_nothing(program, one):
    seen = classify(
        mail(NERYS, "Fwd: Kettles", f"{QUESTION}\n\n{program(one, SHOP, NERYS, NEWS)}"), US
    )
    above, _, announced = seen.own.partition("\n")  # “Début du message réexpédié :” may stay
    assert (above, announced.strip() in ("", one["begin"])) == (QUESTION, True)
    assert not seen.intent.stops


def test_of_a_wish_above_the_newsletter_only_the_wish_counts(cast):
    text = f"{WISH}\n\n{PROGRAMS['new outlook'](TONGUES[0], SHOP, NERYS, NEWS)}"
    found = receive(mail("Ada <ada@example.org>", "Fwd: Kettles", text))
    assert (found.state, found.channels, found.customer) == ("applied", ["email"], cast["ada"])


def test_a_sure_stop_beside_a_question_stops_and_waits(cast):
    text = f"{WISH} And when does my kettle come?\n\n> {NEWS}"
    found = receive(mail("Ada <ada@example.org>", "Re: Kettles", text))
    assert (found.state, found.reason, found.channels) == ("desk", "beside", ["email"])
    assert found.reference


REPLIES = [
    "On Sun, Nov 29, 2026 at 12:46 PM Hartwell <offers@hartwell.example> wrote:",
    "On Sun, Nov 29, 2026 at 12:46 PM Hartwell <offers@hartwell.example>\nwrote:",
    "On Sunday, 29 November 2026, 12:46:11 GMT,\nHartwell Offers and News\n<offers@hartwell.example> wrote:",
    "On 29/11/2026 12:46, Hartwell wrote:",
    "On 29 Nov 2026, at 12:46, Hartwell wrote:",
    "2026-11-29 12:46 GMT+00:00 Hartwell <offers@hartwell.example>:",
    "-----Original Message-----\nFrom: Hartwell\nSent: 29 November 2026 12:46",
    "----- Original message -----",
    "________________________________\nFrom: Hartwell",
    "From: Hartwell [mailto:offers@hartwell.example]\nSent: 29 November 2026 12:46\nTo: Nerys\nSubject: Kettles",
    "*From:* Hartwell <offers@hartwell.example>\n*Sent:* 29 November 2026\n*Subject:* Kettles",
    "Hartwell Offers <offers@hartwell.example>\n29/11/2026 09:00\n\nTo\nnerys@example.org\n\nSubject\nKettles",
    "From: offers@hartwell.example",
    "<offers@hartwell.example>",
    "offers@hartwell.example",
    "Hartwell Offers [mailto:offers@hartwell.example]",
    "-------- Ursprüngliche Nachricht --------\nVon: Hartwell <offers@hartwell.example>",
    "-------- Message d'origine --------\nDe : Hartwell\nDate : 29/11/2026 12:46 (GMT+00:00)",
    "Hartwell <offers@hartwell.example> schrieb am So., 29. Nov. 2026, 12:46:",
]


@pytest.mark.parametrize("layout", REPLIES)
def test_what_a_reply_quotes_is_not_its_writers(layout):
    seen = classify(mail(NERYS, "Re: Kettles", f"{QUESTION}\n\n{layout}\n\n{NEWS}"), US)
    assert seen.own == QUESTION
    assert not seen.intent.stops


OWN = [
    "Name: Ada Lovelace\nEmail: ada@example.org\nNumber: A100\n\nPlease stop your emails.",
    "Please stop: I asked for it on 3 May 2026 at 10:30.",
    "I wrote to privacy@hartwell.example twice. Stop your marketing.",
    "Dear Hartwell,\n-- please --\nstop your emails.",
    "On 3 May you sent me this again.\nStop your emails.",
    "From: Ada\nStop your emails, and from now on use no address of mine.",
]


@pytest.mark.parametrize("text", OWN)
def test_what_a_person_writes_is_theirs(text):
    parts = quotations.split_parts(text, "hartwell.example")
    assert parts == quotations.Parts(text, "", "")


def test_words_where_a_header_line_should_stand_are_read(cast):
    raw = b"From: ada@example.org\nSubject: Hello\nI want\n a copy of my data\n\nThank you."
    seen = classify(raw, US)
    assert seen.mail.text == "I want\n a copy of my data\n\nThank you."
    assert receive(raw).kind == "sar"
