"""The paragraph that goes into the decline itself (Consumer Credit Act 1974 section 157(A1)): which
agencies it rested on.

The shop's own system writes declines; it asks for this paragraph with the reference of the
application. It comes as plain text, as HTML and as data, with each agency's name, address and
telephone number as the register knew them on the day of the decision.
"""

import datetime
from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from compliance.disclosures import agencies as log
from compliance.disclosures.agencies import Agency

SCHEMA = "decline-paragraph/1"
LAW = "Consumer Credit Act 1974 section 157(A1)"
# Section 157(2A): only then may it be left out. Somebody decides that, case by case; no marker in
# our records does, because a paragraph that is missing where others have it would tell the person
# why.
EXCEPTIONS = {
    "uk-gdpr": "It would contravene the UK GDPR.",
    "violence": "It would put somebody at risk of serious violence.",
    "crime": "It would prejudice the prevention or detection of crime, or the prosecution of "
    "offenders.",
}


class UnknownAgencyError(Exception):
    """The log or the register lacks what the paragraph must say; the text names the agency and what
    is missing."""


@dataclass(frozen=True)
class Paragraph:
    """One paragraph in three shapes. `data` holds plain values only, ready for JSON."""

    text: str
    html: SafeString
    data: dict[str, Any]


def paragraph(
    application: str,
    *,
    decided_on: datetime.date,
    relied_on: Collection[str],
    exception: str = "",
) -> Paragraph | None:
    """The paragraph for a decline of an application decided on a day in London; None when an
    `exception` of section 157(2A) applies (a code of EXCEPTIONS; ValueError for any other).

    `relied_on` names the agencies (codes of the register) on whose information the decision rested:
    whoever decided knows that, and the log does not. ValueError without one: a decision that rests
    on none needs no paragraph. UnknownAgencyError when the log has no search with one of them up to
    that day, or the register lacks an address or a telephone number: the law asks for both.
    """
    if exception and exception not in EXCEPTIONS:
        raise ValueError(f"exception is one of: {', '.join(EXCEPTIONS)}")
    if not relied_on:
        raise ValueError("relied_on names the agencies on whose information the decision rested")
    found = log.of_application(application, until=decided_on, codes=relied_on)
    if lost := set(relied_on) - {agency.code for agency in found}:
        raise UnknownAgencyError(
            f"The log has no search with {', '.join(sorted(lost))} in this application by that day."
        )
    if exception:
        return None
    for agency in found:
        if agency.missing:
            raise UnknownAgencyError(
                f"The register lacks the {' and the '.join(agency.missing)} of {agency.name} on "
                f"{decided_on:%d/%m/%Y}. Add it under Recipients."
            )
    context = {"agencies": found, "several": len(found) > 1}
    text = render_to_string("disclosures/decline.txt", context).strip()
    html = SafeString(render_to_string("disclosures/decline.html", context).strip())
    return Paragraph(
        text,
        html,
        {
            "schema": SCHEMA,
            "law": LAW,
            "application": application,
            "decided_on": decided_on.isoformat(),
            "agencies": [_data(agency) for agency in found],
            "text": text,
            "html": str(html),
        },
    )


def _data(agency: Agency) -> dict[str, Any]:
    told = asdict(agency)
    return {name: told[name] for name in ("code", "name", "now", "address", "telephone", "website")}
