"""What people say and what happens to them, as strategies; an oracle of what follows; and a history that lets it happen
in the database and in the oracle alike."""

import datetime
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import strategies as st

from compliance.preferences import (
    actions,
    contact_digests,
    customer_contacts,
    may_contact,
    wordings,
)
from compliance.preferences.channels import CHANNELS
from compliance.preferences.models import ChoiceEvent, MarketingPermission, Suppression
from compliance.preferences.vocabulary import STOPS, covering
from compliance.retention import engine
from customers.importing import load
from customers.models import ContactPoint, Customer
from tests.factories import ContactPointFactory, CustomerFactory

END = datetime.datetime(2026, 11, 23, 0, 30, tzinfo=datetime.UTC)
LONG_BEFORE = datetime.datetime(2001, 1, 1, tzinfo=datetime.UTC)
LONG_AGO, LATE = datetime.date(2001, 1, 1), END + datetime.timedelta(days=1)
PARTNER, THIRD = "example-partner", "third_parties"
POOL = [
    ("email", "a@example.org"),
    ("email", "b@example.org"),
    ("phone", "+447700900111"),
    ("phone", "+447700900222"),
    ("address", "1 Mill Lane\nBradford\nBD1 1AA"),
]
ASKED_CHANNELS = ["email", "sms", "post", "live_call"]
ASKED = [(channel, sender) for channel in ASKED_CHANNELS for sender in ("us", PARTNER)]
moments = st.integers(0, 5).map(
    lambda hours: END - datetime.timedelta(hours=20 - hours)
)  # few, so that many are the same
people = st.integers(0, 1)
details = st.integers(0, len(POOL) - 1)
stops = st.tuples(
    st.just("stop"),
    people,
    st.sets(st.sampled_from(ASKED_CHANNELS), min_size=1, max_size=3),
    st.sets(st.sampled_from(["us", PARTNER, THIRD]), min_size=1, max_size=2),
    moments,
)
bare_stops = st.tuples(
    st.just("bare stop"), details, st.sampled_from(["us", PARTNER, THIRD]), moments
)
consents = st.tuples(
    st.just("consent"),
    people,
    details,
    st.sampled_from(["us", PARTNER]),
    moments,
    st.sampled_from(["consent", "consent", "consent", "soft_opt_in", "not_objected"]),
    st.sampled_from(["", "", "", "wording", "page", "origin", "notice"]),
    st.sampled_from([None, None, -1, 0, 1]),
)
imports = st.tuples(
    st.just("import"),
    people,
    details,
    st.sampled_from(["objection", "withdrawal", "consent"]),
    st.sampled_from(["us", PARTNER]),
    moments,
)
said = st.one_of(stops, bare_stops, consents)
happens = st.one_of(
    said,
    said,
    imports,
    st.tuples(st.just("arrives"), people, details),
    st.tuples(st.just("leaves"), people, details),
    st.tuples(st.just("renamed"), people),
    st.tuples(st.just("catch up")),
    st.tuples(st.just("erased"), people),
)


@dataclass
class Oracle:
    """Everything that happened, as it was said. Contact details are (kind, normalised value) as the
    list knows them."""

    events: list[dict] = field(default_factory=list)
    listed: list[tuple] = field(
        default_factory=list
    )  # (detail, channel, sender, at): never shortened

    def reason(self, whose, detail, channel, sender):
        """What may be done with one detail, asked about a person (or about nobody: None), read from
        the beginning."""
        stops = [
            at
            for one, way, who, at in self.listed
            if (one, way) == (detail, channel) and who in covering(sender)
        ]
        stops += [
            event["at"]
            for event in self.events
            if event["kind"] in STOPS
            and event["channel"] == channel
            and event["sender"] in covering(sender)
            and (event["detail"] == detail or (whose is not None and event["whose"] == whose))
        ]
        yes = [
            event
            for event in self.events
            if event["detail"] == detail
            and event["channel"] == channel
            and event["sender"] == sender
            and event["proved"]
        ]
        standing = []
        for person in {event["whose"] for event in yes}:
            mine = [
                event for event in yes if event["whose"] == person and event["kind"] == "consent"
            ]
            last = [event for event in mine if event["at"] == max(event["at"] for event in mine)]
            if last and all(event["until"] is None or event["until"] > END for event in last):
                standing.append(last[0]["at"])
        if standing and (not stops or max(standing) > max(stops)):
            return "consent"
        if stops:
            return "objected"
        if (
            any(event["kind"] == "soft_opt_in" for event in yes)
            and sender == "us"
            and channel in ("email", "sms")
        ):
            return "soft_opt_in"
        return "no_consent" if channel in ("email", "sms") else "legitimate_interests"


class History:
    """Lets acts happen, in the database and in the oracle alike."""

    def __init__(self):
        self.oracle, self.people, self.imported = Oracle(), [None, None], []
        self.left = [set(), set()]  # the details that each left, as the list knows them
        for number in (0, 1):
            self.joins(number)
        self.arrives(0, 0)
        self.arrives(1, 0)
        self.arrives(0, 2)

    def joins(self, number):
        self.people[number] = CustomerFactory(surname="Rao", relationship_began_on=None)

    def detail(self, number, which):
        kind, value = POOL[which]
        surname = self.people[number].surname if number is not None else "Rao"
        return contact_digests.make(kind, value, surname)

    def held(self, number):
        rows = ContactPoint.objects.filter(
            customer=self.people[number], valid_to__isnull=True
        ).order_by("pk")
        return [
            contact_digests.make(row.kind, row.value, self.people[number].surname) for row in rows
        ]

    def write(self, whose, detail, kind, channel, sender, at, proved=True, until=None):
        self.oracle.events.append(
            {
                "whose": whose,
                "detail": detail and (detail.kind, detail.key),
                "kind": kind,
                "channel": channel,
                "sender": sender,
                "at": at,
                "proved": proved,
                "until": until,
            }
        )

    def list_all(self, number):
        """What the suppression list must hold of a person now: each detail in use, for each
        objection."""
        key = self.people[number].pk
        for event in [
            one for one in self.oracle.events if one["whose"] == key and one["kind"] in STOPS
        ]:
            for one in self.held(number):
                if one.kind in CHANNELS[event["channel"]].uses:
                    self.oracle.listed.append(
                        ((one.kind, one.key), event["channel"], event["sender"], event["at"])
                    )

    def settle(self):
        """What `suppress_pending` must have done: stops went along with whoever left, and hold for
        what they have now."""
        for number, person in enumerate(self.people):
            for detail in sorted(self.left[number]):
                for one, channel, sender, at in list(self.oracle.listed):
                    own = [
                        event["at"]
                        for event in self.oracle.events
                        if event["whose"] == person.pk
                        and event["kind"] in STOPS
                        and (event["channel"], event["sender"]) == (channel, sender)
                    ]
                    if one == detail and at > max(own, default=LONG_BEFORE):
                        self.write(person.pk, None, "objection", channel, sender, at)
            self.list_all(number)

    def stop(self, number, channels, senders, at):
        actions.object_to(
            channels=channels,
            senders=senders,
            source="letter",
            by="staff:1",
            now=END,
            at=at,
            customer=self.people[number],
        )
        for channel in channels:
            for sender in senders:
                self.write(self.people[number].pk, None, "objection", channel, sender, at)
        self.list_all(number)

    def bare_stop(self, which, sender, at):
        one = self.detail(None, which)
        channels = [channel for channel in ASKED_CHANNELS if one.kind in CHANNELS[channel].uses]
        actions.object_to(
            channels=channels,
            senders=[sender],
            source="letter",
            by="staff:1",
            now=END,
            at=at,
            given=[one],
        )
        for channel in channels:
            self.write(None, one, "objection", channel, sender, at)
            self.oracle.listed.append(((one.kind, one.key), channel, sender, at))

    def consent(self, number, which, sender, at, kind, without, days):
        if kind == "soft_opt_in" and sender != "us":
            return
        one, until = (
            self.detail(number, which),
            None if days is None else END + datetime.timedelta(days=days),
        )
        for channel in [
            channel for channel in ASKED_CHANNELS if one.kind in CHANNELS[channel].uses
        ]:
            words = wordings.freeze(
                "test", "Yes.", senders=[sender], channels=[channel], unticked=True, now=at
            )
            proof = actions.Proof(
                None if without == "wording" else words,
                "" if without == "page" else "/p",
                "" if without == "origin" else "192.0.2.1",
                None if without == "notice" else 1,
                "Order 536365",
            )
            actions.consent(
                customer=self.people[number],
                contact=one,
                channels=[channel],
                sender=sender,
                source="shop",
                proof=proof,
                by="job:test",
                now=END,
                at=at,
                kind=kind,
                expires_at=until,
            )
            proved = not without or (kind == "soft_opt_in" and without in ("origin", "notice"))
            self.write(self.people[number].pk, one, kind, channel, sender, at, proved, until)

    def imports(self, number, which, kind, sender, at):
        one = self.detail(number, which)
        channel = {"email": "email", "phone": "live_call", "address": "post"}[one.kind]
        value = POOL[which][1].replace("\n", ", ")
        proof = (
            '"Yes, Example Home and Garden Ltd may.",yes,/p,192.0.2.1,1'
            if kind == "consent"
            else ",,,,"
        )
        line = f'{self.people[number].customer_number},{kind},{channel},{sender},"{value}",{at.isoformat(" ")},{proof}'
        self.read(line)
        whose, key = self.people[number].pk, (one.kind, one.key)
        if (whose, line) in self.imported:
            return
        self.imported.append((whose, line))
        self.write(whose, one if kind == "consent" else None, kind, channel, sender, at)
        if kind != "consent":
            self.oracle.listed.append((key, channel, sender, at))
            self.list_all(number)

    def read(self, *lines):
        header = "customer_number,kind,channel,sender,contact,at,wording,unticked,page,origin,notice_version"
        with TemporaryDirectory() as folder:
            file = Path(folder) / "shop.csv"
            file.write_text("\n".join((header, *lines)) + "\n")
            outcome = load.import_file("marketing_choices", file, by="job:test", now=END)
        assert not outcome.rejects, outcome.rejects.counts()

    def arrives(self, number, which):
        kind, value = POOL[which]
        if (kind, self.detail(number, which).key) not in {
            (one.kind, one.key) for one in self.held(number)
        }:
            ContactPointFactory(customer=self.people[number], kind=kind, value=value)

    def leaves(self, number, which):
        for point in ContactPoint.objects.filter(
            customer=self.people[number], kind=POOL[which][0], valid_to__isnull=True
        ):
            if point.value == POOL[which][1]:
                point.valid_to = END.date()
                point.save(update_fields=["valid_to"])
                one = self.detail(number, which)
                self.left[number].add((one.kind, one.key))

    def renamed(self, number):
        person = self.people[number]
        had = ContactPoint.objects.filter(customer=person, kind="address")
        made = [contact_digests.make("address", row.value, person.surname) for row in had]
        self.left[number] |= {(one.kind, one.key) for one in made}
        person.surname = "King" if person.surname == "Rao" else "Rao"
        person.save()

    def catch_up(self):
        customer_contacts.suppress_pending(now=END)
        self.settle()

    def erased(self, number):
        """Their time has run out: the purge takes them, and somebody new comes to the same
        addresses."""
        self.catch_up()  # as the nightly job does before the purge
        gone = self.people[number].pk
        mine = ContactPoint.objects.filter(customer=gone, valid_to__isnull=True).order_by("pk")
        held = [POOL.index((point.kind, point.value)) for point in mine]
        Customer.objects.filter(pk=gone).update(relationship_ended_on=LONG_AGO)
        engine.run(as_of=END.date(), now=END, by="job:test")
        assert not Customer.objects.filter(pk=gone).exists()
        assert not ChoiceEvent.objects.filter(customer=gone).exists()
        assert not MarketingPermission.objects.filter(customer=gone).exists()
        self.oracle.events = [event for event in self.oracle.events if event["whose"] != gone]
        self.left[number] = set()
        self.joins(number)
        for which in held:
            self.arrives(number, which)

    def happen(self, acts):
        doors = {
            "stop": self.stop,
            "bare stop": self.bare_stop,
            "consent": self.consent,
            "import": self.imports,
            "arrives": self.arrives,
            "leaves": self.leaves,
            "renamed": self.renamed,
            "catch up": self.catch_up,
            "erased": self.erased,
        }
        for act, *details in acts:
            doors[act](*details)
        return self

    # --- The three answers ------------------------------------------------------------------------

    def about(self):
        """Every contact detail that could be meant, under both surnames."""
        return [
            contact_digests.make(kind, value, name)
            for kind, value in POOL
            for name in ("Rao", "King")
        ]

    def check(self):
        self.catch_up()
        for channel, sender in ASKED:
            for one in [one for one in self.about() if one.kind in CHANNELS[channel].uses]:
                expected = self.oracle.reason(None, (one.kind, one.key), channel, sender)
                assert reason(one, channel, sender) == expected, (one.key, channel, sender)
                assert derived(one, channel, sender) == (expected if expected in COUNTED else ""), (
                    one.key,
                    channel,
                    sender,
                )
        for person in self.people:
            answers = may_contact.verdicts(person, ASKED, END)
            for channel, sender in ASKED:
                mine = [
                    one
                    for one in self.held(self.people.index(person))
                    if one.kind in CHANNELS[channel].uses
                ]
                each = [
                    self.oracle.reason(person.pk, (one.kind, one.key), channel, sender)
                    for one in mine
                ]
                allowed = next(
                    (
                        one
                        for one in each
                        if one in ("consent", "soft_opt_in", "legitimate_interests")
                    ),
                    None,
                )
                expected = allowed or (each[0] if each else "no_contact_point")
                assert answers[channel, sender].reason == expected, (channel, sender)
        return self


COUNTED = ("objected", "consent", "soft_opt_in")


def reason(one, channel, sender):
    return may_contact.may_contact(one, channel, sender, "marketing", END).reason


def derived(one, channel, sender):
    """What the two derived tables say by themselves, as whole lists are screened by them."""
    digests = contact_digests.digests(one)
    entries = Suppression.objects.filter(
        digest__in=digests, channel=channel, sender__in=covering(sender)
    )
    stops = entries.values_list("at", flat=True)
    rows = MarketingPermission.objects.filter(digest__in=digests, channel=channel, sender=sender)
    agreed = [
        row.consented_at
        for row in rows
        if row.consented_at and (row.expires_at is None or row.expires_at > END)
    ]
    if agreed and (not stops or max(agreed) > max(stops)):
        return "consent"
    if stops:
        return "objected"
    soft = sender == "us" and channel in ("email", "sms") and any(row.soft_at for row in rows)
    return "soft_opt_in" if soft else ""


def answers(acts):
    history = History().happen(acts)
    history.catch_up()
    details = [
        reason(one, channel, sender)
        for channel, sender in ASKED
        for one in history.about()
        if one.kind in CHANNELS[channel].uses
    ]
    return details, [
        [one.reason for one in may_contact.verdicts(person, ASKED, END).values()]
        for person in history.people
    ]
