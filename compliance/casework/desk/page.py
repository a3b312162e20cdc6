"""One case as its page shows it: what was asked, who, the clock in words, what to do next, what
happened."""

import datetime
import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpRequest
from django.utils import timezone

from accounts.desk import names_of
from compliance import outcomes
from compliance.cases.actions import clock, steps
from compliance.cases.buckets import bucket
from compliance.cases.kinds import CaseStatus, Requester
from compliance.cases.models import Case
from compliance.cases.models.tasks import TO_DO
from compliance.casework.desk import case_actions, timeline
from compliance.casework.desk.case_actions import CaseAction, CaseToday
from compliance.casework.desk.counts import TONES, WORK
from compliance.casework.desk.tasks import standing
from compliance.deadlines import Deadline
from compliance.deadlines.explain import account, due_in_words, sentence
from compliance.deadlines.wording import upper, words_of
from compliance.preferences.desk.queue import proposals
from compliance.register.kept_for import kept_for
from customers.desk import page_url
from customers.matching import Given
from privacy.words import in_words

MOST_OTHERS = 10  # cases of the same person that a case's page lists
GIVEN = {
    "name": "Name",
    "customer_number": "Customer number",
    "email": "Email address",
    "phone": "Telephone number",
    "address": "Postal address",
}


@dataclass(frozen=True)
class Clock:
    """The clock of a case in words. `tone` colours the date, whose `left` says the same in days."""

    due: str
    left: str
    bucket: str
    tone: str
    sentence: str
    account: list[str]
    target: str
    extension: str
    review: str


def clock_of(case: Case, found: Deadline, today: datetime.date) -> Clock:
    """The stored clock in words, with the account of how it came about."""
    urgency = bucket(case.due_on, today, is_open=case.is_open)
    if case.due_on == found.due:
        due, why, told = due_in_words(found), sentence(found), account(found)
    else:  # the calendar has changed since; a moment later it is worked out anew
        due, told = (words_of(case.due_on) if case.due_on else "no last day yet"), []
        why = f"As worked out under rule {case.rule_version}. It is being worked out anew."
    return Clock(
        upper(due),
        time_left(case, today),
        urgency.label,
        TONES[urgency],
        why,
        told,
        words_of(case.target_on) if case.target_on and case.is_open else "",
        _extension(case, found, today),
        words_of(case.review_on) if case.review_on and case.is_open else "",
    )


def time_left(case: Case, today: datetime.date) -> str:
    """“in 21 days”, “today”, “3 days overdue”; of a closed case whether it ended in time."""
    if case.due_on is None:
        return ""
    if not case.is_open:
        late = (case.closed_on - case.due_on).days if case.closed_on else 0
        return f"closed {timeline.days(late)} late" if late > 0 else "closed in time"
    days = (case.due_on - today).days
    if days < 0:
        return f"{timeline.days(-days)} overdue"
    return "today" if days == 0 else "tomorrow" if days == 1 else f"in {timeline.days(days)}"


def _extension(case: Case, found: Deadline, today: datetime.date) -> str:
    """Whether it can be extended, or why no more."""
    if not case.is_open or not found.rule.extended_months:
        return ""
    if case.extended:
        months = in_words(found.rule.extended_months, "month")
        return f"Extended to {months}. The law allows it once."
    if case.extension_until is None:
        return ""
    until = words_of(case.extension_until)
    if today > case.extension_until:
        return f"Too late: the last day for the notice was {until}."
    return f"Possible until {until}."


@dataclass(frozen=True)
class ButtonGroup:
    """Buttons that belong together."""

    title: str
    actions: list[CaseAction]


def context(request: HttpRequest, case: Case) -> dict[str, Any]:
    """Everything on the page of one case. At most 20 queries, however much happened."""
    today = timezone.localdate()
    prefetch_related_objects([case], "events")  # the clock reads them too
    events = list(case.events.all())
    works = request.user.has_perm(WORK)
    on = CaseToday(case, events, today)
    offers = case_actions.offered(on) if works else []
    first = case_actions.first(on, offers)
    whose = _whose(request, case, works)
    return {
        "case": case,
        "works": works,
        "clock": clock_of(case, clock.deadline(case), today),
        "first": case_actions.CASE_ACTIONS.get(first),
        "groups": _groups(offers, first),
        "waiting": _waiting(on),
        "offers": _offers(request, case) if works else [],
        "given": [(label, text) for name, label in GIVEN.items() if (text := getattr(case, name))],
        "details": [
            (upper(name.replace("_", " ")), value) for name, value in case.facts.items() if value
        ],
        "tasks": [(task, standing(task)) for task in case.tasks.filter(TO_DO)],
        "timeline": timeline.entries(
            events, letters_shown=request.user.has_perm("outbox.view_message")
        ),
        "files": case.attachments.defer("content")
        if request.user.has_perm("cases.view_attachment")
        else [],
        "proof_kept": kept_for(identity="request-identity")["identity"],
        "identified_by": _name(case.identified_by),
        "match_token": uuid.uuid4(),
        **whose,
    }


def _offers(request: HttpRequest, case: Case) -> list[dict[str, Any]]:
    """The effects of this kind of case: a button where it can be pressed, the reason where it
    cannot; none when closed."""
    return [
        {
            "offer": one,
            "says": "" if one.carried_out and one.why_not else one.why_not or one.says,
            "url": "" if one.why_not or not may else one.url,
            "lead": not may and not one.why_not,
            "click": one.effect.click(case) if may and case.is_open and not one.why_not else None,
        }
        for one in outcomes.offered(case)
        if case.is_open or one.carried_out or not one.why_not
        for may in [request.user.has_perm(one.permission)]
    ]


def _groups(offers: list[CaseAction], first: str) -> list[ButtonGroup]:
    return [
        ButtonGroup(title, found)
        for title, actions in case_actions.GROUPS.items()
        if (found := [one for one in offers if one in actions and one.code != first])
    ]


def _waiting(on: CaseToday) -> list[str]:
    if not on.case.is_open:
        return []
    return [
        f"{upper(steps.CALLED[what])}, asked for on {words_of(day)}"
        for what, day in on.waiting.items()
    ]


def _name(actor: str) -> str:
    if not actor:
        return ""
    return (
        "the customer, by a one-time code"
        if actor.startswith("customer:")
        else names_of([actor])[actor]
    )


def _whose(request: HttpRequest, case: Case, works: bool) -> dict[str, Any]:
    """Who it is: the customer, or whom it could be; and the other cases of the same person."""
    if case.customer_id:
        others = (
            Case.objects.filter(customer=case.customer_id)
            .exclude(pk=case.pk)
            .order_by("-received_at")
        )
        return {
            "customer_url": page_url(case.customer_id),
            "others": list(
                others.only("pk", "reference", "kind", "status", "received_on")[:MOST_OTHERS]
            ),
        }
    in_person = case.requester == Requester.CUSTOMER
    given = Given(
        **{
            name: (getattr(case, name) or "")
            if in_person or name in ("name", "customer_number")
            else ""
            for name in GIVEN
        }
    )
    open_still = works and case.status in (CaseStatus.OPEN, CaseStatus.WAITING)
    return {"proposals": proposals(given) if open_still else [], "may_match": open_still}


def heading(case: Case) -> str:
    """The title of the page."""
    return f"{case.get_kind_display()}: {case.reference}"
