"""The words of the notice that do not come from the register: rights, marketing, security, contact,
complaints.

They promise only what the portal does today. Pages of upper rooms join in through `pages`.
"""

from collections.abc import Iterator

from django.conf import settings
from django.utils import timezone

from compliance.register import (
    pages,
    regulator,
    time_limits,
    wording,  # noqa: F401  whoever asks first, the first half of the notice stands before this one
)
from compliance.register.blocks import Block, bullets, mail, paragraph, phone, table, web
from compliance.register.notice import RegisterOnDay, part


def rights() -> list[tuple[str, str, str]]:
    """What a person can do, what that means, and by when we answer."""
    month = f"Within {time_limits.period('sar')}"
    return [
        (
            "See it",
            "Get a copy of what our records on this site hold about you, and learn why we hold it and "
            "who, by our log, has received it.",
            month,
        ),
        (
            "Correct it",
            "Have what is wrong put right and what is missing added. Those who, by our log, received it "
            "from us are told.",
            month,
        ),
        (
            "Erase it",
            "Have it erased where we have no good reason left to keep it. We tell you what we keep, "
            "why and until when.",
            month,
        ),
        (
            "Restrict it",
            "Have us keep it and stop using it, for example while we check whether it is right. We tell "
            "you which uses stop, and which the law lets go on.",
            month,
        ),
        (
            "Object",
            "Tell us that something we do on the basis of legitimate interests should stop, and why.",
            month,
        ),
        (
            "Stop marketing",
            "Say no to marketing, and to our looking at your shopping habits for it: you are on our "
            "list of those who object from that moment. You need no reason.",
            "At once",
        ),
        (
            "Take back consent",
            "Withdraw a consent as easily as you gave it. What was done before stays lawful.",
            "At once",
        ),
        (
            "Move it",
            "Get what you gave us, or what came from your account, as a file that a computer can read.",
            month,
        ),
        (
            "Ask for a person",
            "Have somebody look afresh at a decision that a computer took alone.",
            month,
        ),
        (
            "Know the agencies",
            "Learn which credit reference agencies we asked about you.",
            f"Within {time_limits.period('cra_disclosure')} of your letter or email, if it comes within "
            f"{time_limits.window('cra_disclosure')} after your "
            f"application ended; otherwise {month.lower()}",
        ),
        (
            "Complain",
            "Tell us that we got it wrong. We acknowledge it and look into it.",
            f"Acknowledged within {time_limits.period('complaint_ack')}",
        ),
    ]


def ways(section: str) -> Block:
    """How to reach us about something, the pages first that exist for it."""
    us = settings.CONTROLLER
    return bullets(
        [
            *(
                f"**Online:** [{page.label}]({page.url}). {page.says}"
                for page in pages.for_section(section)
            ),
            f"**By post:** {us['name']}, {us['address']}",
            f"**By telephone:** {phone(us['telephone'])}",
            f"**By email:** {mail(us['email'])}",
        ]
    )


@part("right-to-object", "Your right to object", after="in-short")
def right_to_object(facts: RegisterOnDay) -> Iterator[Block]:
    """Apart from everything else, early and plainly (UK GDPR Article 21(4))."""
    yield paragraph(
        "**You can object at any time** to our using your data on the basis of legitimate "
        "interests: say what should stop, and why. **You can object to marketing at any time**, "
        "to looking at your habits for it too; you need no reason, and nothing is weighed against "
        "it."
    )
    yield ways("your-rights")


@part("your-rights", "Your rights, and how to use them")
def your_rights(facts: RegisterOnDay) -> Iterator[Block]:
    yield paragraph(
        "These rights are yours by law. They cost you nothing, unless a request is manifestly "
        "unfounded or excessive, or for a further copy: then we tell you first what it costs, and "
        "why. You need no special form or words. Some have limits; if we cannot do what you ask, "
        "we tell you why and what you can do about it."
    )
    yield table("Your rights", ["You can", "What that means", "We answer"], rights(), spoken=True)
    yield paragraph("Choose whichever way suits you:")
    yield ways("your-rights")
    yield paragraph(
        "Give us your name, and your customer number if you have it to hand. We ask for proof of "
        "who you are only if we have reason to doubt it. If a request is complicated we may need "
        f"up to {time_limits.further('sar', 'month')} more; we tell you so, with the reason, before the first month is over. "
        "Somebody else may ask for you if you allow it. If you need large print, Braille or "
        "another form, say so."
    )


@part("marketing", "Your marketing choices")
def marketing(facts: RegisterOnDay) -> Iterator[Block]:
    yield paragraph(
        "You decide whether you hear from us about offers, and you can change your mind at any "
        "time. Tell us in any way you like; you need no reason, and we do not ask for proof of "
        "who you are:"
    )
    yield ways("marketing")
    yield paragraph("By email, these short ways work too:")
    yield bullets(
        [
            "To stop our marketing by email, it is enough to write an email with your name and "
            "customer number "
            "in the message.",
            "To stop only the email marketing of other organisations, and go on hearing from us, "
            "use the subject "
            "line “email no third party marketing”, with your name and customer number in the "
            "message.",
        ]
    )
    yield paragraph(
        "You can also say that other organisations must not write to you or call you. Those who "
        "have had "
        "your details from us by our log are told to stop."
    )
    yield paragraph(
        "What this site can read takes effect at once; what it cannot read waits for a colleague. "
        "A mailing for which the addresses were made up before "
        "may still reach you. Messages that you need, such as statements and news of an order, "
        "still come. We put your email address on a list for another organisation only with your "
        "express permission, which you can withdraw at any time."
    )
    yield paragraph(
        "To keep to your choice we remember the address or number, scrambled with a key of ours "
        "without which it cannot be read. It stays when everything else about you has been erased: "
        "without it "
        "we could write to you again by mistake."
    )


@part("security", "How we keep it safe")
def security(facts: RegisterOnDay) -> Iterator[Block]:
    yield bullets(
        [
            "What you send to this site travels encrypted (https). You can tell by the address that "
            "begins with https://.",
            "Names, birthdays, contact details and notes are stored encrypted, under keys that are not in the database.",
            "Our records of cards hold no full card number and no security code.",
            "Each member of staff sees and does only what their role allows. Each look at a "
            "customer’s page is "
            "logged, in a log that shows if anybody tampers with it.",
        ]
    )
    yield paragraph(
        "No system is perfectly safe. If something goes wrong, we write it into a register. If it "
        "puts you at high risk, we tell you without undue delay. If it may be a risk to anybody, "
        f"we tell the regulator within {time_limits.period('breach')} of knowing of it, or with "
        "the reasons for the delay."
    )


@part("contact", "Contact")
def contact(facts: RegisterOnDay) -> Iterator[Block]:
    yield paragraph("Questions about this notice or about your data? We are glad to help.")
    yield ways("contact")


@part("complaints", "If you are not satisfied")
def complaints(facts: RegisterOnDay) -> Iterator[Block]:
    office = regulator.on(timezone.localdate())
    yield paragraph("Please tell us first: we would like to put it right.")
    yield ways("complaints")
    yield paragraph(
        f"We acknowledge a complaint about your data within {time_limits.period('complaint_ack')}, look into it, keep you "
        "informed "
        "and tell you the outcome without undue delay."
    )
    yield paragraph("You can complain to the regulator at any time, and you can go to court.")
    yield table(
        "The regulator",
        ["", ""],
        [
            ["Name", office["name"]],
            ["Post", office["address"]],
            ["Telephone", phone(office["telephone"])],
            ["Website", web(office["website"])],
        ],
    )
