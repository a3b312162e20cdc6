"""The fixed set of placeholders: what each stands for, and a made-up value for the preview."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Placeholder:
    """`says` is for whoever edits a wording. `parts`: it stands for whole paragraphs, so it stands
    alone in one."""

    says: str
    example: str = ""
    link: bool = False
    parts: bool = False


PLACEHOLDERS: dict[str, Placeholder] = {
    "reference": Placeholder("The reference of the case.", "R-7K3F-9QXD-2RTB"),
    "asked": Placeholder(
        "What they asked, as we understood it, in a sentence of ours.",
        "You asked us for a copy of your personal data.",
    ),
    "called": Placeholder("What we call it: request, or complaint."),
    "received_on": Placeholder("The day on which we had it.", "Monday 2 March 2026"),
    "today": Placeholder("The day of this letter.", "Tuesday 3 March 2026"),
    "controller": Placeholder("Our name."),
    "controller_address": Placeholder("Our address."),
    "controller_telephone": Placeholder("Our telephone number."),
    "controller_email": Placeholder("Our email address."),
    "lead": Placeholder("Who leads on data protection here."),
    "status_page": Placeholder("The page on which they can follow it.", link=True),
    "acknowledged_within": Placeholder("How soon the law asks us to acknowledge a complaint."),
    "your_data": Placeholder("The page on which they can ask or complain.", link=True),
    "regulator_name": Placeholder("The regulator’s name on the day of the letter."),
    "regulator_address": Placeholder("The regulator’s address."),
    "regulator_telephone": Placeholder("The regulator’s telephone number."),
    "regulator_website": Placeholder("The regulator’s page for complaints.", link=True),
    # Only in the letters that say so in their file:
    "promise": Placeholder(
        "By when we answer, or what the answer waits for.",
        "We will answer you by Thursday 2 April 2026.",
    ),
    "due_date": Placeholder("The last day for our answer.", "Thursday 2 April 2026"),
    "next_step": Placeholder(
        "What happens next, by the kind of request.", "We are looking for your data now."
    ),
    "answer_by": Placeholder("The day by which we ask for their reply.", "Tuesday 17 March 2026"),
    "waiting_for": Placeholder("What we asked them for.", "proof of identity"),
    "decision": Placeholder(
        "Whether we agree with the complaint.", "We agree with your complaint."
    ),
    "ombudsman_name": Placeholder("The ombudsman’s name."),
    "ombudsman_address": Placeholder("The ombudsman’s address."),
    "ombudsman_telephone": Placeholder("The ombudsman’s telephone number."),
    "ombudsman_website": Placeholder("The ombudsman’s website.", link=True),
    "final_within": Placeholder("How long a complaint about credit may take."),
    "agencies_within": Placeholder("How long the law gives us to name the agencies."),
    "request_window": Placeholder("How long after negotiations ended section 157 holds."),
    "agency_answers_within": Placeholder("How long an agency has to answer."),
    "extension": Placeholder("What an extension adds."),
    "proof_kept": Placeholder("How long we keep proof of identity once we checked it."),
    "because": Placeholder("Why we ask, in plain words, with the section of law."),
    "fee": Placeholder("What we ask for.", "£12.00"),
    "ground": Placeholder("Why we refuse, in plain words, with the section of law.", parts=True),
    "text": Placeholder("What the member of staff writes to this person.", parts=True),
    "searched": Placeholder("What was searched, and why that was reasonable.", parts=True),
    "dates": Placeholder("The dates of the case, line by line.", parts=True),
    "lines": Placeholder(
        "What was done with each kind of data: erased, kept, changed; why, and until when.",
        parts=True,
    ),
    "recipients": Placeholder("Who received the data from us, and was told.", parts=True),
    "agencies": Placeholder(
        "The credit reference agencies that we asked, each with its address.", parts=True
    ),
    "fraud_agencies": Placeholder("The fraud prevention agencies that we asked too.", parts=True),
    "notices": Placeholder(
        "Every credit reference agency with the page of its notice, from the register.", parts=True
    ),
}
PARTS = tuple(name for name, one in PLACEHOLDERS.items() if one.parts)
ALWAYS = (
    "reference",
    "asked",
    "called",
    "received_on",
    "today",
    "controller",
    "controller_address",
    "controller_telephone",
    "controller_email",
    "lead",
    "status_page",
    "your_data",
    "acknowledged_within",
    "regulator_name",
    "regulator_address",
    "regulator_telephone",
    "regulator_website",
)
