"""The nations whose law and bank holidays may count for a customer: codes and names. Pure."""

ENGLAND_AND_WALES, SCOTLAND, NORTHERN_IRELAND = (
    "england-and-wales",
    "scotland",
    "northern-ireland",
)
JURISDICTIONS = {
    ENGLAND_AND_WALES: "England and Wales",
    SCOTLAND: "Scotland",
    NORTHERN_IRELAND: "Northern Ireland",
}
