"""A stop follows the person: what stands against a contact point that they leave becomes their own
objection, from the day on which it was said, through whichever door they left."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import Entry
from compliance.outcomes import corrections
from compliance.preferences import actions, contact_digests, customer_contacts, intake, may_contact
from compliance.preferences.models import ChoiceEvent, PendingSuppression, Suppression
from customers.importing import load
from customers.matching import Given
from customers.models import ContactPoint
from tests.factories import ContactPointFactory, CustomerFactory, DisclosureFactory
from tests.preferences.conftest import NOON

HOME, NEW_HOME = "1 Mill Lane\nBradford\nBD1 1AA", "2 Mill Lane\nBradford\nBD1 1AB"
NIGHT = datetime.datetime(2026, 7, 1, 23, 30, tzinfo=datetime.UTC)  # the second of July in London
DAY = datetime.timedelta(days=1)


@pytest.fixture
def rao(db):
    """Two customers of one name at one address, so that a form by post alone is nobody's."""
    for number, given in (("R1", "Asha"), ("R2", "Dev")):
        customer = CustomerFactory(customer_number=number, given_names=given, surname="Rao")
        ContactPointFactory(customer=customer, address=True, value=HOME)
        ContactPointFactory(customer=customer, value=f"{given.lower()}@example.org")
    return type(customer).objects.get(customer_number="R1")


def unmatched(at=NOON, channels=("post",), senders=("us",), surname="Rao"):
    """What a form does that nobody could be matched to."""
    return actions.object_to(
        channels=list(channels),
        senders=list(senders),
        source="web_form",
        by="job:test",
        now=at,
        given=[contact_digests.address(surname, HOME)],
    )


def home(customer):
    return ContactPoint.objects.get(customer=customer, kind="address", valid_to=None)


def corrected(customer, *, now=NIGHT, by="staff:1", **changes):
    return corrections.correct(
        customer, corrections.Changes(**changes), key="test", source="staff", by=by, now=now
    )


def moved(customer, tmp_path, rows="R1,2 Mill Lane,Bradford,BD1 1AB", now=NIGHT):
    file = tmp_path / "customers.csv"
    file.write_text(f"customer_number,address_1,address_2,postcode\n{rows}\n")
    outcome = load.import_file("customers", file, by="job:import_data", now=now)
    assert not outcome.rejects


def reason(person, channel="post", sender="us", at=NIGHT):
    return may_contact.may_contact(person, channel, sender, "marketing", at).reason


class TestEveryDoor:
    def test_a_correction(self, rao):
        unmatched()
        corrected(rao, replace={home(rao).pk: NEW_HOME})
        assert reason(rao) == "objected"
        assert reason(contact_digests.address("Rao", NEW_HOME)) == "objected"

    def test_removing_it_and_having_given_another_before(self, rao):
        unmatched()
        corrected(rao, add=[("address", NEW_HOME)])
        corrected(rao, replace={home_at(rao, HOME).pk: None}, now=NIGHT + DAY)
        assert reason(rao, at=NIGHT + DAY) == "objected"

    def test_an_import(self, rao, tmp_path):
        shop(rao)
        unmatched()
        moved(rao, tmp_path)
        assert reason(rao) == "objected"
        other = type(rao).objects.get(customer_number="R2")
        assert not ChoiceEvent.objects.filter(customer=other).exists()

    def test_a_statement_that_nobody_wrapped(self, rao):
        unmatched()
        ContactPoint.objects.filter(pk=home(rao).pk).update(valid_to=NIGHT.date())
        ContactPointFactory(customer=rao, address=True, value=NEW_HOME)
        customer_contacts.suppress_pending(now=NIGHT)
        assert reason(rao) == "objected"

    @pytest.mark.parametrize("surname", ["King", "Rao-King"])
    def test_another_surname_at_the_same_address(self, rao, surname):
        unmatched()
        corrected(rao, person={"surname": surname})
        rao.refresh_from_db()
        assert reason(rao) == "objected"
        assert reason(contact_digests.address(surname, HOME)) == "objected"

    def test_two_names_later(self, rao):
        unmatched()
        for name in ("King", "Queen"):
            rao.surname = name
            rao.save()
        customer_contacts.suppress_pending(now=NIGHT)
        assert reason(contact_digests.address("Queen", HOME)) == "objected"

    def test_a_mailbox_without_a_match(self, rao):
        shared = ContactPointFactory(customer=rao, value="family@example.org")
        ContactPointFactory(customer__surname="Rao", value="family@example.org")
        intake.take(
            source="email",
            given=Given(email="family@example.org"),
            channels=["email"],
            senders=["us", "third_parties"],
            token=contact_digests.digest(contact_digests.email("any@example.org")),
            by="job:receive_mail",
            now=NOON,
        )
        corrected(rao, replace={shared.pk: "new@example.org"})
        said = ChoiceEvent.objects.filter(customer=rao).values_list("channel", "sender", "at")
        assert set(said) == {("email", "us", NOON), ("email", "third_parties", NOON)}


class TestFromWhichDay:
    def test_it_counts_from_the_day_of_the_objection(self, rao):
        unmatched()
        corrected(rao, replace={home(rao).pk: NEW_HOME})
        own = ChoiceEvent.objects.get(customer=rao)
        assert (own.at, own.source, own.kind) == (NOON, "followed", "objection")
        assert set(Suppression.objects.filter(channel="post").values_list("at", flat=True)) == {
            NOON
        }

    def test_a_request_matched_later_stops_from_its_own_day(self, rao):
        request = intake.take(
            source="web_form",
            given=Given(name="Asha Rao", address="9 Other Road\nLeeds\nLS1 1AA"),
            channels=["post"],
            senders=["us"],
            token=contact_digests.digest(contact_digests.email("any@example.org")),
            by="job:test",
            now=NOON,
        )
        assert request.customer is None
        type(request).objects.filter(pk=request.pk).update(customer_number=rao.customer_number)
        assert intake.match(request.pk, by="job:test", now=NIGHT)
        assert ChoiceEvent.objects.get(customer=rao).at == NOON

    def test_a_stop_said_after_they_left_is_not_theirs(self, rao):
        corrected(rao, replace={home(rao).pk: NEW_HOME})
        unmatched(at=NIGHT + 2 * DAY)
        corrected(
            rao, replace={home(rao).pk: "3 Mill Lane\nBradford\nBD1 1AC"}, now=NIGHT + 9 * DAY
        )
        assert not ChoiceEvent.objects.filter(customer=rao).exists()

    def test_one_said_on_the_very_day_is(self, rao):
        corrected(rao, replace={home(rao).pk: NEW_HOME})
        unmatched(at=NIGHT + datetime.timedelta(minutes=10))
        customer_contacts.suppress_pending(now=NIGHT + DAY)
        assert ChoiceEvent.objects.filter(customer=rao).exists()


class TestWhatFollows:
    def test_nothing_is_written_twice(self, rao):
        unmatched()
        for value in (NEW_HOME, "3 Mill Lane\nBradford\nBD1 1AC"):
            corrected(rao, replace={home(rao).pk: value})
        assert ChoiceEvent.objects.filter(customer=rao).count() == 1
        assert reason(rao) == "objected"

    def test_only_what_was_stopped(self, rao):
        unmatched()
        corrected(rao, replace={home(rao).pk: NEW_HOME})
        assert reason(rao, sender="example-partner") == "list_too_old"
        assert reason(rao, "email") == "no_consent"

    def test_a_later_consent_for_the_new_one_counts(self, rao, consented):
        unmatched()
        corrected(rao, replace={home(rao).pk: NEW_HOME})
        new = contact_digests.address("Rao", NEW_HOME)
        consented(rao, channel="post", at=NIGHT, to=new)
        assert reason(new, at=NIGHT) == "consent"

    def test_partners_who_have_the_data_are_to_be_told(self, rao, partner):
        DisclosureFactory(customer=rao, kind="partner_feed", recipient=partner)
        unmatched(senders=["us", "third_parties"])
        corrected(rao, replace={home(rao).pk: NEW_HOME})
        assert rao.instructions.get().parts == ["post"]

    def test_each_partner_is_told_of_all_its_channels(self, rao, partner):
        DisclosureFactory(customer=rao, kind="partner_feed", recipient=partner)
        unmatched(senders=[partner])
        actions.object_to(
            channels=["email"],
            senders=["third_parties"],
            source="web_form",
            by="job:test",
            now=NOON,
            given=[contact_digests.email("asha@example.org")],
        )
        mail = ContactPoint.objects.get(customer=rao, kind="email")
        corrected(rao, replace={home(rao).pk: NEW_HOME, mail.pk: "asha@example.com"})
        assert rao.instructions.get().parts == ["email", "post"]

    def test_the_trail_says_who_and_codes_alone(self, rao):
        unmatched()
        corrected(rao, replace={home(rao).pk: NEW_HOME}, by="staff:7")
        entry = Entry.objects.get(event="marketing_stopped", subject=rao.pk)
        assert entry.actor == "staff:7"
        assert entry.facts["source"] == "followed"
        assert "Mill" not in str(entry.facts)

    def test_whoever_leaves_what_nobody_stopped_is_left_alone(self, rao):
        corrected(rao, replace={home(rao).pk: NEW_HOME})
        assert not ChoiceEvent.objects.exists()
        assert reason(rao) == "legitimate_interests"

    def test_an_erased_customer_has_nothing_to_take_along(self, rao):
        unmatched()
        ContactPoint.objects.filter(customer=rao).update(valid_to=NIGHT.date())
        type(rao).objects.filter(pk=rao.pk).update(
            erased_at=NIGHT,
            customer_number=None,
            title=None,
            given_names=None,
            surname=None,
            surname_lookup=None,
            date_of_birth=None,
        )
        customer_contacts.suppress_pending(now=NIGHT)
        assert not ChoiceEvent.objects.filter(customer=rao).exists()


def test_it_costs_the_same_for_ten_as_for_two(db, tmp_path):
    """Whoever left nothing that was stopped costs no query of their own."""
    counts = []
    for many in (2, 10):
        rows = []
        for number in range(many):
            customer = CustomerFactory(customer_number=f"N{many}{number}", surname="Rao")
            ContactPointFactory(
                customer=customer, address=True, value=f"{number} Long Lane\nBradford\nBD1 1AA"
            )
            rows.append(f"N{many}{number},{number} New Lane,Bradford,BD1 1AB")
        unmatched()
        with CaptureQueriesContext(connection) as queries:
            moved(None, tmp_path, "\n".join(rows))
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert PendingSuppression.objects.count() == 12  # until what runs beside it is over


def shop(customer):
    ContactPoint.objects.filter(customer=customer).update(source="shop")


def home_at(customer, value):
    return next(
        point
        for point in ContactPoint.objects.filter(customer=customer, valid_to=None)
        if point.value == value
    )
