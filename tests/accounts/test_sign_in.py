import datetime

import pytest
import time_machine
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client
from django.urls import reverse

from accounts import sign_in
from accounts.models import SignInAttempt
from audit.models import Entry
from tests.factories import StaffFactory

PASSWORD = "correct horse battery"
LOGIN, DESK = "/admin/login/", "/admin/"
NOON = datetime.datetime(2026, 6, 1, 12, tzinfo=datetime.UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann():
    user = StaffFactory(staff_id="ann")
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def hashed(monkeypatch):
    """Grows by one whenever a password is hashed."""
    seen, encode = [], MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher, "encode", lambda *given: seen.append(1) or encode(*given)
    )
    return seen


def try_to(staff_id, password="wrong", client=None):  # noqa: S107
    return (client or Client()).post(
        LOGIN, {"username": staff_id, "password": password, "next": DESK}
    )


def is_in(response):
    return response.status_code == 302


def facts():
    return [(entry.event, entry.actor, entry.facts) for entry in Entry.objects.order_by("number")]


class TestTheRightPassword:
    def test_it_opens_the_desk_and_is_on_record(self, ann):
        client = Client()
        assert is_in(try_to("ann", PASSWORD, client))
        assert client.get(DESK).status_code == 200
        assert facts() == [("staff_signed_in", ann.actor, {})]

    def test_it_clears_the_wrong_ones_before(self, ann, clock):
        for _ in range(3):
            for _ in range(sign_in.TRIES - 1):
                assert not is_in(try_to("ann"))
            assert is_in(try_to("ann", PASSWORD))
        assert SignInAttempt.objects.count() == 0

    def test_a_closed_account_stays_out(self, ann):
        ann.is_active = False
        ann.save()
        assert not is_in(try_to("ann", PASSWORD))


class TestTheLimit:
    def test_five_wrong_ones_and_the_right_one_waits(self, ann, clock):
        for _ in range(sign_in.TRIES):
            try_to("ann")
        assert not is_in(try_to("ann", PASSWORD))
        clock.shift(sign_in.WAIT - datetime.timedelta(seconds=1))
        assert not is_in(try_to("ann", PASSWORD))
        clock.shift(1)
        assert is_in(try_to("ann", PASSWORD))

    def test_trying_on_does_not_make_the_waiting_longer(self, ann, clock):
        for _ in range(sign_in.TRIES):
            try_to("ann")
        clock.shift(sign_in.WAIT - sign_in.BUSY)
        for _ in range(sign_in.TRIES):
            try_to("ann")
        clock.shift(sign_in.BUSY)
        assert is_in(try_to("ann", PASSWORD))

    def test_another_spelling_is_the_same_staff_id(self, ann, clock):
        for typed in ("ann", "ANN", " Ann", "ann ", "aNN"):
            try_to(typed)
        assert not is_in(try_to("ann", PASSWORD))

    def test_one_who_waits_does_not_stop_the_others(self, ann, clock):
        for _ in range(sign_in.TRIES):
            try_to("bob")
        assert is_in(try_to("ann", PASSWORD))

    def test_one_password_for_many_ids_is_stopped_for_a_minute(self, ann, clock):
        for number in range(sign_in.TRIES_OF_ALL):
            authenticate(username=f"desk{number}", password="Summer2026!")
        assert not is_in(try_to("ann", PASSWORD))
        clock.shift(sign_in.BUSY)
        assert is_in(try_to("ann", PASSWORD))

    @pytest.mark.parametrize(
        ("at_once", "gets_in"), [(sign_in.TRIES, True), (sign_in.TRIES + 1, False)]
    )
    def test_attempts_at_one_moment_cannot_slip_past(self, at_once, gets_in, ann):
        def attempt(number):
            """While this one is looked at, the next one comes; the last has the right password."""
            return sign_in.guarded(
                "ann", lambda: attempt(number - 1) if number > 1 else ann, now=NOON
            )

        assert (attempt(at_once) == ann) is gets_in


class TestTheAnswer:
    def test_it_is_the_same_for_known_unknown_and_waiting(self, ann, clock):
        def answer(staff_id):
            page = try_to(staff_id).content.decode()
            return (
                page[page.index("<form") :].replace(staff_id, "ID").split("csrfmiddlewaretoken")[0]
            )

        known, unknown = answer("ann"), answer("nobody")
        for _ in range(sign_in.TRIES):
            try_to("ann")
        assert known == unknown == answer("ann")
        assert "That did not work" in try_to("ann").content.decode()

    def test_every_answer_costs_one_look_at_a_password(self, ann, clock, hashed):
        for staff_id in ("ann", "nobody", *["ann"] * sign_in.TRIES):
            hashed.clear()
            try_to(staff_id)
            assert len(hashed) == 1

    def test_known_and_unknown_ids_cost_the_same_queries(
        self, ann, clock, django_assert_num_queries
    ):
        for staff_id in ("ann", "nobody"):
            with django_assert_num_queries(9):
                authenticate(username=staff_id, password="wrong")


class TestOnRecord:
    def test_a_refusal_names_the_account_and_the_last_says_it_waits(self, ann, clock):
        for _ in range(sign_in.TRIES + 3):
            try_to("ann")
        told = {"staff": ann.pk, "waits": False}
        assert facts() == [("staff_sign_in_refused", "job:sign_in", told)] * 4 + [
            ("staff_sign_in_refused", "job:sign_in", {**told, "waits": True})
        ]

    def test_what_was_typed_for_an_unknown_id_is_kept_nowhere(self, clock):
        try_to("hunter2-my-password")
        assert facts() == [
            ("staff_sign_in_refused", "job:sign_in", {"staff": None, "waits": False})
        ]
        assert "hunter2" not in str(list(SignInAttempt.objects.values()))

    def test_attempts_are_gone_after_a_quarter_of_an_hour(self, ann, clock):
        try_to("bob")
        clock.shift(sign_in.WAIT)
        try_to("ann")
        assert SignInAttempt.objects.count() == 1


class TestSessions:
    @pytest.fixture
    def client(self, ann):
        client = Client()
        try_to("ann", PASSWORD, client)
        return client

    def stays_in(self, client):
        return client.get(DESK).status_code == 200

    def test_signing_out_ends_it_for_good(self, client):
        cookie = client.cookies["session"].value
        client.post(reverse("admin:logout"))
        assert not self.stays_in(client)
        client.cookies["session"] = cookie
        assert not self.stays_in(client)

    def test_a_link_cannot_sign_anybody_out(self, client):
        assert client.get(reverse("admin:logout")).status_code == 405
        assert self.stays_in(client)

    def test_it_ends_after_a_working_day(self, ann):
        with time_machine.travel(NOON, tick=False) as clock:
            client = Client()
            try_to("ann", PASSWORD, client)
            clock.shift(datetime.timedelta(hours=8, seconds=-1))
            assert self.stays_in(client)
            clock.shift(1)
            assert not self.stays_in(client)

    def test_signing_in_gives_a_new_session_key(self, ann):
        client = Client()
        session = client.session
        session["planted"] = True
        session.save()
        before = session.session_key
        try_to("ann", PASSWORD, client)
        assert client.session.session_key != before

    def test_a_new_password_ends_the_others_and_is_on_record(self, client, ann):
        elsewhere = Client()
        try_to("ann", PASSWORD, elsewhere)
        new = "another horse battery"
        client.post(
            reverse("admin:password_change"),
            {"old_password": PASSWORD, "new_password1": new, "new_password2": new},
        )
        assert self.stays_in(client)
        assert not self.stays_in(elsewhere)
        told = {"staff": ann.pk, "change": "changed", "fields": ["password"]}
        assert facts()[-1] == ("staff_changed", ann.actor, told)

    def test_closing_the_account_ends_it_at_once(self, client, ann):
        ann.is_active = False
        ann.save()
        assert not self.stays_in(client)
