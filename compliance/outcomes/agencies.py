"""Which credit reference agencies were asked (Consumer Credit Act 1974 section 157), answered from
the log.

What the letter says is worked out anew as it is sent. `AnswerFromLog.click` says whether that needs
anybody to decide anything: if not, the case's page has one button which answers and closes. What
came too late for section 157 is answered all the same, as the question that it also is: who
received my data (UK GDPR Article 15(1)(c))?
"""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from audit.actions import Refused
from compliance.cases.actions import clock, steps
from compliance.cases.kinds import CaseKind, EventKind
from compliance.cases.lines import Line
from compliance.cases.models import Case, Letter, Outcome
from compliance.deadlines.wording import words_of
from compliance.disclosures import agencies as log
from compliance.disclosures.agencies import Agency, Application, Asked
from compliance.letters.addresses import WhereTo, recipient
from compliance.letters.asked_agencies import AGENCY, FRAUD, NONE
from compliance.outcomes.base import Click, Effect, EffectResult, Given
from compliance.register import time_limits
from customers.outbox.models import Message

NAMED_BY_THEM = "Application or account"  # what the public form calls it
NO_SEARCH = "The log knows no search with a credit reference agency for them."


@dataclass(frozen=True)
class LogFindings:
    """What the log says to one case, and what somebody has to decide before it can be answered."""

    found: Asked
    received_on: datetime.date
    chosen: tuple[Application, ...]  # those that it is most likely about
    late: bool
    decide: tuple[str, ...] = ()  # empty: one click answers it
    where: WhereTo | None = None
    recorded_end: datetime.date | None = None

    def ended(self, one: Application) -> datetime.date | None:
        """When the negotiations about an application ended: the log says it, or else the case."""
        return one.ended_on or self.recorded_end

    @property
    def to(self) -> str:
        """Where the letter goes, in one line."""
        return ", ".join(self.where.address.splitlines()) if self.where else ""

    def counts(self, one: Application) -> bool:
        """Whether the request came in time for section 157 about an application."""
        ended = self.ended(one)
        return ended is None or self.received_on <= ended + log.window()


def findings(case: Case, *, today: datetime.date) -> LogFindings:
    """Look at a case: whom the log names, and whether one click may answer it. About seven
    queries."""
    found, ended = log.asked(case.customer, today=today), _recorded_end(case)
    named = found.of(str(case.facts.get(NAMED_BY_THEM) or ""))
    counting = tuple(one for one in found.applications if _in_time(one, case, ended))
    chosen = (named,) if named else counting or found.applications[:1]
    late = _late(case, chosen, ended)
    try:
        where, nowhere = recipient(case, Letter.AGENCIES), ""
    except Refused as refused:
        where, nowhere = None, str(refused)
    decide = tuple(
        filter(None, [*_to_decide(case, found, named, chosen, ended, late=late), nowhere])
    )
    return LogFindings(found, case.received_on, chosen, late, decide, where, ended)


def _to_decide(
    case: Case,
    found: Asked,
    named: Application | None,
    chosen: tuple[Application, ...],
    ended: datetime.date | None,
    *,
    late: bool,
) -> Iterator[str]:
    """Why it is not routine, in words for whoever decides."""
    if case.customer is None:
        yield (
            "Nobody knows yet whose request this is. Match it first; if they are no customer, "
            "say that none was asked."
        )
        return
    said = str(case.facts.get(NAMED_BY_THEM) or "")
    if not found.applications:
        yield f"{NO_SEARCH} Ask the credit team before you say that none was asked."
    elif said and named is None:
        yield (
            f"They name “{said}”, which the log does not know. Choose the application that "
            "they mean."
        )
    elif len(found.applications) > 1 and named is None:
        yield (
            "There is more than one application. Those that count for section 157 are ticked; "
            "a letter may answer for all."
        )
    for one in chosen:
        if not one.agencies:
            yield (
                f"The log has no search with a credit reference agency for {one.reference}. "
                "Ask the credit team."
            )
        if (one.ended_on or ended) is None:
            yield (
                f"Nobody knows when the negotiations about {one.reference} ended. Section 157 "
                "is taken to apply."
            )
        for agency in one.agencies:
            if agency.missing:
                yield (
                    f"The register lacks the {' and the '.join(agency.missing)} of "
                    f"{agency.name}. The data protection "
                    "lead adds it under Recipients."
                )
    if found.loose:
        yield (
            f"{found.loose} search{'es name' if found.loose > 1 else ' names'} no application, "
            "and so cannot be told to "
            "belong to one. Ask the credit team."
        )
    if late:
        yield (
            f"It came more than {time_limits.window('cra_disclosure')} after the negotiations "
            "ended, too late for section 157. "
            "The letter says so, and "
            "answers it as a question about who received their data."
        )


def _recorded_end(case: Case) -> datetime.date | None:
    """The day on which negotiations ended as somebody recorded it in the case: the last entry
    counts."""
    days = [event.on for event in case.events.all() if event.kind == EventKind.NEGOTIATIONS_ENDED]
    return days[-1] if days else None


def _in_time(one: Application, case: Case, ended: datetime.date | None) -> bool:
    last = one.ended_on or ended
    return last is None or case.received_on <= last + log.window()


def _late(case: Case, chosen: tuple[Application, ...], ended: datetime.date | None) -> bool:
    if not chosen:
        return ended is not None and case.received_on > ended + log.window()
    return not any(_in_time(one, case, ended) for one in chosen)


class AnswerFromLog(Effect):
    """Write down whom we asked: for the applications chosen, or that none was asked. What the
    letter says comes from here."""

    code = "agencies"
    label = "Answer from the log"
    says = (
        "The letter names each agency that the log knows, with its address and telephone, or "
        "says that none was asked. It goes out, and the case is closed."
    )
    matched = False
    closes = True

    def gives(self, outcome: Outcome) -> bool:
        """It is the whole answer, or none: section 157 knows no part."""
        return False

    def click(self, case: Case) -> Click | None:
        """The one click that answers, when nobody has to decide anything; None when somebody
        has."""
        found = findings(case, today=timezone.localdate())
        if found.decide or found.where is None:
            return None
        names = ", ".join(one.name for one in found.chosen[0].agencies)
        how = "by letter" if found.where.means == Message.Means.LETTER else "by email"
        return Click(
            f"It names {names}, and goes {how} to {found.to}.",
            {"applications": found.chosen[0].reference, "click": "1"},
        )

    def perform(self, case: Case, given: Given, *, by: str, now: datetime.datetime) -> EffectResult:
        today = timezone.localdate(now)
        found, ended = log.asked(case.customer, today=today), _recorded_end(case)
        chosen = tuple(
            one for reference in given.get("applications") or () if (one := found.of(reference))
        )
        if not chosen and not given.get("none"):
            raise Refused("Choose the application that they ask about, or say that none was asked.")
        if given.get("none") and any(one.agencies for one in found.applications):
            raise Refused("The log knows agencies that we asked. Choose the application instead.")
        if chosen and given.get("none"):
            raise Refused("Either choose an application, or say that none was asked.")
        for agency in (one for application in chosen for one in application.agencies):
            if not agency.address:
                raise Refused(
                    f"The register has no address for {agency.name}, and the letter must give it. "
                    "The data protection "
                    "lead adds it under Recipients."
                )
        late = _late(case, chosen, ended)
        if late:
            _without_section_157(case, chosen, by=by, now=now)
        lines = [*_lines(chosen, ended), *_fraud(chosen)]
        return EffectResult(
            lines=lines,
            codes={
                "applications": len(chosen),
                "agencies": len({one.code for each in chosen for one in each.agencies}),
                "window": "outside" if late else "inside",
            },
        )


def _without_section_157(
    case: Case, chosen: tuple[Application, ...], *, by: str, now: datetime.datetime
) -> None:
    """The clock of section 157 does not run for what came too late: record the end of the
    negotiations, as the log has it."""
    if clock.deadline(case).late_for is not None:
        return
    last = max(one.ended_on for one in chosen if one.ended_on)
    steps.record(case, EventKind.NEGOTIATIONS_ENDED, by=by, now=now, on=last)
    clock.apply(case, by=by, now=now, on=last, why=EventKind.NEGOTIATIONS_ENDED.value)


def _lines(chosen: tuple[Application, ...], ended: datetime.date | None) -> Iterator[Line]:
    if not any(one.agencies for one in chosen):
        yield Line.said("Credit reference agencies", "None was asked", more={"part": NONE})
        return
    for one in chosen:
        about = {
            "application": one.reference,
            "ended": words_of(last) if (last := one.ended_on or ended) else "",
        }
        for agency in one.agencies:
            yield _line(agency, about)
        if not one.agencies:
            yield Line.said(
                f"Application {one.reference}",
                "No credit reference agency was asked",
                more={"part": NONE, **about},
            )


def _line(agency: Agency, about: Mapping[str, str]) -> Line:
    days = "; ".join(
        f"{words_of(search.on)}{f' ({search.what})' if search.what else ''}"
        for search in agency.searches
    )
    reach = ", ".join(filter(None, [agency.address, agency.telephone]))
    return Line.proved(
        agency.name,
        f"Asked on {days}",
        agency.searches[-1].logged,
        why=reach,
        more={
            "part": AGENCY,
            "name": agency.name,
            "now": agency.now,
            "address": agency.address,
            "telephone": agency.telephone,
            "website": agency.website,
            "asked": days,
            **about,
        },
    )


def _fraud(chosen: tuple[Application, ...]) -> Iterator[Line]:
    """The fraud prevention agencies, apart: that they were asked is told, unless two people decided
    otherwise about this person. Nobody learns of that."""
    asked = {name: logged for one in chosen for name, logged in one.fraud_agencies.items()}
    for name, logged in asked.items():
        yield Line.proved(
            name,
            "Asked too, as a fraud prevention agency",
            logged,
            more={"part": FRAUD, "name": name},
        )


def told(case: Case) -> dict[str, Any]:
    """What the letter about agencies says, from the last time that it was worked out; empty for any
    other case."""
    last = (
        Outcome.objects.filter(case=case, effect=AnswerFromLog.code).order_by("-pk").first()
        if case.kind == CaseKind.AGENCIES
        else None
    )
    if last is None:
        return {}
    lines = [line.more for line in last.told]
    rows = [line for line in lines if line.get("part") in (AGENCY, NONE)]
    return {
        "agencies": rows if any(line["part"] == AGENCY for line in rows) else [],
        "fraud_agencies": [line["name"] for line in lines if line.get("part") == FRAUD],
        "late": last.codes.get("window") == "outside",
    }


EFFECTS: tuple[Effect, ...] = (AnswerFromLog(),)
