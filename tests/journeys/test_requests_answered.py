"""For each kind of request: asked on a telephone without JavaScript, worked on the desk, read where
it is followed.

What the law says that the answer must hold is looked for in the email as it left, or in the PDF
that is posted.
"""

import datetime
import re
from dataclasses import dataclass, field

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from compliance.cases.kinds import CaseKind
from compliance.cases.models import Case
from customers.outbox.models import Message
from tests import factories as make
from tests.jobs.working import work as run_jobs
from tests.journeys.conftest import DESK, PHONE
from tests.letters.pdf import squeezed, words_of
from tests.outcomes.effects import received, register
from tests.portal.asking import code, make_ada

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@dataclass
class Act:
    """One thing that a member of staff does: the link on the case's page, what the form is given,
    the button."""

    link: str
    fill: dict[str, str] = field(default_factory=dict)
    tick: tuple[str, ...] = ()
    button: str = ""  # as the link, unless given


@dataclass
class Story:
    slug: str
    kind: CaseKind
    asks: dict[str, str]
    acts: tuple[Act, ...]
    law: tuple[str, ...]  # what the answer must say
    post: bool = False  # they gave a postal address, and get a letter
    tick: tuple[str, ...] = ()
    state: str = "Answered"
    returns: bool = False  # nothing of their visit is left: they ask for another code


def answer(words):
    return Act("Answer, and close", {"What do we answer?": words})


def outcome(found, remedy, came):
    """What was noted stands in the letter already."""
    noted = {"What did you find, and why?": found, "What is done about it?": remedy}
    return Act("Note what was found", noted, (came,), "Note it"), Act("Tell the outcome, and close")


REGULATOR = ("Information Commissioner", "Wycliffe House")
THREE_WAYS = ("section 164A", *REGULATOR, "section 165", "go to court")

# Access has a journey of its own: two colleagues work it (test_access).
STORIES = {
    "agencies": Story(
        "agencies",
        CaseKind.AGENCIES,
        {"Reference of the application": "APP-7"},
        (
            Act(
                "Answer from the log",
                {},
                ("No credit reference agency was asked",),
                "Send the answer, and close",
            ),
        ),
        (
            "By our log, we asked none",
            "section 157",
            "statutory credit report",
            "200 words",
            *REGULATOR,
        ),
        post=True,
    ),
    "rectification": Story(
        "correct",
        CaseKind.RECTIFICATION,
        {"What is wrong?": "My name.", "What should it be?": "Loveless"},
        (
            Act("Correct the record", {"Surname": "Loveless"}),
            answer("Your surname is Loveless now."),
        ),
        (
            "Your surname is Loveless now.",
            "Surname: Changed.",
            "This is how far we are with telling those who had this data",
            "Alpha Partners",
            "who received this data",
            *THREE_WAYS,
        ),
        post=True,
    ),
    "erasure": Story(
        "delete",
        CaseKind.ERASURE,
        {"What, and why?": "Everything, please."},
        (
            Act("Erase what nothing keeps", {}, ("I have read",), "Erase it for good"),
            Act(
                "Answer in part",
                {"What is done, what is not, and why": "We erased what we may."},
                ("Each kind of record has its own reason",),
                "Answer in part, and close",
            ),
        ),
        (
            "Payment cards (1 record): Erased.",
            "Orders (2 records): Kept until",
            "Alpha Partners",
            "as a code that we make with a secret key",
            *THREE_WAYS,
        ),
        state="Answered in part",
        returns=True,
    ),
    "erasure refused": Story(
        "delete",
        CaseKind.ERASURE,
        {"What, and why?": "Everything, please."},
        (
            Act(
                "Refuse",
                {"The reasons, in this case": "You published it with us."},
                ("Freedom of expression",),
                "Refuse, and close",
            ),
        ),
        ("needed for the freedom", "Article 17(3)(a)", "You published it with us.", *THREE_WAYS),
        post=True,
        state="Answered: we could not do it",
    ),
    "restriction": Story(
        "restrict",
        CaseKind.RESTRICTION,
        {"Which data, and what should you not do with it?": "My balance."},
        (
            Act(
                "Confirm the restriction",
                {},
                ("They say that it is not accurate",),
            ),
            answer("It is restricted."),
        ),
        (
            "It is restricted.",
            "Why: You say that it is not accurate",
            "Marketing: Stopped.",
            "Erasing your records: Restricted.",
            "Goes on for legal claims: ",
            "before we lift the restriction",
        ),
        post=True,
    ),
    "objection": Story(
        "object",
        CaseKind.OBJECTION,
        {"What about you makes this a problem?": "I am in hiding."},
        (
            Act(
                "Note how it was weighed",
                {"How were their reasons and ours weighed?": "Your safety weighs more.\n\nYes."},
                ("Upheld: we stop", "Insurance proposals and claims", "Giving you the support"),
                "Note the outcome",
            ),
            answer("It stops."),
        ),
        (
            "It stops.",
            "Giving you the support you need: Stopped.",
            "Insurance proposals and claims: The credit system, which must stop it",
            "How we weighed it: Your safety weighs more. Yes.",
            *THREE_WAYS,
        ),
        post=True,
    ),
    "portability": Story(
        "move",
        CaseKind.PORTABILITY,
        {"Anything else?": "As soon as you can."},
        (Act("Make the file"), answer("Your file is ready.")),
        ("Your file is ready.", "CSV and JSON", "records. You can fetch it until", *REGULATOR),
    ),
    "review": Story(
        "decision",
        CaseKind.REVIEW,
        {"What should the person who looks at it know?": "I have a new job."},
        (
            Act(
                "Note the human review",
                {"Which factors counted most?": "Your income.", "Why?": "Your new job counts."},
                ("It should be another decision: our credit system is told",),
                "Note the review",
            ),
            answer("You can have the credit."),
        ),
        (
            "Outcome: We find that it should be another decision.",
            "Reasons: Your new job counts.",
            "Main factors: Your income.",
            "A person looked at the decision afresh",
            "If you want to add something",
            *THREE_WAYS,
        ),
        post=True,
    ),
    "complaint": Story(
        "complain",
        CaseKind.COMPLAINT,
        {"What happened?": "My statement went astray."},
        outcome("It went to your old address.", "We changed how we print.", "They are right"),
        (
            "We agree with your complaint.",
            "It went to your old address.",
            "We changed how we print.",
            *REGULATOR,
            "go to court",
        ),
        tick=("How you handle my personal data",),
    ),
    "credit complaint": Story(
        "complain",
        CaseKind.CREDIT_COMPLAINT,
        {"What happened?": "You raised my limit."},
        outcome("You asked us to on 3 May.", "Nothing changes.", "They are not right"),
        (
            "our final response",
            "You asked us to on 3 May.",
            "Financial Ombudsman Service, Exchange Tower",
            "free of charge",
            "within six months of the date of this letter",
            "very limited circumstances",
            "leaflet",
        ),
        post=True,
        tick=("Credit:",),
    ),
}


@pytest.fixture(autouse=True)
def _register(live_server):
    register()


@pytest.fixture
def ada(live_server):
    ada = make_ada()
    order = make.OrderFactory(
        customer=ada, placed_on=timezone.localdate() - datetime.timedelta(days=400)
    )
    make.OrderLineFactory(order=order, supplied_on=order.placed_on)
    make.PaymentCardFactory(customer=ada)
    received(ada, "alpha partners")
    return ada


def ask(page, story):
    """Send a form, and return the reference that the answer shows."""
    page.goto(f"/your-data/{story.slug}/")
    for label in story.tick:
        page.get_by_label(label).check()
    for label, words in story.asks.items():
        page.get_by_label(label).fill(words)
    page.get_by_label("Your full name").fill("Ada Lovelace")
    if story.post:
        page.get_by_label("Your postal address").fill("1 Mill Lane\nBradford")
        page.get_by_label("Postcode").fill("BD1 1AA")
    else:
        page.get_by_label("Your email address").fill("ada@example.org")
    page.locator("form.card-form button.button").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("We have your")
    run_jobs()
    return page.locator(".reference-number").inner_text()


def follow(page, case, *, post=False):
    """Ask for the code of a request, and type it."""
    page.goto("/your-data/status/")
    page.get_by_label("The reference of your request").fill(case.reference.lower())
    page.get_by_role("button", name="Send me a code").click()
    run_jobs()
    if post:
        letter = Message.objects.filter(kind="one_time_code").latest("queued_at").text
        page.get_by_text("My code came in a letter").click()
        page.get_by_label("The number of the letter").fill(
            re.search(r"Letter number: (.+)", letter)[1]
        )
    page.get_by_label("The code").fill(code(case.reference))
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Request {case.reference}")


def work(desk, case, acts):
    """Do each of the acts from the page of the case."""
    for act in acts:
        desk.goto(f"/admin/cases/case/{case.pk}/change/")
        desk.get_by_role("link", name=act.link, exact=True).click()
        for label, words in act.fill.items():
            desk.get_by_label(label).first.fill(words)
        for label in act.tick:
            desk.get_by_label(label).first.check()
        desk.get_by_role("button", name=act.button or act.link).click()
        expect(desk.get_by_role("heading", name="What happened")).to_be_visible()
    run_jobs()


def told(case, mailoutbox):
    """The last letter of a case as it reached its person: the email, or every word of the PDF."""
    message = Message.objects.filter(of_case__case=case).latest("queued_at")
    if message.means == Message.Means.LETTER:
        return words_of(message.document.encode("latin-1"))
    [mail] = [one for one in mailoutbox if one.subject == message.subject]
    assert mail.to == ["ada@example.org"]
    return squeezed(mail.body)


@pytest.mark.parametrize("name", STORIES)
def test_from_the_question_to_the_answer(ada, page_at, lead, mailoutbox, name):
    story, page, desk = STORIES[name], page_at(PHONE, javascript=False), page_at(DESK, staff=lead)
    case = Case.objects.get(reference=ask(page, story))
    assert (case.kind, case.customer) == (story.kind, ada)
    assert squeezed(case.reference) in told(case, mailoutbox)
    follow(page, case, post=story.post)
    expect(page.get_by_text("Open", exact=True)).to_be_visible()
    work(desk, case, story.acts)
    desk.get_by_role("link", name="We wrote:").first.click()
    expect(desk.get_by_text(story.law[0]).first).to_be_visible()
    if story.returns:
        follow(page, case)
    page.reload()
    expect(page.get_by_text(story.state, exact=True)).to_be_visible()
    expect(page.get_by_text(story.law[0])).to_be_visible()
    letter = told(case, mailoutbox)
    assert [words for words in story.law if squeezed(words) not in letter] == []


@pytest.mark.parametrize(
    ("asks", "law"),
    [
        (
            "Objection to marketing",
            (
                "have stopped the marketing that is named here",
                "may still reach you",
                "Marketing by email: Stopped.",
            ),
        ),
        (
            "Withdrawal of consent",
            ("consent is withdrawn", "Marketing by email: Stopped.", "stays lawful"),
        ),
    ],
)
def test_what_was_said_on_the_telephone(ada, page_at, agent, mailoutbox, asks, law):
    page, desk = page_at(PHONE, javascript=False), page_at(DESK, staff=agent)
    desk.goto(f"/admin/customers/customer/{ada.pk}/change/")
    desk.get_by_text("Log another kind of request").click()
    desk.get_by_role("link", name=asks, exact=True).click()
    desk.get_by_label("In their words").fill("No more of this, please.")
    desk.get_by_role("button", name="Log it").click()
    expect(desk.get_by_text("The reference to read out")).to_be_visible()
    run_jobs()
    case = Case.objects.get()
    follow(page, case)
    work(desk, case, [answer("It has stopped.")])
    page.reload()
    expect(page.get_by_text("It has stopped.")).to_be_visible()
    letter = told(case, mailoutbox)
    assert [words for words in law if squeezed(words) not in letter] == []
