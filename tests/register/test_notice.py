"""The privacy notice: what it says, how it is published, what readers see."""

import contextlib
import datetime
import threading

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.models import Entry
from compliance.register import actions, blocks, models, notice, pages, publishing
from compliance.register.models import NoticeVersion
from compliance.retention.models import PurgeRun
from tests.register.ready import ready_to_publish

TODAY = datetime.date(2026, 11, 23)
LONG_AGO = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


def text(today: datetime.date = TODAY, section: str | None = None) -> str:
    content = notice.compose(today)
    return "\n".join(
        line
        for part in content["sections"]
        if section in (None, part["id"])
        for line in blocks.lines(part)
    )


def publish(summary: str = "First.") -> NoticeVersion:
    ready_to_publish()
    return publishing.publish(summary=summary, by="job:tests", now=timezone.now())


EVERY = {
    "order": "order",
    "card_payment": "payment by card",
    "email": "email",
    "letter": "letter",
}


@pytest.mark.django_db
class TestComposition:
    @pytest.mark.parametrize(
        "promise",
        [
            "Payment recovery",
            "Debtor tracing",
            "Insurance proposals and claims",
            "Fraud prevention",
            "Searching and reporting to credit reference agencies",
            "Prize draws",
            "customer number",
            "issue number",
            "members of your household",
            "financially linked with you",
            "shopping habits",
            "no third party marketing",
            "with your name and customer number in the message",
            "only with your express permission",
        ],
    )
    def test_it_says_what_the_old_notice_said(self, register, promise):
        assert promise in text()

    def test_the_right_to_object_stands_apart_and_early(self, register):
        second = notice.compose(TODAY)["sections"][1]
        assert (second["id"], second["heading"]) == ("right-to-object", "Your right to object")
        assert len(list(blocks.lines(second))) < 8

    def test_every_period_that_exists_is_in_it(self, register):
        kept = text(section="how-long")
        assert "Backups: 35 days from the day on which the backup was made" in kept
        assert "The email as it came, with its files: 90 days" in kept
        assert (
            "Accounts that nobody closed, with nothing owed: 36 months from the last order" in kept
        )

    def test_of_other_systems_it_says_whose_they_are(self, register):
        for ours in (
            "no more. We also hand over",
            "under contract and on our instructions only",
            "nobody can read",
            "cannot be turned back",
            "We do not store",
        ):
            assert ours not in text()
        assert "not materially lower" in text()

    def test_of_offences_and_health_it_names_the_condition(self, register):
        for where in ("section 11(2) and Schedule 1, paragraphs 10 and 14", "paragraph 19)"):
            assert where in text()

    def test_of_each_recipient_it_says_where_the_log_has_it(self, register):
        """Those who receive something with every order are in no log of ours; of others it has what
        it was told."""
        for row in models.Recipient.objects.exclude(kind="own_system").exclude(code="cifas"):
            if row.with_every:
                assert row.receives.startswith(f"With every {EVERY[row.with_every]}"), row.code
                assert "not logged" in row.receives, row.code
            else:
                assert "Our log has" in row.receives, row.code
            if row.kind == "credit_reference_agency" or row.code == "national-hunter":
                assert row.receives.startswith("From our credit system: "), row.code

    def test_a_new_period_is_in_the_next_draft(self, register):
        models.RetentionRule.objects.filter(code="prize-entry").update(period=9)
        assert "Prize draw entries: 9 months from the day the draw closed" in text(
            section="how-long"
        )

    def test_nothing_for_ever_only_while_true(self, register):
        assert "We keep nothing for ever" not in text()  # nobody confirmed the rules
        ready_to_publish()
        assert "List of those who want no marketing: for ever" in text()
        assert (
            "We keep nothing for ever except what is called “List of those who want no "
            "marketing” below" in text()
        )
        models.RetentionRule.objects.filter(code="order-sale").update(period=None)
        assert "We keep nothing for ever" not in text()
        models.RetentionRule.objects.filter(period=None).update(period=6)
        assert "We keep nothing for ever: " in text()

    def test_each_category_has_one_row(self, register):
        rule = models.RetentionRule.objects.get(code="order-sale")
        models.RetentionRule.objects.create(
            code="zz-order",
            category=rule.category,
            purpose=rule.purpose,
            clock="sale",
            clock_name="the sale",
            period=1,
        )
        part = next(part for part in notice.compose(TODAY)["sections"] if part["id"] == "how-long")
        names = [row[0] for row in part["blocks"][1]["rows"]]
        assert names == list(models.DataCategory.objects.values_list("name", flat=True))

    def test_a_period_of_no_days(self, register):
        assert "Links that were broken: no longer than the day the link is broken." in text()

    def test_retired_rows_are_gone(self, register):
        models.Purpose.objects.filter(code="prize-draws").update(retired_on=TODAY)
        models.DataCategory.objects.filter(code="prize_entry").update(retired_on=TODAY)
        models.RetentionRule.objects.filter(category__code="prize_entry").update(retired_on=TODAY)
        assert "Prize draw" not in text(section="why") + text(section="what-we-collect") + text(
            section="how-long"
        )

    def test_agencies_with_address_and_telephone(self, register):
        said = text(section="who-receives-it")
        for agency in ("Experian Ltd", "Equifax Ltd", "TransUnion International UK Ltd"):
            row = models.Recipient.objects.get(name=agency)
            assert row.address in said
            assert row.telephone in said

    def test_a_renamed_agency_shows_its_former_name(self, register):
        assert "TransUnion International UK Ltd (until 31 March 2019: Callcredit Ltd)" in text(
            section="who-receives-it"
        )

    def test_a_recipient_is_named_as_on_the_day(self, register):
        before = text(datetime.date(2018, 6, 1), "who-receives-it")
        assert "Callcredit Ltd: " in before
        assert "TransUnion" not in before

    def test_transfers_with_their_safeguard(self, register):
        said = text(section="outside-the-uk")
        assert "Example Card Payments Ltd: Ireland" in said
        assert "certified to the UK extension" in said

    def test_no_transfer_says_so(self, register):
        models.Recipient.objects.update(country="GB")
        assert "none of these organisations receives your data outside" in text(
            section="outside-the-uk"
        )

    def test_the_controller_and_the_regulator_come_from_settings(self, register, settings):
        settings.CONTROLLER = {**settings.CONTROLLER, "name": "Other Shop Ltd"}
        settings.REGULATOR = {**settings.REGULATOR, "name": "Information Commission"}
        assert "We are Other Shop Ltd." in text()
        assert "Information Commission" in text(section="complaints")

    def test_cookies_are_those_the_site_sets(self, register, settings):
        assert settings.CSRF_COOKIE_NAME in text(section="cookies")

    def test_a_later_page_joins_where_it_belongs(self, register, monkeypatch):
        monkeypatch.setattr(pages, "_pages", list(pages.public()))
        pages.add(
            pages.Page(
                "Marketing choices", "register:home", "Change them here.", in_notice="marketing"
            )
        )
        assert "Online: Marketing choices. Change them here." in text(section="marketing")
        assert "Online: Marketing choices" not in text(section="your-rights")

    def test_no_link_leads_to_a_page_that_is_not_there(self, register, client):
        publish()
        html = client.get("/privacy/").content.decode()
        addresses = {part.split('"')[0] for part in html.split('href="/')[1:]}
        for address in (address for address in addresses if not address.startswith("static/")):
            assert client.get(f"/{address}").status_code in (200, 302), address

    def test_a_fixed_number_of_queries(self, register, django_assert_num_queries):
        ready_to_publish()
        with django_assert_num_queries(18):  # eight for the register, ten for what proves it
            notice.compose(TODAY)


class TestMarks:
    @pytest.mark.parametrize(
        ("typed", "shown"),
        [
            ("[us](mailto:a@b.example)", '<a href="mailto:a@b.example">us</a>'),
            ("**six** years", "<strong>six</strong> years"),
            ("<script>", "&lt;script&gt;"),
            ("<b> [us](/x) <i>", '&lt;b&gt; <a href="/x">us</a> &lt;i&gt;'),
            ("[x](javascript:alert)", "[x](javascript:alert)"),
            ("[x](//evil.example)", "[x](//evil.example)"),
            ('[x](https://a.example/"onclick)', '<a href="https://a.example/&quot;onclick">x</a>'),
        ],
    )
    def test_only_harmless_marks_become_html(self, typed, shown):
        assert blocks.linked(typed) == shown

    def test_plain_text_has_no_marks(self):
        assert blocks.plain("**Six** [years](/x)") == "Six years"

    def test_a_digest_does_not_depend_on_the_order_of_keys(self):
        assert (
            blocks.digest({"a": 1, "b": 2})
            == blocks.digest({"b": 2, "a": 1})
            != blocks.digest({"a": 2, "b": 2})
        )


@pytest.mark.django_db
class TestPublishing:
    def test_a_version_is_frozen(self, register):
        first = publish()
        models.RetentionRule.objects.filter(code="prize-entry").update(period=9)
        publish("Prize entries are kept longer.")
        first.refresh_from_db()
        assert "6 months" in str(first.content)
        assert first.digest == blocks.digest(first.content)
        assert [version.number for version in NoticeVersion.objects.all()] == [2, 1]

    def test_the_database_refuses_to_change_it(self, register):
        publish()
        with pytest.raises(DatabaseError), transaction.atomic():
            NoticeVersion.objects.update(summary="Quietly different")
        with pytest.raises(DatabaseError), transaction.atomic():
            NoticeVersion.objects.all().delete()

    def test_nothing_changed_is_refused(self, register):
        publish()
        with pytest.raises(
            publishing.NothingChangedError, match="Nothing has changed since version 1"
        ):
            publish("Again.")

    def test_another_day_alone_changes_nothing(self, register):
        with time_machine.travel("2026-11-23T12:00Z", tick=False):
            publish()
        with (
            time_machine.travel("2026-12-23T23:30Z", tick=False),
            pytest.raises(publishing.NothingChangedError),
        ):
            publish("Again.")

    def test_a_summary_is_needed(self, register):
        with pytest.raises(publishing.NoticeRefusedError, match="what changed"):
            publish("  ")

    def test_a_recipient_abroad_without_safeguard_blocks_it(self, register):
        models.Recipient.objects.filter(code="example-mail").update(safeguard="")
        with pytest.raises(publishing.NoticeRefusedError, match="without a safeguard"):
            publish()
        assert not NoticeVersion.objects.exists()

    def test_it_is_in_the_trail(self, register):
        version = publish()
        entry = Entry.objects.get(event="notice_published")
        assert entry.actor == "job:tests"
        assert entry.facts == {"version": 1, "digest": version.digest}

    def test_without_the_audit_entry_there_is_no_version(self, register, monkeypatch):
        monkeypatch.setattr(publishing.events, "notice_published", lambda **facts: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            publish()
        assert not NoticeVersion.objects.exists()

    @pytest.mark.parametrize(
        ("what", "says"),
        [
            ("rule", "wait for the owner’s confirmation"),
            ("never", "did not end well, or it is too long ago"),
            ("failed", "did not end well"),
            ("old", "too long ago"),
        ],
    )
    def test_it_waits_for_what_it_rests_on(self, register, what, says):
        ready_to_publish()
        if what == "rule":
            models.RetentionRule.objects.filter(code="order-tax").update(
                confirmed_on=None, confirmed_by=""
            )
        elif what == "never":
            PurgeRun.objects.all().delete()
        elif what == "failed":
            PurgeRun.objects.update(outcome="failed")
        else:
            PurgeRun.objects.update(started_at=LONG_AGO, finished_at=LONG_AGO)
        with pytest.raises(publishing.NoticeRefusedError, match=says):
            publishing.publish(summary="First.", by="job:tests", now=timezone.now())
        assert not NoticeVersion.objects.exists()

    def test_what_it_says_of_the_purge_it_says_it_rests_on(self, register):
        version = publish()
        assert version.content["rests_on"] == [
            "register.rules_confirmed",
            "retention.nothing_for_ever",
            "retention.purge_runs",
        ]
        assert publishing.broken(version) == []
        PurgeRun.objects.update(started_at=LONG_AGO, finished_at=LONG_AGO)
        assert [publishing.RESTS_ON["retention.purge_runs"]] == [
            fault for fault in publishing.broken(version) if "purge did not end well" in fault
        ]

    def test_command_publishes_once(self, register, capsys):
        ready_to_publish()
        call_command("publish_notice", "--if-none")
        call_command("publish_notice", "--if-none")
        assert capsys.readouterr().out.splitlines() == [
            "Version 1 is published.",
            "Version 1 is published already.",
        ]

    def test_command_with_nothing_new_is_no_fault(self, register, capsys):
        ready_to_publish()
        call_command("publish_notice", verbosity=0)
        call_command("publish_notice", "--summary", "Again")
        assert "Nothing has changed since version 1." in capsys.readouterr().out

    def test_command_needs_a_person_when_the_register_has_a_gap(self, register):
        models.LawfulBasis.objects.filter(purpose__code="insurance").delete()
        with pytest.raises(CommandError, match="no lawful basis") as refused:
            call_command("publish_notice")
        assert refused.value.returncode == 1


@pytest.mark.django_db(transaction=True)
def test_two_at_once_give_one_version(monkeypatch):
    actions.load(by="job:tests")
    outcomes: list[str] = []
    together, compose = threading.Barrier(2), notice.compose

    def slowly(today):
        with contextlib.suppress(threading.BrokenBarrierError):
            together.wait(
                timeout=0.5
            )  # seconds in which a second one would come in, were the door open
        return compose(today)

    monkeypatch.setattr(notice, "compose", slowly)

    def attempt() -> None:
        try:
            outcomes.append(str(publish()))
        except publishing.NothingChangedError as refused:
            outcomes.append(str(refused))
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["Nothing has changed since version 1.", "Version 1"]


@pytest.mark.django_db
class TestPages:
    def test_before_the_first_notice_there_is_help(self, client, settings):
        page = client.get("/privacy/")
        assert page.status_code == 200
        assert "being prepared" in page.content.decode()
        assert settings.CONTROLLER["telephone"] in page.content.decode()

    def test_two_queries(self, register, client, django_assert_num_queries):
        publish()
        with django_assert_num_queries(2):  # the notice, and what is published about cookies
            client.get("/privacy/")

    def test_no_cookie_is_set(self, register, client):
        publish()
        for address in ("/", "/privacy/", "/privacy/versions/"):
            assert not client.get(address).cookies

    def test_every_heading_has_an_anchor(self, register, client):
        version = publish()
        html = client.get("/privacy/").content.decode()
        for section in version.content["sections"]:
            assert f'id="{section["id"]}"' in html
            assert f'href="#{section["id"]}"' in html

    def test_anchors_are_unique(self, register, client):
        publish()
        html = client.get("/privacy/").content.decode()
        anchors = [part.split('"')[0] for part in html.split(' id="')[1:]]
        assert len(anchors) == len(set(anchors))

    def test_an_old_version_says_so(self, register, client):
        publish()
        models.RetentionRule.objects.filter(code="prize-entry").update(period=9)
        publish("Prize entries.")
        old, new = (
            client.get(f"/privacy/versions/{number}/").content.decode() for number in (1, 2)
        )
        assert "This is an old version" in old
        assert '<meta name="robots" content="noindex">' in old
        assert "This is an old version" not in new

    def test_versions_are_listed_with_their_summaries(self, register, client):
        publish("The first of all.")
        assert "The first of all." in client.get("/privacy/versions/").content.decode()

    def test_what_changed_is_said_in_words(self, register, client):
        publish()
        models.RetentionRule.objects.filter(code="prize-entry").update(period=9)
        publish("Prize entries.")
        html = client.get("/privacy/versions/2/changes/").content.decode()
        assert '<del><span class="visually-hidden">[removed: </span>6' in html
        assert '<ins><span class="visually-hidden">[added: </span>9' in html

    def test_two_versions_compare_the_same_both_ways(self, register, client):
        publish()
        models.RetentionRule.objects.filter(code="prize-entry").update(period=9)
        publish("Prize entries.")
        there = client.get("/privacy/versions/2/changes/", {"with": 1}).content
        assert client.get("/privacy/versions/1/changes/", {"with": 2}).content == there

    def test_the_first_version_changed_nothing(self, register, client):
        publish()
        assert "was the first" in client.get("/privacy/versions/1/changes/").content.decode()

    @pytest.mark.parametrize(
        "address",
        [
            "/privacy/versions/7/",
            "/privacy/versions/1/changes/?with=9",
            "/privacy/versions/1/changes/?with=x",
            "/privacy/versions/1/changes/?with=%00",
            "/privacy/versions/9999999999/",
            "/nowhere/",
        ],
    )
    def test_a_stranger_address_is_not_found(self, register, client, address):
        publish()
        page = client.get(address)
        assert page.status_code == 404
        assert "We cannot find that page" in page.content.decode()

    def test_nothing_is_changed_by_reading(self, register, client):
        publish()
        entries = Entry.objects.count()
        for name in ("home", "notice", "versions"):
            client.get(reverse(f"register:{name}"))
            assert client.post(reverse(f"register:{name}")).status_code == 405
        assert Entry.objects.count() == entries

    def test_the_favicon_is_found(self, client):
        assert client.get("/favicon.ico").status_code == 302

    def test_the_refusal_of_a_forged_form_tells_what_to_do(self, lead, settings):
        client = Client(enforce_csrf_checks=True)
        page = client.post(reverse("admin:login"), {"username": "lead"})
        assert page.status_code == 403
        assert "Please send it again" in page.content.decode()
