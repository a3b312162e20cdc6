"""Evidence: a claim is printed while its proof holds, and a word for an effect is made by one."""

import datetime

import pytest
from django.template import Context, Template, TemplateSyntaxError

from audit import evidence
from audit.evidence import Evidence, Source, claim, holds, overridden
from compliance.cases.lines import Line, as_json, in_words, read
from compliance.cases.models import Outcome
from customers.models import ContactPoint, Customer

TODAY = datetime.date(2026, 7, 2)
PROOF = Evidence(Source.ROW, TODAY, "a row of a test")
FLAT = (
    "{% load claims %}{% claim 'test.flat' planet as proof %}Flat since {{ proof.since|date:'j F Y' }}."
    "{% otherwise %}Round.{% endclaim %}"
)


@pytest.fixture
def flat():
    """Evidence for what one planet is."""
    known = dict(evidence._KNOWN)
    evidence.evidence("test.flat")(lambda planet: PROOF if planet == "Discworld" else None)
    yield
    evidence._KNOWN.clear()
    evidence._KNOWN.update(known)


@pytest.mark.usefixtures("flat")
class TestClaim:
    def test_it_is_said_while_it_is_proved(self):
        page = Template(FLAT)
        assert page.render(Context({"planet": "Discworld"})) == "Flat since 2 July 2026."
        assert page.render(Context({"planet": "Earth"})) == "Round."
        assert claim("test.flat", "Earth", says="Flat.") == ""
        with overridden("test.flat", PROOF):
            assert page.render(Context()) == "Flat since 2 July 2026."
        assert holds("test.flat", "Earth") is None

    def test_a_page_asks_once_of_each(self):
        asked = []
        evidence.evidence("test.asked")(asked.append)
        of = "{{% claim 'test.asked' {} %}}So.{{% endclaim %}}".format
        page = Template("{% load claims %}" + of("one") + of("another") + of("one"))
        page.render(Context({"one": "Mars", "another": "Earth"}))
        page.render(Context({"one": "Venus", "another": "Venus"}))
        assert asked == ["Mars", "Earth", "Venus"]

    def test_a_name_that_is_wrong_is_found_as_the_page_is_read(self):
        for wrong in (
            "{% claim 'test.square' %}{% endclaim %}",
            "{% claim planet %}{% endclaim %}",
        ):
            with pytest.raises(TemplateSyntaxError):
                Template("{% load claims %}" + wrong)

    def test_a_name_is_taken_once(self):
        with pytest.raises(ValueError, match=r"test\.flat"):
            evidence.evidence("test.flat")(lambda: None)


class TestEvidence:
    def test_a_row_that_is_not_saved_proves_nothing(self):
        with pytest.raises(ValueError, match="not saved"):
            Evidence.row(Customer(surname="Lovelace"), TODAY)

    def test_a_constraint_is_there(self):
        found = Evidence.constraint(Outcome, "append_only", TODAY)
        assert found.source == Source.CONSTRAINT
        with pytest.raises(ValueError, match="no constraint"):
            Evidence.constraint(ContactPoint, "never_wrong", TODAY)

    def test_its_day_is_that_of_london(self):
        late = datetime.datetime(2026, 7, 1, 23, 30, tzinfo=datetime.UTC)
        assert Evidence.constraint(Outcome, "append_only", late).since == TODAY


class TestLine:
    @pytest.mark.parametrize("code", ["erased", "changed", "restricted", "stopped", "told"])
    def test_no_effect_without_evidence(self, code):
        with pytest.raises(ValueError, match="needs its evidence"):
            Line("Orders", code)

    @pytest.mark.parametrize("word", ["Stopped", "We erased it", "everyone was told", "DONE"])
    def test_no_effect_in_other_words(self, word):
        with pytest.raises(ValueError, match="without evidence"):
            Line.said("Marketing", word)
        assert Line.quoted("Your reasons", word).outcome == word

    def test_what_is_stored_is_read(self):
        lines = [
            Line.erased("Notes of calls", PROOF),
            Line.kept("Orders", "Tax law asks for it", datetime.date(2033, 1, 31)),
            Line.kept("Account", "You owe money on it", "it is paid"),
            Line.said("Outcome", "As before", more={"part": "none"}),
        ]
        assert read(as_json(lines)) == lines
        assert in_words()(as_json(lines)).splitlines() == [
            "Notes of calls: Erased.",
            "Orders: Kept until 31 January 2033. Tax law asks for it.",
            "Account: Kept until it is paid. You owe money on it.",
            "Outcome: As before.",
        ]

    def test_telling_reads_as_far_as_it_is(self):
        class Notice:
            due_on, told_on = datetime.date(2026, 7, 9), None
            acknowledged_on = impossible_on = None
            impossible_why = "Wound up."

        row = Notice()
        said = [Line.told("Experian", row, PROOF).outcome]
        row.told_on = datetime.date(2026, 7, 5)
        said.append(Line.told("Experian", row, PROOF).outcome)
        row.acknowledged_on = datetime.date(2026, 7, 6)
        said.append(Line.told("Experian", row, PROOF).outcome)
        row.acknowledged_on, row.impossible_on = None, TODAY
        said.append(Line.told("Experian", row, PROOF).outcome)
        assert said == [
            "On our list of those to be told, due by 9 July 2026",
            "Told on 5 July 2026, not confirmed yet",
            "Told on 5 July 2026, confirmed by them on 6 July 2026",
            "Could not be told: Wound up.",
        ]
