"""Restriction and objection: marketing and the purge stop on a match, agencies when it is clear who
asks."""

import datetime
import uuid

import pytest

from audit.actions import AlreadyDone, Refused
from compliance import outcomes
from compliance.cases.kinds import CaseKind, Requester
from compliance.cases.lines import Line
from compliance.cases.models import (
    Case,
    CaseMessage,
    Outcome,
    ProcessingStop,
    Restriction,
)
from compliance.casework.actions import work
from compliance.casework.actions.intake import take
from compliance.disclosures import instructions
from compliance.disclosures.models import Instruction
from compliance.outcomes import objection, restriction, restriction_words, stops
from compliance.outcomes.objection import NOT_UPHELD
from compliance.preferences import customer_contacts
from compliance.preferences.may_contact import may_contact
from compliance.preferences.models import ChoiceEvent, Suppression
from compliance.preferences.screening import feed
from compliance.preferences.screening.run import screen
from compliance.register import actions as register_actions
from compliance.register import gate
from compliance.register.models import Recipient, RetentionRule
from compliance.retention import engine
from compliance.retention.models import LegalHold
from customers.matching import Given
from customers.models import ContactNote
from customers.outbox.models import Message
from tests import factories as make
from tests.outcomes.effects import BY, NOW, TODAY, ada, carry_out, case_of, named, received

pytestmark = pytest.mark.django_db
SOON = NOW + datetime.timedelta(hours=1)


@pytest.fixture(autouse=True)
def _register(db):
    register_actions.load(by="job:test")


def days(number: int) -> datetime.datetime:
    return NOW + datetime.timedelta(days=number)


class TestAtOnce:
    def test_a_match_is_enough_for_marketing(self):
        customer = ada()
        assert may_contact(customer, "post", "us", "marketing", NOW)
        case_of(customer, CaseKind.RESTRICTION, identified=False)
        assert may_contact(customer, "post", "us", "marketing", SOON).reason == "restricted"
        assert Restriction.objects.get().confirmed_at is None

    @pytest.mark.slow
    def test_the_purge_stands_still(self):
        customer = ada(relationship_ended_on=datetime.date(2012, 1, 1))
        make.ContactNoteFactory.create_batch(2, customer=customer)
        RetentionRule.objects.update(confirmed_on=TODAY, confirmed_by=BY)
        case_of(customer, CaseKind.RESTRICTION, identified=False)
        engine.run(as_of=TODAY, now=NOW, by="job:test")
        assert ContactNote.objects.count() == 2

    def test_a_general_objection_restricts_too(self):
        case_of(ada(), CaseKind.OBJECTION, identified=False)
        assert Restriction.objects.get().ground == "objection"
        assert LegalHold.objects.get().kind == LegalHold.Kind.REQUEST

    def test_who_asks_clear_stops_the_other_uses(self):
        customer = ada()
        case = case_of(customer, CaseKind.RESTRICTION, identified=False)
        assert gate.may_use(customer, "agency-reports", now=SOON)
        work.identify(case, how=["called_back"], by="staff:7", now=SOON)
        assert Restriction.objects.get().confirmed_by == "staff:7"
        assert not gate.may_use(customer, "agency-reports", now=SOON)
        assert gate.may_use(customer, "fraud-prevention", now=SOON)
        (row,) = Instruction.objects.filter(what="restrict", recipient="credit-system")
        assert {"agency-reports", "credit-decision"} <= set(row.parts)
        assert "payment-recovery" not in row.parts

    def test_a_match_that_comes_later_counts(self):
        case = case_of(
            None,
            CaseKind.RESTRICTION,
            identified=False,
            given=Given(name="Ada", email="other@example.org"),
        )
        assert Restriction.objects.count() == 0
        work.match_to(case, customer=ada(), by=BY, now=SOON)
        assert Restriction.objects.get().began_at == SOON

    def test_a_wrong_match_ends_what_was_never_theirs(self):
        wrong, right = make.CustomerFactory(), ada()
        case = case_of(wrong, CaseKind.RESTRICTION)
        work.match_to(case, customer=right, by=BY, now=SOON)
        assert Restriction.objects.in_force().get().customer == right
        assert Restriction.objects.get(customer=wrong).mistaken
        assert LegalHold.objects.get(customer=wrong).released_on

    def test_somebody_elses_word_restricts_nothing_yet(self):
        case_of(
            ada(),
            CaseKind.RESTRICTION,
            identified=False,
            requester=Requester.AGENT,
            requester_name="Bob",
            given=Given(name="Ada Lovelace", email="bob@example.org"),
        )
        assert Restriction.objects.count() == 0

    def test_asking_again_changes_nothing(self):
        case = case_of(ada(), CaseKind.RESTRICTION)
        for _ in range(2):
            outcomes.at_once(case, by=BY, now=SOON)
        assert (Restriction.objects.count(), LegalHold.objects.count()) == (1, 1)


class TestUnproved:
    """Somebody who has not shown who they are holds the purge for a while, and no longer."""

    def begun(self) -> Restriction:
        case_of(ada(), CaseKind.RESTRICTION, identified=False)
        return Restriction.objects.get()

    def test_it_ends_by_itself(self):
        row = self.begun()
        over = NOW + restriction.UNPROVED
        assert restriction.expire(by=BY, now=over - datetime.timedelta(days=1)) == 0
        assert not gate.may_use(row.customer, "marketing", now=SOON)
        assert gate.may_use(row.customer, "marketing", now=over)
        assert restriction.expire(by=BY, now=over) == 1
        assert restriction.expire(by=BY, now=over) == 0
        row.refresh_from_db()
        assert (row.hold.released_on, row.lifted_on) == (row.expires_on, row.expires_on)

    def test_proof_takes_its_end_away(self):
        row = self.begun()
        work.identify(row.case, how=["called_back"], by=BY, now=SOON)
        assert restriction.expire(by=BY, now=NOW + restriction.UNPROVED) == 0
        assert Restriction.objects.in_force().get().expires_on is None

    def test_being_asked_gives_them_the_time_to_answer(self):
        row = self.begun()
        restriction.postpone(row.case, asked_on=TODAY + datetime.timedelta(days=5))
        row.refresh_from_db()
        assert row.expires_on == TODAY + datetime.timedelta(days=5) + restriction.UNPROVED

    def test_its_lines_say_that_the_rest_goes_on(self):
        said = {line.what: line.sentences for line in restriction_words.lines(self.begun())}
        assert said["Other uses"].startswith("They go on until it is clear who asks")
        assert "30 July 2026" in said["Other uses"]
        assert said["Marketing"] == "Stopped. Since 2 July 2026."


class TestScope:
    def confirmed(self, **given) -> Case:
        case = case_of(ada(), CaseKind.RESTRICTION)
        carry_out(case, "restrict", **{"ground": "accuracy", **given})
        return case

    def lines(self, case: Case) -> dict[str, str]:
        return {line.what: line.outcome for line in outcomes.letter_context(case)["lines"]}

    def test_each_fact_comes_from_its_row(self):
        said = self.lines(self.confirmed(categories=["credit_account"]))
        assert said["Which data"] == "Credit account"
        assert said["Marketing"] == "Stopped"
        assert said["Erasing your records"] == "Restricted"
        (told,) = (text for what, text in said.items() if "The credit system" in what)
        assert "2026" in told
        assert "Stopped" not in told
        assert "Fraud prevention" in said["Goes on to protect the rights of others"]

    def test_what_a_colleague_lets_go_on_goes_on(self):
        case = self.confirmed(goes_on={"agency-reports": "others"})
        assert gate.may_use(case.customer, "agency-reports", now=SOON)
        assert not gate.may_use(case.customer, "fraud-prevention", now=SOON)
        (row,) = Instruction.objects.unsettled().filter(recipient="credit-system", what="restrict")
        assert "agency-reports" not in row.parts
        overtaken = Instruction.objects.filter(impossible_on__isnull=False)
        assert {row.impossible_why for row in overtaken} == {restriction.OVERTAKEN}

    def test_an_objection_restricts_what_it_is_about(self):
        case = case_of(ada(), CaseKind.OBJECTION, codes={"purposes": ["fraud-prevention"]})
        assert not gate.may_use(case.customer, "fraud-prevention", now=SOON)
        assert gate.may_use(case.customer, "marketing", now=SOON)
        assert gate.may_use(case.customer, "agency-reports", now=SOON)

    def test_once_lifted_nothing_is_said_to_last(self):
        case = self.confirmed()
        row = restriction.warn(Restriction.objects.get(), text="Checked.", by=BY, now=NOW)
        restriction.lift(row, reason="Checked.", by=BY, now=days(6))
        assert self.lines(case) == {"The restriction": "No longer restricted"}
        assert gate.may_use(case.customer, "agency-reports", now=days(7))


class TestScreening:
    def screened(self, tmp_path, text: str, **how) -> dict[str, str]:
        path = tmp_path / "list.csv"
        path.write_text(text)
        outcome = screen(
            path,
            folder=tmp_path / "out",
            by="job:test",
            now=SOON,
            **{"channel": "post", "sender": "us", **how},
        )
        return dict(outcome.reasons)

    LIST = "surname,address1,postcode\nLovelace,1 Mill Lane,BD1 1AA\nByron,1 Mill Lane,BD1 1AA\n"

    def test_the_restricted_leave_the_list(self, tmp_path):
        customer = ada()
        assert self.screened(tmp_path, self.LIST, suppression_only=True) == {}
        case = case_of(customer, CaseKind.RESTRICTION)
        assert self.screened(tmp_path, self.LIST, suppression_only=True) == {"restricted": 1}
        Restriction.objects.filter(case=case).update(lifted_on=TODAY, lifted_by=BY, mistaken=True)
        assert self.screened(tmp_path, self.LIST, suppression_only=True) == {}

    def test_the_feed_of_a_partner_has_them(self, tmp_path):
        Recipient.objects.create(
            code="alpha", name="Alpha", kind=Recipient.Kind.PARTNER, receives="lists"
        )
        case_of(ada(), CaseKind.RESTRICTION)
        assert feed.write(tmp_path, channel="email", sender="alpha", by="job:test", now=SOON) == 1

    def test_nobody_barred_costs_one_question(self, tmp_path, django_assert_max_num_queries):
        ada()
        with django_assert_max_num_queries(1):
            assert customer_contacts.stopped_contacts("email", "us", NOW) == []


class TestConfirming:
    def test_it_lists_who_must_be_told(self):
        customer = ada()
        received(customer, "experian", kind="credit_search"), received(customer, "alpha")
        make.DisclosureFactory(
            customer=customer, kind="fraud_filing", recipient="cifas", negotiations_ended_on=None
        )
        case = case_of(customer, CaseKind.RESTRICTION)
        assert not outcomes.done(case)
        carry_out(case, "restrict", ground="claim")
        assert outcomes.done(case)
        assert named(case) == ["Alpha", "Experian"]
        assert {one.what for one in Instruction.objects.all()} == {"restrict"}

    @pytest.mark.parametrize(
        ("ground", "why"),
        [
            ("accuracy", "not accurate"),
            ("unlawful", "not want it erased"),
            ("claim", "a legal claim"),
            ("objection", "objected"),
        ],
    )
    def test_the_letter_gives_the_ground(self, ground, why):
        case = case_of(ada(), CaseKind.RESTRICTION)
        carry_out(case, "restrict", ground=ground)
        assert why in outcomes.letter_context(case)["lines"][0].outcome

    def test_only_once(self):
        case = case_of(ada(), CaseKind.RESTRICTION)
        carry_out(case, "restrict", ground="claim")
        with pytest.raises(Refused, match="done already"):
            carry_out(case, "restrict", ground="claim")


class TestTheEnd:
    def restricted(self) -> Restriction:
        case = case_of(ada(), CaseKind.RESTRICTION)
        received(case.customer, "alpha")
        carry_out(case, "restrict", ground="accuracy")
        return Restriction.objects.get()

    def test_not_without_a_warning(self):
        with pytest.raises(Refused, match="Tell the person first"):
            restriction.lift(self.restricted(), reason="Checked.", by=BY, now=days(9))

    def test_not_before_they_can_answer(self):
        row = self.restricted()
        restriction.warn(row, text="We checked it.", by=BY, now=NOW)
        assert "8 July 2026" in Message.objects.get(of_case__letter="message").text
        with pytest.raises(Refused, match="8 July 2026"):
            restriction.lift(row, reason="Checked.", by=BY, now=days(5))
        restriction.lift(row, reason="Checked.", by=BY, now=days(6))
        row.refresh_from_db()
        assert (row.lifted_on, row.hold.released_on) == (
            datetime.date(2026, 7, 8),
            datetime.date(2026, 7, 8),
        )
        assert may_contact(row.customer, "post", "us", "marketing", days(7))

    def test_an_answer_can_have_warned_them(self):
        row = self.restricted()
        with pytest.raises(Refused, match="No answer in this case says"):
            restriction.warn(row, text="", write=False, by=BY, now=NOW)
        text = "None of it is so. We will lift this restriction, not before 8 July 2026."
        work.refuse(row.case, ground="no-restriction", text=text, by=BY, now=NOW)
        restriction.warn(row, text="", write=False, by=BY, now=NOW)
        assert CaseMessage.objects.filter(letter="message").count() == 0

    def test_an_answer_that_is_silent_of_it_has_not(self):
        row = self.restricted()
        work.refuse(row.case, ground="no-restriction", text="None of it is so.", by=BY, now=NOW)
        with pytest.raises(Refused, match="No answer in this case says"):
            restriction.warn(row, text="", write=False, by=BY, now=NOW)

    def test_who_was_told_is_told_again(self):
        row = self.restricted()
        (alpha,) = Instruction.objects.filter(recipient="alpha")
        instructions.told([alpha.pk], on=TODAY, by=BY, now=NOW)
        restriction.warn(row, text="We checked it.", by=BY, now=NOW)
        restriction.lift(row, reason="Checked.", by=BY, now=days(6))
        sent = Instruction.objects.filter(told_on=TODAY) | Instruction.objects.filter(
            what="release"
        )
        assert [(one.what, one.recipient) for one in sent.order_by("asked_at")] == [
            ("restrict", "alpha"),
            ("release", "alpha"),
        ]

    def test_who_was_not_told_need_not_be(self):
        row = self.restricted()
        restriction.warn(row, text="We checked it.", by=BY, now=NOW)
        restriction.lift(row, reason="Checked.", by=BY, now=days(6))
        assert all(one.impossible_on for one in Instruction.objects.all())
        assert not Instruction.objects.filter(what="release").exists()

    def test_twice_is_once(self):
        row = self.restricted()
        restriction.warn(row, text="We checked it.", by=BY, now=NOW)
        with pytest.raises(AlreadyDone):
            restriction.warn(row, text="We checked it.", by=BY, now=NOW)
        restriction.lift(row, reason="Checked.", by=BY, now=days(6))
        with pytest.raises(AlreadyDone):
            restriction.lift(row, reason="Checked.", by=BY, now=days(6))


class TestObjection:
    def upheld(self, *purposes: str, customer=None) -> Case:
        case = case_of(customer or ada(), CaseKind.OBJECTION)
        reasons = "Their reasons weigh more."
        carry_out(case, "objection", outcome="upheld", purposes=list(purposes), reasons=reasons)
        return case

    def lines(self, case: Case) -> dict[str, str]:
        return {line.what: line.outcome for line in outcomes.letter_context(case)["lines"]}

    def test_a_use_within_the_portal_is_over_at_once(self, trail):
        customer, other = ada(), make.CustomerFactory()
        case = self.upheld("service", customer=customer)
        assert self.lines(case)["Answering you, and dealing with complaints"] == "Stopped"
        assert not gate.may_use(customer, "service", now=NOW)
        assert gate.may_use(other, "service", now=NOW)
        assert trail("processing_stopped").subject == customer.pk

    def test_a_use_elsewhere_is_over_only_when_confirmed(self):
        case = self.upheld("agency-reports")
        (what,) = (name for name in self.lines(case) if "The credit system" in name)
        assert self.lines(case)[what].startswith("On our list of those to be told")
        (row,) = Instruction.objects.filter(what="stop")
        assert (row.recipient, row.parts, row.reference) == (
            "credit-system",
            ["agency-reports"],
            case.reference,
        )
        instructions.told([row.pk], on=TODAY, by=BY, now=NOW)
        assert self.lines(case)[what] == "Told on 2 July 2026, not confirmed yet"
        instructions.acknowledge([row.pk], on=TODAY, by=BY, now=NOW)
        assert "confirmed by them on 2 July 2026" in self.lines(case)[what]
        assert "Stopped" not in self.lines(case).values()

    def test_marketing_is_never_weighed(self):
        assert not {"marketing", "tailoring", "partner-marketing"} & set(dict(objection.purposes()))
        case = case_of(customer := ada(), CaseKind.OBJECTION)
        with pytest.raises(Refused, match="Tick the uses"):
            carry_out(case, "objection", outcome="upheld", purposes=["tailoring"], reasons="x")
        carry_out(case, "stop_marketing_too")
        assert not outcomes.done(case)
        assert not gate.may_use(customer, "tailoring", now=NOW)

    def test_it_outlives_the_request_and_ends_by_their_own_word(self):
        self.upheld("agency-reports", customer=(customer := ada()))
        row = ProcessingStop.objects.get()
        (told,) = Instruction.objects.filter(origin=row.token)
        instructions.told([told.pk], on=TODAY, by=BY, now=NOW)
        with pytest.raises(Refused, match="how you know"):
            stops.end(row, why=" ", by=BY, now=NOW)
        stops.end(row, why="Her letter of today.", by=BY, now=NOW)
        assert gate.may_use(customer, "agency-reports", now=days(1)).stop.code == "restricted"
        assert Instruction.objects.get(what="resume").recipient == "credit-system"
        with pytest.raises(AlreadyDone):
            stops.end(row, why="Again.", by=BY, now=NOW)

    def test_the_lead_ends_it_on_the_desk(self, lead, agent, signed_in):
        self.upheld("service")
        url = f"/admin/cases/processingstop/{ProcessingStop.objects.get().pk}/allow/"
        assert signed_in(agent).get(url).status_code == 403
        assert url in signed_in(lead).get(url.replace("allow", "change")).content.decode()
        signed_in(lead).post(url, {"why": "She rang."})
        assert ProcessingStop.objects.get().ended_by == lead.actor

    def test_upheld_must_stop_something(self):
        case = case_of(ada(), CaseKind.OBJECTION)
        with pytest.raises(Refused, match="Tick the uses"):
            carry_out(case, "objection", outcome="upheld", purposes=[], reasons="x")

    def test_rejected_says_why(self):
        case = case_of(ada(), CaseKind.OBJECTION)
        carry_out(
            case,
            "objection",
            outcome="rejected",
            purposes=[],
            reasons="A debt is claimed in court.",
        )
        assert outcomes.letter_context(case)["lines"] == [
            Line.said("Your objection", NOT_UPHELD),
            Line.quoted("How we weighed it", "A debt is claimed in court."),
        ]
        assert Restriction.objects.in_force().exists()


class TestMarketing:
    def test_it_stops_as_the_case_opens(self):
        customer = ada()
        case = case_of(customer, CaseKind.MARKETING, identified=False)
        assert outcomes.done(case)
        assert may_contact(customer, "post", "us", "marketing", SOON).reason == "objected"
        assert set(ChoiceEvent.objects.values_list("reference", flat=True)) == {case.reference}

    def test_a_stranger_is_suppressed_by_address(self):
        case = case_of(
            None, CaseKind.MARKETING, identified=False, given=Given(email="who@example.org")
        )
        assert outcomes.done(case)
        assert Suppression.objects.filter(channel="email").count() == 2

    def test_nobody_and_nothing_waits_for_a_match(self):
        case = case_of(None, CaseKind.MARKETING, identified=False, given=Given(name="Ada"))
        assert not outcomes.done(case)
        work.match_to(case, customer=ada(), by=BY, now=SOON)
        assert outcomes.done(case)

    def test_a_later_match_adds_the_person(self):
        case = case_of(
            None, CaseKind.MARKETING, identified=False, given=Given(email="who@example.org")
        )
        customer = ada()
        work.match_to(case, customer=customer, by=BY, now=SOON)
        assert may_contact(customer, "post", "us", "marketing", SOON).reason == "objected"
        assert Outcome.objects.count() == 1

    def test_what_was_named_is_what_stops(self):
        customer = ada()
        case = case_of(
            customer,
            CaseKind.MARKETING,
            identified=False,
            codes={"channels": ["post"], "senders": ["us"]},
        )
        assert may_contact(customer, "post", "us", "marketing", SOON).reason == "objected"
        assert may_contact(customer, "live_call", "us", "marketing", SOON).reason != "objected"
        (line,) = outcomes.letter_context(case)["lines"]
        assert (line.what, line.outcome) == ("Marketing by post", "Stopped")

    def test_a_withdrawal_is_one_in_the_ledger(self):
        customer = ada()
        received(customer, "alpha")
        case_of(customer, CaseKind.WITHDRAWAL, identified=False)
        assert set(ChoiceEvent.objects.values_list("kind", flat=True)) == {"withdrawal"}
        assert Instruction.objects.get().recipient == "alpha"

    def test_the_same_form_twice_is_one_act(self):
        customer, token = ada(), uuid.uuid4()
        for _ in range(2):
            take(
                kind=CaseKind.MARKETING,
                channel="telephone",
                given=Given(),
                token=token,
                by=BY,
                now=NOW,
                customer=customer,
            )
        assert (
            ChoiceEvent.objects.values("channel", "sender").distinct().count()
            == ChoiceEvent.objects.count()
        )
