"""An erasure leaves no trace, tips nobody off, and keeps a record only for a reason."""

import pytest
from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compliance import outcomes
from compliance.cases.models import Outcome
from compliance.disclosures import instructions
from compliance.disclosures.models import Instruction
from compliance.outcomes import erasure
from compliance.register.models import RetentionRule
from compliance.retention import on_request, reasons
from compliance.retention.models import LegalHold
from compliance.retention.periods import last_protected_day
from customers.models import ContactNote, Customer, Order, PaymentCard
from privacy import declarations
from tests import factories as make
from tests.outcomes.effects import TODAY, ada, carry_out, case_of
from tests.outcomes.test_effects_erasure import DAY, _register, bought, told, words  # noqa: F401  fixtures among them
from tests.retention.test_no_trace import _free_text, _plant, dump, found
from tests.strength import examples

pytestmark = pytest.mark.django_db
IN_MAY = DAY(2026, 5, 1)
OPEN = {"opened_on": IN_MAY, "review_on": DAY(2026, 8, 1)}  # an investigation under way


class TestNobodyIsTippedOff:
    def asked(self, **marker) -> list[str]:
        """What somebody with an order and two cards is told; with a fraud marker when one is
        given."""
        customer = ada(customer_number=f"A{Customer.objects.count() + 100}")
        bought(customer)
        make.PaymentCardFactory.create_batch(2, customer=customer, expires_on=DAY(2027, 6, 30))
        if marker:
            make.FraudMarkerFactory(customer=customer, **OPEN, **marker)
            make.DisclosureFactory(
                customer=customer,
                kind="fraud_filing",
                occurred_on=DAY(2026, 5, 2),
                negotiations_ended_on=None,
            )
        case = case_of(customer)
        carry_out(case, "erase")
        return words(case)

    def test_a_marker_changes_no_word(self):
        assert self.asked(status="suspected") == self.asked()

    def test_nobody_outside_learns_of_the_filing(self):
        self.asked(status="suspected")
        assert Instruction.objects.count() == 0

    def held(self, kind, closed=IN_MAY) -> dict[str, tuple[str, str]]:
        """What somebody with a note and two cards is told, whom a hold protects: each line, why and
        until when."""
        customer = ada(customer_number=f"A{Customer.objects.count() + 100}")
        make.ContactNoteFactory(customer=customer, thread_closed_on=closed)
        make.PaymentCardFactory.create_batch(2, customer=customer, expires_on=DAY(2027, 6, 30))
        make.LegalHoldFactory(customer=customer, kind=kind)
        case = case_of(customer)
        carry_out(case, "erase")
        assert ContactNote.objects.filter(customer=customer).count() == 1
        assert outcomes.extent(case) == outcomes.Extent.NOTHING
        assert not any(
            word in " ".join(words(case)).lower()
            for word in ("fraud", "hold", "investigat", "regulator", "not settled yet")
        )
        return {
            line.what.split(" (")[0]: (line.why, str(line.until))
            for line in outcomes.letter_context(case)["lines"]
        }

    @pytest.mark.parametrize("kind", reasons.HOLDS)
    def test_a_hold_of_which_the_person_knows_says_so(self, kind):
        lines = self.held(kind)
        says = (reasons.HOLDS[kind].why, reasons.HOLDS[kind].until)
        assert lines["What we have said to each other"] == lines["Payment cards"] == says

    @pytest.mark.parametrize("kind", sorted(set(LegalHold.Kind) - set(reasons.HOLDS)))
    def test_any_other_is_told_by_the_rule_that_runs_anyway(self, kind):
        lines = self.held(kind)
        assert lines["What we have said to each other"][1] == "2029-05-01"
        assert "Answering you" in lines["What we have said to each other"][0]
        assert lines["Payment cards"][1] == "2028-07-30"
        assert lines["Who you are"][1] == "2029-07-02"  # as those rules would keep it

    def test_and_by_no_word_where_none_runs(self):
        lines = self.held(LegalHold.Kind.FRAUD, closed=DAY(2014, 6, 1))
        assert "What we have said to each other" not in lines

    def test_a_marker_alone_reads_like_an_account(self):
        customer = ada()
        make.FraudMarkerFactory(customer=customer, **OPEN)
        case = case_of(customer)
        carry_out(case, "erase")
        first = outcomes.letter_context(case)["lines"][0]
        assert first.what == "Who you are (1 record)"
        assert "Limitation Act 1980" in first.why
        assert "raud" not in str(outcomes.letter_context(case)) + str(
            list(Outcome.objects.values_list("codes", flat=True))
        )

    def test_the_steps_cost_the_same(self):
        counted = []
        for status in (None, "suspected"):
            customer = ada(customer_number=f"A{len(counted) + 200}")
            bought(customer)
            if status:
                make.FraudMarkerFactory(customer=customer, status=status, **OPEN)
            case = case_of(customer)
            with CaptureQueriesContext(connection) as queries:
                carry_out(case, "erase")
            counted.append(len(queries))
        assert counted[0] == counted[1]


@pytest.mark.slow
class TestCanaries:
    """Unique strings in every column: of what is reported erased none is left, of what is reported
    kept all are."""

    def everything(self):
        customer = make.CustomerFactory(customer_number="CANARY0000")
        bought(customer), bought(customer, on=DAY(2012, 5, 1))
        account = make.CreditAccountFactory(
            customer=customer, status="settled", ended_on=DAY(2024, 3, 1)
        )
        for number in range(2):
            (
                make.ContactPointFactory(customer=customer),
                make.ContactPointFactory(customer=customer, address=True),
            )
            make.PaymentCardFactory(customer=customer, expires_on=DAY(2027, 6, 30))
            make.FraudMarkerFactory(
                customer=customer, status="confirmed", filed_on=DAY(2025, 6, 1 + number)
            )
            make.FinancialLinkFactory(customer=customer)
            make.PrizeEntryFactory(
                customer=customer,
                customer_number="x",
                **({"awarded_on": DAY(2025, 6, 1)} if number else {}),
            )
            make.ContactNoteFactory(customer=customer), make.MessageFactory(customer=customer)
            (
                make.CustomerChallengeFactory(customer=customer),
                make.CustomerVisitFactory(customer=customer),
            )
            make.DisclosureFactory(
                customer=customer, occurred_on=DAY(2025, 2, 1), negotiations_ended_on=None
            )
            make.DisclosureFactory(
                customer=customer,
                kind="account_report",
                credit_account=account,
                negotiations_ended_on=None,
            )
            make.DisclosureFactory(
                customer=customer, kind="partner_feed", negotiations_ended_on=None
            )
        return customer

    def test_nothing_reported_erased_is_left(self):
        customer = self.everything()
        case = case_of(customer, identified=True)
        planted = _plant_but_the_case(customer)
        assert [one for one in planted if not found(one, dump())] == []
        plan = erasure.preview(case, today=TODAY)
        goes, stays = _canaries(plan, planted, gone=True), _canaries(plan, planted, gone=False)
        assert min(len(goes), len(stays)) > 12
        carry_out(case, "erase")
        Instruction.objects.update(about=None)
        after = dump()
        organisations = str(list(Instruction.objects.values_list("recipient", "recipient_name")))
        assert [one for one in goes - stays if found(one, after) and one not in organisations] == []
        assert [one for one in stays if not found(one, after)] == []

    def test_a_person_who_goes_whole_leaves_no_trace(self):
        customer = make.CustomerFactory(customer_number="CANARY0000")
        (
            make.ContactPointFactory(customer=customer),
            make.ContactNoteFactory.create_batch(2, customer=customer),
        )
        case = case_of(customer)
        planted = _plant_but_the_case(customer)
        plan = erasure.preview(case, today=TODAY)
        stays = _canaries(plan, planted, gone=False)
        carry_out(case, "erase")
        case.refresh_from_db()
        waiting = [row.pk for row in Instruction.objects.filter(told_on=None)]
        for step in (instructions.told, instructions.acknowledge):
            step(waiting, on=TODAY, by="staff:1", now=timezone.now())
        after = dump()
        left = [
            one
            for one in planted
            if found(one, after) and one not in stays and one.lower() not in str(case.email)
        ]
        assert (plan.whole, left) == (True, [])


def _plant_but_the_case(customer) -> list[str]:
    """Canaries in every table of the person but the append-only ones of the request itself."""
    real = declarations.declarations
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            declarations,
            "declarations",
            lambda: (
                one for one in real() if one.category not in ("rights_request", "marketing_choice")
            ),
        )
        return _plant(customer)


def _canaries(plan, planted, *, gone: bool) -> set[str]:
    """The canaries of the records that a plan erases, or keeps."""
    texts = []
    for one in plan.records:
        row = one.schedule.model._default_manager.get(pk=one.pk)
        if gone == (not one.kept):
            texts += [
                str(field.value_from_object(row))
                for field in row._meta.concrete_fields
                if isinstance(field, models.CharField) or _free_text(field)
            ]
    return {one for one in planted if found(one, "\n".join(texts))}


RULES = st.sampled_from(RetentionRule.OnRequest.values)


@pytest.mark.slow
@settings(
    max_examples=examples(25),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    sale=RULES,
    tax=RULES,
    card=RULES,
    years=st.integers(0, 12),
    held=st.booleans(),
    owed=st.booleans(),
)
def test_a_record_stays_only_for_a_reason(sale, tax, card, years, held, owed):
    for code, answer in (
        ("order-sale", sale),
        ("order-tax", tax),
        ("card-expiry", card),
        ("card-last-payment", card),
    ):
        RetentionRule.objects.filter(code=code).update(on_request=answer)
    placed = DAY(2026 - years, 3, 1)
    customer = make.CustomerFactory()
    order = make.OrderFactory(customer=customer, placed_on=placed)
    make.PaymentCardFactory(
        customer=customer, expires_on=DAY(2026, 1, 31), last_used_on=DAY(2025, 9, 1)
    )
    if held:
        make.LegalHoldFactory(customer=customer)
    if owed:
        make.CreditAccountFactory(customer=customer)
    plan = on_request.plan(customer, today=TODAY)
    fate = {one.schedule.model: one.kept for one in plan.records}
    running = {
        "sale": last_protected_day(placed, 6, "years") >= TODAY,
        "tax": last_protected_day(order.financial_year_end, 6, "years") >= TODAY,
    }
    kept = (running["sale"] and sale != "erased") or (running["tax"] and tax != "erased")
    assert fate[Order] == (held or owed or kept)
    assert fate[PaymentCard] == (held or owed or card != "erased")
    whole = (
        (running["sale"] and sale == "kept_whole")
        or (running["tax"] and tax == "kept_whole")
        or card == "kept_whole"
    )
    assert plan.whole == (not held and not owed and not whole)
    assert sum(line.count for line in plan.lines()) <= len(plan.records)
