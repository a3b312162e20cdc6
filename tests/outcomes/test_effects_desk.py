"""Effects on the desk: each form does what it says, once, for whoever may; and nobody else."""

import datetime
import uuid

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from audit.actions import Refused
from compliance import outcomes
from compliance.cases.kinds import NEEDS, CaseKind
from compliance.cases.models import DataCopy, Outcome, Restriction
from compliance.casework.actions import work
from compliance.casework.outcomes import desk, forms
from compliance.disclosures.models import Instruction
from compliance.retention import holds
from customers.models import ContactPoint, Customer
from tests import factories as make
from tests.outcomes.effects import BY, NOW, ada, carry_out, case_of, received, register

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _register(db):
    register()
    with time_machine.travel(NOW, tick=False):
        yield


def url(case, effect) -> str:
    return reverse("admin:cases_outcome_carry_out", args=[case.pk, effect])


def filled(client, case, effect, **changed) -> dict:
    """What the browser would send: the form as it is shown, with what was typed."""
    form = client.get(url(case, effect)).context["form"]
    shown = {
        name: form[name].value() for name in form.fields if form[name].value() not in (None, False)
    }
    return {**shown, **changed}


def press(client, case, effect, **changed):
    return client.post(url(case, effect), filled(client, case, effect, **changed))


FILLED = {
    CaseKind.AGENCIES: ("agencies", {"none": "on"}),
    CaseKind.RECTIFICATION: ("correct", {"surname": "Loveless"}),
    CaseKind.RESTRICTION: ("restrict", {"ground": "claim"}),
    CaseKind.OBJECTION: (
        "objection",
        {"outcome": "upheld", "purposes": ["agency-reports"], "reasons": "Theirs weigh more."},
    ),
    CaseKind.PORTABILITY: ("make_file", {}),
    CaseKind.REVIEW: (
        "review",
        {"outcome": "changed", "factors": "Income.", "reasons": "It was misread."},
    ),
    CaseKind.COMPLAINT: (
        "complaint",
        {"outcome": "upheld", "findings": "We were late.", "remedy": "We said sorry."},
    ),
}


class TestForms:
    @pytest.mark.parametrize("kind", list(FILLED))
    def test_a_case_is_done_by_its_form(self, kind, agent, signed_in):
        case, client = case_of(ada(), kind), signed_in(agent)
        effect, typed = FILLED[kind]
        assert not outcomes.done(case)
        response = press(client, case, effect, **typed)
        assert (response.status_code, response["Location"]) == (
            303,
            reverse("admin:cases_case_change", args=[case.pk]),
        )
        assert outcomes.done(case)
        assert Outcome.objects.get().by == agent.actor

    @pytest.mark.parametrize("kind", [kind for kind in FILLED if kind != CaseKind.PORTABILITY])
    def test_an_empty_form_says_what_is_missing(self, kind, agent, signed_in):
        case, client = case_of(ada(), kind), signed_in(agent)
        response = client.post(
            url(case, FILLED[kind][0]), {"token": "6f2c3c52-8f3b-4c9d-9f55-2f8f2f1d7b11"}
        )
        assert response.status_code == 200
        assert b"invalid-feedback" in response.content or b"alert" in response.content
        assert Outcome.objects.count() == 0

    def test_every_effect_has_its_form(self):
        assert set(desk.FORMS) == set(outcomes.EFFECTS)

    def test_the_same_form_twice_is_once(self, agent, signed_in):
        case, client = case_of(ada(), CaseKind.PORTABILITY), signed_in(agent)
        sent = filled(client, case, "make_file")
        assert [client.post(url(case, "make_file"), sent).status_code for _ in range(2)] == [
            303,
            303,
        ]
        assert Outcome.objects.count() == 1

    def test_a_case_is_not_complete_without_it(self, agent):
        case = case_of(ada(), CaseKind.REVIEW)
        with pytest.raises(Refused, match="carried out"):
            work.complete(case, text="Done.", by=agent.actor, now=NOW)

    def test_the_same_person_does_not_review_themselves(self, agent, signed_in):
        case, client = case_of(ada(), CaseKind.REVIEW), signed_in(agent)
        response = press(
            client,
            case,
            "review",
            outcome="stands",
            factors="x",
            reasons="y",
            first_decided_by=agent.actor,
        )
        assert "Ask a colleague" in response.content.decode()
        assert not outcomes.done(case)


class TestErasing:
    def test_the_lead_sees_it_first_and_then_does_it(self, lead, signed_in):
        customer = ada()
        make.ContactNoteFactory.create_batch(2, customer=customer)
        case, client = case_of(customer), signed_in(lead)
        page = client.get(url(case, "erase")).content.decode()
        assert "What we have said to each other" in page
        assert Customer.objects.get().surname == "Lovelace"
        assert press(client, case, "erase", sure="on").status_code == 303
        assert Customer.objects.get().erased_at

    def test_an_agent_may_not(self, agent, signed_in):
        case = case_of(ada())
        assert signed_in(agent).get(url(case, "erase")).status_code == 403
        assert "erase" not in [
            offer.code for offer in outcomes.offered(case) if agent.has_perm(offer.permission)
        ]

    def test_not_without_the_tick(self, lead, signed_in):
        case = case_of(ada())
        assert press(signed_in(lead), case, "erase").status_code == 200
        assert Customer.objects.get().erased_at is None

    def test_looking_changes_nothing(self, lead, signed_in):
        case, client = case_of(ada()), signed_in(lead)
        for offer in outcomes.offered(case):
            assert client.get(offer.url).status_code == 200
        assert Outcome.objects.count() == 0

    def test_who_asks_first(self, lead, signed_in):
        case = case_of(ada(), identified=False)
        page = signed_in(lead).get(url(case, "erase")).content.decode()
        assert "not clear yet who asks" in page
        assert "I have read" not in page


class TestCorrecting:
    def test_each_box_changes_its_own(self, agent, signed_in):
        case, client = case_of(ada(), CaseKind.RECTIFICATION), signed_in(agent)
        points = {point.kind: point.pk for point in ContactPoint.objects.all()}
        press(
            client,
            case,
            "correct",
            **{
                f"point_{points['email']}": "ada@example.net",
                f"gone_{points['phone']}": "on",
                "new_phone": "07700 900456",
                "title": "Dr",
            },
        )
        now_in_use = set(ContactPoint.objects.filter(valid_to=None).values_list("kind", flat=True))
        assert now_in_use == {"email", "phone", "address"}
        assert Customer.objects.get().title == "Dr"
        assert Outcome.objects.get().codes["fields"] == ["title", "email", "phone"]

    def test_an_address_untouched_stays(self, agent, signed_in):
        case, client = case_of(ada(), CaseKind.RECTIFICATION), signed_in(agent)
        press(client, case, "correct", title="Dr")
        assert (
            ContactPoint.objects.filter(valid_to=None).count() == ContactPoint.objects.count() == 3
        )

    def test_what_is_none_is_said_beside_its_box(self, agent, signed_in):
        case, client = case_of(ada(), CaseKind.RECTIFICATION), signed_in(agent)
        response = press(client, case, "correct", new_email="nonsense")
        assert "not a whole email address" in response.content.decode()


class TestWhatWasAskedOnTheForm:
    def test_a_copy_comes_in_the_form_that_was_asked_for(self):
        asked = {NEEDS: "Braille, please"}
        case = case_of(ada(), CaseKind.ACCESS, details=asked, codes={"means": ["post"]})
        form = forms.ReleaseForm({"means": "post", "token": uuid.uuid4()}, case=case)
        assert form.fields["means"].initial == "post"
        assert "Braille" in form.fields["as_needed"].label
        assert form.errors.keys() == {"as_needed"}

    def test_nothing_is_asked_where_nothing_was_needed(self):
        form = forms.ReleaseForm(case=case_of(ada(), CaseKind.ACCESS))
        assert "as_needed" not in form.fields
        assert form.fields["means"].initial == "online"

    def test_the_ground_and_the_uses_are_those_of_the_form(self):
        case = case_of(ada(), CaseKind.RESTRICTION, codes={"ground": ["claim"]})
        assert forms.RestrictForm(case=case).fields["ground"].initial == "claim"
        case = case_of(
            ada(customer_number="A2"), CaseKind.OBJECTION, codes={"purposes": ["service"]}
        )
        assert forms.WeighObjectionForm(case=case).fields["purposes"].initial == ["service"]


class TestRestrictions:
    def test_it_is_confirmed_warned_and_lifted(self, agent, signed_in):
        case_of(ada(), CaseKind.RESTRICTION, identified=False)
        row, client = Restriction.objects.get(), signed_in(agent)

        def step(name):
            return reverse("admin:cases_restriction_step", args=[row.pk, name])

        assert b"marketing and erasure alone" in client.get("/admin/").content
        assert "Goes on for legal claims" in client.get(step("scope")).content.decode()
        assert client.post(step("scope"), {"use_fraud-prevention": "stops"}).status_code == 303
        row.refresh_from_db()
        assert (row.purposes, row.confirmed_by) == ([], agent.actor)
        assert "fraud-prevention" not in row.goes_on
        assert row.goes_on["legal-claims"] == "claims"
        assert b"marketing and erasure alone" not in client.get("/admin/").content
        assert "We will lift this restriction" in client.get(step("warn")).content.decode()
        assert (
            client.post(step("warn"), {"how": "write", "text": "We checked it."}).status_code == 303
        )
        assert (
            b"8 Jul 2026"
            in client.get(reverse("admin:cases_restriction_change", args=[row.pk])).content
        )
        with time_machine.travel(NOW + datetime.timedelta(days=6), tick=False):
            signed = signed_in(agent)
            assert signed.post(step("lift"), {"reason": "Checked."}).status_code == 303
        assert not Restriction.objects.in_force().exists()

    def test_the_customers_page_says_so(self, agent, signed_in):
        customer = ada()
        case_of(customer, CaseKind.RESTRICTION)
        page = (
            signed_in(agent)
            .get(f"/admin/customers/customer/{customer.pk}/change/")
            .content.decode()
        )
        assert "The use of their data is restricted" in page

    def test_a_hold_that_was_released_raises_an_alarm(self, lead, signed_in):
        case_of(ada(), CaseKind.RESTRICTION)
        holds.release(Restriction.objects.get().hold, by=BY, now=NOW)
        client, row = signed_in(lead), Restriction.objects.get()
        assert b"the hold that keeps the purge away was released" in client.get("/admin/").content
        client.post(reverse("admin:cases_restriction_step", args=[row.pk, "hold"]))
        assert (
            b"the hold that keeps the purge away was released" not in client.get("/admin/").content
        )

    def test_one_whose_request_was_taken_back_is_not_forgotten(self, signed_in, agent):
        work.withdraw(case_of(ada(), CaseKind.RESTRICTION), by="staff:1", now=NOW)
        client = signed_in(agent)
        assert (
            b"1 restriction stands although the request was refused or taken back"
            in client.get("/admin/").content
        )
        page = client.get("/admin/cases/restriction/?state=stranded").content.decode()
        assert f"/admin/cases/restriction/{Restriction.objects.get().pk}/" in page

    def test_the_auditor_only_looks(self, auditor, signed_in):
        case_of(ada(), CaseKind.RESTRICTION)
        row, client = Restriction.objects.get(), signed_in(auditor)
        assert (
            client.get(reverse("admin:cases_restriction_change", args=[row.pk])).status_code == 200
        )
        assert (
            client.post(
                reverse("admin:cases_restriction_step", args=[row.pk, "warn"]), {}
            ).status_code
            == 403
        )


class TestRecipients:
    def test_the_instruction_leads_back_to_its_case(self, agent, signed_in):
        case = case_of(ada(), CaseKind.RESTRICTION)
        received(case.customer, "alpha")
        carry_out(case, "restrict", ground="claim")
        row = Instruction.objects.get(recipient="alpha")
        page = signed_in(agent).get(f"/admin/disclosures/instruction/{row.pk}/change/")
        assert reverse("admin:cases_case_change", args=[case.pk]) in page.content.decode()


class TestTheFile:
    def test_it_is_taken_out_to_be_posted(self, agent, signed_in):
        case = case_of(ada(), CaseKind.PORTABILITY)
        carry_out(case, "make_file")
        client, copy = signed_in(agent), DataCopy.objects.get()
        assert (
            b"Take the file out"
            in client.get(reverse("admin:cases_datacopy_change", args=[copy.pk])).content
        )
        response = client.post(reverse("admin:cases_datacopy_fetch", args=[case.pk]))
        assert (response["Content-Type"], response.content[:2]) == ("application/zip", b"PK")
        copy.refresh_from_db()
        assert (copy.downloads, copy.last_download_at) == (1, timezone.now())

    def test_looking_does_not_count(self, agent, signed_in):
        case = case_of(ada(), CaseKind.PORTABILITY)
        carry_out(case, "make_file")
        assert (
            signed_in(agent).get(reverse("admin:cases_datacopy_fetch", args=[case.pk])).status_code
            == 405
        )
        assert DataCopy.objects.get().downloads == 0


def test_what_was_carried_out_is_listed(agent, signed_in):
    case = case_of(ada(), CaseKind.REVIEW)
    carry_out(
        case,
        "review",
        outcome="stands",
        factors="Income.",
        reasons="It was right.",
        none=True,
        by=BY,
    )
    outcome, client = Outcome.objects.get(), signed_in(agent)
    assert b"Note the human review" in client.get(reverse("admin:cases_outcome_changelist")).content
    page = client.get(reverse("admin:cases_outcome_change", args=[outcome.pk])).content.decode()
    assert "It was right." in page
