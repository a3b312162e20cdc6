"""marketing_choices through the command: objections take effect at once, consents count only when
they are proved."""

import datetime
from base64 import b64encode

import pytest
from django.core.management import call_command

from compliance.preferences import contact_digests, contact_forms, may_contact
from compliance.preferences.models import ChoiceEvent, MarketingPermission, Suppression
from compliance.register.models import Recipient
from customers.models import ContactPoint
from tests.factories import ContactPointFactory, CustomerFactory, DisclosureFactory
from tests.importing.shop import Shop
from tests.preferences.conftest import NOON
from tests.preferences.forms import raise_forms

HEADER = (
    "customer_number,kind,channel,sender,contact,surname,at,source,wording,unticked,page,origin,notice_version,"
    "expires_at"
)
MOMENT = "2024-03-05 10:30"
STOP = f"A100,objection,email,us,,,{MOMENT},letter,,,,,,"
WORDS = '"Yes, Hartwell and Example Home and Garden Ltd may email me."'
CONSENT = (
    f"A100,consent,email,us,ada@example.org,,{MOMENT},shop,{WORDS},yes,/register,198.51.100.7,1,"
)
ADA = "ada@example.org"
pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(tmp_path, ada):
    return Shop(tmp_path)


def may(person, channel="email", sender="us"):
    return may_contact.may_contact(person, channel, sender, "marketing", NOON).reason


class TestObjections:
    def test_all_on_file_is_suppressed_at_once(self, shop, ada):
        ContactPointFactory(customer=ada, value="second@example.org")
        assert shop.sends("marketing_choices", [HEADER, STOP]).code == 0
        assert {may(contact_digests.email(one)) for one in (ADA, "second@example.org")} == {
            "objected"
        }
        event = ada.choice_events.get()
        assert (event.source, event.at, event.by) == (
            "letter",
            datetime.datetime(2024, 3, 5, 10, 30, tzinfo=datetime.UTC),
            "job:import_data",
        )

    def test_a_contact_detail_that_is_named_counts_too(self, shop, ada):
        shop.sends("marketing_choices", [HEADER, STOP.replace("us,,,", "us,work@example.org,,")])
        assert may(contact_digests.email("work@example.org")) == may(ada) == "objected"

    def test_an_entry_says_in_which_form_it_was_made(self, shop, monkeypatch):
        form = contact_forms.current("email")
        shop.sends("marketing_choices", [HEADER, STOP])
        raise_forms(monkeypatch)
        again = STOP.replace("us,,,", "us,work@example.org,,").replace("10:30", "10:31")
        shop.sends("marketing_choices", [HEADER, again])
        forms = Suppression.objects.values_list("form", flat=True).order_by("form")
        assert list(forms) == [form, form + 1, form + 1]
        assert may(contact_digests.email("work@example.org")) == "objected"

    def test_a_stranger_needs_no_number(self, shop):
        shop.sends(
            "marketing_choices",
            [
                HEADER,
                f",objection,sms,us,07700 900123,,{MOMENT},,,,,,,",
                f',objection,post,us,"1 Mill Lane, Leeds, LS1 1AA",Rao,{MOMENT},,,,,,,',
            ],
        )
        assert may(contact_digests.phone("+447700900123"), "sms") == "objected"
        assert (
            may(contact_digests.address("Rao", "1 Mill Lane\nLeeds\nLS1 1AA"), "post") == "objected"
        )
        assert not ChoiceEvent.objects.filter(customer__isnull=False).exists()

    def test_a_postal_address_goes_with_the_surname_on_record(self, shop):
        shop.sends(
            "marketing_choices",
            [HEADER, f'A100,objection,post,us,"1 Mill Lane, Leeds, LS1 1AA",,{MOMENT},,,,,,,'],
        )
        assert (
            may(contact_digests.address("Lovelace", "1 Mill Lane\nLS1 1AA"), "post") == "objected"
        )

    def test_partners_who_have_the_data_are_to_be_told(self, shop, ada, partner):
        DisclosureFactory(
            customer=ada,
            kind="partner_feed",
            recipient=partner,
            recipient_name="Example Home and Garden Ltd",
        )
        lines = [
            STOP.replace(",us,", ",third_parties,"),
            STOP.replace(",email,us,", ",post,third_parties,"),
        ]
        shop.sends("marketing_choices", [HEADER, *lines])
        told = ada.instructions.get()  # one act, one notice
        assert (told.recipient, told.parts) == (partner, ["email", "post"])

    def test_a_channel_that_a_later_file_adds_is_told_too(self, shop, ada, partner):
        DisclosureFactory(
            customer=ada, kind="partner_feed", recipient=partner, negotiations_ended_on=None
        )
        lines = [
            STOP.replace(",us,", ",third_parties,").replace(",email,", f",{channel},")
            for channel in ("email", "post")
        ]
        for number in (1, 2, 2):
            assert shop.sends("marketing_choices", [HEADER, *lines[:number]]).code == 0
        assert sorted(row.parts for row in ada.instructions.all()) == [["email"], ["post"]]

    def test_the_latest_of_several_says_since_when(self, shop):
        shop.sends(
            "marketing_choices",
            [
                HEADER,
                *(
                    f"{who},2024-0{month}-05 10:30,,,,,,,"
                    for month in (4, 6, 5)
                    for who in (
                        "A100,objection,email,us,,",
                        ",objection,email,us,rosa@example.net,",
                    )
                ),
            ],
        )
        assert {entry.at.month for entry in Suppression.objects.all()} == {6}
        assert Suppression.objects.count() == 2

    def test_it_is_kept_to_however_old_it_is(self, shop, ada):
        call_command("load_register", confirm_defaults=True, verbosity=0)
        type(ada).objects.filter(pk=ada.pk).update(relationship_ended_on=datetime.date(2012, 1, 1))
        assert shop.sends("marketing_choices", [HEADER, STOP]).code == 0
        assert may(contact_digests.email(ADA)) == "objected"

    def test_a_bad_line_leaves_nothing_behind(self, shop):
        result = shop.sends("marketing_choices", [HEADER, STOP, STOP.replace("A100", "A999")])
        assert (result.code, result.rejects[0][1]) == (2, "unknown customer")
        assert not Suppression.objects.exists()
        assert not ChoiceEvent.objects.exists()


class TestConsents:
    def test_one_with_all_its_evidence_counts(self, shop, ada):
        assert shop.sends("marketing_choices", [HEADER, CONSENT]).code == 0
        assert may(ada) == "consent"
        assert MarketingPermission.objects.get().consented_at == ada.choice_events.get().at

    @pytest.mark.parametrize(
        ("piece", "instead"),
        [
            (WORDS, ""),
            (",yes,", ",,"),
            ("/register", ""),
            ("198.51.100.7", ""),
            (",1,", ",,"),
            ("ada@example.org", ""),
        ],
    )
    def test_one_without_is_kept_and_does_not(self, shop, ada, piece, instead):
        assert shop.sends("marketing_choices", [HEADER, CONSENT.replace(piece, instead)]).code == 0
        assert ada.choice_events.count() == 1
        assert may(ada) == "no_consent"
        assert not MarketingPermission.objects.exists()

    @pytest.mark.parametrize(
        ("words", "reason"), [(WORDS, "consent"), ('"Yes, others may email me."', "no_consent")]
    )
    def test_a_partner_must_be_named_in_the_words(self, shop, ada, partner, words, reason):
        shop.sends(
            "marketing_choices",
            [HEADER, CONSENT.replace(",us,", f",{partner},").replace(WORDS, words)],
        )
        assert may(ada, sender=partner) == reason

    def test_a_box_to_object_left_empty_is_none(self, shop, ada):
        shop.sends("marketing_choices", [HEADER, CONSENT.replace("consent", "not_objected")])
        assert may(ada) == "no_consent"
        assert not MarketingPermission.objects.exists()

    def test_the_later_of_two_counts_in_any_order(self, shop, ada):
        lines = [
            CONSENT,
            STOP.replace("2024-03-05", "2024-03-06"),
            CONSENT.replace("2024-03-05", "2024-03-07"),
        ]
        shop.sends("marketing_choices", [HEADER, *reversed(lines)])
        assert may(ada) == "consent"


class TestAgain:
    def test_the_same_file_changes_nothing(self, shop):
        shop.sends("marketing_choices", [HEADER, STOP, CONSENT, STOP])
        result = shop.again("marketing_choices")
        assert (result.code, ChoiceEvent.objects.count()) == (0, 2)
        assert "0 added, 0 changed, 2 unchanged" in result.out

    def test_also_under_a_younger_key(self, shop, settings):
        shop.sends("marketing_choices", [HEADER, STOP])
        settings.PRIVACY_KEYS = f"younger:{b64encode(bytes(32)).decode()},{settings.PRIVACY_KEYS}"
        assert "1 unchanged" in shop.again("marketing_choices").out

    def test_what_came_in_the_future_counts_from_now(self, shop, ada):
        tonight = (datetime.datetime.now(datetime.UTC) + datetime.timedelta(minutes=1)).strftime(
            "%Y-%m-%d %H:%M+00:00"
        )
        shop.sends("marketing_choices", [HEADER, STOP.replace(MOMENT, tonight)])
        assert ada.choice_events.get().at <= datetime.datetime.now(datetime.UTC)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (
            STOP.replace("A100", ""),
            "customer_number is missing: only an objection with its contact detail goes without",
        ),
        (
            CONSENT.replace("A100", ""),
            "customer_number is missing: only an objection with its contact detail goes without",
        ),
        (
            CONSENT.replace(",us,", ",third_parties,"),
            "sender: a consent names each organisation, never third_parties",
        ),
        (
            CONSENT.replace(",us,", ",nobody,"),
            "sender: the register names no such marketing partner",
        ),
        (STOP.replace(",us,", ",nobody,"), "sender: the register names no such marketing partner"),
        (
            CONSENT.replace("consent", "soft_opt_in").replace(",us,", ",example-partner,"),
            "sender: a soft opt-in is for us alone",
        ),
        (
            CONSENT.replace("email,us", "sms,us"),
            "contact: not a telephone number, as this channel needs",
        ),
        (CONSENT + "2023-01-01 00:00", "expires_at: only for a consent, and after it was given"),
    ],
)
def test_what_cannot_be_is_refused(shop, partner, line, reason):
    assert [row[1] for row in shop.sends("marketing_choices", [HEADER, line]).rejects] == [reason]


def test_a_partner_of_former_days_can_still_be_objected_to(shop, ada):
    Recipient.objects.create(
        code="former",
        name="Former Ltd",
        kind=Recipient.Kind.PARTNER,
        receives="Your name.",
        valid_to="2023-12-31",
    )
    assert shop.sends("marketing_choices", [HEADER, STOP.replace(",us,", ",former,")]).code == 0
    consent = CONSENT.replace(",us,", ",former,").replace("Hartwell", "Former Ltd")
    assert shop.sends("marketing_choices", [HEADER, consent]).code == 2
    assert may(ada, sender="former") == "objected"


def test_each_line_of_many_customers_takes_few_statements(shop, django_assert_max_num_queries):
    people = CustomerFactory.create_batch(30)
    for person in people:
        ContactPointFactory(customer=person)
    lines = [STOP.replace("A100", person.customer_number) for person in people]
    with django_assert_max_num_queries(45):
        shop.sends("marketing_choices", [HEADER, *lines])
    assert Suppression.objects.count() == ContactPoint.objects.filter(customer__in=people).count()
