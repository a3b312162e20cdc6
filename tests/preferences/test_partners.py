"""Passing withdrawals on: the file, what it may say, who confirmed, and what is overdue."""

import csv
import datetime
import io

import pgtrigger
import pytest
import time_machine
from django.core.management import call_command

from audit.models import Entry
from compliance.disclosures import instruction_files, instructions
from compliance.disclosures.models import Instruction
from compliance.preferences import actions, contact_digests, partner_files
from tests import factories as make
from tests.factories import ContactPointFactory, CustomerFactory, DisclosureFactory

NOW = datetime.datetime(2026, 6, 14, 23, 30, tzinfo=datetime.UTC)
LIST = "/admin/disclosures/instruction/"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_midnight():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def withdrawn(ada, partner):
    """Ada's data went to the partner; then she said no to all third parties."""

    def withdraw(customer=ada, days=0, channels=("email", "post")):
        DisclosureFactory(
            customer=customer,
            kind="partner_feed",
            recipient=partner,
            recipient_name="Example Home and Garden Ltd",
        )
        actions.object_to(
            customer=customer,
            channels=channels,
            senders=["third_parties"],
            source="telephone",
            by="staff:1",
            now=NOW - datetime.timedelta(days=days),
        )
        return Instruction.objects.get(customer=customer)

    return withdraw


def test_a_further_channel_of_the_same_act_is_told_too(ada, withdrawn, partner):
    first = withdrawn(channels=["post"])
    for channels in (["post"], ["post", "email"], ["email"]):
        actions.object_to(
            customer=ada,
            channels=channels,
            senders=[partner],
            source="request",
            by="staff:1",
            now=NOW,
            reference=first.reference,
        )
    assert sorted(row.parts for row in Instruction.objects.all()) == [["email"], ["post"]]


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def made(by="job:test", deliver=None, everything=False):
    parts = []
    mine = Instruction.objects.filter(recipient="example-partner")
    outcome = instruction_files.make(
        mine if everything else mine.unsettled(),
        partner_files.WITHDRAWALS,
        deliver or parts.append,
        by=by,
        now=NOW,
    )
    return rows(parts[0].decode()), outcome


def command(*arguments):
    out, err, code = io.StringIO(), io.StringIO(), 0
    try:
        call_command("instruction_file", *arguments, stdout=out, stderr=err)
    except SystemExit as end:
        code = end.code
    return code, out.getvalue(), err.getvalue()


class TestTheFile:
    def test_the_partner_can_find_each_address_and_read_none(self, withdrawn, ada):
        ContactPointFactory(customer=ada, address=True, value="1 Mill Lane\nBradford\nBD1 1AA")
        ContactPointFactory(customer=ada, phone=True)
        notice = withdrawn()
        lines, outcome = made()
        assert {(line["contact"], line["digest"]) for line in lines} == {
            ("email", contact_digests.feed_digest(contact_digests.email("ADA@example.org")).hex()),
            (
                "name_and_address",
                contact_digests.feed_digest(
                    contact_digests.address("lovelace", "1 mill ln\nBD1 1AA")
                ).hex(),
            ),
        }
        assert {
            (line["reference"], line["stops"], line["since"], line["feed_key"]) for line in lines
        } == {(notice.reference, "email post", "2026-06-15", "feed1")}
        assert (outcome.people, outcome.new, outcome.left_out) == (1, 1, 0)

    def test_addresses_of_former_days_are_in_it_too(self, withdrawn, ada):
        ContactPointFactory(
            customer=ada, value="former@example.org", valid_to=datetime.date(2025, 1, 1)
        )
        withdrawn()
        assert contact_digests.feed_digest(contact_digests.email("former@example.org")).hex() in {
            line["digest"] for line in made()[0]
        }

    def test_what_is_in_it_counts_as_passed_once(self, withdrawn, trail):
        withdrawn()
        made(by="staff:7")
        row = Instruction.objects.get()
        assert (row.told_on, row.told_by) == (datetime.date(2026, 6, 15), "staff:7")
        assert trail("instructions_followed").facts["file"] == row.file

    def test_a_broken_download_loses_nothing(self, withdrawn):
        withdrawn()
        first, _ = made()
        again, outcome = made()
        assert (again, outcome.new) == (first, 0)

    def test_what_could_not_be_written_is_not_passed(self, withdrawn):
        withdrawn()
        with pytest.raises(OSError, match="disk"):
            made(deliver=lambda data: (_ for _ in ()).throw(OSError("disk")))
        assert Instruction.objects.get().told_on is None
        assert not Entry.objects.filter(event="instructions_followed").exists()

    def test_confirmed_ones_leave_it_unless_all_are_asked_for(self, withdrawn):
        withdrawn()
        made()
        instructions.acknowledge(
            [Instruction.objects.get().pk],
            on=NOW.date() + datetime.timedelta(1),
            by="staff:1",
            now=NOW,
        )
        assert made()[0] == []
        assert len(made(everything=True)[0]) == 1

    def test_whoever_has_no_address_waits_for_a_person(self, withdrawn):
        bare = CustomerFactory()
        ContactPointFactory(customer=bare, phone=True)
        withdrawn(bare)
        lines, outcome = made()
        assert (lines, outcome.left_out) == ([], 1)
        assert Instruction.objects.get().told_on is None

    def test_whoever_is_erased_meanwhile_can_still_be_told_of(self, withdrawn, ada):
        withdrawn()
        instructions.keep_findable(ada)
        assert "ada@example.org" in Instruction.objects.get().about.lower()

    def test_no_cell_is_a_formula(self, withdrawn):
        withdrawn()
        pgtrigger.ignore("disclosures.Instruction:append_only")(Instruction.objects.update)(
            reference="=1+1"
        )
        assert made()[0][0]["reference"] == "'=1+1"


class TestTheCommand:
    def test_it_writes_a_file_for_its_owner_alone(self, withdrawn, tmp_path):
        withdrawn()
        out = tmp_path / "withdrawals.csv"
        code, _, err = command("example-partner", "withdrawals", "--out", str(out))
        assert (code, len(rows(out.read_text())), out.stat().st_mode & 0o777) == (0, 1, 0o600)
        assert "1 people are in the file, 1 instructions for the first time." in err
        assert [one.name for one in tmp_path.iterdir()] == ["withdrawals.csv"]

    def test_or_to_standard_output(self, withdrawn):
        withdrawn()
        assert len(rows(command("example-partner", "withdrawals")[1])) == 1

    def test_where_it_cannot_write_nothing_is_marked(self, withdrawn, tmp_path):
        withdrawn()
        assert (
            command("example-partner", "withdrawals", "--out", str(tmp_path / "no" / "where.csv"))[
                0
            ]
            == 2
        )
        assert Instruction.objects.get().told_on is None

    def test_exit_codes_say_what_is_left(self, withdrawn, partner):
        withdrawn(CustomerFactory())
        assert command(partner, "withdrawals")[0] == 1
        assert command("nobody-we-know", "instructions")[0] == 2


class TestTheDesk:
    def test_a_colleague_makes_the_file_and_notes_the_confirmation(
        self, withdrawn, agent, signed_in
    ):
        row, desk = withdrawn(), signed_in(agent)
        file = desk.post(f"{LIST}to/example-partner/file/withdrawals/")
        assert len(rows(file.content.decode())) == 1
        assert (
            file["Content-Disposition"]
            == 'attachment; filename="withdrawals-example-partner-2026-06-15-0030.csv"'
        )
        page = desk.post(
            f"{LIST}to/example-partner/note/",
            {"on": "2026-06-15", "ids": [row.pk], "step": "confirmed"},
            follow=True,
        ).content.decode()
        assert "Noted: they confirmed 1." in page
        row.refresh_from_db()
        assert (row.acknowledged_on, row.acknowledged_by) == (
            datetime.date(2026, 6, 15),
            agent.actor,
        )

    @pytest.mark.parametrize(
        ("given", "says"),
        [
            ({"on": "2026-06-16"}, "has yet to come"),
            ({"on": "2026-06-14"}, "after that day"),
            ({"on": ""}, "Give the day"),
            ({"on": "x"}, "Give a day such as"),
            ({"ids": []}, "Tick at least one"),
        ],
    )
    def test_what_cannot_be_is_refused(self, withdrawn, lead, signed_in, given, says):
        row = withdrawn()
        made()
        sent = {"ids": [row.pk], "step": "confirmed", "on": "2026-06-15"} | given
        page = signed_in(lead).post(f"{LIST}to/example-partner/note/", sent).content.decode()
        assert says in page
        assert Instruction.objects.get().acknowledged_on is None

    def test_several_are_told_by_one_letter(self, withdrawn, lead, signed_in):
        ids = [withdrawn().pk, withdrawn(_another()).pk]
        page = signed_in(lead).post(
            f"{LIST}to/example-partner/note/",
            {"on": "2026-06-15", "ids": ids, "step": "told"},
            follow=True,
        )
        assert "Noted: they were told of 2." in page.content.decode()
        assert not Instruction.objects.to_tell().exists()

    def test_what_is_not_theirs_cannot_be_noted_there(self, withdrawn, lead, signed_in):
        withdrawn()
        other = make.InstructionFactory()
        page = signed_in(lead).post(
            f"{LIST}to/example-partner/note/",
            {"on": "2026-06-15", "ids": [other.pk], "step": "told"},
        )
        assert page.status_code == 200
        assert not Instruction.objects.filter(told_on__isnull=False).exists()

    def test_made_up_addresses_are_404(self, withdrawn, lead, signed_in):
        withdrawn()
        for address in ("to/nobody/", "999/change/", "x/change/"):
            assert signed_in(lead).get(f"{LIST}{address}").status_code == 404
        assert signed_in(lead).post(f"{LIST}to/example-partner/file/x/").status_code == 404

    def test_an_operator_has_no_door(self, withdrawn, operator, signed_in):
        withdrawn()
        desk = signed_in(operator)
        assert desk.get(f"{LIST}to/example-partner/").status_code == 403
        assert desk.post(f"{LIST}to/example-partner/file/withdrawals/").status_code == 403
        assert Instruction.objects.get().told_on is None


def _another():
    customer = CustomerFactory()
    ContactPointFactory(customer=customer)
    return customer
