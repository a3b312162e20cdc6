import datetime

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from audit.actions import Refused
from compliance.preferences import (
    actions,
    contact_digests,
    customer_contacts,
    may_contact,
    rules,
    wordings,
)
from compliance.preferences.channels import EMAIL
from compliance.preferences.models import ChoiceEvent, PendingSuppression, Suppression
from compliance.preferences.suppression import add_digest
from compliance.preferences.vocabulary import ChoiceKind
from customers import erasure_lock
from customers.models import ContactPoint
from tests.factories import ContactPointFactory, CustomerFactory, DisclosureFactory
from tests.preferences.conftest import NOON

LATER = NOON + datetime.timedelta(days=30)
ADA = "ada@example.org"


def stop(**given):
    return actions.object_to(
        **{
            "channels": [EMAIL.code],
            "senders": ["us"],
            "source": "web_form",
            "by": "job:tests",
            "now": NOON,
            **given,
        }
    )


def may(person, channel="email", sender="us", at=LATER):
    return may_contact.may_contact(person, channel, sender, "marketing", at).reason


class TestAnObjection:
    def test_a_stranger_is_suppressed_at_once(self, db, trail):
        stop(given=[contact_digests.email("Someone@Example.org")])
        assert may(contact_digests.email("someone@example.org")) == "objected"
        assert trail("marketing_stopped").subject is None

    def test_a_customer_is_stopped_with_every_address(self, ada):
        ContactPointFactory(customer=ada, value="second@example.org")
        stop(customer=ada)
        assert {may(contact_digests.email(one)) for one in (ADA, "second@example.org")} == {
            "objected"
        }

    def test_what_was_given_and_what_is_on_file_both_count(self, ada):
        stop(customer=ada, given=[contact_digests.email("work@example.org")])
        assert (
            may(contact_digests.email("work@example.org"))
            == may(contact_digests.email(ADA))
            == "objected"
        )

    def test_it_stops_only_what_it_names(self, ada, consented):
        consented(ada, channel="email", sender="us")
        stop(customer=ada, senders=["third_parties"])
        assert may(ada) == "consent"
        assert may(ada, sender="example-partner") == "objected"

    def test_an_objection_said_earlier_but_written_later_does_not_undo_a_consent(
        self, ada, consented
    ):
        consented(ada, at=NOON)
        stop(customer=ada, at=NOON - datetime.timedelta(hours=1), now=LATER)
        assert may(ada) == "consent"

    def test_a_later_consent_lifts_only_its_own_address(self, ada, consented):
        ContactPointFactory(customer=ada, value="second@example.org")
        stop(customer=ada)
        consented(ada, at=NOON + datetime.timedelta(days=1))
        assert may(contact_digests.email(ADA)) == "consent"
        assert may(contact_digests.email("second@example.org")) == "objected"

    def test_nothing_named_is_refused(self, ada):
        for given in ({}, {"customer": ada, "channels": []}, {"customer": ada, "senders": []}):
            with pytest.raises(Refused):
                stop(**given)

    def test_it_never_waits_for_the_future(self, ada):
        stop(customer=ada, at=LATER, now=NOON)
        assert ChoiceEvent.objects.get().at == NOON


class TestAConsent:
    @pytest.mark.parametrize("missing", ["wording", "page", "origin", "notice"])
    def test_any_piece_missing_means_none(self, ada, consented, missing):
        assert missing in consented(ada, without=missing)
        assert may(ada) == "no_consent"
        assert not ada.marketing_permissions.exists()  # by which whole lists are screened

    def test_a_box_ticked_beforehand_means_none(self, ada, consented):
        assert consented(ada, unticked=False) == ["unticked"]
        assert may(ada) == "no_consent"

    def test_words_that_name_somebody_else_mean_none(self, ada, consented, partner):
        assert "wording" in consented(ada, sender=partner, named=["us"])
        assert may(ada, sender=partner) == "no_consent"

    def test_words_about_another_channel_mean_none(self, ada):
        words = wordings.freeze(
            "test",
            "You may write to me.",
            senders=["us"],
            channels=["post"],
            unticked=True,
            now=NOON,
        )
        proof = actions.Proof(words, "/your-choices/", "198.51.100.7", 1)
        assert actions.consent(
            customer=ada,
            contact=contact_digests.email(ADA),
            channels=["email"],
            sender="us",
            source="shop",
            proof=proof,
            by="job:tests",
            now=NOON,
        ) == ["wording"]
        assert may(ada) == "no_consent"

    def test_a_box_to_object_left_empty_is_none(self, ada, consented):
        consented(ada, kind=ChoiceKind.NOT_OBJECTED)
        assert may(ada) == "no_consent"
        assert not ada.marketing_permissions.exists()

    def test_the_end_of_anothers_leaves_it_standing(self, ada, consented):
        partner_of_ada = CustomerFactory(given_names="William", surname="King")
        consented(ada)
        consented(
            partner_of_ada,
            at=NOON + datetime.timedelta(days=1),
            expires_at=NOON + datetime.timedelta(days=2),
        )
        assert may(contact_digests.email(ADA)) == may(ada) == "consent"

    def test_all_third_parties_at_once_cannot_be_consented_to(self, ada, consented):
        with pytest.raises(Refused, match="names each organisation"):
            consented(ada, sender="third_parties")

    def test_a_sender_unknown_to_the_register_is_refused(self, ada, consented):
        with pytest.raises(Refused, match="not one of our marketing partners"):
            consented(ada, sender="nobody-we-know")

    def test_an_older_one_that_is_written_later_moves_nothing_back(self, ada, consented):
        later, between = NOON + datetime.timedelta(days=9), NOON + datetime.timedelta(days=5)
        consented(ada, at=later)
        stop(customer=ada, at=between, now=later)
        consented(ada, at=NOON, expires_at=between)
        assert may(ada) == "consent"
        footing = ada.marketing_permissions.get()
        assert (footing.consented_at, footing.expires_at) == (later, None)

    @pytest.mark.parametrize("turned", [False, True])
    @pytest.mark.parametrize(
        ("first", "second", "stands"),
        [
            ((0, None), (1, 5), False),
            ((0, 5), (1, None), True),
            ((0, 5), (1, 40), True),
            ((0, 40), (1, 5), False),
            ((0, None), (0, 5), False),
            ((0, 5), (0, 40), False),
            ((0, 40), (0, None), True),
        ],
    )
    def test_the_latest_says_until_when_in_either_order(
        self, ada, consented, first, second, stands, turned
    ):
        """Days after noon; 30 days after it is asked: by the events, and by what whole lists are
        screened by."""
        for days, until in (second, first) if turned else (first, second):
            consented(
                ada,
                at=NOON + datetime.timedelta(days=days),
                expires_at=None if until is None else NOON + datetime.timedelta(days=until),
            )
        assert (may(ada) == "consent") is stands
        footing = ada.marketing_permissions.get()
        assert (footing.expires_at is None or footing.expires_at > LATER) is stands

    def test_a_soft_opt_in_would_open_nothing_for_a_partner(self):
        said = rules.ConsentState(soft_at=NOON)
        verdicts = {
            sender: rules.verdict("email", sender, said, listing=rules.Listing(), known=True).reason
            for sender in ("us", "example-partner")
        }
        assert verdicts == {"us": "soft_opt_in", "example-partner": "no_consent"}

    def test_it_ends_when_it_said(self, ada, consented):
        consented(ada, expires_at=NOON + datetime.timedelta(days=10))
        assert may(ada, at=NOON + datetime.timedelta(days=9)) == "consent"
        assert may(ada, at=NOON + datetime.timedelta(days=10)) == "no_consent"

    def test_the_past_is_answered_as_it_was(self, ada, consented):
        consented(ada, at=NOON)
        stop(customer=ada, now=NOON + datetime.timedelta(days=5))
        assert may(ada, at=NOON + datetime.timedelta(days=4)) == "consent"
        assert may(ada, at=NOON + datetime.timedelta(days=5)) == "objected"


class TestTheDatabase:
    @pytest.mark.parametrize(
        "sql",
        [
            "UPDATE preferences_choiceevent SET kind = 'consent'",
            "DELETE FROM preferences_choiceevent",
        ],
    )
    def test_history_cannot_be_rewritten(self, ada, sql):
        stop(customer=ada)
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)

    def test_only_the_purge_may_remove_it(self, ada):
        stop(customer=ada)
        with transaction.atomic():
            erasure_lock.shared()
            assert ChoiceEvent.objects.all().delete()[0] == 1

    def test_change_and_trail_are_one(self, ada, monkeypatch):
        monkeypatch.setattr(actions.events, "marketing_stopped", lambda **_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            stop(customer=ada)
        assert not ChoiceEvent.objects.exists()
        assert not Suppression.objects.exists()


class TestCatchingUp:
    def test_the_latest_of_several_objections_counts_for_each_sender(self, ada, partner):
        for senders, days in ((["us"], 3), (["us"], 1), (["third_parties"], 2)):
            stop(customer=ada, senders=senders, at=NOON + datetime.timedelta(days=days), now=LATER)
        ContactPointFactory(customer=ada, value="new@example.org")
        customer_contacts.suppress_pending(now=LATER)
        new = Suppression.objects.filter(
            digest=contact_digests.digest(contact_digests.email("new@example.org"))
        )
        assert dict(new.values_list("sender", "at")) == {
            "us": NOON + datetime.timedelta(days=3),
            "third_parties": NOON + datetime.timedelta(days=2),
        }

    def test_what_a_link_stopped_gets_its_feed_digest_and_keeps_its_day(self, ada):
        link = {
            "key_id": contact_digests.current_key(),
            "form": 1,
            "channels": ["email"],
            "senders": ["us"],
            "source": "one_click",
        }
        add_digest(contact_digests.digest(contact_digests.email(ADA)), "email", at=NOON, **link)
        stop(customer=ada, at=NOON - datetime.timedelta(days=1), now=LATER)
        entry = Suppression.objects.get()
        assert (entry.at, entry.source) == (NOON, "one_click")
        assert bytes(entry.feed_digest) == contact_digests.feed_digest(contact_digests.email(ADA))

    def test_an_address_that_came_later_is_suppressed_too(self, ada):
        stop(customer=ada)
        customer_contacts.suppress_pending(now=NOON)
        ContactPointFactory(customer=ada, value="new@example.org")
        assert may(contact_digests.email("new@example.org")) == "no_consent"
        assert customer_contacts.suppress_pending(now=LATER) == 1
        assert may(contact_digests.email("new@example.org")) == "objected"

    def test_another_surname_is_another_postal_address(self, ada):
        ContactPointFactory(customer=ada, address=True, value="1 Mill Lane\nBradford\nBD1 1AA")
        stop(customer=ada, channels=["post"])
        ada.surname = "King"
        ada.save()
        customer_contacts.suppress_pending(now=LATER)
        assert (
            may(contact_digests.address("King", "1 Mill Lane\nBradford\nBD1 1AA"), "post")
            == "objected"
        )

    def test_a_consent_given_since_stands_for_what_it_names_alone(self, ada, consented):
        stop(customer=ada)
        consented(ada, at=NOON + datetime.timedelta(days=1))
        ContactPointFactory(customer=ada, value="new@example.org")
        customer_contacts.suppress_pending(now=LATER)
        assert may(contact_digests.email(ADA)) == "consent"
        assert may(contact_digests.email("new@example.org")) == "objected"

    def test_a_consent_for_one_number_opens_no_other(self, ada, consented):
        old, new = "07700 900111", "07700 900222"
        ContactPointFactory(customer=ada, kind="phone", value=old)
        stop(customer=ada, channels=["live_call"])
        consented(
            ada,
            channel="live_call",
            to=contact_digests.phone(old),
            at=NOON + datetime.timedelta(days=1),
        )
        ContactPoint.objects.filter(kind="phone").update(valid_to=LATER.date())
        ContactPointFactory(customer=ada, kind="phone", value=new)
        assert may(ada, "live_call") == "objected"

    def test_nobody_without_an_objection_is_looked_at(self, ada, consented):
        consented(ada)
        ContactPointFactory(customer=ada, value="new@example.org")
        ContactPoint.objects.update(valid_to=None)
        assert not PendingSuppression.objects.exists()


class TestPartners:
    def test_those_who_received_the_data_are_to_be_told(self, ada, partner):
        DisclosureFactory(
            customer=ada,
            kind="partner_feed",
            recipient=partner,
            recipient_name="Example Home and Garden Ltd",
        )
        DisclosureFactory(kind="partner_feed", recipient="somebody-elses")
        reference = stop(customer=ada, senders=["third_parties"])
        told = ada.instructions.get()
        assert (told.recipient, told.reference, told.parts) == (partner, reference, ["email"])

    def test_our_own_marketing_is_no_business_of_theirs(self, ada, partner):
        DisclosureFactory(customer=ada, kind="partner_feed", recipient=partner)
        stop(customer=ada)
        assert not ada.instructions.exists()


def test_an_erased_customer_has_nothing_to_say(db):
    from compliance.preferences.rules import ERASED

    gone = CustomerFactory()
    type(gone).objects.filter(pk=gone.pk).update(
        erased_at=NOON,
        customer_number=None,
        title=None,
        given_names=None,
        surname=None,
        surname_lookup=None,
        date_of_birth=None,
    )
    gone.refresh_from_db()
    assert may_contact.may_contact(gone, "email", "us", "marketing", NOON) == ERASED
    with pytest.raises(Refused, match="erased"):
        stop(customer=gone)


class TestTheSuppressionList:
    @pytest.mark.parametrize(
        "sql",
        [
            "DELETE FROM preferences_suppression",
            "UPDATE preferences_suppression SET at = at - interval '1 day'",
            "UPDATE preferences_suppression SET channel = 'sms'",
        ],
    )
    def test_nobody_takes_an_entry_off(self, db, sql):
        stop(given=[contact_digests.email(ADA)])
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)

    def test_a_later_objection_moves_the_time_on_and_an_earlier_one_does_not(self, db):
        for at in (NOON, LATER, NOON):
            stop(given=[contact_digests.email(ADA)], now=at)
        assert Suppression.objects.get().at == LATER

    def test_the_timer_catches_up_before_the_purge(self, ada, capsys):
        stop(customer=ada)
        ContactPointFactory(customer=ada, value="new@example.org")
        call_command("catch_up_suppression")
        assert may(contact_digests.email("new@example.org")) == "objected"
        assert "1 customers" in capsys.readouterr().out
