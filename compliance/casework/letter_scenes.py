"""Every letter that a case can lead to, from invented people: each right, each way in which it can
go on or end, played by the actions that colleagues use.

A scene is played in a transaction that the caller takes back; several that begin alike share their
beginning. Refused where a right has no such step, which is no fault: not every request can be
refused or made longer.
"""

import dataclasses
import datetime
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from compliance import outcomes
from compliance.access import actions as copies
from compliance.access.decisions import unread
from compliance.access.models import Pack
from compliance.cases.asking import GROUNDS
from compliance.cases.grounds import grounds_for
from compliance.cases.kinds import CaseKind, Requester
from compliance.cases.models import Case, Restriction
from compliance.cases.rights import RIGHTS
from compliance.casework.actions import intake, work
from compliance.disclosures import instructions
from compliance.disclosures.models import Disclosure, Instruction
from compliance.outcomes import corrections, objection, restriction
from compliance.register import actions as register
from compliance.register.models import Recipient, RetentionRule
from customers.financial_year import year_end
from customers.matching import Given
from customers.models import ContactNote, ContactPoint, CreditAccount, Customer, Order

HOME = "1 Mill Lane\nBradford\nBD1 1AA"
AGENT, SECOND = "staff:1", "staff:2"
Ground = Restriction.Ground
A_DAY = datetime.timedelta(days=1)
CAME = 25 * A_DAY  # before now
SOME = "We looked at what you sent us."
ASKED_FOR = {  # what the colleague writes, by what is asked for
    "identity": "A copy of a bill that shows your name and address.",
    "authority": "A letter that the person has signed, which says that you may ask for them.",
    "fee": "It covers the time to answer you again. Pay by card: call us, and name the reference.",
}
UNSURE = (("identified", False),)
SOMEBODY = (*UNSURE, ("requester", Requester.AGENT), ("requester_name", "Baird, solicitors"))


@dataclass(frozen=True)
class Scene:
    """One way in which a request goes: its kind, what happens, and the steps after it came in."""

    kind: str
    says: str
    steps: tuple[Callable[["Stage", Case], object], ...] = ()
    rest: tuple[tuple[str, Any], ...] = ()  # what else is known of it as it comes
    shopped: bool = True  # the person has an order, a note and a credit account
    stranger: bool = False  # nobody of ours
    agencies: tuple[tuple[str, int], ...] = ()  # who was asked, and how many days ago

    @property
    def beginning(self) -> str:
        """The same for two scenes that differ in nothing but what happens after it came in."""
        return repr(dataclasses.replace(self, says="", steps=()))


@dataclass(frozen=True)
class Stage:
    """The moment at which scenes are played; `by` is the colleague."""

    now: datetime.datetime
    by: str = AGENT

    @property
    def today(self) -> datetime.date:
        return timezone.localdate(self.now)

    def begin(self, scene: Scene) -> Case:
        """The request comes in. Refused where it cannot."""
        customer = None if scene.stranger else self._person(scene)
        return intake.take(
            **{
                "kind": scene.kind,
                "channel": "letter",
                "given": Given(name="Ada Lovelace", address=HOME),
                "token": uuid.uuid4(),
                "by": self.by,
                "now": self.now - CAME,
                "customer": customer,
                "identified": customer is not None,
                "words": "Please see to this.",
                **dict(scene.rest),
            }
        )

    def go_on(self, scene: Scene, case: Case) -> None:
        """What happens to the request after it came in. Refused where it cannot."""
        for step in scene.steps:
            step(self, case)
            case.refresh_from_db()

    def _person(self, scene: Scene) -> Customer:
        customer = Customer.objects.create(
            customer_number=f"L{uuid.uuid4().hex[:10]}",
            title="Ms",
            given_names="Ada",
            surname="Lovelace",
            jurisdiction="england-and-wales",
            relationship_began_on=self.today - 900 * A_DAY,
        )
        for kind, value in (("email", "ada@example.org"), ("address", HOME)):
            ContactPoint.objects.create(
                customer=customer,
                kind=kind,
                value=value,
                valid_from=self.today - 900 * A_DAY,
                source=ContactPoint.Source.CUSTOMER,
            )
        if scene.shopped:
            self._shopping(customer)
        for code, ago in scene.agencies:
            self._received(customer, code, ago)
        return customer

    def _shopping(self, customer: Customer) -> None:
        day = self.today - 200 * A_DAY
        Order.objects.create(
            customer=customer,
            number=f"O-{uuid.uuid4().hex[:12]}",
            placed_on=day,
            financial_year_end=year_end(day, settings.FINANCIAL_YEAR_END),
            total="24.50",
        )
        ContactNote.objects.create(
            customer=customer,
            kind=ContactNote.Kind.CALL,
            at=self.now - 90 * A_DAY,
            text="Asked about a parcel.",
            taken_by=self.by,
        )
        account = CreditAccount.objects.create(
            customer=customer,
            account_number=f"A-{uuid.uuid4().hex[:12]}",
            opened_on=day,
            credit_limit="500.00",
            balance="0.00",
            status=CreditAccount.Status.SETTLED,
            ended_on=self.today - 20 * A_DAY,
        )
        self._received(
            customer,
            "experian",
            190,
            credit_account=account,
            kind=Disclosure.Kind.REPORT,
            application="",
            negotiations_ended_on=None,
        )

    def _received(self, customer: Customer, code: str, ago: int, **rest: Any) -> None:
        Disclosure.objects.create(
            **{
                "customer": customer,
                "kind": Disclosure.Kind.SEARCH,
                "reference": f"D-{uuid.uuid4().hex}",
                "occurred_on": self.today - (ago + 2) * A_DAY,
                "recipient": code,
                "recipient_name": Recipient.objects.on(self.today).get(code=code).name,
                "purpose": "credit-decision",
                "application": "APP-7",
                "negotiations_ended_on": self.today - ago * A_DAY,
                **rest,
            }
        )


def _do(
    action: Callable[..., object], later: int = 0, **given: Any
) -> Callable[[Stage, Case], object]:
    """A step by an action of `work`, `later` days after the request came."""
    return lambda stage, case: action(
        case, by=stage.by, now=stage.now - CAME + later * A_DAY, **given
    )


def _effect(code: str, **given: Any) -> Callable[[Stage, Case], object]:
    return lambda stage, case: outcomes.carry_out(
        case,
        code,
        {name: value(case) if callable(value) else value for name, value in given.items()},
        by=stage.by,
        now=stage.now,
    )


def _answer(stage: Stage, case: Case) -> object:
    return work.complete(case, text=SOME, by=stage.by, now=stage.now)


def _copy(stage: Stage, case: Case) -> None:
    """A copy that two people have read, and that is built."""
    by, now = stage.by, stage.now
    outcomes.carry_out(case, "prepare_copy", {}, by=by, now=now)
    pack = Pack.objects.get(reference=case.reference)
    copies.review_plain(pack, list(unread(pack)), by=by, now=now)
    copies.finish_review(pack, by=by, now=now)
    copies.check(pack, by=SECOND, now=now)
    pack.refresh_from_db()
    copies.build(pack, by=SECOND, now=now)


def _confirmed(stage: Stage, case: Case) -> None:
    """The rules of the register are the owner's: nothing is erased before."""
    rules = RetentionRule.objects.unconfirmed()
    register.confirm(rules, by=stage.by, why="To read the letters.", now=stage.now)


def _printed(stage: Stage, case: Case) -> object:
    return copies.print_out(Pack.objects.get(reference=case.reference), by=SECOND, now=stage.now)


def _each_reason(stage: Stage, case: Case) -> object:
    return work.refuse(
        case, ground="each-reason", text=SOME, partly=True, by=stage.by, now=stage.now
    )


def _twice(stage: Stage, case: Case) -> object:
    """The same request came once more, and is answered with the first."""
    given = Given(name="Ada Lovelace", address=HOME)
    again = intake.take(
        kind=case.kind,
        channel="letter",
        given=given,
        token=uuid.uuid4(),
        by=stage.by,
        now=stage.now - CAME + A_DAY,
        customer=case.customer,
        identified=True,
        words="Please see to this.",
    )
    return work.merge(again, into=case, by=stage.by, now=stage.now)


def _to_be_lifted(stage: Stage, case: Case) -> object:
    """The restriction of a case is to be lifted: the person is warned."""
    found = case.restrictions.in_force().get()
    return restriction.warn(found, text="We have checked it.", by=stage.by, now=stage.now)


def _told(stage: Stage, case: Case) -> None:
    """Whoever had the data was told, and confirmed it."""
    rows = list(_to_be_told(case).values_list("pk", flat=True))
    instructions.told(rows, on=stage.today, by=stage.by, now=stage.now)
    instructions.acknowledge(rows, on=stage.today, by=stage.by, now=stage.now)


def _not_told(stage: Stage, case: Case) -> None:
    """Whoever had the data could not be told."""
    others = _to_be_told(case).exclude(recipient__in=instructions.OURS)
    rows = list(others.values_list("pk", flat=True))
    instructions.impossible(rows, why="The company was wound up.", by=stage.by, now=stage.now)


def _to_be_told(case: Case) -> QuerySet[Instruction]:
    return Instruction.objects.filter(reference=case.reference)


def _in_part(stage: Stage, case: Case) -> object:
    ground = list(grounds_for(case.kind))[-1]
    return work.refuse(case, ground=ground, text=SOME, partly=True, by=stage.by, now=stage.now)


def _ending(
    kind: str, says: str, *steps: Callable[[Stage, Case], object], **rest: Any
) -> Iterator[Scene]:
    """An outcome, answered as done and as done in part."""
    yield Scene(kind, says, (*steps, _answer), **rest)
    if grounds_for(kind):
        yield Scene(kind, f"{says}; the rest refused", (*steps, _in_part), **rest)


def every_scene() -> Iterator[Scene]:
    """Each right, and each way in which it can go."""
    for right in RIGHTS:
        yield from _on_the_way(right.code)
        for ground in grounds_for(right.code):
            refused = _do(work.refuse, 5, ground=ground, text=SOME)
            who = SOMEBODY if ground == "no-authority" else UNSURE if ground == "identity" else ()
            yield Scene(right.code, f"Refused: {ground}", (refused,), who)
    yield from _endings()


def _on_the_way(kind: str) -> Iterator[Scene]:
    asked = _do(work.ask, **_ask("identity", "other-contact"))
    question = _do(work.ask, what="clarification", text="Which years do you mean?")
    reminder = _do(work.remind, 5)
    yield Scene(kind, "It came")
    yield Scene(kind, "It came from a stranger", stranger=True)
    yield Scene(kind, "It came for somebody else", rest=SOMEBODY)
    for what, rest in (("identity", UNSURE), ("authority", SOMEBODY), ("fee", ())):
        for ground in GROUNDS[what]:
            yield Scene(
                kind, f"Asked: {what}, {ground}", (_do(work.ask, **_ask(what, ground)),), rest
            )
        taken_back = _do(work.not_needed, 3, what=what, reason="We had it.")
        first = _do(work.ask, **_ask(what, next(iter(GROUNDS[what]))))
        yield Scene(kind, f"Asked: {what}, and taken back", (first, taken_back), rest)
    yield Scene(kind, "Asked who they are, and a reminder", (asked, reminder), UNSURE)
    yield Scene(kind, "Closed for silence", (asked, reminder, _do(work.lapse, 25)), UNSURE)
    yield Scene(kind, "Asked a question", (question,))
    yield Scene(kind, "Asked a question, and a reminder", (question, reminder))
    yield Scene(kind, "More time", (_do(work.extend, 5, reason=SOME),))
    yield Scene(kind, "Taken back", (_do(work.withdraw, 5),))
    yield Scene(kind, "A message", (_do(work.write, 5, text=SOME),))
    yield Scene(kind, "It came twice", (_twice,))


def _ask(what: str, ground: str) -> dict[str, Any]:
    amount = {"amount": Decimal("10.00")} if what == "fee" else {}
    return {
        "what": what,
        "ground": ground,
        "reason": "The fact.",
        "text": ASKED_FOR[what],
        **amount,
    }


def _endings() -> Iterator[Scene]:
    copy = _effect("release_copy", means=Pack.Means.ONLINE, searched="This portal.")
    yield from _ending(CaseKind.ACCESS, "A copy to fetch", _copy, copy)
    posted = _effect("release_copy", means=Pack.Means.POST, searched="This portal.")
    yield Scene(CaseKind.ACCESS, "A copy on paper", (_copy, _printed, posted, _answer))
    none = _effect("nothing_held", searched="This portal.")
    yield Scene(CaseKind.ACCESS, "Nothing held", (none, _answer), stranger=True)
    changed = _effect("correct", changes=corrections.Changes(person={"surname": "Byron"}))
    yield from _ending(CaseKind.RECTIFICATION, "Corrected", changed)
    told = "Corrected, and those who had it"
    yield from _ending(CaseKind.RECTIFICATION, f"{told} told and confirmed", changed, _told)
    yield from _ending(CaseKind.RECTIFICATION, f"{told} could not be told", changed, _not_told)
    partly, whole = "Erased as far as nothing keeps it", "Erased whole"
    yield Scene(CaseKind.ERASURE, partly, (_confirmed, _effect("erase"), _each_reason))
    yield Scene(CaseKind.ERASURE, whole, (_confirmed, _effect("erase"), _answer), shopped=False)
    for ground in (Ground.ACCURACY, Ground.UNLAWFUL, Ground.CLAIM):
        restricted = _effect("restrict", ground=ground.value)
        yield from _ending(CaseKind.RESTRICTION, f"Restricted: {ground}", restricted)
    yield Scene(CaseKind.RESTRICTION, "To be lifted", (restricted, _answer, _to_be_lifted))
    for outcome in ("upheld", "rejected"):
        weighed = _weighed(outcome)
        yield Scene(CaseKind.OBJECTION, f"Weighed: {outcome}", (weighed, _answer))
    yield Scene(
        CaseKind.OBJECTION, "Weighed: upheld; the rest refused", (_weighed("upheld"), _in_part)
    )
    for kind in (CaseKind.MARKETING, CaseKind.WITHDRAWAL):
        yield from _ending(kind, "Stopped, for a customer")
        some = (("codes", {"channels": ["email"], "senders": ["third_parties"]}),)
        yield from _ending(kind, "Stopped, only others by email", rest=some)
        yield from _ending(kind, "Stopped, for a stranger", stranger=True)
    yield from _ending(CaseKind.PORTABILITY, "A file to fetch", _effect("make_file"))
    for outcome in ("stands", "changed"):
        looked = _effect(
            "review",
            outcome=outcome,
            factors="Your income.",
            reasons=SOME,
            relied_on=["APP-7/experian"],
        )
        searched = (("experian", 40),)
        yield from _ending(CaseKind.REVIEW, f"Reviewed: {outcome}", looked, agencies=searched)
    answer = _effect("agencies", applications=["APP-7"])
    asked = (("experian", 40), ("cifas", 40))
    yield Scene(CaseKind.AGENCIES, "In time", (answer, _answer), agencies=asked)
    yield Scene(CaseKind.AGENCIES, "Too late", (answer, _answer), agencies=(("experian", 90),))
    yield Scene(CaseKind.AGENCIES, "None was asked", (_effect("agencies", none=True), _answer))
    helped = _effect("help_estate")
    yield Scene(CaseKind.BEREAVEMENT, "Helped", (helped, _answer), UNSURE)
    for kind in (CaseKind.COMPLAINT, CaseKind.CREDIT_COMPLAINT):
        for outcome in ("upheld", "partly", "rejected"):
            found = _effect(
                "complaint", outcome=outcome, findings=SOME, remedy="We train our staff."
            )
            yield from _ending(kind, f"Complaint {outcome}", found)


def _weighed(outcome: str) -> Callable[[Stage, Case], object]:
    """An objection to the first use that can be objected to."""
    return _effect(
        "objection",
        outcome=outcome,
        reasons=SOME,
        purposes=lambda case: [objection.purposes()[0][0]] if outcome == "upheld" else [],
    )
