"""Putting one's own contact details right: a fresh code, a proved address, history, who is told,
and who cannot take over."""

import datetime
import re
import uuid

import pytest
import time_machine
from django.test import Client

from audit import events
from audit.actions import Refused
from audit.models import Entry
from compliance import outcomes
from compliance.cases.kinds import CaseKind
from compliance.cases.models import Case
from compliance.disclosures.models import Instruction
from compliance.outcomes import recipients
from compliance.outcomes.corrections import Changes
from compliance.portal.my_data import contact
from compliance.preferences import actions as preferences
from compliance.preferences import contact_digests, customer_contacts
from compliance.preferences.may_contact import may_contact
from compliance.register import actions as register_actions
from customers.identity.customer import destination_of
from customers.identity.models import CustomerChallenge, CustomerVisit
from customers.models import ContactPoint
from customers.outbox.models import Message
from tests import factories as make
from tests.outcomes.effects import BY, case_of, received
from tests.portal.asking import MINUTE, NIGHT, make_ada, text
from tests.visiting import visiting

pytestmark = pytest.mark.django_db
OLD_HOME = "1 Mill Lane\nBradford\nBD1 1AA"
NEW, HOME, TODAY = "ada@example.net", "2 Mill Lane\nBradford\nBD1 1AB", datetime.date(2026, 7, 2)


@pytest.fixture(autouse=True)
def night(db):
    register_actions.load(by="job:test")
    with time_machine.travel(NIGHT, tick=False) as clock:
        yield clock


@pytest.fixture
def ada():
    return make_ada()


@pytest.fixture
def visitor(ada):
    return visiting(ada)


def point(kind):
    return ContactPoint.objects.get(kind=kind, valid_to=None)


def token(name):
    return str(uuid.uuid5(uuid.NAMESPACE_OID, name))


def change(visitor, kind, value, form="one", **rest):
    return visitor.post(
        f"/my-data/contact/{point(kind).pk}/",
        {"form": token(form), "value": value, **rest},
        follow=True,
    )


def add(visitor, kind, value, form="one"):
    return visitor.post(
        f"/my-data/contact/add/{kind}/", {"form": token(form), "value": value}, follow=True
    )


def sent_code():
    return re.search(
        r"\d{4} \d{4}",
        Message.objects.filter(key__startswith="contact_code:").latest("queued_at").text,
    )[0]


def prove(visitor, page, code=None):
    pending = page.context["form"]["pending"].value()
    return visitor.post(
        "/my-data/contact/code/", {"pending": pending, "code": code or sent_code()}, follow=True
    )


class TestACorrection:
    def test_the_old_home_stays_as_history(self, ada, visitor):
        change(visitor, "address", HOME)
        old, new = ContactPoint.objects.filter(kind="address").order_by("pk")
        assert (old.valid_to, new.valid_from, new.value, new.source) == (
            TODAY,
            TODAY,
            HOME,
            "customer",
        )

    def test_it_is_a_request_carried_out_and_answered(self, ada, visitor):
        shown = text(change(visitor, "address", HOME))
        case = Case.objects.get()
        assert (case.kind, case.status, case.channel, case.customer) == (
            CaseKind.RECTIFICATION,
            "completed",
            "web",
            ada,
        )
        assert [event.kind for event in case.events.all()][:2] == ["received", "identified"]
        assert outcomes.done(case)
        assert case.reference in shown
        assert case.reference in text(visitor.get("/your-data/requests/"))

    def test_old_and_new_are_told(self, visitor):
        prove(visitor, change(visitor, "email", NEW))
        told = {
            message.recipient: message.text
            for message in Message.objects.exclude(kind="one_time_code")
        }
        assert "If you did not ask for this, tell us at once" in told["ada@example.org"]
        assert "If that was not you, tell us at once" in told[NEW]
        assert NEW not in told["ada@example.org"]

    def test_the_old_home_is_told_by_letter(self, visitor):
        change(visitor, "address", HOME)
        letter = Message.objects.get(means="letter")
        assert letter.recipient.splitlines()[1] == "1 Mill Lane"

    def test_a_further_address_is_told_to_those_in_use(self, visitor):
        prove(visitor, add(visitor, "email", NEW))
        told = Message.objects.get(kind="contact_changed")
        assert (told.recipient, "one email address was added" in told.text) == (
            "ada@example.org",
            True,
        )
        assert ContactPoint.objects.filter(kind="email", valid_to=None).count() == 2

    def test_a_number_may_just_go(self, visitor):
        change(visitor, "phone", "", remove="1")
        assert not ContactPoint.objects.filter(kind="phone", valid_to=None).exists()

    def test_where_there_is_no_address_the_page_alone_tells(self):
        person = make.CustomerFactory()
        make.ContactPointFactory(customer=person, phone=True)
        shown = text(change(visiting(person), "phone", "07700 900999"))
        assert Case.objects.get().reference in shown
        assert Message.objects.count() == 0

    def test_recipients_are_to_be_told(self, ada, visitor):
        make.FraudMarkerFactory(
            customer=ada, status="suspected", opened_on=datetime.date(2010, 1, 1)
        )
        received(ada, "experian", kind="credit_search"), received(ada, "cifas", kind="fraud_filing")
        make.FraudMarkerFactory(customer=ada)
        shown = text(change(visitor, "address", HOME))
        assert set(Instruction.objects.values_list("recipient", "confidential")) == {
            ("experian", False),
            ("cifas", True),
            ("shop", False),
        }
        named = [line.what for line in recipients.told(Case.objects.get())]
        assert named == ["Experian", "The web shop, a system of our own"]
        everything = shown + "".join(Message.objects.values_list("text", flat=True))
        assert "Cifas" not in everything

    def test_the_trail_holds_codes_alone(self, visitor):
        prove(visitor, change(visitor, "email", NEW))
        facts = str(list(Entry.objects.values_list("facts", flat=True)))
        assert Entry.objects.get(event="record_corrected").facts == {"fields": ["email"]}
        assert "example" not in facts

    @pytest.mark.parametrize("broken", ["record_corrected", "message_queued", "session_ended"])
    def test_a_broken_trail_leaves_all_as_it_was(self, ada, visitor, monkeypatch, broken):
        def fail(**facts):
            raise RuntimeError("broken")

        make.CustomerVisitFactory(customer=ada, expires_at=NIGHT + 60 * MINUTE)
        monkeypatch.setattr(events, broken, fail)
        with pytest.raises(RuntimeError, match="broken"):
            change(visitor, "address", HOME)
        assert point("address").value.startswith("1 Mill Lane")
        assert (Case.objects.count(), Message.objects.count()) == (0, 0)

    def test_whoever_objected_is_not_reached_at_the_new_address(self, ada, visitor):
        preferences.object_to(
            channels=["email"],
            senders=["us"],
            source="web_form",
            by="job:test",
            now=NIGHT,
            customer=ada,
        )
        prove(visitor, change(visitor, "email", NEW))
        customer_contacts.suppress_pending(now=NIGHT)
        assert (
            may_contact(
                contact_digests.email(NEW), "email", "us", "marketing", NIGHT + MINUTE
            ).reason
            == "objected"
        )

    def test_a_stop_that_nobody_was_matched_to_goes_along(self, ada, visitor, night):
        preferences.object_to(
            channels=["post"],
            senders=["us"],
            source="web_form",
            by="job:test",
            now=NIGHT - MINUTE,
            given=[contact_digests.address(ada.surname, OLD_HOME)],
        )
        shown = text(change(visitor, "address", HOME))
        assert "Marketing to the detail that you left had been stopped" in shown
        assert may_contact(ada, "post", "us", "marketing", NIGHT).reason == "objected"
        night.shift(60)
        again = text(change(visitor, "phone", "07700 900999", form="two"))
        assert "had been stopped" not in again

    def test_a_consent_does_not_move_along(self, ada, visitor):
        prove(visitor, change(visitor, "email", NEW))
        assert not may_contact(ada, "email", "us", "marketing", NIGHT + MINUTE)


class TestTakingOver:
    """A session in the wrong hands, for a short while, must not become the customer's."""

    @pytest.mark.parametrize("address", ["contact/add/email/", "contact/{}/"])
    def test_a_code_of_ten_minutes_ago_is_too_old(self, ada, night, address):
        visitor = visiting(ada, proved=NIGHT - 11 * MINUTE)
        response = visitor.get(f"/my-data/{address.format(point('email').pk)}")
        assert response["Location"].startswith("/prove/?again=1&next=%2Fmy-data%2Fcontact%2F")

    def test_a_form_without_a_fresh_code_does_nothing(self, ada):
        response = change(visiting(ada, proved=NIGHT - 31 * MINUTE), "address", HOME)
        assert response.status_code == 403
        assert "2 Mill Lane" in text(response)
        assert Case.objects.count() == 0

    def test_a_form_that_no_fresh_code_opened_does_nothing(self, ada, night):
        thief, another = visiting(ada, proved=NIGHT - 11 * MINUTE), visiting(make.CustomerFactory())
        lent = another.get("/my-data/contact/add/email/").context["form"]["opened"].value()
        for opened in ({}, {"opened": lent}, {"opened": "x"}):
            response = thief.post(
                "/my-data/contact/add/email/", {"form": token("one"), "value": NEW, **opened}
            )
            assert (response.status_code, NEW in text(response)) == (403, True)
        assert Message.objects.count() == 0

    def test_a_form_that_was_opened_in_time_is_taken_for_half_an_hour(self, visitor, night):
        page = visitor.get(f"/my-data/contact/{point('address').pk}/")
        sent = {
            "form": token("one"),
            "value": HOME,
            "opened": page.context["form"]["opened"].value(),
        }
        night.shift(15 * MINUTE)
        visitor.get("/my-data/")  # the visit is in use meanwhile
        night.shift(14 * MINUTE)
        assert visitor.post(f"/my-data/contact/{point('address').pk}/", sent).status_code == 303
        assert point("address").value == HOME

    def test_nothing_typed_is_lost_when_the_visit_ended(self, ada, visitor):
        CustomerVisit.objects.update(expires_at=NIGHT - MINUTE)
        response = change(visitor, "address", "Rose Cottage")
        assert (response.status_code, "Rose Cottage" in text(response)) == (403, True)

    def test_a_stranger_gets_the_same_whosever_it_is(self, ada):
        pages = [
            Client().post(f"/my-data/contact/{pk}/", {"value": "x"})
            for pk in (point("email").pk, 999_999)
        ]
        assert len({(page.status_code, page.content) for page in pages}) == 1

    def test_an_unproved_email_changes_nothing(self, visitor):
        change(visitor, "email", NEW)
        assert point("email").value == "ada@example.org"
        assert Case.objects.count() == 0
        assert ContactPoint.objects.count() == 3

    def test_no_code_goes_to_an_unproved_address(self, ada, visitor):
        change(visitor, "email", NEW)
        assert destination_of({"kind": "email", "value": NEW}) is None
        assert (
            destination_of({"kind": "number", "value": "A100", "surname": "lovelace"}).recipient
            == "ada@example.org"
        )

    def test_a_mobile_number_is_proved_where_codes_go_by_text(self, settings, visitor):
        settings.SMS_BACKEND = "customers.outbox.sms.console"
        page = change(visitor, "phone", "07700 900999")
        assert point("phone").value == "07700 900461"
        assert Message.objects.get(means="sms").recipient == "+447700900999"
        prove(visitor, page)
        assert point("phone").value == "07700 900999"

    @pytest.mark.parametrize("code", ["00000000", "", "x" * 50, "\x00", "٣٣٣٣٣٣٣٣"])
    def test_a_wrong_code_does_nothing(self, visitor, code):
        page = change(visitor, "email", NEW)
        assert "alert" in text(
            visitor.post(
                "/my-data/contact/code/",
                {"pending": page.context["form"]["pending"].value(), "code": code},
            )
        )
        assert point("email").value == "ada@example.org"

    def test_the_sixth_try_is_too_many(self, visitor):
        page = change(visitor, "email", NEW)
        for _ in range(5):
            prove(visitor, page, "00000000")
        prove(visitor, page)
        assert point("email").value == "ada@example.org"

    def test_a_code_ends_after_ten_minutes(self, visitor, night):
        page = change(visitor, "email", NEW)
        night.move_to(NIGHT + 11 * MINUTE)
        prove(visitor, page)
        assert point("email").value == "ada@example.org"

    def test_a_code_is_of_no_use_in_another_visit(self, ada, visitor):
        pending = change(visitor, "email", NEW).context["form"]["pending"].value()
        other = make.CustomerFactory()
        visiting(other).post("/my-data/contact/code/", {"pending": pending, "code": sent_code()})
        assert not ContactPoint.objects.filter(customer=other).exists()

    @pytest.mark.parametrize("pending", ["", "x", "\x00", "A" * 9_000])
    def test_a_wish_that_we_did_not_seal_is_none(self, visitor, pending):
        response = visitor.post("/my-data/contact/code/", {"pending": pending, "code": "12345678"})
        assert (response.status_code, response["Location"]) == (303, "/my-data/contact/")

    def test_we_send_no_more_than_three_codes(self, visitor):
        for number in range(5):
            change(visitor, "email", f"ada{number}@example.net", form=str(number))
        assert Message.objects.filter(key__startswith="contact_code:").count() == 3

    @pytest.mark.slow
    def test_ten_changes_a_day_are_enough(self, visitor):
        for number in range(12):
            shown = text(
                change(
                    visitor,
                    "address",
                    f"{number + 20} Mill Lane\nBradford\nBD1 1AB",
                    form=str(number),
                )
            )
        assert "You changed your details many times today." in shown
        assert Case.objects.count() == 10

    def test_the_last_way_to_write_cannot_go(self, ada, visitor):
        change(visitor, "address", "", remove="1")
        shown = text(change(visitor, "email", "", form="two", remove="1"))
        assert "This is the only address at which we can write to you" in shown
        assert point("email").value == "ada@example.org"

    def test_every_other_visit_and_code_ends(self, ada, visitor):
        mine = CustomerVisit.objects.get()
        make.CustomerVisitFactory(customer=ada, expires_at=NIGHT + 60 * MINUTE)
        code = make.CustomerChallengeFactory(customer=ada, expires_at=NIGHT + 5 * MINUTE)
        change(visitor, "address", HOME)
        assert set(CustomerVisit.objects.filter(expires_at__gt=NIGHT)) == {mine}
        assert not CustomerChallenge.objects.filter(pk=code.pk, expires_at__gt=NIGHT).exists()

    def test_another_person_s_point_is_not_found(self, visitor):
        other = make.ContactPointFactory(value="zebedee@example.org")
        for method in (visitor.get, visitor.post):
            response = method(f"/my-data/contact/{other.pk}/")
            assert (response.status_code, b"zebedee" in response.content) == (404, False)

    def test_without_the_token_nothing_happens(self, ada, visitor):
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = visitor.cookies
        assert change(strict, "address", HOME).status_code == 403
        assert Case.objects.count() == 0


def test_nothing_is_changed_of_somebody_who_was_erased(ada, visitor):
    wish = contact.ContactWish(kind="email", value=NEW)
    for name in ("title", "given_names", "surname", "customer_number", "date_of_birth"):
        setattr(ada, name, None)
    ada.erased_at = NIGHT
    ada.save()
    visit = CustomerVisit.objects.latest("pk")
    with pytest.raises(Refused, match="Your data was erased"):
        contact.change(ada, wish, form=uuid.uuid4(), visit=visit, now=NIGHT)
    assert not Case.objects.exists()


class TestTwice:
    def test_two_presses_are_one_change(self, visitor):
        old = point("address").pk
        for _ in range(2):
            visitor.post(f"/my-data/contact/{old}/", {"form": token("one"), "value": HOME})
        assert (Case.objects.count(), ContactPoint.objects.filter(kind="address").count()) == (1, 2)

    def test_a_code_pressed_twice_is_one_change(self, visitor):
        page = change(visitor, "email", NEW)
        shown = [text(prove(visitor, page)) for _ in range(2)]
        assert all("Done." in one for one in shown)
        assert Case.objects.count() == 1

    def test_a_second_window_is_told_plainly(self, visitor):
        old = point("address").pk
        visitor.post(f"/my-data/contact/{old}/", {"form": token("one"), "value": HOME})
        shown = text(
            visitor.post(
                f"/my-data/contact/{old}/", {"form": token("two"), "value": HOME.replace("2", "3")}
            )
        )
        assert (
            "<strong>Nothing was changed.</strong> A contact detail was changed meanwhile." in shown
        )
        assert Case.objects.count() == 1

    def test_a_colleague_was_quicker(self, ada, visitor):
        """What a colleague corrects ends every visit: it may be one that somebody else opened."""
        old = point("address").pk
        case = case_of(ada, CaseKind.RECTIFICATION)
        outcomes.carry_out(
            case, "correct", {"changes": Changes(replace={old: HOME})}, by=BY, now=NIGHT
        )
        shown = text(
            visitor.post(
                f"/my-data/contact/{old}/", {"form": token("one"), "value": HOME.replace("2", "3")}
            )
        )
        assert "3 Mill Lane" in shown  # handed back, and nothing done with it
        assert point("address").value == HOME
        assert Case.objects.count() == 1

    def test_what_is_so_already_is_said(self, visitor):
        assert "Nothing would be different" in text(
            change(visitor, "address", "1 Mill Lane\nBradford\nBD1 1AA")
        )
        assert Case.objects.count() == 0

    @pytest.mark.parametrize(
        ("kind", "value", "words"),
        [
            ("email", "no", "That is not a whole email address."),
            ("phone", "12", "That is not a telephone number."),
            ("address", "Rose Cottage", "a United Kingdom postcode in the last"),
            ("address", " \x00 ", "Give the postal"),
            ("email", "a@" + "b" * 5_000, "That is not a whole email address."),
        ],
    )
    def test_what_is_none_is_said(self, visitor, kind, value, words):
        assert words in text(change(visitor, kind, value))
        assert Case.objects.count() == 0


class TestThePage:
    def test_now_and_before(self, visitor):
        change(visitor, "address", HOME)
        now, _, before = text(visitor.get("/my-data/contact/")).partition("Earlier ones")
        assert "2 Mill Lane" in now
        assert "1 Mill Lane" in before
        assert "15 January 2010 to 2 July 2026" in before

    def test_a_reference_of_another_says_nothing(self, visitor):
        other = case_of(make.CustomerFactory(), CaseKind.RECTIFICATION)
        assert other.reference not in text(visitor.get(f"/my-data/contact/?done={other.reference}"))

    def test_an_earlier_one_cannot_be_changed(self, visitor):
        old = point("address").pk
        change(visitor, "address", HOME)
        assert visitor.get(f"/my-data/contact/{old}/")["Location"] == "/my-data/contact/"

    def test_no_such_kind(self, visitor):
        assert visitor.get("/my-data/contact/add/fax/").status_code == 404
