"""What a contact detail of each kind is called inside a sentence. No model here."""

CONTACT_NOUNS = {
    "email": "email address",
    "phone": "telephone number",
    "address": "postal address",
}
# what a public form asks of somebody to find them by
DETAIL_NOUNS = {**CONTACT_NOUNS, "number": "customer number"}
