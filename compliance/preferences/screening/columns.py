"""Finding in a list what its lines are addressed to. No database here."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from compliance.preferences import contact_forms
from compliance.preferences.vocabulary import ContactKind
from customers import normalise
from customers.importing.reader import CsvRecord, InputError
from customers.matching import persons, surname_spellings, surnames

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
# What makes of a column's name that of another one of the same kind: “Email 2”, “Work email”.
ANOTHER = re.compile(
    r"\d+|home|work|second(?:ary)?|other|alt(?:ernat(?:e|ive))?|partners?|spouses?|joint|backup|"
    r"billing|invoice|delivery|shipping|personal|private|business|office|contact|customers?|main|"
    r"primary|third|two|evening|day(?:time)?|old|new|previous|preferred"
)
LOOKED_AT = 1_000  # records whose fields show what a column holds that its name does not tell
# What a field of each kind looks like, and what it is called.
HOLDS: Mapping[str, re.Pattern[str]] = {
    ContactKind.EMAIL: re.compile(r"(?<!\S)[^\s@]{1,64}@\S+"),
    ContactKind.PHONE: re.compile(r"(?:\+|00?)[1-9][0-9 ()\-]{8,16}"),
    ContactKind.ADDRESS: re.compile(r"[A-Za-z]{1,4}[0-9A-Za-z]{1,3} ?[0-9][A-Za-z]{2}"),
}
HELD: Mapping[str, str] = {
    ContactKind.EMAIL: "email address",
    ContactKind.PHONE: "telephone number",
    ContactKind.ADDRESS: "postcode",
}

Read = Callable[[Sequence[str]], Sequence[str]]  # from a line's fields to normalised values


@dataclass(frozen=True)
class ListLayout:
    """Where a list says whom each line is for: `keys` reads the normalised values from a line's
    fields, `older` reads them in one of the earlier versions of their form each."""

    columns: Sequence[str]
    keys: Read
    older: Sequence[Read] = ()
    # As `keys`, and with it what the line may be addressed to as well, where that is in doubt.
    doubts: Callable[[Sequence[str]], tuple[Sequence[str], Sequence[str]]] | None = None
    # Finds in an unquoted line of all the columns the one value, as its first group, where lower
    # case is all it takes in every version of the form.
    usual: Callable[[str], re.Match[str] | None] | None = None


def find(kind: str, header: Sequence[str], named: Sequence[str] = ()) -> ListLayout:
    """Find the columns of a kind of contact point, or take those named.

    Named ones stand in this order: for email or telephone one; for post the name, the lines of the
    address, the postcode. InputError with what to do when they are missing or not unique. The
    layout's `keys` raises ValueError, with a reason fit to print, for a line that cannot be read.
    Another column of the same kind is never passed over: then one has to be named.
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


def _another(header: Sequence[str], kind: str, found: Sequence[str]) -> list[str]:
    """Further columns whose name says that they hold this too."""
    return [
        name
        for name in header
        if name not in found and ANOTHER.sub("", _plain(name)) in NAMES[kind]
    ]


def _single(kind: str, header: Sequence[str], named: Sequence[str]) -> ListLayout:
    found = list(named) or _one_of(header, kind)
    others = [] if named else _another(header, kind, found)
    if len(found) != 1 or others:
        raise InputError(
            f"The list has {'several columns' if found else 'no column'} that could hold the "
            f"{kind}. {_name_it(header)}"
        )
    position = header.index(found[0])
    newest, *older = [_detail(kind, version, position) for version in contact_forms.versions(kind)]
    if not all(form.lowers for form in contact_forms.FORMS[kind].values()):
        return ListLayout(found, newest, older)
    before, after = position, len(header) - position - 1
    usual = re.compile(
        rf"(?:[^,]*,){{{before}}}\s*({normalise.PLAIN_EMAIL.pattern})\s*(?:,[^,]*){{{after}}}",
        normalise.PLAIN_EMAIL.flags,
    ).fullmatch
    return ListLayout(found, newest, older, usual=usual)


def _name_it(header: Sequence[str]) -> str:
    return (
        "Name the one that will be used with --column NAME, and screen the list again for each "
        f"other that will be; its columns are: {', '.join(header)}."
    )


def ask_about_others(
    kind: str, layout: ListLayout, header: Sequence[str], records: Iterable[CsvRecord]
) -> None:
    """InputError where another column holds details of this kind, whatever its name: somebody who
    objected would be written to by it. `records` are those of the list, or its first ones."""
    of_kind = HOLDS[kind]
    others = [place for place, name in enumerate(header) if name not in layout.columns]
    for record in islice(records, LOOKED_AT if others else 0):
        for place in others if not record.reason else ():
            text = record.fields[place].strip()
            if text and of_kind.fullmatch(text) and _reads(kind, text):
                raise InputError(
                    f"The column {header[place]!r} seems to hold the {HELD[kind]} too. "
                    f"{_name_it(header)}"
                )


def _reads(kind: str, text: str) -> bool:
    rule = normalise.postcode if kind == ContactKind.ADDRESS else contact_forms.newest(kind).detail
    try:
        return bool(rule(text))
    except ValueError:
        return False


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
        who = "surname" if surname else "name"
        lines = [name for name in header if LINE.fullmatch(_plain(name))]
        whole, names = not surname, surname or full
        others = _another(header, who, names) + _another(header, "postcode", codes)
        if len(names) != 1 or len(codes) != 1 or not lines or others:
            raise InputError(
                "The list needs a column for the surname, for the first line of the address and "
                "for the postcode, and only one of each. Name them with --column, in this order, and "
                "screen the list again for another name or address in it; its columns are: "
                f"{', '.join(header)}."
            )
        name, postcode = names[0], codes[0]
    places = [header.index(one) for one in (name, *lines, postcode)]
    newest, *older = [
        _home(contact_forms.FORMS[kind][version], places, whole)
        for version in contact_forms.versions(kind)
    ]
    doubts = _doubts(contact_forms.newest(kind), places, whole)
    return ListLayout([name, *lines, postcode], newest, older, doubts)


def _home(form: contact_forms.Form, places: Sequence[int], whole: bool) -> Read:
    """How a name with its postal address is read in a version of its form."""

    def keys(fields: Sequence[str]) -> Sequence[str]:
        who, *where = (fields[place] for place in places)
        home = form.detail("\n".join(where))
        return [contact_forms.named(name, home) for name in _names(form, who, whole)]

    return keys


def _names(form: contact_forms.Form, who: str, whole: bool) -> Sequence[str]:
    """The surnames that somebody may be filed under; of a joint name those of each."""
    if not whole:
        return [form.surname(one) for one in persons(who) or [""]]
    found: list[str] = []
    for one in persons(who):
        if form.surname is normalise.surname:
            found += surnames(one)[-KEYS_OF_A_NAME:]
        else:
            spelt = surname_spellings(one).values()
            found += [form.surname(text) for text in spelt][-KEYS_OF_A_NAME:]
    return list(dict.fromkeys(found)) or [""]


def _doubts(
    form: contact_forms.Form, places: Sequence[int], whole: bool
) -> Callable[[Sequence[str]], tuple[Sequence[str], Sequence[str]]]:
    """How a name with its postal address is read where it is in doubt: another door that may be
    meant, or a name that may stand the other way round (“Tallow Nerys”)."""

    def keys(fields: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
        who, *where = (fields[place] for place in places)
        home, *others = normalise.address_readings("\n".join(where))
        names = _names(form, who, whole)
        found = [contact_forms.named(name, home) for name in names]
        doubtful = [contact_forms.named(name, other) for other in others for name in names[-2:]]
        if whole:
            given = normalise.fold(who).split()
            first = next((word for word in given if word not in normalise.TITLES), "")
            first = form.surname(first) if len(first) > 1 and len(given) > 1 else ""
            if first and first not in names:
                doubtful.append(contact_forms.named(first, home))
        return found, doubtful

    return keys
