"""Finding in a list what its lines are addressed to. No database here."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from compliance.preferences import contact_forms
from compliance.preferences.vocabulary import ContactKind
from customers import normalise
from customers.importing.reader import InputError
from customers.matching import surname_spellings, surnames

NAMES = {
    "email": ("email", "emailaddress", "mail"),
    "phone": (
        "phone",
        "telephone",
        "mobile",
        "phonenumber",
        "telephonenumber",
        "mobilenumber",
        "tel",
        "msisdn",
    ),
    "surname": ("surname", "lastname", "familyname"),
    "name": ("name", "fullname", "customername", "addressee"),
    "postcode": ("postcode", "postalcode", "zip"),
}
LINE = re.compile(r"(?:address|addressline|addr|line)(\d?)|street|premises")
KEYS_OF_A_NAME = 4  # “Ada de la Cruz” may be filed under four surnames


Read = Callable[[Sequence[str]], Sequence[str]]  # from a line's fields to normalised values


@dataclass(frozen=True)
class ListLayout:
    """Where a list says whom each line is for: `keys` reads the normalised values from a line's
    fields, `older` reads them in one of the earlier versions of their form each."""

    columns: Sequence[str]
    keys: Read
    older: Sequence[Read] = ()
    # Finds in an unquoted line of all the columns the one value, as its first group, where lower
    # case is all it takes in the one version of the form there is.
    usual: Callable[[str], re.Match[str] | None] | None = None


def find(kind: str, header: Sequence[str], named: Sequence[str] = ()) -> ListLayout:
    """Find the columns of a kind of contact point, or take those named.

    Named ones stand in this order: for email or telephone one; for post the name, the lines of the
    address, the postcode. InputError with what to do when they are missing or not unique. The
    layout's `keys` raises ValueError, with a reason fit to print, for a line that cannot be read.
    """
    for name in named:
        if list(header).count(name) != 1:
            raise InputError(
                f"The list has {'no' if name not in header else 'more than one'} column {name!r}. "
                f"Its columns are: {', '.join(header)}."
            )
    return (
        _address(kind, header, named)
        if kind == ContactKind.ADDRESS
        else _single(kind, header, named)
    )


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _one_of(header: Sequence[str], kind: str) -> list[str]:
    """The columns whose name says that they hold this, the most exact name first."""
    plain = {name: _plain(name) for name in header}
    return [name for word in NAMES[kind] for name in header if plain[name] == word]


def _single(kind: str, header: Sequence[str], named: Sequence[str]) -> ListLayout:
    found = list(named) or _one_of(header, kind)
    if len(found) != 1:
        raise InputError(
            f"The list has {'several columns' if found else 'no column'} that could hold the "
            f"{kind}. Name it "
            f"with --column NAME; its columns are: {', '.join(header)}."
        )
    position = header.index(found[0])
    newest, *older = [_detail(kind, version, position) for version in contact_forms.versions(kind)]
    if kind == ContactKind.PHONE:
        return ListLayout(found, newest, older)
    before, after = position, len(header) - position - 1
    usual = re.compile(
        rf"(?:[^,]*,){{{before}}}\s*({normalise.PLAIN_EMAIL.pattern})\s*(?:,[^,]*){{{after}}}",
        normalise.PLAIN_EMAIL.flags,
    ).fullmatch
    return ListLayout(found, newest, older, usual)


def _detail(kind: str, version: int, position: int) -> Read:
    """How an email address or telephone number is read in a version of its form."""
    write = contact_forms.FORMS[kind][version].detail
    return lambda fields: (write(fields[position]),)


def _address(kind: str, header: Sequence[str], named: Sequence[str]) -> ListLayout:
    whole = False  # the name is a whole one, so the surname is to be found in it
    if named:
        if len(named) < 3:
            raise InputError(
                "For post name at least three columns, each with --column: the surname, the "
                "first line of the "
                "address, the postcode."
            )
        name, *lines, postcode = named
        whole = _plain(name) not in NAMES["surname"]
    else:
        surname, full, codes = (_one_of(header, kind) for kind in ("surname", "name", "postcode"))
        lines = [name for name in header if LINE.fullmatch(_plain(name))]
        whole, names = not surname, surname or full
        if len(names) != 1 or len(codes) != 1 or not lines:
            raise InputError(
                "The list needs a column for the surname, for the first line of the address and "
                "for the "
                "postcode. Name them with --column, in this order; its columns are: "
                f"{', '.join(header)}."
            )
        name, postcode = names[0], codes[0]
    places = [header.index(one) for one in (name, *lines, postcode)]
    newest, *older = [
        _home(contact_forms.FORMS[kind][version], places, whole)
        for version in contact_forms.versions(kind)
    ]
    return ListLayout([name, *lines, postcode], newest, older)


def _home(form: contact_forms.Form, places: Sequence[int], whole: bool) -> Read:
    """How a name with its postal address is read in a version of its form."""

    def keys(fields: Sequence[str]) -> Sequence[str]:
        who, *where = (fields[place] for place in places)
        home = form.detail("\n".join(where))
        if not whole:
            return [contact_forms.named(form.surname(who), home)]
        if form.surname is normalise.surname:
            names = surnames(who)
        else:
            names = [form.surname(text) for text in surname_spellings(who).values()]
        return [contact_forms.named(key, home) for key in names[-KEYS_OF_A_NAME:] or [""]]

    return keys
