"""What looking into a complaint found, about data or about credit."""

import datetime

from django.utils import timezone

from audit.actions import Refused
from compliance.cases import promises
from compliance.cases.actions import to_do
from compliance.cases.models import Case, Outcome, Task
from compliance.deadlines.wording import words_of
from compliance.outcomes.base import Effect, EffectResult, Given, text_of


class NoteFindings(Effect):
    """What looking into a complaint found, and what is done about it."""

    code = "complaint"
    label = "Note what was found"
    says = "What looking into it found, and what is done about it, by when: that becomes a task."
    matched = False

    def perform(self, case: Case, given: Given, *, by: str, now: datetime.datetime) -> EffectResult:
        findings = text_of(given, "findings", "Write what you found.")
        remedy = str(given.get("remedy") or "").strip()
        due_on: datetime.date | None = given.get("remedy_by")
        if due_on and not remedy:
            raise Refused("Write what is done by that day.")
        if due_on and due_on < timezone.localdate(now):
            raise Refused("That day has passed. Choose one on which it can still be done.")
        to_do.drop(case, promises.REMEDY, by=by, now=now)  # of what was noted before
        codes: dict[str, object] = {"outcome": str(given["outcome"]), "remedy": bool(remedy)}
        if remedy:
            task = to_do.make_anew(case, promises.REMEDY, due_on=due_on, by=by, now=now)
            codes["task"] = task.pk
        return EffectResult(
            record={"findings": findings, **({"remedy": remedy} if remedy else {})}, codes=codes
        )


def found(case: Case) -> tuple[str, str]:
    """What was noted last of a complaint: its outcome (`upheld`, `partly` or `rejected`), and the
    findings and the remedy as the letter may tell them, with the day by which somebody sees to it
    or on which somebody did. Two empty texts while nothing was noted."""
    noted = Outcome.objects.filter(case=case, effect="complaint").order_by("-pk").first()
    if noted is None:
        return "", ""
    said = noted.reasons
    texts = [said.get("findings", "")]
    if said.get("remedy"):
        texts.append(f"What we have decided to do about it: {said['remedy']}")
        texts += _by_when(Task.objects.filter(pk=noted.codes.get("task")).first())
    return str(noted.codes["outcome"]), "\n\n".join(texts)


def _by_when(task: Task | None) -> list[str]:
    """The sentence that names a remedy's day: that of its task while somebody has it to do, or that
    on which a colleague wrote down that it is done."""
    if task is not None and task.ended_at is None:
        return [f"We do that by {words_of(task.due_on)}."]
    if task is not None and task.ended_at and task.how == Task.How.DONE:
        return [f"We did that on {words_of(timezone.localdate(task.ended_at))}."]
    return []


EFFECTS: tuple[Effect, ...] = (NoteFindings(),)
