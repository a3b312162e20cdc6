"""The link that stops marketing emails: made, tampered with, looked at, pressed, pressed again, and
pressed years later."""

import base64
import contextlib
import csv
import datetime
import io
import threading

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compliance.preferences import contact_digests, links, may_contact, one_click
from compliance.preferences.models import ChoiceEvent, Suppression
from compliance.retention import engine
from customers import normalise
from tests.factories import ContactPointFactory, CustomerFactory
from tests.importing.shop import Shop
from tests.retention.conftest import make_register
from tests.strength import examples

NIGHT = datetime.datetime(
    2026, 3, 29, 0, 59, 59, tzinfo=datetime.UTC
)  # the clocks go forward in a second
ADA = "ada@example.org"
MAIL_PROGRAM = {
    "data": "List-Unsubscribe=One-Click",
    "content_type": "application/x-www-form-urlencoded",
}
OLD, NEW = (
    "stop1:ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8",
    "stop2:QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl4",
)


@pytest.fixture
def _night():
    with time_machine.travel(NIGHT, tick=False):
        yield


def link(customer=None, address=ADA, sender="us"):
    return (
        "/u/"
        + one_click.token_maker(sender)(normalise.email(address), customer and customer.pk)
        + "/"
    )


def press(address, **typed):
    client = Client(enforce_csrf_checks=True)
    return client.post(address, typed) if typed else client.post(address, **MAIL_PROGRAM)


def may(who, channel="email", sender="us", at=NIGHT):
    return may_contact.may_contact(who, channel, sender, "marketing", at).reason


class TestTheToken:
    @settings(max_examples=examples(60), deadline=None)
    @given(
        local=st.text("abcdefgh.+", min_size=1, max_size=20).filter(lambda text: ".." not in text),
        customer=st.none() | st.uuids(version=4),
        sender=st.sampled_from(["us", "example-partner", "x" * 40]),
    )
    def test_it_says_what_was_put_in(self, local, customer, sender):
        address = f"{local}@example.org"
        token = one_click.token_maker(sender)(address, customer)
        found = one_click.read(token)
        assert (found.digest, found.customer, found.sender) == (
            contact_digests.digest(contact_digests.email(address)),
            customer,
            sender,
        )
        assert len(token) <= one_click.LONGEST
        assert set(token) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")

    def test_no_changed_sign_of_it_is_read(self):
        token = link()[3:-1]
        for place in range(len(token)):
            for sign in "Aa9_":
                if token[place] != sign:
                    assert one_click.read(token[:place] + sign + token[place + 1 :]) is None

    @settings(max_examples=examples(100), deadline=None)
    @given(st.binary(max_size=120) | st.text(max_size=60))
    def test_nothing_else_is_read(self, made_up):
        text = (
            made_up
            if isinstance(made_up, str)
            else base64.urlsafe_b64encode(made_up).decode().rstrip("=")
        )
        assert one_click.read(text) is None

    @pytest.mark.parametrize(
        "change",
        [
            lambda token: token[:-1],
            lambda token: token + "A",
            lambda token: token + "=",
            lambda token: "!" + token,
            lambda token: token[:9] + "\n" + token[9:],
        ],
    )
    def test_neither_more_nor_less_is_read(self, change):
        assert one_click.read(change(link()[3:-1])) is None

    def test_it_outlives_a_new_key_and_goes_with_its_own(self, settings):
        token = link()[3:-1]
        settings.SUPPRESSION_KEYS = f"{NEW},{OLD}"
        assert one_click.read(token).key_id == "stop1"
        settings.SUPPRESSION_KEYS = NEW
        assert one_click.read(token) is None

    def test_it_fits_on_one_line_of_a_header(self, db, settings, ada):
        settings.PUBLIC_URL = "https://privacy.hartwell.example"
        address = one_click.url(one_click.token_maker()("ada@example.org", ada.pk))
        assert address == f"https://privacy.hartwell.example{link(ada)}"
        assert len(f"<{address}>") < 200


@pytest.mark.usefixtures("_night")
class TestPressing:
    def test_a_mail_program_stops_a_customer(self, ada, trail):
        ContactPointFactory(customer=ada, value="second@example.org")
        response = press(link(ada))
        assert (response.status_code, response.has_header("Location")) == (200, False)
        assert (
            may(contact_digests.email(ADA))
            == may(contact_digests.email("second@example.org"))
            == "objected"
        )
        assert trail("marketing_stopped").subject == ada.pk

    def test_it_stops_an_address_that_nobody_holds(self, db, trail):
        assert press(link()).status_code == 200
        assert may(contact_digests.email(ADA)) == "objected"
        assert trail("marketing_stopped").subject is None

    def test_post_goes_on(self, ada):
        ContactPointFactory(customer=ada, address=True)
        press(link(ada))
        assert may(ada, "post") == "legitimate_interests"

    def test_looking_changes_nothing(self, ada):
        for method in ("get", "head", "get"):
            assert getattr(Client(), method)(link(ada)).status_code == 200
        assert not ChoiceEvent.objects.exists()
        assert not Suppression.objects.exists()
        assert not Client().get(link(ada)).cookies

    def test_pressing_again_is_one_event_and_the_same_page(self, ada):
        pages = [press(link(ada)).content for _ in range(3)]
        assert len(set(pages)) == ChoiceEvent.objects.count() == 1

    def test_it_stops_again_after_a_new_consent(self, ada, consented):
        press(link(ada))
        consented(ada, at=NIGHT + datetime.timedelta(minutes=1))
        with time_machine.travel(NIGHT + datetime.timedelta(minutes=2), tick=False):
            press(link(ada))
        assert may(ada, at=NIGHT + datetime.timedelta(minutes=3)) == "objected"

    def test_only_its_sender_stops(self, ada, partner, consented):
        consented(ada, at=NIGHT - datetime.timedelta(days=1))
        page = press(link(ada, sender=partner)).content.decode()
        assert "no marketing by email from Example Home and Garden Ltd." in page
        assert (may(ada), may(ada, sender=partner)) == ("consent", "objected")

    def test_one_more_press_stops_everything(self, ada, partner):
        ContactPointFactory(customer=ada, address=True)
        press(link(ada))
        page = press(link(ada), everything="1")
        assert "or from other organisations through us" in page.content.decode()
        channels = ("email", "post", "online_profiling")
        assert {
            may(ada, channel, sender) for channel in channels for sender in ("us", partner)
        } == {"objected"}

    def test_everything_for_an_address_that_nobody_holds(self, db):
        press(link(), everything="1")
        assert may(contact_digests.email(ADA), "online_profiling", "any") == "objected"

    @pytest.mark.parametrize("body", [b"", b"\xff=\x00", b"--x\r\nbroken"])
    def test_a_body_that_cannot_be_read_stops_all_the_same(self, ada, body):
        kinds = (
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "multipart/form-data",
            "text/plain",
        )
        for kind in kinds:
            assert Client().post(link(ada), body, content_type=kind).status_code == 200
        assert may(ada) == "objected"

    @pytest.mark.parametrize("token", ["x", "A" * 78, "é", "a" * 3000])
    def test_an_unknown_link_leads_to_the_form(self, db, token):
        for method in ("get", "post"):
            page = getattr(Client(), method)(f"/u/{token}/")
            assert (page.status_code, 'href="/marketing/"' in page.content.decode()) == (404, True)

    def test_one_who_was_erased_stays_stopped_when_they_come_back(self, ada, tmp_path, consented):
        make_register()
        consented(ada, at=NIGHT - datetime.timedelta(days=5000))
        address = link(ada)
        type(ada).objects.update(relationship_ended_on=datetime.date(2012, 1, 1))
        engine.run(as_of=NIGHT.date(), now=NIGHT, by="job:test")
        ada.refresh_from_db()
        assert ada.erased_at
        assert press(address).status_code == 200
        Shop(tmp_path).sends(
            "customers",
            [
                "customer_number,given_names,surname,email,relationship_began_on",
                "A101,Ada,Lovelace,Ada@Example.org,2026-01-01",
            ],
        )
        assert may(type(ada).objects.get(customer_number="A101")) == "objected"

    def test_it_costs_few_questions(self, ada, django_assert_num_queries):
        address = link(ada)
        with django_assert_num_queries(1):  # the cookie banner
            Client().get(address)
        with django_assert_num_queries(17):
            press(address)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("customer", [CustomerFactory, lambda: None], ids=["customer", "nobody"])
def test_two_presses_at_once_are_one_event(customer):
    address, gate, pages = link(customer()), threading.Barrier(2), []

    def both():
        gate.wait()
        pages.append(press(address).content)
        connection.close()

    threads = [threading.Thread(target=both) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(pages) == 2
    assert len(set(pages)) == ChoiceEvent.objects.count() == 1


@pytest.mark.usefixtures("_night")
class TestAMailingList:
    def run(self, tmp_path, content, *options):
        source, out, said = tmp_path / "list.csv", tmp_path / "out.csv", io.StringIO()
        source.write_bytes(content)
        code = 0
        try:
            call_command(
                "unsubscribe_links",
                str(source),
                "--out",
                str(out),
                *options,
                stdout=said,
                stderr=said,
            )
        except SystemExit as end:
            code = end.code
        return code, said.getvalue(), out.read_bytes() if out.exists() else None

    def test_each_line_gets_a_link_that_works(self, tmp_path, ada):
        code, _, out = self.run(tmp_path, b"id,email\n1,Ada@example.org\n2,zoe@example.org\n")
        first, second = csv.DictReader(io.StringIO(out.decode()))
        assert code == 0
        assert first["list_unsubscribe"] == f"<{first['unsubscribe_url']}>"
        assert first["list_unsubscribe_post"] == "List-Unsubscribe=One-Click"
        assert [
            one_click.read(row["unsubscribe_url"].split("/")[-2]).customer
            for row in (first, second)
        ] == [ada.pk, None]
        press("/u/" + second["unsubscribe_url"].split("/u/")[1])
        assert may(contact_digests.email("zoe@example.org")) == "objected"

    def test_an_address_of_two_people_is_nobodys(self, tmp_path, ada):
        ContactPointFactory(value=ADA)
        _, _, out = self.run(tmp_path, b"email\nada@example.org\n")
        assert (
            one_click.read(out.decode().splitlines()[1].split(",")[1].split("/")[-2]).customer
            is None
        )

    def test_the_lines_stay_byte_for_byte(self, tmp_path, db):
        lines = [
            '"id","E-mail","note"'.encode("cp1252"),
            '"1","a@example.org","=cmd é, ""x"""'.encode("cp1252"),
            b'2,nobody,"two\r\nlines"',
            b"  3 ,b@example.org, x",
        ]
        for end in (b"\n", b"\r\n"):
            body = [line.replace(b"\r\n", end) for line in lines]
            code, _, out = self.run(tmp_path, end.join(body), "--column", "E-mail")
            got = out.removesuffix(end).split(end)
            assert code == 1
            assert got[0] == body[0] + b",unsubscribe_url,list_unsubscribe,list_unsubscribe_post"
            assert got[1].startswith(body[1] + b",http")
            assert end.join(got[2:4]) == body[2] + b",,,"
            assert got[4].startswith(body[3] + b",http")

    def test_what_is_wrong_is_counted_and_named(self, tmp_path, db):
        code, said, out = self.run(
            tmp_path, b'email,x\na@example.org,1\nnobody,1\n\nb@example.org\n"c@example.org,1\n'
        )
        assert code == 1
        assert "1 lines with a link, 1 without one" in said
        assert "2 left out" in said
        assert "Look at line 3, 5, 6." in said
        assert len(out.splitlines()) == 3

    @pytest.mark.parametrize(
        ("content", "options", "says"),
        [
            (b"name\nAda\n", (), "no column"),
            (b"email,email2\na,b\n", ("--column", "mail"), "no column 'mail'"),
            (b"email,unsubscribe_url\na@b.cd,x\n", (), "already"),
            (b"email\na@b.cd\n", ("--sender", "nobody"), "not one of the"),
            (b"", (), "empty"),
        ],
    )
    def test_a_wrong_list_writes_nothing(self, tmp_path, db, content, options, says):
        code, said, out = self.run(tmp_path, content, *options)
        assert (code, out) == (2, None)
        assert says in said
        assert [file.name for file in tmp_path.iterdir()] == ["list.csv"]

    def test_it_never_writes_over_the_list(self, tmp_path, db):
        source = tmp_path / "list.csv"
        source.write_bytes(b"email\na@b.cd\n")
        with pytest.raises(SystemExit) as end:
            call_command(
                "unsubscribe_links", str(source), "--out", str(source), stderr=io.StringIO()
            )
        assert (end.value.code, source.read_bytes()) == (2, b"email\na@b.cd\n")

    def test_only_its_owner_may_read_it(self, tmp_path, db):
        self.run(tmp_path, b"email\na@b.cd\n")
        assert (tmp_path / "out.csv").stat().st_mode & 0o777 == 0o600

    def test_the_questions_grow_with_batches_and_not_with_lines(
        self, tmp_path, db, django_assert_num_queries, monkeypatch
    ):
        monkeypatch.setattr(links, "BATCH", 100)
        with django_assert_num_queries(3):
            self.run(
                tmp_path,
                b"email\n" + b"".join(b"p%d@example.org\n" % number for number in range(250)),
            )


@pytest.mark.django_db
@settings(
    max_examples=examples(30),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    rows=st.lists(
        st.tuples(st.sampled_from(["a@b.cd", "no", "", "ä@é.fr"]), st.text(max_size=8)), max_size=8
    )
)
def test_any_list_comes_back_with_its_own_columns(tmp_path, rows):
    source, out = tmp_path / "any.csv", tmp_path / "any.out.csv"
    with source.open("w", newline="") as file:
        csv.writer(file).writerows(
            [
                ("email", "note"),
                *((a, note.replace("\0", "").replace("\r", "")) for a, note in rows),
            ]
        )
    was = source.read_bytes()
    with contextlib.suppress(SystemExit):
        call_command(
            "unsubscribe_links",
            str(source),
            "--out",
            str(out),
            stdout=io.StringIO(),
            stderr=io.StringIO(),
        )
    with out.open(newline="") as file:
        got = [row[:2] for row in csv.reader(file)]
    assert got == [row for row in csv.reader(io.StringIO(was.decode(), newline="")) if row]
