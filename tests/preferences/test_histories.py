"""`make histories`: random histories of two people and the addresses that they share, beside a naive
replay of what was said: no stop is lost, and nothing is used against the gate.

The replay (`Replay`) knows nothing of the tables: it is a dozen lines of dictionaries, read from the
law. Each act happens on a day of its own, through the door by which it comes in life: objections and
forms that nobody was matched to, forms matched later, consents, moves, new names, files of the shop,
restrictions, the purge, and erasure on request, after which somebody new has the addresses.
"""

import datetime
import os
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import time_machine
from django.core.management import call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compliance.preferences import (
    actions,
    contact_digests,
    customer_contacts,
    may_contact,
    wordings,
)
from compliance.preferences.models import PendingSuppression, PreferenceServiceFile
from compliance.register import gate
from compliance.retention import engine
from customers.importing import load
from customers.models import ContactPoint, Customer
from tests.factories import ContactPointFactory, CustomerFactory
from tests.outcomes.effects import carry_out, case_of, restrict
from tests.strength import examples

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

START = datetime.datetime(2026, 7, 3, 23, 30, tzinfo=datetime.UTC)
END, DAY = START + datetime.timedelta(days=40), datetime.timedelta(days=1)
EMAILS = ["a@example.org", "b@example.org", "c@example.org"]
HOMES = [f"{number} Mill Lane\nBradford\nBD1 1AA" for number in (1, 2)]
PLACES = [("email", one) for one in EMAILS] + [("post", one) for one in HOMES]
SENDERS, PARTNER = ("us", "example-partner", "third_parties"), "example-partner"
ASKED = [(channel, sender) for channel in ("email", "post") for sender in ("us", PARTNER)]
EVERY = [(channel, sender) for channel in ("email", "post") for sender in ("us", "third_parties")]
COVER = {"us": ("us",), PARTNER: (PARTNER, "third_parties")}
KINDS = {"email": "email", "post": "address"}

LONGEST = 30 if "HISTORIES" in os.environ else 10  # acts
who, where = st.integers(0, 1), st.integers(0, len(PLACES) - 1)
about = st.sampled_from(SENDERS)
acts = st.one_of(
    st.tuples(st.just("objects"), who, st.sampled_from(["email", "post"]), about),
    st.tuples(st.just("form"), where, about),
    st.tuples(st.just("matched later"), who, where, about, st.integers(0, 9)),
    st.tuples(st.just("consents"), who, where, st.sampled_from(["us", PARTNER])),
    st.tuples(st.just("moves"), who, where, where),
    st.tuples(st.just("moves"), who, where, where),
    st.tuples(st.just("renamed"), who),
    st.tuples(st.just("file"), who, where),
    st.tuples(st.just("restricted"), who),
    st.tuples(st.just("purged"), who),
    st.tuples(st.just("erased"), who),
)


class Replay:
    """What was said, and what follows from it. A place is (channel, address, surname)."""

    def __init__(self):
        self.holds = [set(), set()]
        self.stops = [{}, {}]  # of a person: (channel, sender) -> when
        self.left = [{}, {}]  # of a person: (channel, address) -> when they left it
        self.listed, self.agreed, self.restricted = {}, {}, set()

    def stop(self, places, person, channel, sender, at):
        for place in places:
            if place[0] == channel:
                key = (place, sender)
                self.listed[key] = max(at, self.listed.get(key, at))
        if person is not None:
            self.stops[person][channel, sender] = max(
                at, self.stops[person].get((channel, sender), at)
            )
            self.cover(person)

    def cover(self, person):
        for (channel, sender), at in self.stops[person].items():
            for place in [one for one in self.holds[person] if one[0] == channel]:
                self.listed[place, sender] = max(at, self.listed.get((place, sender), at))

    def leaves(self, person, place, new, at, names):
        """A place is left, or a name; what was said of it before is taken along."""
        self.holds[person] = self.holds[person] - {place} | new
        if place[:2] not in [one[:2] for one in new]:
            self.left[person][place[:2]] = at
        self.take_along(person, {place: at}, names)
        self.cover(person)

    def take_along(self, person, left, names):
        """What was said of places before they left them, under the `names` that they have or had,
        is theirs: also where it becomes known only later."""
        before = left | {
            (*one, name): until
            for one, until in self.left[person].items()
            for name in (names if one[0] == "post" else ("",))
        }
        for (one, sender), said in list(self.listed.items()):
            if one in before and said <= before[one]:
                self.stop((), person, one[0], sender, said)

    def leave(self, person):
        self.holds[person], self.stops[person], self.left[person] = set(), {}, {}
        self.agreed = {key: at for key, at in self.agreed.items() if key[2] != person}

    def may(self, place, sender, person=None):
        said = [self.listed.get((place, one)) for one in COVER[sender]]
        if person is not None:
            said += [self.stops[person].get((place[0], one)) for one in COVER[sender]]
        stops = [at for at in said if at]
        yes = [at for (one, to, _), at in self.agreed.items() if (one, to) == (place, sender)]
        if any(place in self.holds[one] for one in self.restricted) or person in self.restricted:
            return False
        if yes and (not stops or max(yes) > max(stops)):
            return True
        return not stops and place[0] == "post"


class Life:
    """The same in the database."""

    def __init__(self):
        self.replay, self.now, self.people = Replay(), START, [None, None]
        for person in (0, 1):
            self.joins(person, [0, 3])

    def joins(self, person, places):
        one = CustomerFactory(surname="Rao", relationship_began_on=None)
        self.people[person] = one
        for number in places:
            self.arrives(person, number)

    def arrives(self, person, number):
        channel, value = PLACES[number]
        day = self.now.date()
        ContactPointFactory(
            customer=self.people[person],
            kind=KINDS[channel],
            value=value,
            valid_from=day,
            source="shop",
        )
        self.replay.holds[person].add(self.place(person, number))
        self.replay.cover(person)

    def place(self, person, number):
        channel, value = PLACES[number]
        surname = self.people[person].surname if channel == "post" else ""
        return channel, value, surname

    def leaves(self, person, place, new, *names):
        names = (self.people[person].surname, *names)
        self.replay.leaves(person, place, new, self.now, names)

    def contact(self, place):
        return contact_digests.make(KINDS[place[0]], place[1], place[2])

    def said(self, channel, sender, at, **whom):
        actions.object_to(
            channels=[channel],
            senders=[sender],
            source="letter",
            by="staff:1",
            now=self.now,
            at=at,
            **whom,
        )

    def happen(self, found):
        for act, *rest in found:
            self.now += DAY
            customer_contacts.suppress_pending(now=self.now)  # the job has been at it meanwhile
            PendingSuppression.objects.all().delete()
            getattr(self, act.replace(" ", "_"))(*rest)
        return self

    def objects(self, person, channel, sender):
        self.said(channel, sender, self.now, customer=self.people[person])
        self.replay.stop(self.replay.holds[person], person, channel, sender, self.now)
        self.replay.take_along(person, {}, [self.people[person].surname])

    def form(self, number, sender):
        channel, value = PLACES[number]
        place = channel, value, "Rao" if channel == "post" else ""
        self.said(channel, sender, self.now, given=[self.contact(place)])
        self.replay.stop([place], None, channel, sender, self.now)

    def matched_later(self, person, number, sender, days):
        place, at = self.place(person, number), self.now - days * DAY
        self.said(place[0], sender, at, given=[self.contact(place)], customer=self.people[person])
        self.replay.stop([place, *self.replay.holds[person]], person, place[0], sender, at)
        self.replay.take_along(person, {}, [self.people[person].surname])

    def consents(self, person, number, sender):
        place = self.place(person, number)
        words = wordings.freeze(
            "test", "Yes.", senders=[sender], channels=[place[0]], unticked=True, now=START
        )
        actions.consent(
            customer=self.people[person],
            contact=self.contact(place),
            channels=[place[0]],
            sender=sender,
            source="shop",
            proof=actions.Proof(words, "/p", "192.0.2.1", 1),
            by="job:test",
            now=self.now,
        )
        self.replay.agreed[place, sender, person] = self.now

    def moves(self, person, number, to):
        old, new = self.place(person, number), self.place(person, to)
        held = self.replay.holds[person]
        if old not in held or new in held or old[0] != new[0]:
            return
        self.end(person, number)
        self.arrives(person, to)
        customer_contacts.suppress_pending(now=self.now)
        self.leaves(person, old, {new})

    def end(self, person, number):
        mine = ContactPoint.objects.in_use().filter(customer=self.people[person])
        for point in mine:
            if point.value == PLACES[number][1]:
                point.valid_to = self.now.date() + DAY  # as in London
                point.save(update_fields=["valid_to"])

    def renamed(self, person):
        one = self.people[person]
        before = {place for place in self.replay.holds[person] if place[0] == "post"}
        former = one.surname
        one.surname = "King" if one.surname == "Rao" else "Rao"
        one.save()
        customer_contacts.suppress_pending(now=self.now)
        for place in before:
            self.leaves(person, place, {(*place[:2], one.surname)}, former)

    def file(self, person, number):
        """The shop sends the customer again, with this address."""
        channel, value = PLACES[number]
        new = self.place(person, number)
        first, town, code = value.split("\n") if channel == "post" else ("", "", "")
        email = value if channel == "email" else ""
        row = f"{self.people[person].customer_number},{email},{first},{town},{code}"
        with TemporaryDirectory() as folder:
            path = Path(folder) / "shop.csv"
            path.write_text(f"customer_number,email,address_1,address_2,postcode\n{row}\n")
            load.import_file("customers", path, by="job:test", now=self.now)
        held = {one for one in self.replay.holds[person] if one[0] == channel}
        now = {
            (channel, point.value, new[2])
            for point in ContactPoint.objects.in_use().filter(
                customer=self.people[person], kind=KINDS[channel]
            )
        }
        self.replay.holds[person] |= now
        for place in held - now:
            self.leaves(person, place, now)
        self.replay.cover(person)

    def restricted(self, person):
        if person not in self.replay.restricted:
            restrict(self.people[person], began_at=self.now)
            self.replay.restricted.add(person)

    def purged(self, person):
        """Their time has run out, and the purge takes them, unless a restriction holds them."""
        mine = Customer.objects.filter(pk=self.people[person].pk)
        customer_contacts.suppress_pending(now=self.now)
        mine.update(relationship_ended_on=datetime.date(2012, 1, 1))
        engine.run(as_of=self.now.date(), now=self.now, by="job:test")
        assert mine.exists() == (person in self.replay.restricted)
        if not mine.update(relationship_ended_on=None):
            self.starts_anew(person)

    def erased(self, person):
        """They ask for it, and are put on the list for good; what a restriction holds stays."""
        if person in self.replay.restricted:
            return
        case = case_of(self.people[person], now=self.now)
        carry_out(case, "erase", now=self.now)
        for channel, sender in EVERY:
            self.replay.stop(self.replay.holds[person], person, channel, sender, self.now)
        self.starts_anew(person)

    def starts_anew(self, person):
        """Somebody else comes to the same addresses: of the first only the list is left."""
        held = {place[:2] for place in self.replay.holds[person]}
        self.replay.leave(person)
        self.joins(person, [n for n, place in enumerate(PLACES) if place in held])

    def check(self):
        customer_contacts.suppress_pending(now=END)
        for channel, value in PLACES:
            for surname in ("Rao", "King") if channel == "post" else ("",):
                place = (channel, value, surname)
                wanted = {pair: None for pair in ASKED if pair[0] == channel}
                for pair, verdict in may_contact.verdicts(
                    self.contact(place), list(wanted), END
                ).items():
                    assert bool(verdict) == self.replay.may(place, pair[1]), (place, pair)
        stopped = {
            sender: set(gate.stopped(purpose, now=END).values_list("pk", flat=True))
            for sender, purpose in (("us", "marketing"), (PARTNER, "partner-marketing"))
        }
        for number, person in enumerate(self.people):
            for pair, verdict in may_contact.verdicts(person, ASKED, END).items():
                may = any(
                    self.replay.may(place, pair[1], number)
                    for place in self.replay.holds[number]
                    if place[0] == pair[0]
                )
                assert bool(verdict) == may, (number, pair)
                assert not (verdict and person.pk in stopped[pair[1]]), "used against the gate"


class _Undo(Exception):
    pass


@pytest.fixture(autouse=True)
def _register(db, partner):
    call_command("load_register", confirm_defaults=True, verbosity=0)
    PreferenceServiceFile.objects.create(
        service="mps", dated_on=END.date(), loaded_at=END, by="job:test", lines=0, digest="0" * 64
    )
    with time_machine.travel(END, tick=False):
        yield


@settings(
    max_examples=int(os.environ.get("HISTORIES", examples(10))),
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(st.integers(0, LONGEST).flatmap(lambda n: st.lists(acts, min_size=n, max_size=n)))
def test_no_stop_is_lost_and_nothing_is_used_against_the_gate(found):
    try:
        with transaction.atomic():
            Life().happen(found).check()
            raise _Undo
    except _Undo:
        pass
