"""Which agencies did you ask? From the log to the letter: who is named, how, when it is too late,
and what stays unsaid."""

import datetime
import uuid

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.actions import AlreadyDone, Refused
from compliance import outcomes
from compliance.cases.kinds import CaseKind, CaseStatus
from compliance.cases.models import CaseMessage, Outcome
from compliance.casework.actions import reminders, work
from compliance.disclosures.models import Instruction
from compliance.register import actions as register_actions
from compliance.register.models import Recipient
from customers.matching import Given
from customers.models.markers import KEEP
from customers.outbox.models import Message
from tests import factories as make
from tests.letters.letters import pdf_of
from tests.letters.pdf import squeezed, words_of
from tests.outcomes.effects import BY, NOW, TODAY, ada, carry_out, case_of

pytestmark = pytest.mark.django_db
DAY = datetime.date
SEARCHED, ENDED = DAY(2026, 6, 18), DAY(2026, 6, 20)


@pytest.fixture(autouse=True)
def _register(db):
    register_actions.load(by="job:test")
    with time_machine.travel(NOW, tick=False):
        yield


def searched(
    customer,
    code="experian",
    name="Experian Ltd",
    on=SEARCHED,
    application="APP-7",
    ended=ENDED,
    **rest,
):
    return make.DisclosureFactory(
        customer=customer,
        recipient=code,
        recipient_name=name,
        occurred_on=on,
        application=application,
        negotiations_ended_on=ended,
        **rest,
    )


def asked(customer, **rest):
    return case_of(customer, CaseKind.AGENCIES, **rest)


def page(case):
    return reverse("admin:cases_case_change", args=[case.pk])


def form(case):
    return reverse("admin:cases_outcome_carry_out", args=[case.pk, "agencies"])


def click(client, case):
    """Press the one button on the page of a case, with what the page gave it."""
    return client.post(form(case), pressed(client, case))


def pressed(client, case):
    html = client.get(page(case)).content.decode()
    assert "Send the answer, and close" in html, "there is no such button"
    offer = next(one for one in client.get(page(case)).context["offers"] if one["click"])
    return {"token": str(uuid.uuid4()), **offer["click"].sends}


def letter(case) -> str:
    return CaseMessage.objects.get(case=case, letter="agencies").message.text


def answered(case, **given) -> str:
    """The letter of a case that was answered by its form."""
    carry_out(case, "agencies", **{"applications": ["APP-7"], **given})
    work.complete(case, text="", by=BY, now=NOW)
    return letter(case)


class TestOneClick:
    def test_it_names_everything_the_law_asks(self, agent, signed_in):
        customer = ada()
        searched(customer, detail="Full search")
        case = asked(customer)
        response = click(signed_in(agent), case)
        case.refresh_from_db()
        assert (response.status_code, response["Location"], case.status) == (
            303,
            page(case),
            CaseStatus.COMPLETED,
        )
        for said in (
            "Experian Ltd",
            "PO Box 9000, Nottingham NG80 7WF",
            "0344 481 0800",
            "APP-7",
            "Saturday 20 June 2026",
            "Thursday 18 June 2026 (Full search)",
            "section 157",
            "200 words",
            "statutory",
            "free",
            "disassociation",
            "https://www.experian.co.uk/crain",
        ):
            assert said in letter(case), said

    def test_the_printed_letter_says_the_same(self, agent, signed_in):
        customer = make.CustomerFactory(given_names="Ada", surname="Lovelace")
        make.ContactPointFactory(
            customer=customer, kind="address", value="1 Mill Lane\nBradford\nBD1 1AA"
        )
        searched(customer)
        case = asked(customer)
        click(signed_in(agent), case)
        words = words_of(pdf_of(CaseMessage.objects.get(case=case, letter="agencies")))
        for said in (
            "Experian Ltd",
            "PO Box 9000, Nottingham NG80 7WF",
            "0344 481 0800",
            "notice of correction",
        ):
            assert squeezed(said) in words

    def test_pressed_twice_it_is_sent_once(self, agent, signed_in):
        customer, client = ada(), signed_in(agent)
        searched(customer)
        case = asked(customer)
        sent = pressed(client, case)
        assert [client.post(form(case), sent).status_code for _ in range(2)] == [303, 303]
        assert (Outcome.objects.count(), CaseMessage.objects.filter(letter="agencies").count()) == (
            1,
            1,
        )

    def test_a_colleague_who_comes_second_sends_nothing(self, agent, signed_in):
        customer, client = ada(), signed_in(agent)
        searched(customer)
        case = asked(customer)
        first, second = pressed(client, case), pressed(client, case)
        client.post(form(case), first)
        assert "This case is closed" in client.post(form(case), second).content.decode()
        assert CaseMessage.objects.filter(letter="agencies").count() == 1

    def test_what_changed_meanwhile_is_looked_at_first(self, agent, signed_in):
        customer, client = ada(), signed_in(agent)
        searched(customer)
        case = asked(customer)
        sent = pressed(client, case)
        searched(customer, application="APP-8")
        response = client.post(form(case), sent)
        assert (response.status_code, response["Location"], Outcome.objects.count()) == (
            303,
            form(case),
            0,
        )

    def test_unproven_it_goes_to_the_address_on_file(self, agent, signed_in):
        customer = ada()
        searched(customer)
        case = asked(customer, identified=False)
        case.email = "stranger@example.net"
        case.save(update_fields=["email"])
        click(signed_in(agent), case)
        assert Message.objects.get(of_case__letter="agencies").recipient == "ada@example.org"

    def test_the_page_needs_few_queries(self, agent, signed_in):
        customer, client = ada(), signed_in(agent)
        case = asked(customer)
        counts = []
        for number in (1, 30):
            for one in range(number):
                searched(customer, on=DAY(2026, 6, 1 + one % 18))
            with CaptureQueriesContext(connection) as caught:
                client.get(page(case))
            counts.append(len(caught))
        assert counts[0] == counts[1] <= 26


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({}, "The log knows no search"),
        ({"application": ""}, "names no application"),
        ({"ended": None}, "Nobody knows when the negotiations about APP-7 ended"),
        ({"ended": DAY(2026, 5, 1), "on": DAY(2026, 4, 30)}, "too late for section 157"),
        ({"code": "cifas", "name": "Cifas"}, "no search with a credit reference agency for APP-7"),
        (
            {"code": "unheard-of", "name": "Unheard Of Ltd"},
            "lacks the address and the telephone of Unheard Of Ltd",
        ),
    ],
)
def test_what_is_not_routine_asks_to_be_decided(change, says, agent, signed_in):
    customer, client = ada(), signed_in(agent)
    if change:
        searched(customer, **change)
    case = asked(customer)
    assert "Send the answer, and close" not in client.get(page(case)).content.decode()
    assert says in client.get(form(case)).content.decode()


class TestSeveralApplications:
    @pytest.fixture
    def case(self):
        customer = ada()
        searched(customer)
        searched(
            customer,
            "equifax",
            "Equifax Ltd",
            on=DAY(2026, 3, 1),
            application="APP-1",
            ended=DAY(2026, 3, 2),
        )
        return asked(customer)

    def test_those_that_count_are_ticked(self, case, agent, signed_in):
        shown = signed_in(agent).get(form(case)).context["form"]
        assert shown["applications"].value() == ["APP-7"]
        assert "APP-1: negotiations ended on 2 March 2026, too late for section 157" in str(
            shown["applications"]
        )

    def test_the_letter_lists_each_that_was_chosen(self, case):
        text = answered(case, applications=["APP-1", "APP-7"])
        assert (
            text.index("APP-1")
            < text.index("Equifax Ltd")
            < text.index("APP-7")
            < text.index("Experian Ltd")
        )

    def test_the_one_they_name_needs_no_decision(self, agent, signed_in):
        customer = ada()
        searched(customer)
        searched(customer, "equifax", "Equifax Ltd", application="APP-8")
        case = asked(customer, details={"Application or account": "app 8"})
        click(signed_in(agent), case)
        assert "Equifax Ltd" in letter(case)
        assert "APP-7" not in letter(case)


class TestTheWindow:
    @pytest.mark.parametrize(("ended", "late"), [(DAY(2026, 6, 4), False), (DAY(2026, 6, 3), True)])
    def test_the_twenty_eighth_day_still_counts(self, ended, late):
        customer = ada()
        searched(customer, on=DAY(2026, 6, 1), ended=ended)
        text = answered(asked(customer))  # received on 2 July, half past midnight in London
        assert ("Yours came later" in text, "UK GDPR Article 15" in text) == (late, late)
        assert "Experian Ltd" in text

    def test_what_came_too_late_is_not_counted_as_late(self):
        customer = ada()
        searched(customer, on=DAY(2026, 4, 1), ended=DAY(2026, 4, 2))
        case = asked(customer)
        with time_machine.travel(NOW + datetime.timedelta(days=25), tick=False):
            now = NOW + datetime.timedelta(days=25)
            carry_out(case, "agencies", now=now, applications=["APP-7"])
            case = work.complete(case, text="", by=BY, now=now)
        assert (case.due_on, case.events.get(kind="completed").codes) == (DAY(2026, 8, 3), {})


class TestNames:
    def test_an_old_search_bears_the_old_name(self):
        customer = ada()
        searched(
            customer, "transunion", "Callcredit Ltd", on=DAY(2018, 2, 1), ended=DAY(2018, 2, 3)
        )
        text = answered(asked(customer))
        assert "Callcredit Ltd" in text
        assert "TransUnion International UK Ltd" in text
        assert "One Park Lane, Leeds LS3 1EP" in text

    def test_without_an_address_nothing_goes_out(self):
        customer = ada()
        searched(customer, "unheard-of", "Unheard Of Ltd")
        with pytest.raises(Refused, match="no address for Unheard Of Ltd"):
            answered(asked(customer))

    def test_an_address_of_a_later_day_is_not_used(self):
        Recipient.objects.create(
            code="experian",
            name="Experian Later Ltd",
            kind="credit_reference_agency",
            address="Elsewhere",
            valid_from=TODAY + datetime.timedelta(days=1),
        )
        customer = ada()
        searched(customer)
        assert "Elsewhere" not in answered(asked(customer))


class TestNobody:
    def test_none_was_asked(self):
        text = answered(asked(ada()), applications=[], none=True)
        assert "By our log, we asked none" in text
        assert "https://www.equifax.co.uk/crain" in text

    def test_none_is_refused_while_the_log_knows_one(self):
        customer = ada()
        searched(customer)
        with pytest.raises(Refused, match="The log knows agencies"):
            carry_out(asked(customer), "agencies", applications=[], none=True)

    def test_whoever_is_no_customer_is_answered_too(self):
        case = asked(None, given=Given(name="Nobody Known", email="nobody@example.net"))
        assert "By our log, we asked none" in answered(case, applications=[], none=True)

    @pytest.mark.parametrize(
        "given", [{"applications": []}, {"applications": ["nonsense"]}, {"none": True}]
    )
    def test_it_is_said_or_chosen_never_guessed(self, given):
        customer = ada()
        searched(customer)
        with pytest.raises(Refused, match="hoose"):
            answered(asked(customer), **given)


class TestFraudAgencies:
    def both(self, customer):
        searched(customer)
        searched(customer, "cifas", "Cifas")

    def test_they_stand_apart_when_they_may_be_named(self):
        customer = ada()
        self.both(customer)
        text = answered(asked(customer))
        whom, _, apart = text.partition("Fraud prevention agencies\n")
        assert "Cifas" not in whom
        assert "- Cifas" in apart

    def test_under_investigation_the_letter_is_the_same(self, agent, signed_in):
        """That they were asked is so of everybody who applied; what came of it is not told."""
        letters = []
        for suspect in (False, True):
            customer = ada(customer_number=f"A{suspect}")
            self.both(customer)
            if suspect:
                make.FraudMarkerFactory(customer=customer, opened_on=SEARCHED)
                make.LegalHoldFactory(customer=customer, kind="fraud")
                searched(customer, "national-hunter", "Hunter", application="", ended=None)
                searched(customer, "cifas", "Cifas", application="", ended=None)
            case = asked(customer)
            click(signed_in(agent), case)
            text = letter(case)
            assert "- Cifas" in text
            assert "Hunter" not in text
            letters.append(text.replace(case.reference, "").replace(customer.customer_number, ""))
        assert letters[0] == letters[1]

    def test_two_people_may_decide_that_it_is_silent(self, agent, signed_in):
        customer = ada()
        self.both(customer)
        make.ApprovalFactory(what=KEEP, person=customer.pk, approved=True)
        case = asked(customer)
        click(signed_in(agent), case)
        assert "raud" not in letter(case)
        assert "Cifas" not in letter(case)
        assert "Experian Ltd" in letter(case)

    def test_an_agent_sees_no_difference(self, agent, signed_in):
        pages = []
        for suspect in (False, True):
            customer = ada(customer_number=f"A{suspect}")
            self.both(customer)
            if suspect:
                make.FraudMarkerFactory(customer=customer)
            case = asked(customer)
            html = signed_in(agent).get(form(case)).content.decode()
            pages.append(
                html[html.index("card action") :]
                .split("csrfmiddlewaretoken")[0]
                .split("Application APP-7")[1]
            )
        assert pages[0] == pages[1]


def test_a_missed_answer_is_told_before_its_day(settings):
    settings.REMINDERS_TO = "care@hartwell.example"
    customer = ada()
    searched(customer)
    case = asked(customer)
    assert case.due_on == DAY(2026, 7, 13)
    said = []
    for day in range(1, 13):
        now = NOW + datetime.timedelta(days=day)
        with time_machine.travel(now, tick=False):
            before = Message.objects.count()
            reminders.run(now=now, by="job:send_deadline_reminders")
            if any(
                case.reference in sent.text
                for sent in Message.objects.order_by("queued_at")[before:]
            ):
                said.append(DAY(2026, 7, 2) + datetime.timedelta(days=day))
    assert said[0] < case.due_on
    assert case.due_on in said


def test_done_already_is_said_so():
    customer = ada()
    searched(customer)
    case, token = asked(customer), uuid.uuid4()
    outcomes.carry_out(case, "agencies", {"applications": ["APP-7"]}, by=BY, now=NOW, token=token)
    with pytest.raises(AlreadyDone):
        outcomes.carry_out(
            case, "agencies", {"applications": ["APP-7"]}, by=BY, now=NOW, token=token
        )


class TestAfterAHumanReview:
    """A decline that stands after a person looked afresh names the agency again (section 157(A1))."""

    STANDS = {"outcome": "stands", "factors": "Income.", "reasons": "It was right."}

    def case(self):
        customer = ada()
        searched(customer)
        searched(customer, "equifax", "Equifax Ltd")
        return case_of(customer, CaseKind.REVIEW)

    def test_it_names_those_on_whom_it_rests_with_address_and_telephone(self):
        case = self.case()
        carry_out(case, "review", **self.STANDS, relied_on=["APP-7/experian"])
        work.complete(case, text="We looked again.", by=BY, now=NOW)
        letter = " ".join(Message.objects.get(kind="case_completion").text.split())
        assert "on the basis of information from this credit reference agency" in letter
        assert "PO Box 9000, Nottingham NG80 7WF, telephone 0344 481 0800" in letter
        assert "Equifax" not in letter

    @pytest.mark.parametrize("given", [{}, {"relied_on": ["APP-7/experian"], "none": True}])
    def test_somebody_says_whether_there_are_any(self, given):
        with pytest.raises(Refused, match="must be named again"):
            carry_out(self.case(), "review", **self.STANDS, **given)

    def test_another_decision_is_put_in_place_by_our_credit_system(self):
        case = self.case()
        carry_out(case, "review", outcome="changed", factors="Income.", reasons="It was misread.")
        told = Instruction.objects.get()
        assert (told.recipient, told.what, told.parts, told.reference) == (
            "credit-system",
            "correct",
            ["credit_decision"],
            case.reference,
        )
        assert "misread" not in told.why
