"""Stop using my data for something (UK GDPR Article 21)."""

from dataclasses import dataclass

from compliance.cases.kinds import CaseKind
from compliance.portal.forms.fields import LongText, boxes
from compliance.portal.forms.public_form import PublicForm
from compliance.portal.forms.requester import AT_ONCE, AskForm
from compliance.preferences import opt_out
from compliance.preferences.channels import CHANNELS, channels_of, form_choices
from compliance.preferences.objectors import PROFILING


@dataclass(frozen=True)
class Use:
    """One use that somebody can object to: the purposes of the register that it stands for. For
    direct marketing the boxes and the sender of the form that stops it: it is never weighed."""

    words: str
    purposes: tuple[str, ...] = ()  # none: a colleague reads which
    boxes: tuple[str, ...] = ()
    senders: str = ""


ALL = tuple(form_choices())
USES = {
    "marketing": Use(
        "Marketing, and looking at what I buy for it",
        ("marketing", "partner-marketing", "tailoring"),
        ALL,
        "both",
    ),
    "profile": Use(
        "Choosing what I see by what I bought before",
        ("tailoring",),
        (CHANNELS[PROFILING].choice.code,),
        "us",
    ),
    "share": Use(
        "Passing my details to other companies for their marketing",
        ("partner-marketing",),
        ALL,
        "others",
    ),
    "agencies": Use("Telling credit reference agencies how I pay", ("agency-reports",)),
    "fraud": Use("Checks against fraud", ("fraud-prevention",)),
    "other": Use("Something else, which I name below"),
}


class ObjectionForm(AskForm):
    """Stop using my data for something (UK GDPR Article 21)."""

    kind = CaseKind.OBJECTION
    own = ("uses", "words")
    effects = {"uses": {code: AT_ONCE if use.boxes else "objection" for code, use in USES.items()}}

    uses = boxes("What should we stop?", [(code, use.words) for code, use in USES.items()])
    words = LongText(
        "What about you makes this a problem?",
        rows=5,
        help_text="A sentence is enough. To stop marketing you need no reason.",
    )

    def check(self) -> None:
        if not self.said["uses"] and not self.said.get("words", " "):
            self.add_error("uses", "Tick what we should stop, or describe it below.")

    def _ticked(self, *, at_once: bool) -> list[str]:
        return [code for code in self.cleaned_data["uses"] if bool(USES[code].boxes) == at_once]

    def marketing_stops(self) -> list[tuple[tuple[str, ...], str]]:
        ticked = self._ticked(at_once=True)
        if "marketing" in ticked:
            ticked = ["marketing"]
        return [(USES[code].boxes, USES[code].senders) for code in ticked]

    def kinds(self) -> list[str]:
        if self._ticked(at_once=True) and not self._ticked(at_once=False):
            more = self.free_words() or self.cleaned_data["documents"]
            return [CaseKind.MARKETING] if more else []
        return [self.kind]

    def codes(self) -> dict[str, list[str]]:
        stops = self.marketing_stops()
        weighed = self._ticked(at_once=False)
        if weighed or not stops:  # without a tick, a colleague reads what it is about
            return {"purposes": [one for code in weighed for one in USES[code].purposes]}
        # the form's own acts have stopped what was ticked: the case goes with the widest
        boxes, senders = stops[-1]
        return {"channels": channels_of(boxes), "senders": list(opt_out.SENDERS[senders])}

    def answers(self) -> dict[str, str]:
        weighed = self._ticked(at_once=False)
        return {
            "What we should stop": self.chosen(
                "uses", without=tuple(self._ticked(at_once=True)) if weighed else ()
            )
        }


FORM = PublicForm(
    order=50,
    slug="object",
    form=ObjectionForm,
    card="Stop using my data for something",
    says="Object to a use, such as checks, reports to agencies or marketing.",
    title="Stop using my data for something",
    lead=(
        "Some of what we do rests on our own good reasons, which we must weigh against "
        "yours. Tell us what should stop, and why. Marketing stops without being weighed."
    ),
    button="Object",
)
