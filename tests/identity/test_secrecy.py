"""Nobody learns from the pages of proof who is a customer, and nobody is flooded with codes."""

import re

import pytest
from django.test import Client

from audit.models import Entry
from customers.identity import visits
from customers.identity.models import CustomerChallenge, RateLimitHit
from tests import factories as make
from tests.identity.steps import DAY, MINUTE, ask, count, give
from tests.jobs.working import work

pytestmark = pytest.mark.django_db


class TestTheSameForEverybody:
    """Known, unknown, shared, and asked too often: the same status, body, cookie and number of
    queries."""

    @pytest.fixture
    def shared(self, ada):
        for _ in range(2):
            make.ContactPointFactory(value="home@example.org")

    WHO = [
        {"contact": "ada@example.org"},
        {"contact": "nobody@example.org"},
        {"contact": "home@example.org"},
        {"contact": "07700 900999"},
        {"number": "C0001234", "surname": "Wrong"},
        {"number": "X1", "surname": "Nobody"},
    ]

    def answer(self, given):
        browser, marks = Client(), re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')
        with count() as queries:
            first = browser.post("/prove/", given)
        page = browser.get(first.url)
        cookie = browser.cookies[visits.COOKIE_NAME]
        shown = {name: value for name, value in first.headers.items() if name != "Expires"}
        return (
            first.status_code,
            first.url,
            shown,
            marks.sub("", page.content.decode()),
            len(cookie.value),
            len(queries),
        )

    @pytest.mark.parametrize("given", WHO[1:])
    def test_unknown_is_answered_as_known(self, shared, given):
        assert self.answer(self.WHO[0]) == self.answer(given)
        work()

    def test_asked_too_often_is_answered_as_ever(self, shared, mailoutbox):
        answers = {str(self.answer(self.WHO[0])) for _ in range(6)}
        work()
        assert len(answers) == 1
        assert CustomerChallenge.objects.filter(code_digest__isnull=False).count() == 3
        assert len(mailoutbox) == 1  # the others were no good any more when they were to leave

    def test_the_page_that_asks_looks_nobody_up(self, shared):
        with count() as queries:
            Client().post("/prove/", self.WHO[0])
        assert not [
            query["sql"]
            for query in queries
            if "customers_contactpoint" in query["sql"] or '"customers_customer"' in query["sql"]
        ]

    def test_a_wrong_code_costs_the_same_for_a_stranger(self, ada):
        costs = []
        for given in self.WHO[:2]:
            browser = Client()
            ask(browser, **given)
            with count() as queries:
                give(browser, "1234 5678")
            costs.append([re.sub(r"'[^']*'|\d+", "?", query["sql"]) for query in queries])
        assert costs[0] == costs[1]
        assert len(costs[0]) == 6  # savepoint, find and lock, count the try, release; then the page

    def test_what_was_typed_is_forgotten(self, ada):
        for given in self.WHO:
            ask(Client(), **given)
        assert CustomerChallenge.objects.filter(given__isnull=False).count() == 0
        assert CustomerChallenge.objects.filter(customer__isnull=True).count() == 5
        assert Entry.objects.filter(event="code_asked", subject__isnull=True).count() == 5


@pytest.mark.slow
class TestLimits:
    def test_three_in_a_quarter_of_an_hour_and_then_again(self, ada, mailoutbox, clock):
        for _ in range(5):
            ask(Client(), contact="ada@example.org")
        assert len(mailoutbox) == 3
        clock.shift(16 * MINUTE)
        ask(Client(), contact="ada@example.org")
        assert len(mailoutbox) == 4

    def test_ten_in_a_day_whatever_was_typed(self, ada, mailoutbox, clock):
        for turn in range(18):
            ask(
                Client(),
                **(
                    {"contact": "ada@example.org"}
                    if turn % 2
                    else {"number": "C0001234", "surname": "de la Cruz"}
                ),
            )
            clock.shift(20 * MINUTE)
        assert len(mailoutbox) == 10

    def test_one_customer_by_many_names_is_one(self, ada, mailoutbox):
        names = (
            {"contact": "ada@example.org"},
            {"contact": "07700900461"},
            {"number": "C0001234", "surname": "de la Cruz"},
        )
        for given in names * 2:
            ask(Client(), **given)
        assert len(mailoutbox) == 3

    def test_twenty_in_an_hour_from_one_internet_address(self, mailoutbox):
        for number in range(21):
            make.ContactPointFactory(value=f"p{number}@example.org")
            ask(Client(REMOTE_ADDR="203.0.113.7"), contact=f"p{number}@example.org")
        assert len(mailoutbox) == 20
        make.ContactPointFactory(value="else@example.org")
        ask(Client(REMOTE_ADDR="203.0.113.8"), contact="else@example.org")
        assert len(mailoutbox) == 21

    def test_counts_are_thrown_away(self, ada, clock):
        ask(Client(), contact="ada@example.org")
        clock.shift(DAY)
        ask(Client(), contact="other@example.org")
        assert RateLimitHit.objects.count() == 2

    @pytest.mark.parametrize(
        ("remote", "forwarded", "proxies", "address"),
        [
            ("203.0.113.7", "1.2.3.4", 0, "203.0.113.7"),
            ("127.0.0.1", "6.6.6.6, 203.0.113.7", 1, "203.0.113.7"),
            ("127.0.0.1", "6.6.6.6, 203.0.113.7, 198.51.100.2", 2, "203.0.113.7"),
            ("127.0.0.1", "203.0.113.7", 2, ""),
            ("127.0.0.1", "", 1, ""),
            ("2001:db8:1:2:3:4:5:6", "", 0, "2001:db8:1:2::/64"),
            ("::ffff:203.0.113.7", "", 0, "203.0.113.7"),
            ("", "", 0, ""),
        ],
    )
    def test_the_address_that_counts(self, rf, settings, remote, forwarded, proxies, address):
        settings.PROXIES = proxies
        meta = {"REMOTE_ADDR": remote, "HTTP_X_FORWARDED_FOR": forwarded}
        assert visits.address(rf.get("/", **meta)) == address

    def test_the_same_form_sent_twice_is_one_code(self, ada, mailoutbox):
        browser = Client()
        reference = re.search(
            r'name="reference" value="([^"]+)"', browser.get("/prove/").content.decode()
        )[1]
        for _ in range(2):
            ask(browser, contact="ada@example.org", reference=reference)
        assert len(mailoutbox) == 1
        ask(
            browser, contact="da@example.org", reference=reference
        )  # a slip put right with the Back button
        assert CustomerChallenge.objects.count() == 2
