"""Passing withdrawals on: the file, what it may say, who confirmed, and what is overdue."""

import csv
import datetime
import io

import pytest
import time_machine
from django.core.management import call_command

from audit.models import Entry
from compliance.preferences import actions, contact_digests, partner_files
from compliance.preferences.models import PartnerNotice
from tests.factories import ContactPointFactory, CustomerFactory, DisclosureFactory

NOW = datetime.datetime(2026, 6, 14, 23, 30, tzinfo=datetime.UTC)
LIST = "/admin/preferences/partnernotice/"
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
        return PartnerNotice.objects.get(customer=customer)

    return withdraw


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def made(by="job:test", **options):
    parts = []
    outcome = partner_files.make("example-partner", parts.append, by=by, now=NOW, **options)
    return rows(parts[0].decode()), outcome


def command(*arguments):
    out, err, code = io.StringIO(), io.StringIO(), 0
    try:
        call_command("partner_withdrawals", *arguments, stdout=out, stderr=err)
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
        assert (outcome.people, outcome.new, outcome.without_contact) == (1, 1, 0)

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
        notice = PartnerNotice.objects.get()
        assert (notice.passed_at, notice.passed_by) == (NOW, "staff:7")
        assert trail("partner_file_made").facts["notices"] == 1

    def test_a_broken_download_loses_nothing(self, withdrawn):
        withdrawn()
        first, _ = made()
        again, outcome = made()
        assert (again, outcome.new) == (first, 0)

    def test_what_could_not_be_written_is_not_passed(self, withdrawn):
        withdrawn()
        with pytest.raises(OSError, match="disk"):
            partner_files.make(
                "example-partner",
                lambda data: (_ for _ in ()).throw(OSError("disk")),
                by="job:test",
                now=NOW,
            )
        assert PartnerNotice.objects.get().passed_at is None
        assert not Entry.objects.filter(event="partner_file_made").exists()

    def test_confirmed_ones_leave_it_unless_all_are_asked_for(self, withdrawn):
        withdrawn()
        made()
        partner_files.acknowledge(
            "example-partner",
            on=NOW.date() + datetime.timedelta(1),
            by="staff:1",
            now=NOW,
            passed_at=NOW,
        )
        assert made()[0] == []
        assert len(made(everything=True)[0]) == 1

    def test_whoever_has_no_address_waits_for_a_person(self, withdrawn, signed_in, lead):
        bare = CustomerFactory()
        ContactPointFactory(customer=bare, phone=True)
        notice = withdrawn(bare)
        lines, outcome = made()
        assert (lines, outcome.without_contact) == ([], 1)
        page = signed_in(lead).post(f"{LIST}{notice.pk}/passed/", follow=True).content.decode()
        assert "Noted: they were told in another way." in page
        assert (
            "That was noted already."
            in signed_in(lead).post(f"{LIST}{notice.pk}/passed/", follow=True).content.decode()
        )

    def test_another_partner_learns_nothing(self, withdrawn):
        withdrawn()
        parts = []
        partner_files.make("other-partner", parts.append, by="job:test", now=NOW)
        assert rows(parts[0].decode()) == []

    def test_no_cell_is_a_formula(self, withdrawn):
        withdrawn()
        PartnerNotice.objects.update(reference="=1+1")
        assert made()[0][0]["reference"] == "'=1+1"


class TestTheCommand:
    def test_it_writes_a_file_for_its_owner_alone(self, withdrawn, tmp_path):
        withdrawn()
        out = tmp_path / "withdrawals.csv"
        code, _, err = command("example-partner", "--out", str(out))
        assert (code, len(rows(out.read_text())), out.stat().st_mode & 0o777) == (0, 1, 0o600)
        assert "1 people are in the file, 1 notices for the first time." in err
        assert [one.name for one in tmp_path.iterdir()] == ["withdrawals.csv"]

    def test_or_to_standard_output(self, withdrawn):
        withdrawn()
        assert len(rows(command("example-partner")[1])) == 1

    def test_where_it_cannot_write_nothing_is_marked(self, withdrawn, tmp_path):
        withdrawn()
        assert command("example-partner", "--out", str(tmp_path / "no" / "where.csv"))[0] == 2
        assert PartnerNotice.objects.get().passed_at is None

    def test_exit_codes_say_what_is_left(self, withdrawn, partner):
        withdrawn(CustomerFactory())
        assert command(partner)[0] == 1
        assert command("nobody-we-know")[0] == 2


class TestTheDesk:
    def test_lead_makes_the_file_and_notes_the_confirmation(
        self, withdrawn, lead, signed_in, trail
    ):
        withdrawn()
        desk = signed_in(lead)
        file = desk.post(f"{LIST}partner/example-partner/file/")
        assert len(rows(file.content.decode())) == 1
        assert (
            file["Content-Disposition"]
            == 'attachment; filename="withdrawals-example-partner-2026-06-15-0030.csv"'
        )
        page = desk.post(
            f"{LIST}partner/example-partner/acknowledge/",
            {"on": "2026-06-15", "passed_at": NOW.isoformat()},
            follow=True,
        ).content.decode()
        assert "Noted: they confirmed 1 withdrawal." in page
        notice = PartnerNotice.objects.get()
        assert (notice.acknowledged_on, notice.acknowledged_by) == (
            datetime.date(2026, 6, 15),
            lead.actor,
        )
        assert trail("partner_acknowledged").facts["on"] == "2026-06-15"

    @pytest.mark.parametrize(
        ("on", "says"),
        [
            ("2026-06-16", "on a day that has yet to come"),
            ("2026-06-14", "after that day"),
            ("", "Give the day on which they confirmed"),
            ("x", "Give a day such as"),
        ],
    )
    @pytest.mark.parametrize("single", [False, True])
    def test_a_day_that_cannot_be_is_refused(self, withdrawn, lead, signed_in, on, says, single):
        notice = withdrawn()
        made()
        given = {"notice": notice.pk} if single else {"passed_at": NOW.isoformat()}
        page = (
            signed_in(lead)
            .post(f"{LIST}partner/example-partner/acknowledge/", {"on": on, **given})
            .content.decode()
        )
        assert says in page
        assert PartnerNotice.objects.get().acknowledged_on is None

    def test_one_can_be_confirmed_by_itself(self, withdrawn, lead, signed_in, ada):
        first, second = withdrawn(), withdrawn(_another())
        made()
        signed_in(lead).post(
            f"{LIST}partner/example-partner/acknowledge/", {"on": "2026-06-15", "notice": first.pk}
        )
        assert set(PartnerNotice.objects.filter(partner_files.PASSED)) == {second}

    def test_a_second_click_says_so(self, withdrawn, lead, signed_in):
        withdrawn()
        made()
        for _ in range(2):
            page = (
                signed_in(lead)
                .post(
                    f"{LIST}partner/example-partner/acknowledge/",
                    {"on": "2026-06-15", "passed_at": NOW.isoformat()},
                    follow=True,
                )
                .content.decode()
            )
        assert "Nothing of that waits for a confirmation any more." in page

    @pytest.mark.parametrize(
        ("state", "shown"),
        [("", 4), ("to_pass", 2), ("passed", 1), ("acknowledged", 1), ("overdue", 1)],
    )
    def test_filters(self, withdrawn, lead, signed_in, state, shown):
        for number in range(4):
            withdrawn(_another(), days=[0, 5, 5, 5][number])
        notices = list(PartnerNotice.objects.order_by("pk"))
        for notice in notices[2:]:
            partner_files.passed_otherwise(notice.pk, by="staff:1", now=NOW)
        partner_files.acknowledge(
            "example-partner",
            on=datetime.date(2026, 6, 15),
            by="staff:1",
            now=NOW,
            notice_id=notices[3].pk,
        )
        page = signed_in(lead).get(f"{LIST}?state={state}").content.decode()
        assert sum(notice.reference in page for notice in notices) == shown
        assert 'href="/admin/preferences/partnernotice/partner/example-partner/"' in page

    def test_first_page_says_what_is_overdue(self, withdrawn, lead, agent, signed_in):
        withdrawn(days=2)
        assert "not passed on" not in signed_in(lead).get("/admin/").content.decode()
        with time_machine.travel(NOW + datetime.timedelta(seconds=1), tick=False):
            page = signed_in(lead).get("/admin/").content.decode()
            assert "1 withdrawal was not passed on to a partner within 2 days." in page
            assert "not passed on" not in signed_in(agent).get("/admin/").content.decode()
        made()
        with time_machine.travel(NOW + datetime.timedelta(days=14, seconds=1), tick=False):
            page = signed_in(lead).get("/admin/").content.decode()
            assert "1 withdrawal was not confirmed by a partner within 14 days." in page

    def test_agent_views_and_does_not_act(self, withdrawn, agent, operator, signed_in):
        notice = withdrawn()
        desk = signed_in(agent)
        for address in ("", "partner/example-partner/", f"{notice.pk}/change/"):
            assert desk.get(f"{LIST}{address}").status_code == 200
        assert "Make the file" not in desk.get(f"{LIST}partner/example-partner/").content.decode()
        for address in (
            "partner/example-partner/file/",
            "partner/example-partner/acknowledge/",
            f"{notice.pk}/passed/",
        ):
            assert desk.post(f"{LIST}{address}").status_code == 403
        assert signed_in(operator).get(LIST).status_code == 403
        assert PartnerNotice.objects.get().passed_at is None

    def test_made_up_addresses_are_404(self, lead, signed_in):
        for address in ("partner/nobody/", "999/change/", "x/change/"):
            assert signed_in(lead).get(f"{LIST}{address}").status_code == 404

    def test_nothing_to_pass_on(self, lead, signed_in):
        assert "Nobody has to be told" in signed_in(lead).get(LIST).content.decode()


def _another():
    customer = CustomerFactory()
    ContactPointFactory(customer=customer)
    return customer
