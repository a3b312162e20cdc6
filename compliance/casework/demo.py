"""The demonstration's requests: one for each state that a case can be in, so that a newcomer sees a
desk at work.

Days are counted back from the day on which it is set up, and every case is made by the actions that
staff and visitors use. Nothing leaves: the emails count as sent and the letters as posted, but for
the latest, which waits to be printed.
"""

import datetime
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from accounts.models import StaffUser
from compliance import outcomes
from compliance.cases.kinds import Arrival, CaseKind, EventKind, Requester
from compliance.cases.models import Case
from compliance.casework.actions import intake, work
from compliance.deadlines import bank_holidays, compute
from compliance.disclosures.demo import people
from customers.matching import Given
from customers.models import Customer
from customers.outbox.models import Message

CHIDI, RAJESH, ELERI = "20006", "20004", "20007"
WEB = "job:web_form"
A_DAY = datetime.timedelta(days=1)
Step = Callable[[Case, datetime.datetime], object]


@dataclass(frozen=True)
class Story:
    """One case: what was asked, `ago` days ago, and what was done since, by days ago."""

    ago: int
    kind: CaseKind
    channel: Arrival
    words: str
    customer: str = ""
    given: Given = field(default_factory=Given)
    works: str = ""  # the staff ID of whoever works on it
    steps: tuple[tuple[float, Step], ...] = ()
    rest: dict[str, Any] = field(default_factory=dict)


def scene(now: datetime.datetime) -> None:
    """A case in every state, three of them overdue or due today, and a letter to print."""
    staff = {one.staff_id: one for one in StaffUser.objects.filter(staff_id__in=["agent", "lead"])}
    for story in _stories(staff["agent"].actor, _due_today(timezone.localdate(now))):
        _play(story, staff, now)
    emails = Message.objects.filter(of_case__isnull=False, means=Message.Means.EMAIL)
    letters = Message.objects.filter(
        of_case__isnull=False, means=Message.Means.LETTER, queued_at__lt=now - 5 * A_DAY
    )
    (emails | letters).filter(state=Message.State.QUEUED).update(
        state=Message.State.SENT, sent_at=F("queued_at")
    )


def _play(story: Story, staff: dict[str, StaffUser], now: datetime.datetime) -> None:
    by = WEB if story.channel == Arrival.WEB else staff["agent"].actor
    then = now - story.ago * A_DAY
    customer = Customer.objects.get(customer_number=story.customer) if story.customer else None
    case = intake.take(
        kind=story.kind,
        channel=story.channel,
        given=story.given,
        words=story.words,
        token=uuid.uuid4(),
        by=by,
        now=then,
        customer=customer,
        **story.rest,
    )
    if story.works:
        case = work.assign(
            case, to=staff[story.works], by=staff["lead"].actor, now=then + A_DAY / 24
        )
    for ago, step in story.steps:
        step(case, now - datetime.timedelta(days=ago))


def _due_today(today: datetime.date) -> int:
    """How many days ago a request for a copy came that is due today; where none is (on a Sunday),
    of one that is overdue."""
    holidays = bank_holidays.current()
    for ago in range(27, 40):
        found = compute(
            CaseKind.ACCESS,
            today - ago * A_DAY,
            settings.CONTROLLER_JURISDICTION,
            [],
            holidays=holidays,
            controller_jurisdiction=settings.CONTROLLER_JURISDICTION,
        )
        if isinstance(found.due, datetime.date) and found.due <= today:
            return ago
    raise AssertionError("a month is over within forty days")


def _stories(by: str, due_today: int) -> tuple[Story, ...]:
    """`by`: the agent who works on them."""

    def do(action: Callable[..., object], **given: Any) -> Step:
        return lambda case, now: action(case, by=by, now=now, **given)

    def came(what: str, **given: Any) -> Step:
        return lambda case, now: work.received(
            case, what=what, on=timezone.localdate(now), by=by, now=now, **given
        )

    def carried_out(effect: str, **given: Any) -> Step:
        return lambda case, now: outcomes.carry_out(case, effect, given, by=by, now=now)

    known = do(work.identify, how=["details"])
    return (
        Story(
            46,
            CaseKind.RECTIFICATION,
            Arrival.LETTER,
            "Your statement says £655.10. It should be £605.10: I paid £50 in "
            "March and have the receipt.",
            RAJESH,
            works="agent",
            steps=(
                (44, known),
                (30, do(work.note, text="Asked accounts for the receipt of March. No answer yet.")),
            ),
        ),
        Story(
            due_today,
            CaseKind.ACCESS,
            Arrival.TELEPHONE,
            "Everything you hold on me, please, also from before I moved.",
            ELERI,
            works="agent",
            steps=((due_today, known), (3, carried_out("prepare_copy"))),
        ),
        Story(
            26,
            CaseKind.ERASURE,
            Arrival.WEB,
            "I ordered nothing in the end. Please delete me.",
            people.BARE,
            rest={"identified": True},
        ),
        Story(
            4,
            CaseKind.AGENCIES,
            Arrival.EMAIL,
            "You turned me down for more credit. Which agencies did you ask?",
            RAJESH,
            works="agent",
            rest={"identified": True},
        ),
        Story(
            16,
            CaseKind.ACCESS,
            Arrival.EMAIL,
            "Send me all data.",
            people.SUSPECTED,
            works="agent",
            steps=(
                (15, known),
                (
                    11,
                    do(
                        work.ask,
                        what="clarification",
                        text="We hold several accounts and years of letters. Which "
                        "are you looking for? If you want all of it, just say so.",
                    ),
                ),
            ),
        ),
        Story(
            41,
            CaseKind.ACCESS,
            Arrival.WEB,
            "I want a copy of everything about Margaret Sutherland.",
            given=Given(name="Margaret Sutherland", email="maggie.s.1990@example.com"),
            works="agent",
            steps=(
                (
                    40,
                    do(
                        work.ask,
                        what="identity",
                        ground="other-contact",
                        reason="The address is new to us, and she would be 75.",
                        text="Please send us a copy of a letter from us, or call us from the "
                        "number that we know.",
                    ),
                ),
            ),
        ),
        Story(
            48,
            CaseKind.ACCESS,
            Arrival.LETTER,
            "All that you hold, and all recordings of my calls since 2018.",
            people.RICH,
            works="lead",
            steps=(
                (47, known),
                (
                    24,
                    do(
                        work.extend,
                        reason=(
                            "You asked for six years of recorded calls. Each has to be found, "
                            "heard and cleared of other people."
                        ),
                    ),
                ),
            ),
        ),
        Story(
            40,
            CaseKind.ACCESS,
            Arrival.EMAIL,
            "I wrote to you a week ago. Where is my data?",
            people.RICH,
            steps=(
                (21, known),
                (21, lambda case, now: work.merge(case, into=_first(people.RICH), by=by, now=now)),
            ),
        ),
        Story(
            3,
            CaseKind.OBJECTION,
            Arrival.TELEPHONE,
            "Stop giving my payments to anybody. I am at my sister's, and nobody "
            "must find out where.",
            CHIDI,
        ),
        Story(
            6,
            CaseKind.COMPLAINT,
            Arrival.EMAIL,
            "My statement lay in the stairwell, opened, with the balance on it.",
            CHIDI,
            works="lead",
            rest={"identified": True},
        ),
        Story(
            20,
            CaseKind.CREDIT_COMPLAINT,
            Arrival.TELEPHONE,
            "The interest was added twice in May.",
            RAJESH,
            works="lead",
            steps=((20, known),),
        ),
        Story(
            12,
            CaseKind.REVIEW,
            Arrival.WEB,
            "A computer said no. I had just begun a new job: please have a person look.",
            given=Given(name="Jo Harker", email="jo.harker@example.com"),
        ),
        Story(
            2,
            CaseKind.ACCESS,
            Arrival.AGENT,
            "Our client asks for a copy of her data. Authority follows.",
            people.HELD,
            given=Given(
                name="Margaret Sutherland",
                address="Baird and Daughters\n2 Advocates Close\nEdinburgh\nEH1 1PS",
            ),
            rest={
                "requester": Requester.AGENT,
                "requester_name": "Baird and Daughters, solicitors",
            },
            steps=(
                (
                    1,
                    do(
                        work.ask,
                        what="authority",
                        ground="none-seen",
                        reason="Nothing came with the request.",
                        text="Please send us her signed authority.",
                    ),
                ),
            ),
        ),
        Story(
            70,
            CaseKind.PORTABILITY,
            Arrival.WEB,
            "My orders, for another shop.",
            CHIDI,
            works="agent",
            rest={"identified": True},
            steps=(
                (60, carried_out("make_file")),
                (60, do(work.complete, text="Your file is ready.")),
            ),
        ),
        Story(
            95,
            CaseKind.ERASURE,
            Arrival.LETTER,
            "Remove me from your computers.",
            RAJESH,
            works="lead",
            steps=(
                (94, known),
                (81, carried_out("erase")),
                (
                    80,
                    do(
                        work.refuse,
                        ground="each-reason",
                        text=(
                            "Money is owed on your account A500003. Until that is settled, we "
                            "keep its records."
                        ),
                    ),
                ),
            ),
        ),
        Story(
            88,
            CaseKind.PORTABILITY,
            Arrival.EMAIL,
            "My account and my letters as a file.",
            ELERI,
            works="agent",
            steps=(
                (88, known),
                (60, carried_out("make_file")),
                (
                    50,
                    do(
                        work.refuse,
                        ground="others-rights",
                        partly=True,
                        text=("One letter names your neighbour, so we left two lines out."),
                    ),
                ),
            ),
        ),
        Story(
            30,
            CaseKind.MARKETING,
            Arrival.TELEPHONE,
            "No more catalogues.",
            people.BARE,
            steps=(
                (
                    29,
                    do(
                        work.complete,
                        text="Our catalogues stop. One that is in print already may still reach "
                        "you.",
                    ),
                ),
            ),
        ),
        Story(
            55,
            CaseKind.PORTABILITY,
            Arrival.TELEPHONE,
            "My order history as a file, please.",
            people.BARE,
            rest={"identified": True},
            steps=((53, do(work.withdraw, reason="Called again: it was another shop.")),),
        ),
        Story(
            75,
            CaseKind.RECTIFICATION,
            Arrival.WEB,
            "My name is spelt with a y.",
            given=Given(name="Tomas Prytchard", email="prytchard@example.net"),
            steps=(
                (
                    74,
                    do(
                        work.ask,
                        what="identity",
                        ground="several",
                        reason="Nobody of that name and address is known.",
                        text="Please tell us your customer number, or send a copy of a letter "
                        "from us.",
                    ),
                ),
                (43, do(work.remind)),
                (28, do(work.lapse)),
            ),
        ),
    )


def _first(number: str) -> Case:
    """The request that a second one of the same customer repeats."""
    return Case.objects.filter(
        customer__customer_number=number, events__kind=EventKind.EXTENDED
    ).get()
