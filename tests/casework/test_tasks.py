"""What we said we would do: each promise is somebody's task, on a list, with its day and an alert."""

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from audit.actions import AlreadyDone, Refused
from audit.models import Entry
from compliance import letters, outcomes
from compliance.cases import promises
from compliance.cases.actions import to_do
from compliance.cases.kinds import CaseKind
from compliance.cases.models import Letter, Restriction, Task
from compliance.casework.actions import requester_actions, tasks, work
from compliance.deadlines import bank_holidays
from compliance.outcomes import complaint
from customers.outbox.models import Message
from tests.casework.desk import DAY, RECEIVED, STAFF, ada, carried_out, date, on, opened
from tests.factories import CustomerVisitFactory, PackFactory, StaffFactory

pytestmark = pytest.mark.django_db
LIST = "/admin/cases/task/"
BUILT = {
    "released": True,
    "state": "built",
    "released_at": None,
    "released_by": "",
    "expires_at": None,
}
TOKEN = "0b6f6e6a-8f5d-4b5c-9a57-0e7d3a5d0c1f"


def do(case, kind=promises.MESSAGE, now=RECEIVED):
    return to_do.make(case, kind, by="job:web_form", now=now)[kind.code]


def waiting(case):
    return dict(Task.objects.to_do().filter(case=case).values_list("kind", "due_on"))


def say(case, now=RECEIVED, **given):
    return requester_actions.say(
        case, **{"text": "It is wrong.", "token": TOKEN, "by": "job:web_form", "now": now, **given}
    )


class TestItsDay:
    @pytest.mark.parametrize(
        ("made", "due"),
        [
            (RECEIVED, date(7)),  # half past midnight on a Thursday in London
            (on(2), date(7)),
            (on(6), date(10)),  # Saturday moves back to Friday
            (
                on(23, 12),
                date(24, 12),
            ),  # Boxing Day's Monday, the weekend and Christmas Day are none
            (on(2, 4), date(7, 4)),  # Easter
        ],
    )
    def test_it_is_within_the_days_and_one_on_which_we_work(self, case, made, due):
        assert do(case, now=made).due_on == due

    def test_it_is_never_before_the_day_itself(self):
        for day in range(0, 400, 3):
            now = RECEIVED + day * DAY
            found = bank_holidays.last_day(promises.MESSAGE.within, now)
            assert now.date() - DAY <= found <= now.date() + DAY + promises.MESSAGE.within

    def test_what_is_promised_again_keeps_the_earlier_day(self, case):
        first = do(case)
        assert do(case, now=RECEIVED + DAY) == first
        with pytest.raises(IntegrityError), transaction.atomic():
            Task.objects.create(case=case, kind="message", made_at=RECEIVED, due_on=date(9))


class TestWhatMakesOne:
    def test_a_message_on_an_open_case_and_on_a_closed_one(self, case):
        say(case)
        assert waiting(case) == {"message": date(7)}
        work.complete(carried_out(case), text="Here.", by=STAFF, now=on(3))
        assert waiting(case) == {}
        say(case, now=on(8), token=str(case.token))
        assert waiting(case) == {"message": date(13)}

    def test_the_same_message_twice_makes_one(self, case):
        say(case)
        tasks.finish(Task.objects.get(), text="Read.", by=STAFF, now=RECEIVED)
        say(case)
        assert waiting(case) == {}

    def test_files_without_a_word(self, case):
        say(case, text="", files=[("a.pdf", b"%PDF-1.7\nscan")])
        assert "message" in waiting(case)

    def test_a_complaint_is_confirmed_and_goes_on_being_written_about(self):
        ada()
        case = opened(CaseKind.COMPLAINT)
        assert waiting(opened(CaseKind.CREDIT_COMPLAINT)) == waiting(case)
        assert waiting(case) == {"acknowledge": date(16), "progress": date(30)}
        letters.send(case, letter=Letter.ACKNOWLEDGEMENT, by="job:web_form", now=RECEIVED)
        assert waiting(case) == {"progress": date(30)}
        work.write(case, text="We asked the shop.", by=STAFF, now=on(20))
        assert waiting(case) == {"progress": date(17, 8)}
        work.withdraw(case, by=STAFF, now=on(21))
        assert waiting(case) == {}
        assert Task.objects.get(kind="progress", ended_at=on(21)).how == "overtaken"
        work.reopen(case, reason="They think again.", by=STAFF, now=on(22))
        assert waiting(case) == {"progress": date(19, 8)}

    def test_what_was_decided_about_a_complaint(self):
        ada()
        case = opened(CaseKind.COMPLAINT)
        given = {"outcome": "upheld", "findings": "It was lost.", "remedy": "We pay £20."}

        def note(now=RECEIVED, **more):
            outcomes.carry_out(case, "complaint", {**given, **more}, by=STAFF, now=now)
            return complaint.found(case)[1]

        assert "We do that by Thursday 30 July 2026." in note()
        assert waiting(case)["remedy"] == date(30)
        with pytest.raises(Refused):
            note(remedy_by=date(1))
        with pytest.raises(Refused):
            note(remedy_by=date(9), remedy="")
        assert "We do that by Friday 10 July 2026." in note(remedy_by=date(12))  # a Sunday
        assert "do that" not in note(remedy="")
        assert "remedy" not in waiting(case)
        note(remedy_by=date(9))
        work.complete(case, text=complaint.found(case)[1], by=STAFF, now=on(3))
        assert "by Thursday 9 July 2026" in Message.objects.latest("queued_at").text
        assert waiting(case) == {"remedy": date(9)}  # it outlives the case
        tasks.finish(Task.objects.to_do().get(case=case), text="Paid.", by=STAFF, now=on(8))
        assert "We did that on Wednesday 8 July 2026." in complaint.found(case)[1]

    def test_whoever_asks_for_another_is_asked_whether_they_may(self):
        ada()
        case = opened(requester="agent", requester_name="Bert")
        assert waiting(case) == {"authority": date(7)}
        work.ask(
            case,
            what="authority",
            ground="none-seen",
            reason="No letter.",
            text="Show us.",
            by=STAFF,
            now=RECEIVED,
        )
        assert waiting(case) == {}
        marketing = opened(CaseKind.MARKETING, requester="agent", requester_name="Bert")
        assert waiting(marketing) == {}

    def test_a_copy_that_was_released_and_withdrawn(self):
        customer = ada()
        case = opened(customer=customer, identified=True)
        PackFactory(customer=customer, reference=case.reference, released=True)
        outcomes.carry_out(case, "withdraw_copy", {"reason": "A slip."}, by=STAFF, now=RECEIVED)
        assert waiting(case) == {"new_copy": date(9)}
        PackFactory(customer=customer, reference=case.reference, number=2, **BUILT)
        outcomes.carry_out(case, "release_copy", {"as_built": True}, by=STAFF, now=on(3))
        assert waiting(case) == {}

    def test_a_copy_that_nobody_was_told_of_makes_none(self):
        customer = ada()
        case = opened(customer=customer, identified=True)
        PackFactory(customer=customer, reference=case.reference, **BUILT)
        outcomes.carry_out(case, "withdraw_copy", {"reason": "A slip."}, by=STAFF, now=RECEIVED)
        assert waiting(case) == {}


class TestSomebodySaysThatItWasNotThem:
    def test_an_open_case_is_closed_and_what_it_began_ends(self):
        customer = ada()
        case = opened(CaseKind.RESTRICTION, customer=customer, identified=True)
        outcomes.at_once(case, by=STAFF, now=RECEIVED)
        visit = CustomerVisitFactory(customer=customer, expires_at=RECEIVED + DAY)
        work.disown(case, reason="She called.", by=STAFF, now=RECEIVED)
        case.refresh_from_db()
        assert case.status == "withdrawn"
        assert Restriction.objects.get().mistaken
        visit.refresh_from_db()
        assert visit.expires_at <= RECEIVED

    def test_details_that_were_changed_become_a_task(self):
        case = opened(CaseKind.RECTIFICATION, customer=ada(), identified=True)
        work.complete(carried_out(case), text="Changed.", by=STAFF, now=RECEIVED)
        work.disown(case, reason="She called.", by=STAFF, now=RECEIVED)
        assert waiting(case) == {"put_back": date(7)}

    def test_another_closed_case_has_nothing_to_take_back(self, case):
        work.withdraw(case, by=STAFF, now=RECEIVED)
        with pytest.raises(Refused):
            work.disown(case, reason="She called.", by=STAFF, now=RECEIVED)


class TestALapsedCase:
    @pytest.fixture
    def lapsed(self, case):
        work.ask(
            case,
            what="identity",
            ground="warning",
            reason="Odd.",
            text="Who?",
            by=STAFF,
            now=RECEIVED,
        )
        work.remind(case, by=STAFF, now=on(10))
        return work.lapse(case, by=STAFF, now=on(30))

    def test_it_opens_on_the_answer(self, lapsed):
        case = say(lapsed, now=on(31), text="", files=[("id.pdf", b"%PDF-1.7\nscan")])
        assert (case.is_open, case.attachments.get().purpose) == (True, "identity")
        assert waiting(case) == {"message": date(5, 8)}

    def test_another_closed_case_stays_closed(self, case):
        work.withdraw(case, by=STAFF, now=on(3))
        assert not say(case, now=on(4)).is_open


class TestWhatEndsOne:
    def test_an_answer_of_a_colleague_but_not_of_a_program(self, case):
        do(case)
        letters.send(case, letter=Letter.ACKNOWLEDGEMENT, by="job:web_form", now=RECEIVED)
        assert "message" in waiting(case)
        work.write(case, text="We see.", by=STAFF, now=RECEIVED)
        assert waiting(case) == {}

    def test_their_taking_it_back_leaves_the_message_to_be_read(self, case):
        say(case)
        requester_actions.take_back(case, by="job:web_form", now=RECEIVED)
        assert "message" in waiting(case)

    def test_a_colleague_says_what_was_done(self, case, agent):
        task = tasks.finish(do(case), text="Called them.", by=agent.actor, now=RECEIVED)
        assert (task.how, task.ended_by) == ("done", agent.actor)
        assert case.events.get(kind="noted").text == "Called them."
        with pytest.raises(AlreadyDone):
            tasks.finish(task, text="Again.", by=STAFF, now=RECEIVED)
        changes = Entry.objects.filter(event="case_task_changed").order_by("number")
        assert [one.facts["change"] for one in changes] == ["made", "done"]

    def test_it_is_taken_by_one_who_works_on_cases(self, case, agent, auditor):
        task = tasks.take(do(case), who=agent, by=agent.actor, now=RECEIVED)
        assert task.taken_by == agent
        with pytest.raises(AlreadyDone):
            tasks.take(task, who=agent, by=agent.actor, now=RECEIVED)
        with pytest.raises(Refused):
            tasks.take(task, who=auditor, by=auditor.actor, now=RECEIVED)
        assert tasks.take(task, who=None, by=agent.actor, now=RECEIVED).taken_by is None


class TestOnTheDesk:
    @pytest.fixture(autouse=True)
    def _night(self):
        with time_machine.travel(RECEIVED + 6 * DAY, tick=False):
            yield

    def test_the_list_by_day_with_its_filters(self, desk, case, agent):
        colleague = StaffFactory(staff_id="bert")
        late = do(case)
        today = do(opened(), now=RECEIVED + 2 * DAY)
        mine = do(opened(), now=RECEIVED + 5 * DAY)
        Task.objects.filter(pk=late.pk).update(taken_by=colleague)
        Task.objects.filter(pk=mine.pk).update(taken_by=agent)

        def listed(query=""):
            page = desk.get(LIST + query).content.decode()
            known = (late, today, mine)
            found = [(page.find(one.case.reference), one) for one in known]
            return [one for place, one in sorted(found, key=lambda pair: pair[0]) if place >= 0]

        assert listed() == [late, today, mine]
        assert listed("?whose=mine") == [mine]
        assert listed("?whose=nobody") == [today]
        assert listed("?state=late") == [late]
        assert listed("?state=done") == []
        assert "Nothing is to be done" in desk.get(f"{LIST}?state=done").content.decode()

    def test_take_it_and_say_what_was_done(self, desk, case, agent):
        task = do(case)
        page = f"{LIST}{task.pk}/change/"
        assert "Nobody’s yet" in desk.get(page).content.decode()
        desk.post(f"{LIST}{task.pk}/take/")
        task.refresh_from_db()
        assert task.taken_by == agent
        empty = desk.post(f"{LIST}{task.pk}/done/", {"text": ""}).content.decode()
        assert "Write what was done." in empty
        said = desk.post(f"{LIST}{task.pk}/done/", {"text": "Answered by phone."}, follow=True)
        assert "Done: read what they wrote" in said.content.decode()
        case_page = desk.get(reverse("admin:cases_case_change", args=[case.pk])).content.decode()
        assert "Answered by phone." in case_page
        assert "Done: read what they wrote" in case_page

    def test_its_case_says_so(self, desk, case):
        do(case)
        page = desk.get(reverse("admin:cases_case_change", args=[case.pk])).content.decode()
        assert "We said that we would" in page

    def test_the_first_page_warns_of_what_is_late_and_nobodys(self, desk, case):
        do(case)
        assert "1 task is past its last day." in desk.get("/admin/").content.decode()
        do(opened(), now=RECEIVED + 5 * DAY)
        assert "1 task is nobody’s yet." in desk.get("/admin/").content.decode()

    def test_who_may_only_read(self, signed_in, auditor, case):
        task = do(case)
        reader = signed_in(auditor)
        assert reader.get(f"{LIST}{task.pk}/change/").status_code == 200
        assert reader.post(f"{LIST}{task.pk}/take/").status_code == 403
        assert reader.post(f"{LIST}{task.pk}/done/", {"text": "x"}).status_code == 403
        assert Task.objects.to_do().count() == 1
