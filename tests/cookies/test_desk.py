"""The list of cookies on the desk: who edits it, what publishing does, what colleagues can look
up."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from audit.models import Entry
from compliance.cookies import actions, wording
from compliance.cookies.models import Cookie, CookieReceipt, CookieWording
from compliance.register import history
from tests.cookies.conftest import NOW, press

DRAFT = reverse("admin:cookies_cookiewording_draft")


def page_of(row) -> str:
    return reverse("admin:cookies_cookie_change", args=[row.pk])


def saved(client, row, **changes):
    """Send the row's form back with some fields typed anew."""
    form = client.get(page_of(row)).context["adminform"].form
    data = {field.html_name: field.value() for field in form if field.value() is not None}
    return client.post(page_of(row), {**data, **changes}, follow=True)


@pytest.fixture
def ads(published) -> Cookie:
    return Cookie.objects.get(code="example-ads-browser")


class TestTheList:
    def test_loading_twice_adds_nothing_and_keeps_edits(self, published):
        Cookie.objects.filter(code="shop-layout").update(life="Two years")
        assert actions.load(by="job:tests") == 0
        assert Cookie.objects.get(code="shop-layout").life == "Two years"
        assert Entry.objects.filter(event="cookies_loaded").count() == 1

    def test_a_lost_row_comes_back(self, published):
        Cookie.objects.filter(code="shop-layout").update(code="mine")
        assert actions.load(by="job:tests") == 1

    def test_the_command_says_what_it_did(self, db, capsys):
        for _ in range(2):
            call_command("load_cookies", "--publish-first")
        said = capsys.readouterr().out.splitlines()
        assert said == [
            "15 cookies added. Version 1 of the wording is published.",
            "0 cookies added.",
        ]

    def test_it_publishes_nothing_in_a_real_database(self, db, settings):
        settings.EMBEDDED_DATABASE = False
        call_command("load_cookies", "--publish-first", verbosity=0)
        assert Cookie.objects.count() == 15
        assert not CookieWording.objects.exists()

    def test_our_own_names_come_from_the_settings(self, published, settings):
        settings.CSRF_COOKIE_NAME = "__Host-csrf"
        assert Cookie.objects.get(code="portal-form").shown_name == "__Host-csrf"
        assert "__Host-csrf" in str(wording.compose())

    def test_the_lead_changes_one_and_history_tells(self, ads, lead, signed_in):
        saved(signed_in(lead), ads, life="30 days", why="Contract of March.")
        moment = history.of(ads)[0]
        assert (moment.who, moment.why) == ("lead", "Contract of March.")
        assert history.plain(moment.changes) == ["Life: 90 days → 30 days"]
        entry = Entry.objects.get(event="register_changed")
        assert (entry.facts["table"], entry.facts["row"], entry.facts["fields"]) == (
            "cookie",
            ads.code,
            ["life"],
        )

    def test_a_company_must_explain_and_take_a_no(self, ads, lead, signed_in):
        page = saved(signed_in(lead), ads, policy="", opt_out="", why="x").content.decode()
        assert "Visitors must be able to read" in page
        assert "Visitors must be able to say no" in page

    def test_what_the_program_sets_is_not_the_lead_s_to_move(self, published, lead, signed_in):
        row = Cookie.objects.get(code="portal-choice")
        saved(
            signed_in(lead),
            row,
            group="advertising",
            retired_on="2027-01-01",
            purpose="Remembers.",
            why="Plainer.",
        )
        row.refresh_from_db()
        assert (row.group, row.retired_on, row.purpose) == ("necessary", None, "Remembers.")

    def test_an_agent_reads_and_changes_nothing(self, ads, agent, signed_in):
        client = signed_in(agent)
        assert client.get(page_of(ads)).status_code == 200
        assert client.post(page_of(ads), {"life": "x", "why": "x"}).status_code == 403
        assert client.post(DRAFT, {"summary": "x"}).status_code == 403
        assert client.get(reverse("admin:cookies_cookiereceipt_changelist")).status_code == 403


class TestPublishing:
    def test_the_lead_sees_the_difference_and_publishes(self, ads, lead, signed_in):
        client = signed_in(lead)
        saved(client, ads, life="30 days", why="x")
        draft = client.get(DRAFT)
        assert [change.heading for change in draft.context["changes"]] == ["Advertising"]
        page = draft.content.decode()
        assert '<del><span class="visually-hidden">[removed: </span>90' in page
        assert client.post(DRAFT, {"summary": "Shorter life."}).status_code == 302
        assert CookieWording.objects.first().number == 2
        entry = Entry.objects.filter(event="cookie_wording_published").first()
        assert (entry.actor, entry.facts["version"]) == (lead.actor, 2)

    def test_nothing_new_is_not_published(self, published, lead, signed_in):
        assert (
            "Nothing has changed since version 1."
            in signed_in(lead).post(DRAFT, {"summary": "x"}).content.decode()
        )

    def test_a_list_without_our_own_is_refused(self, published, lead, signed_in):
        Cookie.objects.filter(code="portal-form").update(retired_on="2027-01-01")
        page = signed_in(lead).post(DRAFT, {"summary": "x"}).content.decode()
        assert "so the list must have it" in page
        assert CookieWording.objects.count() == 1

    def test_without_the_audit_entry_nothing_is_published(self, ads, monkeypatch):
        Cookie.objects.filter(pk=ads.pk).update(life="1 day")
        monkeypatch.setattr("audit.events.cookie_wording_published", lambda **facts: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            actions.publish(summary="x", by="job:tests", now=NOW)
        assert CookieWording.objects.count() == 1

    def test_the_first_page_tells_the_lead(self, ads, lead, agent, signed_in):
        home = reverse("admin:index")
        assert "list of cookies has changed" not in signed_in(lead).get(home).content.decode()
        Cookie.objects.filter(pk=ads.pk).update(life="1 day")
        assert (
            "The list of cookies has changed since version 1"
            in signed_in(lead).get(home).content.decode()
        )
        assert "list of cookies" not in signed_in(agent).get(home).content.decode()

    def test_before_the_first_it_says_that_nobody_is_asked(self, db, lead, signed_in):
        assert "so nobody is asked" in signed_in(lead).get(reverse("admin:index")).content.decode()


class TestReceiptsOnTheDesk:
    def test_a_visitor_s_number_finds_theirs(self, published, visitor, lead, signed_in):
        press(visitor, "refuse")
        receipt = CookieReceipt.objects.get().receipt
        client, lists = signed_in(lead), reverse("admin:cookies_cookiereceipt_changelist")
        assert str(receipt) in client.get(lists, {"q": str(receipt)}).content.decode()
        assert "No visitor has chosen yet" in client.get(lists, {"q": "nonsense"}).content.decode()

    def test_an_old_wording_can_be_read(self, published, lead, signed_in):
        page = (
            signed_in(lead)
            .get(reverse("admin:cookies_cookiewording_change", args=[published.pk]))
            .content.decode()
        )
        assert "Example Ads Ltd" in page
        assert "May we use cookies" in page
