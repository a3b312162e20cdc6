"""Why something is left out of a copy of somebody's data, and what stands in its place.

UK GDPR Article 15(4) and Schedule 2 to the Data Protection Act 2018. Where naming the exemption
would itself do the harm that it is there to prevent, nothing stands in its place: the text reads as
if it never had the words, and no count tells of them.
"""

from django.db import models

OTHER_PERSON = "[redacted: other person]"


class OmissionReason(models.TextChoices):
    OTHER_PERSON = "other_person", "Another person (paragraph 16)"
    PRIVILEGE = "privilege", "Legal advice or legal proceedings (paragraphs 5 and 19)"
    NEGOTIATION = "negotiation", "Negotiations with the person (paragraph 23)"
    FORECAST = "forecast", "Management forecasts and planning (paragraph 22)"
    REFERENCE = "reference", "A reference given in confidence (paragraph 24)"
    CRIME = "crime", "Crime, fraud or tax: leaves no trace (paragraph 2)"
    REGULATORY = "regulatory", "A regulator’s work: leaves no trace (paragraphs 7 to 12)"
    INCRIMINATION = "incrimination", "Self-incrimination: leaves no trace (paragraph 20)"


SILENT = (OmissionReason.CRIME, OmissionReason.REGULATORY, OmissionReason.INCRIMINATION)

# What stands in place of the words; nothing for the silent ones.
PLACE = {
    OmissionReason.OTHER_PERSON: OTHER_PERSON,
    OmissionReason.PRIVILEGE: "[left out: legal advice]",
    OmissionReason.NEGOTIATION: "[left out: negotiations]",
    OmissionReason.FORECAST: "[left out: management planning]",
    OmissionReason.REFERENCE: "[left out: confidential reference]",
}

# What the letter says was left out, for those that may be named.
TOLD = {
    OmissionReason.OTHER_PERSON: "What is about other people",
    OmissionReason.PRIVILEGE: "Legal advice, and what concerns legal proceedings",
    OmissionReason.NEGOTIATION: "What we mean to do in negotiations with you",
    OmissionReason.FORECAST: "Management forecasts and planning",
    OmissionReason.REFERENCE: "References given in confidence",
}
