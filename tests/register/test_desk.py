"""The register on the desk: who may edit it, what each change leaves behind, and publishing from
there."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.models import Entry
from compliance.register import history, models, publishing, shape
from tests.register.ready import ready_to_publish

RULES = reverse("admin:register_retentionrule_changelist")
PURPOSES = reverse("admin:register_purpose_changelist")
DAY = datetime.timedelta(days=1)
DRAFT = reverse("admin:register_noticeversion_draft")


def page_of(row) -> str:
    return reverse(f"admin:register_{row._meta.model_name}_change", args=[row.pk])


def filled(client, row, **changes) -> dict[str, object]:
    """The change form as the browser would send it back, with some fields typed anew; None takes
    one out."""
    context = client.get(page_of(row)).context
    forms = [context["adminform"].form]
    for formset in context["inline_admin_formsets"]:
        forms += [formset.formset.management_form, *formset.formset.forms]
    data: dict[str, object] = {}
    for form in forms:
        for bound in form:
            value = bound.value()
            if value is not None and value is not False:
                data[bound.html_name] = (
                    [getattr(item, "pk", item) for item in value]
                    if isinstance(value, list)
                    else value
                )
    return {name: value for name, value in {**data, **changes}.items() if value is not None}


@pytest.fixture
def rule(register) -> models.RetentionRule:
    return models.RetentionRule.objects.get(code="prize-entry")


@pytest.fixture
def purpose(register) -> models.Purpose:
    return models.Purpose.objects.get(code="orders")


class TestWhoMay:
    def test_an_agent_reads_and_changes_nothing(self, rule, agent, signed_in):
        client = signed_in(agent)
        page = client.get(page_of(rule))
        assert page.status_code == 200
        assert "Why this change?" not in page.content.decode()
        assert client.post(page_of(rule), {"period": 9, "why": "Because."}).status_code == 403

    @pytest.mark.parametrize(
        "name", ["datacategory", "purpose", "recipient", "adequacydecision", "retentionrule"]
    )
    def test_the_auditor_reads_every_table(self, register, auditor, signed_in, name):
        client = signed_in(auditor)
        assert client.get(reverse(f"admin:register_{name}_changelist")).status_code == 200
        assert client.get(reverse(f"admin:register_{name}_add")).status_code == 403

    def test_the_operator_has_no_business_here(self, rule, operator, signed_in):
        assert signed_in(operator).get(page_of(rule)).status_code == 403

    def test_nobody_deletes(self, rule, lead, signed_in):
        assert (
            signed_in(lead)
            .get(reverse("admin:register_retentionrule_delete", args=[rule.pk]))
            .status_code
            == 403
        )

    def test_an_agent_neither_confirms_nor_publishes(self, rule, agent, signed_in):
        client = signed_in(agent)
        confirm = reverse("admin:register_retentionrule_confirm")
        assert client.post(f"{confirm}?ids={rule.pk}", {"why": "x"}).status_code == 403
        assert client.post(DRAFT, {"summary": "x"}).status_code == 403
        assert not models.NoticeVersion.objects.exists()


class TestEditing:
    def test_a_reason_is_demanded(self, rule, lead, signed_in):
        client = signed_in(lead)
        page = client.post(page_of(rule), filled(client, rule, period=9, why="  "))
        assert "Say why, for whoever asks later." in page.content.decode()
        rule.refresh_from_db()
        assert rule.period == 6

    def test_the_database_keeps_who_before_after_and_why(self, rule, lead, signed_in):
        client = signed_in(lead)
        client.post(
            page_of(rule),
            filled(client, rule, period=9, why="Long questions after the summer draw."),
        )
        moment = history.of(rule)[0]
        assert (moment.who, moment.why) == ("lead", "Long questions after the summer draw.")
        assert history.plain(moment.changes) == ["Period: 6 → 9"]
        event = models.RetentionRuleEvent.objects.select_related("pgh_context").latest("pgh_id")
        assert event.pgh_context.metadata["user"] == lead.pk

    def test_the_trail_names_table_row_and_fields(self, rule, lead, signed_in):
        client = signed_in(lead)
        client.post(page_of(rule), filled(client, rule, period=9, why="Why not."))
        entry = Entry.objects.get(event="register_changed")
        assert entry.actor == lead.actor
        assert entry.facts == {
            "table": "retention rule",
            "row": "prize-entry",
            "change": "changed",
            "fields": ["period"],
        }

    def test_without_the_audit_entry_nothing_is_changed(self, rule, lead, signed_in, monkeypatch):
        client = signed_in(lead)
        data = filled(client, rule, period=9, why="Why not.")
        monkeypatch.setattr("audit.events.register_changed", lambda **facts: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            client.post(page_of(rule), data)
        rule.refresh_from_db()
        assert rule.period == 6

    def test_saving_without_a_change_leaves_no_trace(self, rule, lead, signed_in):
        client = signed_in(lead)
        page = client.post(page_of(rule), filled(client, rule, why="Just looking."), follow=True)
        assert "nothing was changed" in page.content.decode()
        assert not Entry.objects.filter(event="register_changed").exists()
        assert len(history.of(rule)) == 1

    def test_retiring_is_named_so_and_its_gap_shown(self, register, lead, signed_in):
        client, rule = signed_in(lead), models.RetentionRule.objects.get(code="contact-account")
        page = client.post(
            page_of(rule), filled(client, rule, retired_on="2026-01-01", why="Merged."), follow=True
        )
        assert Entry.objects.get(event="register_changed").facts["change"] == "retired"
        assert (
            "The register now has a gap: No retention rule in use covers customers.ContactPoint"
            in page.content.decode()
        )

    def test_a_row_is_not_retired_tomorrow(self, rule, lead, signed_in):
        client = signed_in(lead)
        page = client.post(
            page_of(rule), filled(client, rule, retired_on="2999-01-01", why="Later.")
        )
        assert "A row is retired at once" in page.content.decode()

    def test_the_code_is_fixed(self, rule, lead, signed_in):
        client = signed_in(lead)
        client.post(page_of(rule), filled(client, rule, code="other", period=9, why="x"))
        rule.refresh_from_db()
        assert (rule.code, rule.period) == ("prize-entry", 9)

    def test_a_clock_that_the_records_lack_is_refused(self, rule, lead, signed_in):
        client = signed_in(lead)
        page = client.post(page_of(rule), filled(client, rule, clock="card_expiry", why="x"))
        assert (
            "counts from &#x27;card_expiry&#x27;, a clock that draws.PrizeEntry does not have"
            in page.content.decode()
        )

    def test_a_recipient_abroad_may_be_saved_and_is_pointed_at(self, register, lead, signed_in):
        client, mail = signed_in(lead), models.Recipient.objects.get(code="example-mail")
        page = client.post(
            page_of(mail),
            filled(client, mail, safeguard="", why="Certificate lapsed."),
            follow=True,
        )
        assert "in the United States without a safeguard" in page.content.decode()

    def test_a_new_rule_is_added_unconfirmed(self, register, lead, signed_in):
        category, purpose = (
            models.DataCategory.objects.get(code="order"),
            models.Purpose.objects.get(code="service"),
        )
        signed_in(lead).post(
            reverse("admin:register_retentionrule_add"),
            {
                "code": "order-returns",
                "category": category.pk,
                "purpose": purpose.pk,
                "period": 2,
                "unit": "years",
                "clock": "sale",
                "clock_name": "the sale",
                "condition": "",
                "authority": "Policy.",
                "on_request": "kept_whole",
                "why": "Returns desk.",
            },
        )
        rule = models.RetentionRule.objects.get(code="order-returns")
        assert rule.confirmed_on is None
        assert history.of(rule)[0].why == "Returns desk."


class TestPurposeHistory:
    def test_a_category_taken_away_is_kept_in_history(self, purpose, lead, signed_in):
        client, card = signed_in(lead), models.DataCategory.objects.get(code="payment_card")
        kept = [pk for pk in purpose.categories.values_list("pk", flat=True) if pk != card.pk]
        client.post(
            page_of(purpose), filled(client, purpose, categories=kept, why="Paid by invoice now.")
        )
        moment = history.of(purpose)[0]
        assert history.plain(moment.changes) == ["Data category: Payment cards → nothing"]
        assert (moment.who, moment.why) == ("lead", "Paid by invoice now.")

    def test_recipients_come_and_go(self, purpose, lead, signed_in):
        client = signed_in(lead)
        parcels, hmrc = (
            models.Recipient.objects.get(code=code) for code in ("example-parcels", "hmrc")
        )
        kept = [pk for pk in purpose.recipients.values_list("pk", flat=True) if pk != parcels.pk]
        client.post(
            page_of(purpose), filled(client, purpose, recipients=[*kept, hmrc.pk], why="Own vans.")
        )
        assert sorted(history.plain(history.of(purpose)[0].changes)) == [
            "Recipient: Example Parcels Ltd → nothing",
            "Recipient: nothing → HM Revenue and Customs",
        ]

    def test_a_basis_taken_away_is_kept_in_history(self, purpose, lead, signed_in):
        client = signed_in(lead)
        client.post(
            page_of(purpose),
            filled(client, purpose, why="Contract alone.", **{"lawful_bases-1-DELETE": "on"}),
        )
        assert [basis.article for basis in purpose.lawful_bases.all()] == ["b"]
        change = history.of(purpose)[0].changes[0]
        assert change.before.startswith("Legitimate interests: After the sale")
        assert change.after == ""
        assert Entry.objects.get(event="register_changed").facts["fields"] == ["lawful bases"]

    def test_a_basis_reworded_shows_both(self, purpose, lead, signed_in):
        client = signed_in(lead)
        client.post(
            page_of(purpose),
            filled(client, purpose, why="x", **{"lawful_bases-0-explanation": "Plainer."}),
        )
        assert history.plain(history.of(purpose)[0].changes) == [
            "Lawful basis: Contract: We cannot fulfil your order without it. → Contract: Plainer."
        ]

    def test_the_page_shows_it_in_ten_queries(
        self, purpose, lead, signed_in, django_assert_num_queries
    ):
        client = signed_in(lead)
        with django_assert_num_queries(9):
            page = client.get(reverse("admin:register_purpose_history", args=[purpose.pk]))
        assert "Shipped defaults, for the owner to confirm" in page.content.decode()

    def test_a_deleted_colleague_still_reads(self, purpose, lead, signed_in):
        client = signed_in(lead)
        client.post(page_of(purpose), filled(client, purpose, position=11, why="Order."))
        lead.delete()
        assert history.of(purpose)[0].who.startswith("staff ")

    @pytest.mark.django_db(transaction=True)  # what a transaction was told holds to its end
    def test_a_change_past_the_desk_says_so(self, purpose):
        models.Purpose.objects.filter(pk=purpose.pk).update(position=12)
        assert history.of(purpose)[0].who == "Not told: changed in the database directly"


class TestConfirming:
    def test_the_action_leads_to_the_question(self, rule, lead, signed_in):
        page = signed_in(lead).post(RULES, {"action": "confirm", "_selected_action": [rule.pk]})
        assert page.url == f"confirm/?ids={rule.pk}"

    def test_looking_confirms_nothing(self, rule, lead, signed_in):
        page = signed_in(lead).get(
            reverse("admin:register_retentionrule_confirm"), {"ids": rule.pk}
        )
        assert "6 months from the day the draw closed" in page.content.decode()
        rule.refresh_from_db()
        assert rule.confirmed_on is None

    def test_both_chosen_rules_are_confirmed(self, rule, lead, signed_in):
        other = models.RetentionRule.objects.get(code="prize-winner")
        address = reverse("admin:register_retentionrule_confirm") + f"?ids={rule.pk},{other.pk}"
        assert signed_in(lead).post(address, {"why": "Board of 3 November."}).status_code == 302
        for row in (rule, other):
            row.refresh_from_db()
            assert (row.confirmed_on, row.confirmed_by) == (timezone.localdate(), lead.actor)
        assert (
            Entry.objects.filter(event="register_changed", facts__change="confirmed").count() == 2
        )
        assert history.of(rule)[0].why == "Board of 3 November."

    def test_a_reason_is_demanded(self, rule, lead, signed_in):
        address = reverse("admin:register_retentionrule_confirm") + f"?ids={rule.pk}"
        assert "Say why" in signed_in(lead).post(address, {"why": ""}).content.decode()

    def test_another_period_must_be_confirmed_anew(self, rule, lead, signed_in):
        models.RetentionRule.objects.filter(pk=rule.pk).update(
            confirmed_on="2026-11-01", confirmed_by="staff:1"
        )
        client = signed_in(lead)
        client.post(page_of(rule), filled(client, rule, period=9, why="x"))
        rule.refresh_from_db()
        assert (rule.confirmed_on, rule.confirmed_by) == (None, "")

    def test_another_wording_need_not(self, rule, lead, signed_in):
        confirmed = {"confirmed_on": "2026-11-01", "confirmed_by": "staff:1"}
        models.RetentionRule.objects.filter(pk=rule.pk).update(**confirmed)
        client = signed_in(lead)
        client.post(page_of(rule), filled(client, rule, authority="Plainer.", why="x"))
        rule.refresh_from_db()
        assert rule.confirmed_by == "staff:1"

    def test_odd_numbers_in_the_address_do_no_harm(self, rule, lead, signed_in):
        address = reverse("admin:register_retentionrule_confirm")
        for ids in ("", "x", "0,-1", "٣", "9" * 30):
            assert signed_in(lead).get(address, {"ids": ids}).status_code == 302


class TestPublishingFromTheDesk:
    def test_the_draft_is_shown_and_published(self, register, lead, signed_in):
        ready_to_publish()
        client = signed_in(lead)
        assert "No notice is published yet." in client.get(DRAFT).content.decode()
        client.post(DRAFT, {"summary": "The first."})
        assert models.NoticeVersion.objects.get().published_by == lead.actor

    def test_looking_publishes_nothing(self, register, lead, signed_in):
        client = signed_in(lead)
        client.get(DRAFT)
        assert client.get(reverse("admin:register_noticeversion_preview")).status_code == 200
        assert not models.NoticeVersion.objects.exists()

    def test_the_difference_is_shown_before(self, rule, lead, signed_in):
        ready_to_publish()
        publishing.publish(summary="First.", by="job:tests", now=timezone.now())
        models.RetentionRule.objects.filter(pk=rule.pk).update(period=9)
        page = signed_in(lead).get(DRAFT).content.decode()
        assert "The register has changed since" in page
        assert "[added: </span>9" in page

    def test_a_gap_is_named_and_blocks_it(self, register, lead, signed_in):
        models.Recipient.objects.filter(code="example-mail").update(safeguard="")
        client = signed_in(lead)
        assert "cannot be published" in client.get(DRAFT).content.decode()
        assert "Publish this notice" not in client.get(DRAFT).content.decode()
        assert "without a safeguard" in client.post(DRAFT, {"summary": "Try."}).content.decode()
        assert not models.NoticeVersion.objects.exists()

    def test_a_summary_is_asked_for(self, register, lead, signed_in):
        ready_to_publish()
        assert "Say in a few words" in signed_in(lead).post(DRAFT, {"summary": ""}).content.decode()


class TestAlerts:
    def test_the_lead_is_told_everything(self, register, lead, signed_in):
        texts = alerts(signed_in(lead))
        assert "No privacy notice is published yet." in texts
        rules = len(shape.shipped_file()["rule"])
        assert any(
            text.startswith(f"{rules} retention rules wait for your confirmation.")
            for text in texts
        )

    def test_a_policy_document_is_read_by_its_day(self, register, lead, signed_in):
        client, rows = signed_in(lead), models.Purpose.objects.exclude(condition="")
        assert {row.code for row in rows} == {"support", "insurance", "fraud-prevention"}
        assert any("3 policy documents wait to be read" in text for text in alerts(client))
        assert "Not read yet" in client.get(PURPOSES).content.decode()
        for row in rows:
            read = {"policy_review_on": "2030-01-01", "why": "Read it."}
            assert client.post(page_of(row), filled(client, row, **read)).status_code == 302
        assert not any("policy document" in text for text in alerts(client))
        rows.filter(code="support").update(policy_review_on=timezone.localdate() - DAY)
        assert any("1 policy document waits to be read" in text for text in alerts(client))

    def test_no_condition_without_its_document(self, purpose, lead, signed_in):
        client = signed_in(lead)
        data = filled(client, purpose, condition="Schedule 1, paragraph 10.", why="Because.")
        assert client.post(page_of(purpose), data).status_code == 200
        purpose.refresh_from_db()
        assert purpose.condition == ""

    def test_a_changed_register_is_an_alert(self, rule, lead, signed_in):
        ready_to_publish()
        publishing.publish(summary="First.", by="job:tests", now=timezone.now())
        client = signed_in(lead)
        assert not any("changed since" in text for text in alerts(client))
        models.RetentionRule.objects.filter(pk=rule.pk).update(period=9)
        assert any("has changed since version 1" in text for text in alerts(client))

    def test_a_gap_comes_first(self, register, lead, signed_in):
        models.LawfulBasis.objects.filter(purpose__code__in=["insurance", "orders"]).delete()
        first, *_ = [text for text in alerts(signed_in(lead)) if "register" in text]
        assert first.startswith("The register has a gap: The purpose 'orders' has no lawful basis.")
        assert first.endswith("And 1 more.")

    def test_an_agent_is_not_bothered(self, register, agent, signed_in):
        assert not any("notice" in text or "register" in text for text in alerts(signed_in(agent)))


def alerts(client) -> list[str]:
    return [alert.text for alert in client.get(reverse("admin:index")).context["alerts"]]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("abroad=yes", {"Example Card Payments Ltd", "Example Mail Services Inc"}),
        ("abroad=bare", {"Example Mail Services Inc"}),
    ],
)
def test_recipients_outside_the_uk_can_be_listed(register, lead, signed_in, query, names):
    models.Recipient.objects.filter(code="example-mail").update(safeguard="")
    page = signed_in(lead).get(reverse("admin:register_recipient_changelist") + "?" + query)
    assert {row.name for row in page.context["cl"].result_list} == names
    assert "No safeguard" in page.content.decode()
