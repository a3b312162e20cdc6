"""The paragraph of a decline: who, where and by which telephone, as of the day; and when it is left
out."""

import datetime
import io
import json

import pytest
from django.core.management import CommandError, call_command

from compliance.disclosures import decline
from compliance.register import actions as register_actions
from compliance.register.models import Recipient
from tests import factories as make

pytestmark = pytest.mark.django_db
DAY = datetime.date
DECIDED = DAY(2026, 6, 20)
BOTH = ["experian", "equifax"]
ON = ["--decided-on", "2026-06-20"]
EXPERIAN = ["--relied-on", "experian"]


@pytest.fixture(autouse=True)
def _log(db):
    register_actions.load(by="job:test")
    customer = make.CustomerFactory()
    for code, name, day in (
        ("experian", "Experian Ltd", 18),
        ("equifax", "Equifax Ltd", 19),
        ("cifas", "Cifas", 18),
        ("transunion", "TransUnion International UK Ltd", 21),
    ):
        make.DisclosureFactory(
            customer=customer,
            application="APP-7",
            recipient=code,
            recipient_name=name,
            occurred_on=DAY(2026, 6, day),
            negotiations_ended_on=None,
        )


def run(*args):
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("decline_paragraph", *args, stdout=out, stderr=err)
    except SystemExit as end:
        return end.code, out.getvalue() + err.getvalue()
    except CommandError as fault:
        return fault.returncode, str(fault)
    return 0, out.getvalue()


def test_it_names_each_agency_with_how_to_reach_it():
    found = decline.paragraph("APP-7", decided_on=DECIDED, relied_on=BOTH)
    for said in (
        "Experian Ltd, PO Box 9000, Nottingham NG80 7WF, telephone 0344 481 0800",
        "Equifax Ltd",
        "0333 321 4043",
    ):
        assert said in found.text
    assert "Cifas" not in found.text
    assert "TransUnion" not in found.text
    assert [one["code"] for one in found.data["agencies"]] == ["experian", "equifax"]


def test_only_those_that_it_rested_on():
    found = decline.paragraph("APP-7", decided_on=DECIDED, relied_on=["equifax"])
    assert "Experian" not in found.text
    assert "this credit reference agency" in found.text


def test_whoever_decided_says_on_what_it_rested():
    with pytest.raises(ValueError, match="relied_on"):
        decline.paragraph("APP-7", decided_on=DECIDED, relied_on=[])


def test_all_three_shapes_say_the_same():
    found = decline.paragraph("APP-7", decided_on=DECIDED, relied_on=BOTH)
    assert (found.data["text"], found.data["html"]) == (found.text, str(found.html))
    assert '<a href="https://www.experian.co.uk/crain">' in found.html
    assert json.loads(json.dumps(found.data))["decided_on"] == "2026-06-20"


def test_a_name_is_no_markup_in_html():
    Recipient.objects.filter(code="experian").update(address="<b>1 & 2</b>")
    found = decline.paragraph("APP-7", decided_on=DECIDED, relied_on=BOTH)
    assert "<b>1 & 2</b>" in found.text
    assert "&lt;b&gt;1 &amp; 2&lt;/b&gt;" in found.html


@pytest.mark.parametrize("exception", list(decline.EXCEPTIONS))
def test_an_exception_leaves_it_out(exception):
    assert (
        decline.paragraph("APP-7", decided_on=DECIDED, relied_on=BOTH, exception=exception) is None
    )


def test_a_marker_leaves_it_as_it_is():
    before = decline.paragraph("APP-7", decided_on=DECIDED, relied_on=BOTH).data
    make.FraudMarkerFactory(
        customer_id=make.DisclosureFactory._meta.model.objects.first().customer_id
    )
    assert decline.paragraph("APP-7", decided_on=DECIDED, relied_on=BOTH).data == before


def test_an_unknown_exception_is_an_error():
    with pytest.raises(ValueError, match="uk-gdpr"):
        decline.paragraph("APP-7", decided_on=DECIDED, relied_on=BOTH, exception="whim")


@pytest.mark.parametrize(
    ("args", "code", "says"),
    [
        (["APP-7", *ON, *EXPERIAN], 0, "Experian Ltd, PO Box 9000"),
        (["APP-7", *ON, *EXPERIAN, "--format", "json"], 0, '"schema": "decline-paragraph/1"'),
        (["APP-7", "--decided-on", "2026-06-17", *EXPERIAN], 2, "no search with experian"),
        (["APP-8", *EXPERIAN], 2, "no search with experian"),
        (["APP-7", *EXPERIAN, "--exception", "crime"], 1, "No paragraph"),
        (["APP-7", *ON, "--relied-on", "transunion"], 2, "no search with transunion"),
        (["APP-7", *ON, "--relied-on", "cifas"], 2, "no search with cifas"),
        (["APP-7", *ON], 1, "--relied-on"),  # whoever decided says on what
    ],
)
def test_the_command_prints_it(args, code, says):
    found, said = run(*args)
    assert found == code
    assert says in said


def test_without_a_telephone_it_is_refused():
    Recipient.objects.filter(code="experian").update(telephone="")
    code, said = run("APP-7", *ON, *EXPERIAN)
    assert code == 2
    assert "lacks the telephone of Experian Ltd" in said
