"""The forms with which people ask: what each opens, what it helps with, and what it never loses."""

import datetime
import html

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compliance.cases.kinds import CaseKind
from compliance.cases.models import Attachment, Case
from compliance.portal import menu
from compliance.preferences import contact_digests, may_contact
from compliance.preferences.channels import CHANNELS
from compliance.preferences.models import ChoiceEvent, MarketingRequest
from customers.lenient_fields import LONGEST_WORDS
from tests.jobs.working import work
from tests.portal.asking import ADA, GOOD, HOUSE, NIGHT, PDF, make_ada, references, send, text
from tests.strength import examples
from tests.visiting import visiting

DUE = {"copy": "3 August", "agencies": "13 July", "complain": "3 August", "object": "3 August"}
SLUGS = [public_form.slug for public_form in menu.PUBLIC_FORMS]


@pytest.fixture(autouse=True)
def _night(db):
    with time_machine.travel(NIGHT, tick=False):
        yield


def upload(name="letter.pdf", content=PDF):
    return SimpleUploadedFile(name, content)


class TestEachForm:
    @pytest.mark.parametrize("slug", SLUGS)
    def test_a_good_one_opens_its_case(self, slug):
        page = send(slug)
        case = Case.objects.get()
        assert (case.kind, case.channel, case.status) == (
            menu.BY_SLUG[slug].form.kind,
            "web",
            "open",
        )
        assert case.received_on == datetime.date(2026, 7, 2)
        assert references(page) == [case.reference]
        assert DUE.get(slug, "3 August") in text(page)
        assert (case.name, case.email) == ("Ada Lovelace", "ada@example.org")
        assert (case.words or "") == GOOD[slug].get("words", "")

    @pytest.mark.parametrize("slug", SLUGS)
    def test_an_empty_one_is_helped(self, slug):
        page = Client().post(f"/your-data/{slug}/", {})
        assert "<title>Error: " in page.content.decode()
        assert 'href="#id_email">Give an email address' in page.content.decode()
        assert not Case.objects.exists()

    def test_access_keeps_how_it_is_to_come(self):
        send("copy")
        case = Case.objects.get()
        assert case.facts == {
            "How you would like to have it": "On paper, by post",
            "Another form that you can read best": "In large print",
        }
        assert case.codes("means") == ["post"]

    def test_the_day_of_a_decision_moves_no_clock(self):
        send("agencies", decided_on_day="1", decided_on_month="1")
        case = Case.objects.get()
        assert case.facts["Decided on, as you told us"] == "1 January 2026"
        assert case.due_on == datetime.date(2026, 7, 13)
        assert not case.events.filter(kind="negotiations_ended").exists()

    def test_a_complaint_about_both_opens_two(self):
        page = send("complain", about=["data", "credit"])
        data, credit = Case.objects.order_by("pk")
        assert (data.kind, credit.kind) == (CaseKind.COMPLAINT, CaseKind.CREDIT_COMPLAINT)
        assert data.facts["Sent in one letter with"] == credit.reference
        assert credit.facts["Sent in one letter with"] == data.reference
        assert data.words == credit.words == GOOD["complain"]["words"]
        assert references(page) == [data.reference, credit.reference]

    @pytest.mark.parametrize("slug", ["nonsense", "marketing", "Copy"])
    def test_another_form_is_not_there(self, slug):
        assert Client().get(f"/your-data/{slug}/").status_code == 404

    def test_a_day_of_receipt_is_never_taken(self):
        send("copy", received_at="2020-01-01", received_on="2020-01-01")
        assert Case.objects.get().received_at == NIGHT

    @pytest.mark.parametrize("slug", SLUGS)
    def test_looking_costs_little_and_sets_no_cookie(self, slug, django_assert_max_num_queries):
        with django_assert_max_num_queries(5):
            page = Client().get(f"/your-data/{slug}/")
        assert not page.cookies
        assert "no-store" in page["Cache-Control"]
        assert not Case.objects.exists()


class TestMarketing:
    def test_it_stops_at_once_and_opens_no_case(self):
        page = send("object", uses=["marketing"], words="")
        assert "We have stopped it" in text(page)
        assert (
            may_contact.may_contact(
                contact_digests.email("ada@example.org"), "email", "us", "marketing", NIGHT
            ).reason
            == "objected"
        )
        assert not Case.objects.exists()

    def test_what_else_was_said_is_kept(self):
        send("object", uses=["marketing"], words="My late husband still gets letters.")
        assert (Case.objects.get().kind, Case.objects.get().words[:7]) == (
            CaseKind.MARKETING,
            "My late",
        )

    def test_with_another_use_both_are_done(self):
        page = send("object", uses=["marketing", "fraud"])
        assert "What you named of marketing is stopped already" in text(page)
        assert MarketingRequest.objects.get().reference in text(page)
        assert Case.objects.get().facts == {"What we should stop": "Checks against fraud"}

    def test_words_without_a_tick_are_read_by_a_colleague(self):
        assert send("object", uses=[], words="I am in hiding.").status_code == 200
        case = Case.objects.get()
        assert (case.kind, case.codes("purposes")) == (CaseKind.OBJECTION, [])

    def test_what_is_named_is_what_stops(self):
        send("object", uses=["profile", "share"], words="")
        stopped = set(ChoiceEvent.objects.values_list("sender", "channel"))
        assert {one for one in stopped if one[0] == "us"} == {("us", "online_profiling")}
        assert ("third_parties", "email") in stopped
        assert not Case.objects.exists()

    def test_a_proven_customer_stops_what_they_name(self):
        send("object", visiting(ada := make_ada()), who={"proven": "1"}, uses=["share"], words="")
        assert not ChoiceEvent.objects.exclude(sender="third_parties").exists()
        assert ChoiceEvent.objects.filter(customer=ada).count() == len(CHANNELS)

    def test_a_case_about_what_stopped_stops_no_more(self):
        send("object", visiting(make_ada()), who={"proven": "1"}, uses=["profile"], words="Why?")
        assert set(ChoiceEvent.objects.values_list("sender", "channel")) == {
            ("us", "online_profiling")
        }

    def test_a_proven_customer_stops_it_for_everything(self):
        ada = make_ada()
        page = send("object", visiting(ada), who={"proven": "1"}, uses=["marketing"], words="")
        assert "Your choices are saved" in text(page)
        assert may_contact.may_contact(ada, "post", "us", "marketing", NIGHT).reason == "objected"


class TestFaults:
    @pytest.mark.parametrize(
        ("slug", "typed", "field"),
        [
            ("copy", {"email": "ada at example"}, "email"),
            ("copy", {"phone": "12"}, "phone"),
            ("copy", {"name": ""}, "name"),
            ("copy", {"postcode": "somewhere"}, "postcode"),
            ("decision", {"decided_on_day": "31", "decided_on_month": "2"}, "decided_on_0"),
            ("copy", {"lines": "", "postcode": ""}, "lines"),
            ("correct", {"wrong": "", "right": ""}, "wrong"),
            ("delete", {"words": ""}, "words"),
            ("object", {"uses": [], "words": ""}, "uses_0"),
            ("restrict", {"ground": "unsure", "words": ""}, "words"),
            ("complain", {"about": []}, "about_0"),
            ("complain", {"words": " "}, "words"),
            ("decision", {"decided_on_day": "x"}, "decided_on_0"),
            ("copy", {"requester": "agent"}, "requester_name"),
            ("copy", {"requester_name": "Bert"}, "requester_0"),
            ("delete", {"words": "x" * (LONGEST_WORDS + 1)}, "words"),
        ],
    )
    def test_each_leads_to_its_field_and_keeps_the_rest(self, slug, typed, field):
        page = send(slug, **typed).content.decode()
        assert f'<a href="#id_{field}">' in page
        assert f'id="id_{field}"' in page
        for value in {**ADA, **GOOD[slug], **typed}.values():
            assert not isinstance(value, str) or html.escape(value.strip()) in page
        assert not Case.objects.exists()

    @pytest.mark.parametrize(
        "typed",
        [
            {"email": "ada at example"},
            {"phone": "12", "name": ""},
            {"lines": "Calle Mayor, Madrid", "postcode": ""},
        ],
    )
    def test_what_a_person_can_see_through_may_go_as_it_is(self, typed):
        assert "Send it as it is" in text(send("copy", **typed))
        assert references(send("copy", as_it_is="1", **typed))

    def test_a_day_that_is_none_is_kept_as_typed(self):
        send("agencies", as_it_is="1", decided_on_day="31", decided_on_month="2")
        assert Case.objects.get().facts["Decided on, as you told us"] == "31 2 2026"

    def test_what_leaves_nothing_to_act_on_may_not(self):
        page = text(send("complain", words="", as_it_is="1"))
        assert "Tell us what happened." in page
        assert "Send it as it is" not in page

    @pytest.mark.parametrize(
        "odd",
        ["\x00", "🎉" * 50, "x" * 50_000, "\u202e\u05d0\u05d3", "   ", "<script>alert(1)</script>"],
        ids=["nul", "emoji", "long", "right to left", "spaces", "script"],
    )
    def test_whatever_is_typed_is_answered(self, odd):
        for name in (
            "name",
            "phone",
            "customer_number",
            "lines",
            "words",
            "form",
            "how",
            "needs",
            "requester",
        ):
            page = send("copy", as_it_is="1", **{name: odd})
            assert page.status_code == 200
            assert "<script>alert" not in page.content.decode()
        assert Case.objects.count() == 9

    def test_card_numbers_are_masked_everywhere(self):
        send(
            "correct",
            wrong="Card 4111 1111 1111 1111",
            words="and 4111111111111111",
            name="4111111111111111",
        )
        case = Case.objects.get()
        assert "4111 1111" not in f"{case.details}{case.words}{case.name}".replace(
            "[card ending 1111]", ""
        )
        assert case.words == "and [card ending 1111]"

    def test_a_body_that_is_no_form_is_answered(self):
        assert (
            Client().post("/your-data/copy/", b"\xff\xfe", content_type="text/plain").status_code
            == 200
        )
        torn = Client().post(
            "/your-data/copy/", b"--x", content_type="multipart/form-data; boundary=y"
        )
        assert torn.status_code in (200, 400)

    def test_what_cannot_be_read_reaches_no_page(self, django_assert_num_queries):
        with django_assert_num_queries(0):
            answer = Client(enforce_csrf_checks=True).post(
                "/your-data/copy/", {f"field{number}": "x" for number in range(2_000)}
            )
        assert answer.status_code == 400
        assert "Nothing was changed." in answer.content.decode()

    @pytest.mark.slow
    @settings(
        max_examples=examples(60),
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(
        slug=st.sampled_from(SLUGS),
        typed=st.dictionaries(
            st.sampled_from(
                [
                    *ADA,
                    *HOUSE,
                    "phone",
                    "customer_number",
                    "requester",
                    "requester_name",
                    "about_them",
                    "words",
                    "wrong",
                    "right",
                    "remedy",
                    "what",
                    "uses",
                    "about",
                    "ground",
                    "how",
                    "needs",
                    "to",
                    "form",
                    "application",
                    "decided_on_day",
                    "decided_on_month",
                    "decided_on_year",
                    "decided_on_day",
                    "as_it_is",
                    "proven",
                    "else",
                ]
            ),
            st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=60).map(
                str.strip
            ),
        ),
    )
    def test_never_a_fault_and_nothing_is_lost(self, slug, typed):
        """Either the form comes back with every free text in it, or a case has it."""
        before = set(Case.objects.values_list("pk", flat=True))
        response = Client().post(f"/your-data/{slug}/", typed)
        kept = html.unescape(response.content.decode())
        if response.status_code == 303:
            [case] = Case.objects.exclude(pk__in=before)
            kept = "\n".join([case.words or "", *case.facts.values()])
        assert response.status_code in (200, 303)
        for name in {"words", "wrong", "right", "remedy", "needs", "about_them"} & set(
            menu.BY_SLUG[slug].form.base_fields
        ):
            assert typed.get(name, "") in kept


class TestWhoAsks:
    def test_for_somebody_else_only_their_number_finds_them(self):
        ada = make_ada()
        for name, number in (("Grace Hopper", ""), ("Ada Lovelace", "A100")):
            send(
                "copy",
                name=name,
                customer_number=number,
                requester="agent",
                requester_name="Bert Ode",
                about_them="9 Side Street",
            )
        work()
        stranger, found = Case.objects.order_by("pk")
        assert (stranger.customer, found.customer) == (None, ada)
        assert (found.requester, found.requester_name) == ("agent", "Bert Ode")
        assert found.facts["What helps us find them"] == "9 Side Street"

    def test_their_authority_is_kept_as_that(self):
        send(
            "copy",
            requester="executor",
            requester_name="Bert Ode",
            authority=upload("grant.pdf"),
            documents=upload("other.pdf", PDF + b"2"),
        )
        assert set(Attachment.objects.values_list("purpose", flat=True)) == {"authority", "other"}

    @pytest.mark.parametrize(
        "typed", [{"phone": "07700 900123"}, {"customer_number": "A100"}, HOUSE]
    )
    def test_one_way_to_reach_somebody_is_enough(self, typed):
        assert references(send("delete", email="", **typed))


class TestProven:
    @pytest.fixture
    def ada(self):
        return make_ada()

    def test_they_need_not_say_who_they_are(self, ada):
        browser = visiting(ada)
        page = browser.get("/your-data/delete/").content.decode()
        assert "Lovelace" not in page
        assert "ada@example.org" not in page
        assert 'name="email"' not in page
        assert references(send("delete", browser, who={"proven": "1"}))
        case = Case.objects.get()
        assert (case.customer, case.identified_by, case.jurisdiction) == (
            ada,
            f"customer:{ada.pk}",
            "scotland",
        )
        assert (case.name, case.email) == (None, None)

    def test_the_acknowledgement_goes_to_what_is_on_file(self, ada, mailoutbox):
        send("delete", visiting(ada), who={"proven": "1"})
        work()
        assert [mail.to for mail in mailoutbox] == [["ada@example.org"]]

    def test_a_visit_that_ended_meanwhile_loses_nothing(self, ada):
        page = send("delete", who={"proven": "1"}, words="Gone & lost?")
        assert "Your visit has ended, and nothing was sent yet" in text(page)
        assert "Gone &amp; lost?" in page.content.decode()
        assert 'name="email"' in page.content.decode()

    def test_a_page_from_before_the_proof_keeps_what_it_says(self, ada):
        send("delete", visiting(ada), name="Grace Hopper", email="grace@example.org")
        assert (Case.objects.get().customer, Case.objects.get().name) == (None, "Grace Hopper")

    def test_for_somebody_else_they_say_so(self, ada):
        assert (
            'name="requester"' in visiting(ada).get("/your-data/copy/?stranger=1").content.decode()
        )

    def test_a_forged_form_is_shown_again(self, ada):
        browser = visiting(ada)
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = browser.cookies
        page = send("delete", strict, who={"proven": "1"}, follow=False)
        assert (page.status_code, "press the button once more" in text(page)) == (403, True)
        assert GOOD["delete"]["words"] in text(page)
        assert not Case.objects.exists()


class TestFromWhere:
    def test_a_form_from_another_site_is_shown_again(self):
        page = send("complain", headers={"sec-fetch-site": "cross-site"})
        assert (page.status_code, "press the button once more" in text(page)) == (403, True)
        assert GOOD["complain"]["words"] in text(page)
        assert not Case.objects.exists()

    def test_no_cookie_is_needed(self):
        page = send("copy", Client(enforce_csrf_checks=True), follow=False)
        assert (page.status_code, dict(page.cookies)) == (303, {})
