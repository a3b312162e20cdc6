"""What is written down of a contact detail never changes within a version, and what was objected to
under an earlier version is found for ever."""

import contextlib
import hashlib
import io
import random

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from compliance.preferences import actions, contact_digests, contact_forms, may_contact, one_click
from compliance.preferences.models import ChoiceEvent, Suppression
from tests.factories import ContactPointFactory
from tests.preferences.conftest import NOON
from tests.preferences.forms import raise_forms

HOME = "1 Mill Lane\nBradford\nBD1 1AA"
WHAT_TO_DO = (
    "What customers/normalise.py makes of the {kind} {given!r} has changed. Objections made under "
    "the form before would no longer be found. Keep the function as it was under its version in "
    "compliance/preferences/contact_forms.py, enter the new one under the next version, and pin it "
    "here: docs/screening.md, “When a rule for comparing changes”."
)

# Per kind and version: what is given (of an address the surname first), and the form of it. Never
# change a line; a new version gets lines of its own.
PINNED = {
    ("email", 1): [
        (" Ada@Example.ORG ", "ada@example.org"),
        ("ada+shop@example.org", "ada+shop@example.org"),
        ("a.da@gmail.com", "a.da@gmail.com"),
        ("ada@bücher.example", "ada@xn--bcher-kva.example"),
        ("ａda\u200b@example.org.", "ada@example.org"),
        ("straße@example.org", "straße@example.org"),
        ("ADA@EXAMPLE.ORG", "ada@example.org"),
        ("İda@example.org", "i̇da@example.org"),
    ],
    ("email", 2): [
        (" Ada@Example.ORG ", "ada@example.org"),
        ("ada@bücher.example", "ada@xn--bcher-kva.example"),
        ("'ada@example.org'", "ada@example.org"),
        ("“Ada@example.org”", "ada@example.org"),
        ("<ada@example.org>", "ada@example.org"),
        ("'ada@example.org", "ada@example.org"),
        ("o'brien@example.org", "o'brien@example.org"),
    ],
    ("phone", 1): [
        ("07700 900123", "+447700900123"),
        ("+44 (0)7700 900-123", "+447700900123"),
        ("0044 7700900123", "+447700900123"),
        ("01274 496000", "+441274496000"),
        ("+33 1 23 45 67 89", "+33123456789"),
    ],
    ("address", 1): [
        ("O’Brien\x1fFlat 2, 10 Mill Lane\nLeeds\nls1 4ap", "obrien|LS14AP|flat 2 10 mill ln"),
        ("de la Cruz\x1f1 Mill Street\nBD1 1AA", "delacruz|BD11AA|1 mill st"),
        ("Łódź-Smith\x1fRose Cottage, High Street\nNE65 0AA", "lodzsmith|NE650AA|rose cottage"),
        ("Smith\x1fApartment 4\n12 Park Avenue\nLS1 1AA", "smith|LS11AA|flat 4 12 park ave"),
        ("Smith\x1f12A\nThe Crescent\nG1 1AA", "smith|G11AA|12a the cres"),
        ("Smith\x1fUnit 3, St. John's Court\nBFPO 12", "smith|BFPO12|flat 3 st johns ct"),
    ],
    ("address", 2): [
        ("O’Brien\x1fFlat 2, 10 Mill Lane\nLeeds\nls1 4ap", "obrien|LS14AP|flat 2 10 mill ln"),
        ("Müller\x1f10 Mill Lane, Flat 2\nLS1 4AP", "muller|LS14AP|flat 2 10 mill ln"),
        ("Mac Donald\x1f2/1, 30 Mill Street\nG1 1BC", "mcdonald|G11BC|flat 2/1 30 mill st"),
        (
            "Smith (Mrs)\x1f1st Floor Flat, 12A\nThe Crescent\nG1 1AA",
            "smith|G11AA|first floor 12a cres",
        ),
        ("The Smith Family\x1fRose Cottage, High Street\nNE65 0AA", "smith|NE650AA|rose cottage"),
        ("Smith\x1fUnit 3, St. John's Court\nBFPO 12", "smith|BFPO12|flat 3 st johns ct"),
    ],
}
# The SHA-256 of what each version makes of the many inputs of `many`.
DIGESTS = {
    ("email", 1): "b342f6c1d75e7989c8f1f03951cf52f89f2fc1f736709fce5e445dd8b75040de",
    ("email", 2): "b342f6c1d75e7989c8f1f03951cf52f89f2fc1f736709fce5e445dd8b75040de",
    ("phone", 1): "057ebe020a260894d9b4c9dbf919524361dd913958fd591fd64ae9b82929d01e",
    ("address", 1): "af868a1da8c063c2f94aeedbf4baeaeeeda5bd169f547b3dc39c2d6d3ceb19aa",
    ("address", 2): "e5c3c7ec5078c254d39184163a9b53a2d5cbf851447280e8cd4af20fe13ca529",
}


def many(kind):
    """Some thousands of spellings, the same at each run."""
    chance = random.Random(f"forms of {kind}")
    pieces = {
        "email": [
            ["", " ", "\u200b", "\t"],
            [
                "ada",
                "ADA",
                "a.da",
                "ada+x",
                "o'brien",
                "é",
                "Łódź",
                "ａda",
                "ada..b",
                "a" * 65,
                "ß",
            ],
            ["@", "@", "@@", ""],
            ["example", "EXAMPLE", "bücher", "x-y", "ﬁsh", ""],
            [".org", ".co.uk", ".ORG.", "", ".例え", "..org"],
        ],
        "phone": [
            ["0", "+44", "0044", "+44 (0)", " 0", "44"],
            ["7700", "7700 ", "77-00", "(7700)", "1274 ", "20 "],
            ["900", "900 ", "900-", "9 0 0", "496\u200b"],
            ["123", "0123", " 456", "12", " ext 5", ""],
        ],
        "address": [
            [
                "Smith",
                "O’Brien",
                "O'Brien",
                "Łódź",
                "de la Cruz",
                "ST JOHN",
                "Straße",
                "Øre",
                "!",
                "",
            ],
            ["\x1f"],
            ["Flat 2, ", "Apt 2\n", "Unit 2 ", "", "2/1 ", "Apartment 12a\n"],
            ["10 Mill Lane", "Rose Cottage", "12A Park Rd.", "The Gardens", "5, High Street", "10"],
            ["\nLeeds", ", Leeds", "", "\nSt. John’s Close"],
            ["\nLS1 4AP", "\nls14ap", "\nBFPO 12", "\nGIR 0AA", "\nnowhere", ", BD1 1AA", ""],
        ],
    }[kind]
    for _ in range(4_000):
        yield "".join(chance.choice(choices) for choices in pieces)


def written(kind, version, given):
    surname, _, value = given.rpartition("\x1f") if kind == "address" else ("", "", given)
    try:
        return contact_forms.FORMS[kind][version].key(kind, value, surname)
    except ValueError:
        return None


@pytest.mark.parametrize(
    ("kind", "version"),
    [(kind, version) for kind, known in contact_forms.FORMS.items() for version in known],
)
def test_a_version_never_changes(kind, version):
    assert (kind, version) in PINNED, "pin the new version here"
    for given, kept in PINNED[kind, version]:
        assert written(kind, version, given) == kept, WHAT_TO_DO.format(kind=kind, given=given)
    digest = hashlib.sha256()
    for given in many(kind):
        digest.update(f"{given!a} {written(kind, version, given)!a}\n".encode())
    assert digest.hexdigest() == DIGESTS[kind, version], WHAT_TO_DO.format(kind=kind, given="...")


def test_no_version_is_gone():
    known = {(str(kind), one) for kind, forms in contact_forms.FORMS.items() for one in forms}
    assert known == set(PINNED) == set(DIGESTS)


EMAIL, PHONE, POST = (
    ("email", "someone+x@example.org", "", "email"),
    ("phone", "07700 900123", "", "sms"),
    ("address", HOME, "Lovelace", "post"),
)


def may(kind, value, surname, channel, at=NOON):
    one = contact_digests.make(kind, value, surname)
    return may_contact.may_contact(one, channel, "us", "marketing", at).reason


def stop(kind, value, surname, channel):
    actions.object_to(
        given=[contact_digests.make(kind, value, surname)],
        channels=[channel],
        senders=["us"],
        source="web_form",
        by="job:tests",
        now=NOON,
    )


@pytest.fixture
def screened(tmp_path):
    """Screen a list and return its suppressed lines without the header."""

    def screen(text, channel):
        path = tmp_path / "list.csv"
        path.write_text(text)
        with contextlib.suppress(SystemExit):
            call_command("screen_list", path, channel=channel, sender="us", stdout=io.StringIO())
        return (tmp_path / "list-screened" / "suppressed.csv").read_text().splitlines()[1:]

    return screen


@pytest.fixture
def _noon(db):
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.mark.usefixtures("_noon")
class TestAfterAVersionWasRaised:
    @pytest.mark.parametrize("one", [EMAIL, PHONE, POST])
    def test_an_earlier_objection_is_found(self, one, monkeypatch):
        stop(*one)
        raise_forms(monkeypatch)
        assert may(*one) == "objected"

    @pytest.mark.parametrize("one", [EMAIL, PHONE, POST])
    def test_a_new_one_is_written_in_the_new_form(self, one, monkeypatch):
        raise_forms(monkeypatch)
        stop(*one)
        entry = Suppression.objects.get()
        assert (entry.form, entry.digest) == (
            contact_forms.current(one[0]),
            contact_digests.digest(contact_digests.make(*one[:3])),
        )
        assert may(*one) == "objected"

    def test_an_earlier_one_of_the_form_on_the_site_is_found(self, monkeypatch):
        Client().post(
            "/marketing/",
            {
                "form": "7b7e5f3e-6a0c-4d7e-9b43-0a6f4c1d2e3f",
                "channels": ["email", "sms", "post"],
                "senders": "us",
                "email": EMAIL[1],
                "phone": PHONE[1],
                "name": "Ada Lovelace",
                "lines": "1 Mill Lane\nBradford",
                "postcode": "bd1 1aa",
            },
        )
        assert set(Suppression.objects.values_list("kind", "form")) == {
            (kind, contact_forms.current(kind)) for kind in ("email", "phone", "address")
        }
        raise_forms(monkeypatch)
        assert {may(*one) for one in (EMAIL, PHONE, POST)} == {"objected"}

    def test_an_earlier_objection_of_a_customer_is_found(self, ada, monkeypatch):
        ContactPointFactory(customer=ada, kind="phone", value="07700 900123")
        actions.object_to(
            customer=ada,
            channels=["email", "sms"],
            senders=["us"],
            source="web_form",
            by="job:tests",
            now=NOON,
        )
        raise_forms(monkeypatch)
        assert may(*PHONE) == may("email", "ada@example.org", "", "email") == "objected"

    @pytest.mark.parametrize(
        ("one", "text", "channel"),
        [
            (EMAIL, "id,email\n1,Someone+X@Example.org\n2,other@example.org\n", "email"),
            (PHONE, "id,phone\n1,+447700900123\n2,07700900124\n", "sms"),
            (
                POST,
                "id,surname,address,postcode\n1,LOVELACE,1 Mill Ln,bd11aa\n2,Other,1 Mill Ln,bd11aa\n",
                "post",
            ),
            (
                POST,
                "id,name,address,postcode\n1,Miss Ada Lovelace,1 Mill Ln,bd11aa\n2,X Other,1 Mill Ln,bd11aa\n",
                "post",
            ),
        ],
    )
    def test_screening_finds_earlier_and_later_ones(
        self, one, text, channel, monkeypatch, screened, tps
    ):
        tps("mps", "surname,address_1,postcode\nOther,1 Mill Lane,BD1 1AA\n")
        stop(*one)
        before = screened(text, channel)
        raise_forms(monkeypatch)
        assert screened(text, channel) == before
        assert before[0].endswith(",objected")
        assert one is not POST or before[1].endswith(",mps")
        other = dict(email="other@example.org", phone="07700900124")
        if one[0] in other:
            stop(one[0], other[one[0]], "", channel)
            assert [line.rpartition(",")[2] for line in screened(text, channel)] == ["objected"] * 2

    def test_an_earlier_consent_counts_in_screening(self, ada, consented, monkeypatch, screened):
        consented(ada)
        raise_forms(monkeypatch)
        assert screened("email\nADA@example.org\n", "email") == []

    def test_a_link_made_and_pressed_before_is_found(self, monkeypatch):
        self._press(self._link())
        raise_forms(monkeypatch)
        assert may(*EMAIL) == "objected"

    def test_a_link_made_before_works_after(self, monkeypatch):
        link, form = self._link(), contact_forms.current("email")
        raise_forms(monkeypatch)
        assert one_click.read(link).form == form < contact_forms.current("email")
        self._press(link)
        self._press(link)
        assert Suppression.objects.get().form == form
        assert may(*EMAIL) == "objected"
        assert ChoiceEvent.objects.count() == 1

    def test_a_link_made_after_is_of_the_new_form(self, monkeypatch):
        before = self._link()
        raise_forms(monkeypatch)
        link = self._link()
        assert link != before
        self._press(link)
        assert Suppression.objects.get().form == contact_forms.current("email")
        assert may(*EMAIL) == "objected"

    def _link(self):
        return one_click.token_maker()(contact_digests.email(EMAIL[1]).key, None)

    def _press(self, link):
        answer = Client().post(f"/u/{link}/", {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200

    def test_the_desk_finds_an_earlier_one(self, lead, signed_in, monkeypatch):
        stop(*EMAIL)
        raise_forms(monkeypatch)
        page = signed_in(lead).post(
            reverse("admin:preferences_suppression_ask"), {"kind": "email", "value": EMAIL[1]}
        )
        assert len(page.context["found"]) == 1

    def test_screening_refuses_a_form_that_it_does_not_know(self, monkeypatch, screened):
        with monkeypatch.context() as later:
            raise_forms(later)
            stop(*PHONE)
        with pytest.raises(Exception, match="kind 'phone' in form 2"):
            screened("email\na@example.org\n", "email")
