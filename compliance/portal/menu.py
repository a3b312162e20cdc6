"""The forms of the public by their addresses, in everyday words: what each is for, and what it says
on its page."""

from dataclasses import dataclass

from compliance.portal.forms import rights
from compliance.portal.forms.requester import AskForm


@dataclass(frozen=True)
class PublicForm:
    """One form: its address under `/your-data/`, how people know it, and the sentences on its
    page."""

    slug: str
    form: type[AskForm]
    card: str  # on the page that helps to choose
    says: str
    title: str
    lead: str
    button: str

    @property
    def about(self) -> str:
        """The template with what one should know before asking."""
        return f"portal/about/{self.slug}.html"


PUBLIC_FORMS: tuple[PublicForm, ...] = (
    PublicForm(
        "copy",
        rights.AccessForm,
        "See what you hold about me",
        "A copy of your data, why we hold it, and who has received it.",
        "See what we hold about you",
        "We send you a copy of your personal data, and say why we hold it, where it came "
        "from, how long we keep it and who has received it.",
        "Ask for my data",
    ),
    PublicForm(
        "agencies",
        rights.AgenciesForm,
        "Which credit reference agencies did you ask?",
        "Their names and addresses, after an application for credit.",
        "Which credit reference agencies did we ask?",
        "If you applied for credit, you can have the name and address of "
        "each agency that we asked about you, or our word that there was none.",
        "Ask which agencies",
    ),
    PublicForm(
        "correct",
        rights.CorrectionForm,
        "Something is wrong",
        "Have it put right, or have added what is missing.",
        "Something is wrong",
        "Tell us what is wrong or missing. We check it, put it right, and tell those who "
        "received it "
        "from us.",
        "Ask for a correction",
    ),
    PublicForm(
        "delete",
        rights.ErasureForm,
        "Delete my data",
        "What we have no good reason left to keep goes.",
        "Delete my data",
        "We delete what we have no good reason left to keep, and tell you line by line what is "
        "gone and "
        "what stays, why, and until when.",
        "Ask to delete my data",
    ),
    PublicForm(
        "object",
        rights.ObjectionForm,
        "Stop using my data for something",
        "Object to a use, such as checks, statistics or passing it on.",
        "Stop using my data for something",
        "Some of what we do rests on our own good reasons, which we must weigh against "
        "yours. Tell us what should stop, and why.",
        "Object",
    ),
    PublicForm(
        "restrict",
        rights.RestrictionForm,
        "Keep my data, but do not use it",
        "For example until something wrong is put right.",
        "Keep my data, but do not use it",
        "We go on storing the data, and use it only with your consent, for legal "
        "claims, or to protect somebody else.",
        "Ask to restrict the use",
    ),
    PublicForm(
        "move",
        rights.MovingForm,
        "Take my data elsewhere",
        "A file that a computer can read, for you or for another company.",
        "Take my data elsewhere",
        "What you gave us, and what came from your orders and your account, as a file that "
        "another company’s computer can read.",
        "Ask for the file",
    ),
    PublicForm(
        "decision",
        rights.ReviewForm,
        "A computer refused me credit",
        "Learn what counted, tell us your side, and have a person decide afresh.",
        "Have a person look at a credit decision",
        "If a computer decided on your application or cut your limit, a person "
        "who can change it looks at it afresh. You learn what counted, and can tell us your side.",
        "Ask for a person",
    ),
    PublicForm(
        "complain",
        rights.ComplaintForm,
        "I want to complain",
        "About your data, or about credit. Tell us, and we look into it.",
        "Complain",
        "Tell us what went wrong. We confirm that we have it, look into it, and tell you what we "
        "found and what "
        "we do about it.",
        "Send my complaint",
    ),
)
BY_SLUG = {public_form.slug: public_form for public_form in PUBLIC_FORMS}
