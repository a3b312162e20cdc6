"""My data: what its proven owner sees of what we hold, and what nobody sees."""

import datetime
import re
import uuid

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compliance.access import records
from compliance.cases.kinds import CaseKind
from compliance.cases.models import Case
from compliance.outcomes import restriction
from compliance.register import actions as register_actions
from compliance.retention import holds
from customers.identity import limits
from customers.identity.models import CustomerVisit
from tests import factories as make
from tests.outcomes.effects import received, restrict
from tests.portal.asking import DAY, MINUTE, NIGHT, make_ada, text
from tests.register.ready import confirmed
from tests.strength import examples
from tests.visiting import visiting

pytestmark = pytest.mark.django_db
MOST = 29  # queries of the page, whatever is held
ADDRESSES = ("", "contact/", "records/orders/", "records/who_you_are/", "contact/add/email/")


@pytest.fixture(autouse=True)
def night(db):
    register_actions.load(by="job:test")
    with time_machine.travel(NIGHT, tick=False) as clock:
        yield clock


@pytest.fixture
def ada():
    return make_ada()


def seen(customer, address="", client=None):
    response = (client or visiting(customer)).get(f"/my-data/{address}")
    assert response.status_code == 200
    return text(response)


def orders(customer, count, **rest):
    return make.OrderFactory.create_batch(
        count, customer=customer, placed_on=datetime.date(2025, 5, 1), **rest
    )


class TestWhatIsShown:
    def test_what_why_until_when_and_from_where(self, ada):
        orders(ada, 1, number="N-KETTLE")
        visitor = visiting(ada)
        waits = seen(ada, "", visitor)
        assert "For how long is not confirmed yet" in waits
        assert "Kept until" not in waits
        confirmed("order")
        shown = seen(ada, "", visitor)
        for words in (
            "Ms Ada Lovelace",
            "N-KETTLE",
            "£42.50",
            "1 May 2025",
            "Tax and accounts: legal obligation",
            "Kept until 31 January 2032",
            "from our own records of your orders",
        ):
            assert words in shown

    def test_three_examples_and_the_count_of_all(self, ada):
        orders(ada, 30)
        shown = seen(ada)
        assert shown.count("£42.50") == 3
        assert "See all 30" in shown

    def test_older_ones_stand_on_pages_of_their_own(self, ada):
        made, visitor = orders(ada, 25), visiting(ada)
        first = visitor.get("/my-data/records/orders/")
        older = seen(ada, f"records/orders/?before={first.context['records'][-1].key}", visitor)
        assert (text(first).count("£42.50"), older.count("£42.50")) == (20, 5)
        assert made[0].number in older

    def test_who_received_it_by_its_last_name(self, ada):
        make.DisclosureFactory(
            customer=ada,
            recipient="transunion",
            recipient_name="Callcredit",
            occurred_on=datetime.date(2018, 1, 1),
            negotiations_ended_on=None,
        )
        make.DisclosureFactory(
            customer=ada,
            recipient="transunion",
            recipient_name="TransUnion",
            occurred_on=datetime.date(2026, 5, 1),
            negotiations_ended_on=None,
        )
        shown = seen(ada).partition('id="received"')[2]
        assert "<strong>TransUnion</strong>" in shown
        assert "2 times, the first on 1 January 2018, the last on 1 May 2026" in shown

    def test_who_receives_something_with_every_order(self, ada):
        make.OrderLineFactory(order=orders(ada, 1)[0], supplied_on=datetime.date(2025, 5, 3))
        shown = seen(ada).partition('id="received"')[2]
        assert "<strong>Example Parcels Ltd</strong>" in shown
        assert "Delivery of your orders: on 3 May 2025." in shown

    def test_marketing_requests_and_a_restriction(self, ada):
        restrict(ada)
        shown = seen(ada)
        assert "All marketing to you is off" in shown
        assert "You asked us to restrict how we use your personal data." in shown
        assert "The use of your data is restricted, as you asked" in shown

    def test_a_restriction_says_what_is_so(self, ada):
        row, client = restrict(ada), visiting(ada)
        shown = seen(ada, client=client)
        assert "<dt>Marketing</dt><dd>Stopped. Since 2 July 2026.</dd>" in shown
        assert "<dd>They go on until it is clear who asks." in shown
        restriction.confirm(row, by="staff:1", now=NIGHT)
        shown = seen(ada, client=client)
        assert "The credit system</dt><dd>On our list of those to be told" in shown
        assert "Goes on for legal claims" in shown
        holds.release(row.hold, by="staff:1", now=NIGHT)
        assert "Erasing your records" not in seen(ada, client=client)

    def test_text_that_nobody_read_is_left_to_the_copy(self, ada):
        make.ContactNoteFactory(customer=ada, text="Her neighbour Zebedee called.")
        shown = seen(ada)
        assert "Zebedee" not in shown
        assert "A full copy has more of each: What was said." in shown

    def test_somebody_with_nothing_but_a_name(self):
        shown = seen(make.CustomerFactory(given_names=None, title=None, date_of_birth=None))
        assert "Our log of what we passed on has nothing about you." in shown
        assert "You have not asked us for anything yet." in shown

    def test_a_new_table_needs_no_edit(self, ada):
        (
            make.MessageFactory(customer=ada),
            make.InboundMailFactory(customer=ada),
            make.PrizeEntryFactory(customer=ada),
        )
        make.FinancialLinkFactory(customer=ada), make.CreditAccountFactory(customer=ada)
        shown = seen(ada)
        for table in records.tables(ada):
            assert table.title in shown

    def test_other_people_are_redacted(self, ada):
        make.FinancialLinkFactory(customer=ada, linked_person="Charles Babbage")
        shown = seen(ada)
        assert "Babbage" not in shown
        assert "[redacted: other person]" in shown

    def test_each_place_leads_to_the_others(self, ada):
        visitor = visiting(ada)
        for address in ("/my-data/", "/your-data/requests/", "/your-choices/"):
            bar = (
                text(visitor.get(address))
                .partition('class="visitor-bar"')[2]
                .partition("</section>")[0]
            )
            assert f'href="{address}" aria-current="page"' in bar
            assert all(
                f'href="{other}"' in bar
                for other in ("/my-data/", "/your-data/requests/", "/your-choices/")
            )
            assert 'action="/prove/end/"' in bar


class TestNobodyElse:
    @pytest.mark.parametrize("address", ADDRESSES)
    def test_a_stranger_is_asked_for_a_code(self, ada, address):
        response = Client().get(f"/my-data/{address}")
        assert response.status_code == 302
        assert response["Location"].startswith("/prove/?next=")

    @pytest.mark.parametrize(
        "end",
        [
            lambda ada: CustomerVisit.objects.update(expires_at=NIGHT - MINUTE),
            lambda ada: CustomerVisit.objects.update(last_seen_at=NIGHT - limits.VISIT_IDLE),
            lambda ada: (
                type(ada)
                .objects.filter(pk=ada.pk)
                .update(
                    erased_at=NIGHT,
                    customer_number=None,
                    title=None,
                    given_names=None,
                    surname=None,
                    surname_lookup=None,
                    date_of_birth=None,
                )
            ),
        ],
    )
    def test_not_after_the_visit(self, ada, end):
        visitor = visiting(ada)
        end(ada)
        assert visitor.get("/my-data/")["Location"].startswith("/prove/")

    def test_not_in_another_browser(self, ada):
        other = Client(headers={"user-agent": "another"})
        other.cookies = visiting(ada, browser="mine").cookies
        assert other.get("/my-data/")["Location"].startswith("/prove/")

    @pytest.mark.slow
    @settings(
        max_examples=examples(25),
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(
        st.lists(
            st.sampled_from(
                [
                    "",
                    "contact/",
                    "records/orders/",
                    "records/orders/?before={}",
                    "contact/{}/",
                    "records/how_to_reach_you/?before={}",
                    "copy/",
                ]
            ),
            min_size=1,
            max_size=4,
        )
    )
    def test_no_walk_shows_anything_of_another(self, ada, walk):
        other = make.CustomerFactory(surname="Zebedee")
        theirs = [
            make.OrderFactory(customer=other, number=f"ZEBEDEE-{uuid.uuid4().hex[:9]}"),
            make.ContactPointFactory(
                customer=other, value=f"zebedee{uuid.uuid4().hex}@example.org"
            ),
        ]
        CustomerVisit.objects.all().delete()
        visitor = visiting(ada)
        for step in walk:
            for one in theirs:
                response = visitor.get(f"/my-data/{step.format(one.pk)}")
                assert "zebedee" not in response.content.decode().casefold()

    def test_nothing_is_kept_by_the_browser(self, ada):
        assert "no-store" in visiting(ada).get("/my-data/")["Cache-Control"]

    @pytest.mark.parametrize("name", ["x", "fraud_records", "orders", "a" * 300])
    def test_a_table_that_holds_nothing_is_not_found(self, ada, name):
        assert visiting(ada).get(f"/my-data/records/{name}/").status_code == 404


class TestNoTippingOff:
    def test_an_investigation_leaves_no_trace(self, ada):
        orders(ada, 2), received(ada, "experian", kind="credit_search")
        visitor = visiting(ada)
        before, queries = self.pages(ada, visitor)
        day = datetime.date(2026, 5, 2)
        make.FraudMarkerFactory(customer=ada, details="Zebedee suspects her.", opened_on=day)
        make.LegalHoldFactory(customer=ada, kind="fraud")
        for kind in ("fraud_filing", "credit_search"):
            make.DisclosureFactory(
                customer=ada,
                kind=kind,
                recipient="cifas",
                recipient_name="Cifas",
                application="",
                negotiations_ended_on=None,
                occurred_on=day,
            )
        assert self.pages(ada, visitor) == (before, queries)

    def pages(self, customer, visitor):
        with CaptureQueriesContext(connection) as found:
            pages = [
                seen(customer, address, visitor)
                for address in ("", "records/who_received_your_data/")
            ]
        return [
            re.sub(r'name="(csrfmiddlewaretoken|form)" value="[^"]*"', "", page) for page in pages
        ], len(found)


class TestWhatACopyLeavesOut:
    def test_a_record_held_back_is_not_here_either(self, ada):
        orders(ada, 2)
        make.ContactNoteFactory(customer=ada)
        pack = make.PackFactory(customer=ada)
        received(ada, "experian", "alpha")
        visitor = visiting(ada)
        before = self.pages(ada, visitor)
        extra = make.ContactNoteFactory(customer=ada), orders(ada, 1)[0], self.passed_on(ada)
        assert self.pages(ada, visitor) != before
        for row in extra:
            make.ReadingFactory(
                pack=pack,
                label=row._meta.label,
                row=str(row.pk),
                field="",
                digest=None,
                reason="crime",
            )
        assert self.pages(ada, visitor) == before

    def test_nor_is_a_table_of_which_nothing_is_left(self, ada):
        note = make.ContactNoteFactory(customer=ada)
        make.ReadingFactory(
            pack=make.PackFactory(customer=ada),
            label=note._meta.label,
            row=str(note.pk),
            field="",
            digest=None,
            reason="crime",
        )
        assert (
            visiting(ada).get("/my-data/records/calls_emails_chats_and_letters/").status_code == 404
        )

    def passed_on(self, ada):
        received(ada, "beta")
        return ada.disclosures.get(recipient="beta")

    def pages(self, customer, visitor):
        addresses = (
            "",
            "records/orders/",
            "records/who_received_your_data/",
            "records/calls_emails_chats_and_letters/",
        )
        pages = [seen(customer, address, visitor) for address in addresses]
        return [
            re.sub(r'name="(csrfmiddlewaretoken|form)" value="[^"]*"', "", page) for page in pages
        ]


class TestCost:
    def queries(self, customer, address=""):
        visitor = visiting(customer)
        with CaptureQueriesContext(connection) as found:
            seen(customer, address, visitor)
        return len(found)

    def test_as_many_queries_for_much_as_for_little(self, ada):
        for table in (
            make.PaymentCardFactory,
            make.CreditAccountFactory,
            make.FinancialLinkFactory,
            make.PrizeEntryFactory,
        ):
            table(customer=ada)
        make.OrderLineFactory(order=orders(ada, 1)[0]), make.ContactNoteFactory(customer=ada)
        make.MessageFactory(customer=ada), make.ChoiceEventFactory(customer=ada)
        received(ada, "experian", kind="credit_search"), received(ada, "alpha")
        little = self.queries(ada)
        CustomerVisit.objects.all().delete()
        for order in orders(ada, 40):
            make.OrderLineFactory.create_batch(2, order=order)
        received(ada, "beta", "gamma"), make.MessageFactory.create_batch(9, customer=ada)
        assert self.queries(ada) == little <= MOST

    def test_a_page_of_records_costs_few(self, ada):
        orders(ada, 60)
        assert self.queries(ada, "records/orders/") <= 5


class TestACopy:
    def ask(self, visitor, form="b"):
        return visitor.post(
            "/my-data/copy/", {"form": str(uuid.uuid5(uuid.NAMESPACE_OID, form))}, follow=True
        )

    def test_one_press_and_the_clock_runs(self, ada):
        shown = text(self.ask(visiting(ada)))
        case = Case.objects.get()
        assert (case.kind, case.customer, case.identified_by) == (
            CaseKind.ACCESS,
            ada,
            f"customer:{ada.pk}",
        )
        assert case.due_on == datetime.date(2026, 8, 3)
        assert case.reference in shown

    def test_two_presses_are_one_request(self, ada):
        visitor = visiting(ada)
        self.ask(visitor), self.ask(visitor)
        assert Case.objects.count() == 1

    def test_while_it_runs_the_page_says_so(self, ada):
        visitor = visiting(ada)
        self.ask(visitor)
        shown = seen(ada, "", visitor)
        assert "You asked on 2 July 2026. We answer by Monday 3 August 2026." in shown
        assert "Ask for a full copy" not in shown

    @pytest.mark.parametrize(
        ("rest", "offered"),
        [
            ({}, True),
            ({"expires_at": NIGHT - MINUTE}, False),
            (
                {
                    "state": "withdrawn",
                    "withdrawn_at": NIGHT,
                    "withdrawn_by": "job:tests",
                    "withdrawn_why": "A name.",
                },
                False,
            ),
        ],
    )
    def test_when_it_is_ready_the_page_leads_there(self, ada, rest, offered):
        visitor = visiting(ada)
        self.ask(visitor)
        reference = Case.objects.get().reference
        make.PackFactory(
            customer=ada, reference=reference, released=True, begun_at=NIGHT - 60 * MINUTE, **rest
        )
        assert ("Go to your copy" in seen(ada, "", visitor)) == offered

    def test_a_second_request_does_not_hide_the_copy_of_the_first(self, ada):
        make.PackFactory(
            customer=ada,
            released=True,
            reference=make.CaseFactory(
                customer=ada, kind=CaseKind.ACCESS, received_at=NIGHT - DAY
            ).reference,
        )
        make.CaseFactory(customer=ada, kind=CaseKind.ACCESS, received_at=NIGHT)
        assert "Go to your copy" in seen(ada)

    def test_the_page_opens_while_the_copy_is_read(self, ada):
        make.RedactionFactory(
            reading=make.ReadingFactory(pack=make.PackFactory(customer=ada)),
            start=0,
            end=3,
            reason="other_person",
        )
        assert "What we hold" in seen(ada)

    def test_a_stranger_opens_nothing(self):
        assert self.ask(Client()).redirect_chain[0][0].startswith("/prove/")
        assert Case.objects.count() == 0


class TestTheFormForTheRest:
    def test_what_it_is_about_is_ticked(self, ada):
        page = text(visiting(ada).get("/your-data/correct/?what=name"))
        assert re.findall(r'name="what" value="(\w+)" id="\w+" checked', page) == ["name"]

    @pytest.mark.parametrize("what", ["zebedee", "<b>", "\x00", "name&what=x"])
    def test_anything_else_is_passed_over(self, what):
        page = Client().get("/your-data/correct/", {"what": what})
        assert page.status_code == 200
        assert (
            "checked"
            not in page.content.decode().partition('name="what"')[2].partition("</fieldset>")[0]
        )


def test_it_is_offered_where_people_look(ada):
    assert 'href="/my-data/"' in text(Client().get("/"))
    proven = text(visiting(ada).get("/prove/")).partition("<main")[2]
    assert proven.index(">My data<") < proven.index(">Your choices<")
