"""Access (UK GDPR Article 15): the copy of somebody's data, from its preparation to its release, as
what a case brings about.

The copy itself is made in the room below (`compliance.access`), which knows a case by its reference
alone. What touches the case is here: its event, what the letter says, and the message to somebody
whose case was answered before.
"""

import datetime

from django.urls import reverse
from django.utils import timezone

from audit.actions import Refused
from audit.evidence import Evidence
from compliance import letters
from compliance.access import actions, case_urls, decisions
from compliance.access.actions.releases import LASTS
from compliance.access.models import Pack
from compliance.cases import promises
from compliance.cases.actions import steps, to_do
from compliance.cases.lines import Line
from compliance.cases.models import Case, Letter, Outcome
from compliance.deadlines.wording import listed, words_of
from compliance.outcomes.base import Effect, EffectResult, Given
from compliance.outcomes.marketing import said_in
from customers import erasure_lock, matching
from privacy.words import in_words

GIVEN = {
    "name": "name",
    "customer_number": "customer number",
    "email": "email address",
    "phone": "telephone number",
    "address": "postal address",
}
LEFT_OUT = "The law lets us leave this out for the sake of others, or of what is confidential"
HOW_TO_FETCH = (
    "Fetch it from the page that follows your request, after a one-time code. It holds {} "
    "records, to read and "
    "for computers. Or ask us to post it"
)
IN_THE_POST = "It goes to you by post, in an envelope of its own. It holds {} records"
READY_AGAIN = (
    "The copy of your data is ready{}. Fetch it until {} from the page that follows your "
    "request, after a "
    "one-time code."
)
POSTED_AGAIN = "The copy of your data is printed, and goes to you by post."
NEW_ONE = " It takes the place of the one before: please destroy that one."


def live(case: Case) -> Pack | None:
    """The copy that is on its way for a case, or with its customer; None when there is none, or
    only withdrawn ones."""
    if case.customer_id is None:
        return None
    found = Pack.objects.standing().filter(reference=case.reference, customer=case.customer_id)
    return found.first()


class PrepareCopy(Effect):
    """Begin the copy: somebody reads its texts next."""

    code = "prepare_copy"
    label = "Prepare the copy"
    says = (
        "What this portal holds on them, gathered. You read the free texts and leave out what is "
        "about others; a second person checks; then it is built."
    )
    after_closing = True
    counts = False
    may_end = True

    def lock(self, case: Case) -> None:
        erasure_lock.exclusive()

    def stands(self, case: Case) -> bool:
        """Whether there is a copy that was not withdrawn."""
        return live(case) is not None

    def page(self, case: Case) -> str:
        """The page of the copy that is under way; empty when there is none."""
        found = live(case)
        return reverse("admin:access_pack_change", args=[found.pk]) if found else ""

    def perform(self, case: Case, given: Given, *, by: str, now: datetime.datetime) -> EffectResult:
        pack = actions.begin(case.person, reference=case.reference, by=by, now=now)
        return EffectResult(codes={"copy": pack.pk})


class ReleaseCopy(Effect):
    """Let the customer have the copy, and say so in the letter; or in a message, where the case was
    answered before."""

    code = "release_copy"
    label = "Release the copy"
    says = f"They can fetch it for {in_words(LASTS)} behind a one-time code, or it goes by post."
    proven = True
    after_closing = True
    may_end = True

    def lock(self, case: Case) -> None:
        erasure_lock.exclusive()

    def hindrance(self, case: Case) -> str:
        """It was not prepared, not built, or released before and can still be fetched."""
        found = live(case)
        if found is None:
            return "Prepare the copy first."
        if found.state == Pack.State.RELEASED:
            over = found.expires_at is not None and found.expires_at <= timezone.now()
            return "" if over else "It is released."
        return "" if found.state == Pack.State.BUILT else "It is not read, checked and built yet."

    def stands(self, case: Case) -> bool:
        """Whether the customer has a copy that was not withdrawn."""
        found = live(case)
        return found is not None and found.state == Pack.State.RELEASED

    def perform(self, case: Case, given: Given, *, by: str, now: datetime.datetime) -> EffectResult:
        found = live(case)
        if found is None:
            raise Refused("There is no copy yet. Prepare it first.")
        pack = actions.release(
            found,
            means=str(given.get("means") or Pack.Means.ONLINE),
            as_built=bool(given.get("as_built")),
            by=by,
            now=now,
        )
        until = timezone.localdate(pack.expires_at) if pack.expires_at else None
        to_do.fulfil(case, promises.NEW_COPY, by=by, now=now)
        if not case.is_open:
            _tell_again(case, pack, until, by=by, now=now)
        count = f"{pack.records:,}"
        released = Evidence.row(pack, now)
        line = (
            Line.proved(
                "Your copy", "Ready for you", released, until=until, why=HOW_TO_FETCH.format(count)
            )
            if until
            else Line.proved(
                "Your copy", "Printed for you", released, why=IN_THE_POST.format(count)
            )
        )
        gone = [
            Line.proved(what, "Left out of your copy", released, why=LEFT_OUT)
            for what in decisions.left_out(pack)
        ]
        searched = steps.clean(str(given.get("searched") or ""))
        return EffectResult(
            lines=[line, *gone],
            codes={"copy": pack.pk, "means": str(pack.means)},
            record={"searched": searched} if searched else {},
        )


def _tell_again(
    case: Case, pack: Pack, until: datetime.date | None, *, by: str, now: datetime.datetime
) -> None:
    again = " again" if pack.number == 1 else ""
    text = POSTED_AGAIN if until is None else READY_AGAIN.format(again, words_of(until, False))
    text += NEW_ONE if pack.number > 1 else ""
    letters.send(case, letter=Letter.MESSAGE, by=by, now=now, context={"text": text})


class WithdrawCopy(Effect):
    """Take the copy back at once: an error was found in it."""

    code = "withdraw_copy"
    label = "Withdraw the copy"
    says = (
        "For an error in it: from that moment nobody can fetch it, and a new one becomes a task: "
        f"their page says that it comes within {promises.NEW_COPY.words}."
    )
    after_closing = True
    counts = False
    may_end = True

    def hindrance(self, case: Case) -> str:
        """There is no copy."""
        return "" if live(case) else "Prepare the copy first."

    def stands(self, case: Case) -> bool:
        """Whether no new copy was begun since."""
        return live(case) is None

    def perform(self, case: Case, given: Given, *, by: str, now: datetime.datetime) -> EffectResult:
        found = live(case)
        if found is None:
            raise Refused("There is no copy that could be withdrawn.")
        actions.withdraw(found, reason=str(given.get("reason") or ""), by=by, now=now)
        if found.released_at is not None:  # their page tells them that a new one is coming
            to_do.make(case, promises.NEW_COPY, by=by, now=now)
        return EffectResult(codes={"copy": found.pk})


class NoteNothingHeld(Effect):
    """Nobody of ours is meant: where it was searched, and that nothing was found (Article 15(1):
    whether data is held)."""

    code = "nothing_held"
    label = "Note that we hold nothing"
    says = "For somebody who is none of our customers: where you searched."
    matched = False

    def fits(self, case: Case) -> bool:
        """Only while no customer is matched."""
        return case.customer_id is None

    def perform(self, case: Case, given: Given, *, by: str, now: datetime.datetime) -> EffectResult:
        if case.customer_id is not None:
            raise Refused("This person is our customer. Prepare the copy of what we hold.")
        searched = steps.need(str(given.get("searched") or ""), "Write where you searched.")
        said = said_in(case)
        if matching.match(said) is not None:
            raise Refused("What they gave is that of a customer. Match the case first.")
        names = [name for name in GIVEN if getattr(said, name)]
        return EffectResult(record={"searched": searched}, codes={"with": names})

    def gives(self, outcome: Outcome) -> bool:
        """Nothing can be given where nothing is held."""
        return False

    def tells(self, outcome: Outcome) -> list[Line]:
        """That the records of this portal were searched, with what, and that nothing was found."""
        names = [GIVEN[name] for name in outcome.codes.get("with", ())]
        return [
            Line.proved(
                "Data about you",
                "We found none in the records of this portal",
                Evidence.row(outcome, outcome.at),
                why=f"We searched them with the {listed(names)} that you gave us" if names else "",
            )
        ]


def _url(reference: str, effect: str = "") -> str:
    key = Case.objects.filter(reference=reference).values_list("pk", flat=True).first() or 0
    if effect:
        return reverse("admin:cases_outcome_carry_out", args=[key, effect])
    return reverse("admin:cases_case_change", args=[key])


def register() -> None:
    """Say where the request of a copy is worked on."""
    case_urls.register(
        case_urls.CaseUrls(
            request=_url,
            release=lambda reference: _url(reference, ReleaseCopy.code),
            withdraw=lambda reference: _url(reference, WithdrawCopy.code),
        )
    )


EFFECTS: tuple[Effect, ...] = (PrepareCopy(), NoteNothingHeld(), ReleaseCopy(), WithdrawCopy())
