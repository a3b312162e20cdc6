"""screen_list: every line of a list in exactly one of three files, with the verdict that
may_contact gives."""

import csv
import datetime
import hmac
import io
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command

from audit.models import Entry
from compliance.disclosures.models import Disclosure
from compliance.preferences import actions, contact_digests, may_contact
from compliance.preferences.models import Screening, Suppression
from compliance.preferences.vocabulary import ChoiceKind
from tests.factories import ContactPointFactory, CustomerFactory
from tests.preferences.conftest import NOON

pytestmark = pytest.mark.django_db
LATER = NOON + datetime.timedelta(days=10)
HOME = "1 Mill Lane\nBradford\nBD1 1AA"


@pytest.fixture(autouse=True)
def _later():
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture
def screened(tmp_path):
    """Screen a list, given as text or bytes: the exit code, what was said, and the three files."""

    def screen(text, channel="email", sender="us", **options):
        path = tmp_path / "list.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return run(path, channel, sender, **options)

    def run(path, channel, sender, **options):
        out, code = io.StringIO(), 0
        try:
            call_command(
                "screen_list",
                str(path),
                "--channel",
                channel,
                "--sender",
                sender,
                stdout=out,
                **options,
            )
        except SystemExit as end:
            code = end.code
        folder = Path(options.get("out") or tmp_path / "list-screened")
        files = {
            name: (folder / f"{name}.csv").read_bytes()
            for name in ("allowed", "suppressed", "unreadable")
        }
        return code, out.getvalue(), files

    return screen


def stop(*given, channels=("email",), senders=("us",), **kwargs):
    actions.object_to(
        channels=channels,
        senders=senders,
        given=given,
        source="web_form",
        by="job:tests",
        now=NOON,
        **kwargs,
    )


class TestEveryLine:
    def test_is_in_exactly_one_file_as_it_was(self, ada, consented, screened):
        consented(ada)
        stop(contact_digests.email("gone@example.org"))
        code, said, files = screened(
            'id,E-mail,note\r\n1,ADA@Example.org,"a, ""b"""\r\n2,gone@example.org,x\r\n'
            "3,new@example.org,=1+1\r\n4,nonsense,\r\n"
        )
        assert code == 1
        assert files["allowed"] == b'id,E-mail,note\n1,ADA@Example.org,"a, ""b"""\r\n'
        assert files["suppressed"] == (
            b"id,E-mail,note,reason\n2,gone@example.org,x,objected\n"
            b"3,new@example.org,=1+1,no_consent\n"
        )
        assert files["unreadable"] == b"id,E-mail,note,reason\n4,nonsense,,not an email address\n"
        assert "4 lines screened by E-mail" in said

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            (b"email,x\na@b.example\n", "fewer fields than the header"),
            (b"email,x\na@b.example,1,2\n", "more fields than the header"),
            (b"email,x\na\x00@b.example,1\n", "holds a NUL byte"),
            (b"email,x\n\xff\xfe\xc3\xa9,1\n\xc3\xa9,\n", "not valid UTF-8"),
            (b'email,x\n"open,1\n', "a quote is opened and not closed"),
            (b"email,x\n" + b"y" * 1_500_000 + b",1\n", "longer than 1 MB"),
        ],
    )
    def test_that_cannot_be_read_says_why(self, screened, text, reason):
        code, _, files = screened(text)
        rows = list(csv.reader(io.StringIO(files["unreadable"].decode("latin-1"))))[1:]
        assert code == 1
        assert rows[0][2] == reason
        assert all(len(row) == 3 for row in rows)

    def test_of_several_lines_goes_whole(self, ada, consented, screened):
        consented(ada)
        stop(contact_digests.email("gone@example.org"))
        text = 'email,note\n"ada@example.org","one\ntwo"\ngone@example.org,"three\n\nfour"\nx@example.org,y\n'
        code, _, files = screened(text)
        assert code == 0
        assert files["allowed"] == b'email,note\n"ada@example.org","one\ntwo"\n'
        assert files["suppressed"] == (
            b'email,note,reason\ngone@example.org,"three\n\nfour",objected\n'
            b"x@example.org,y,no_consent\n"
        )

    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r", ""])
    def test_the_last_one_too(self, screened, end):
        text = "email\n" if end in ("\n", "") else f"email{end}"
        _, said, files = screened(
            text + f"a@example.org{end or chr(10)}b@example.org{end}", suppression_only=True
        )
        assert "2 allowed" in said
        assert files["allowed"].split()[-1] == b"b@example.org"

    def test_of_an_empty_list_is_none(self, screened):
        assert "0 lines screened" in screened("email\n")[1]

    def test_blank_lines_and_rows_of_commas_are_nothing_amiss(self, screened):
        text = "email,x\n\na@example.org,1\n   \n,\n , \n"
        code, said, files = screened(text, suppression_only=True)
        assert (code, "1 lines screened" in said, "4 more are blank" in said) == (0, True, True)
        rows = list(csv.reader(io.StringIO(files["unreadable"].decode())))
        assert [(len(row), row[-1]) for row in rows[1:]] == [(3, "blank line")] * 4
        assert Screening.objects.get().unreadable == 0


class TestTheVerdict:
    def test_the_plain_list_needs_no_consent(self, screened):
        stop(contact_digests.email("gone@example.org"))
        _, _, files = screened("email\ngone@example.org\nnew@example.org\n", suppression_only=True)
        assert files["allowed"] == b"email\nnew@example.org\n"

    def test_a_stop_for_all_third_parties_counts_for_each(self, ada, consented, partner, screened):
        consented(ada, sender=partner)
        assert b"ada" in screened("email\nada@example.org\n", sender=partner)[2]["allowed"]
        stop(
            contact_digests.email("ada@example.org"),
            senders=["third_parties"],
            at=NOON + datetime.timedelta(minutes=1),
        )
        Suppression.objects.update(at=NOON + datetime.timedelta(days=1))
        assert b"ada" in screened("email\nada@example.org\n", sender=partner)[2]["suppressed"]

    def test_an_address_that_a_customer_took_since_is_caught(self, ada, consented, screened):
        consented(ada, to=contact_digests.email("new@example.org"))
        stop(customer=ada)
        ContactPointFactory(customer=ada, value="new@example.org")
        assert b"objected" in screened("email\nnew@example.org\n")[2]["suppressed"]

    def test_calls_ask_the_telephone_preference_service(self, tps, screened):
        tps("tps", "07700900111\n07700900222\n")
        tps("ctps", "07700900333\n")
        stop(contact_digests.phone("07700900444"), channels=["live_call"])
        _, _, files = screened(
            "phone\n+447700900111\n07700900333\n07700 900444\n07700900555\n", "live_call"
        )
        assert (
            files["suppressed"]
            == b"phone,reason\n+447700900111,tps\n07700900333,tps\n07700 900444,objected\n"
        )
        assert files["allowed"] == b"phone\n07700900555\n"

    def test_cold_post_asks_the_mailing_preference_service(self, tps, screened, ada):
        ContactPointFactory(customer=ada, address=True, value=HOME)
        tps(
            "mps",
            "surname,address_1,postcode\nLovelace,1 Mill Lane,BD1 1AA\nOther,2 Mill Lane,BD1 1AA\n",
        )
        _, _, files = screened(
            "Name,Address 1,Postcode\nAda Lovelace,1 Mill Lane,bd11aa\nMr Other,2 Mill Lane,BD1 "
            "1AA\n"
            "New Person,3 Mill Lane,BD1 1AA\n",
            "post",
        )
        assert b"Ada Lovelace" in files["allowed"]
        assert b"Mr Other,2 Mill Lane,BD1 1AA,mps" in files["suppressed"]
        assert b"New Person" in files["allowed"]

    @pytest.mark.parametrize("days", [None, 29])
    def test_an_old_list_screens_no_calls(self, tps, screened, days):
        if days:
            with time_machine.travel(LATER - datetime.timedelta(days=days), tick=False):
                tps("tps", "07700900111\n")
                tps("ctps", "07700900111\n")
        with pytest.raises(CommandError, match="more than 28 days old") as refused:
            screened("phone\n07700900111\n", "live_call")
        assert refused.value.returncode == 2

    def test_it_is_that_of_may_contact(self, ada, consented, partner, tps, screened):
        """Every kind of history on one list, by every channel, for us and for a partner."""
        tps("tps", "07700900001\n")
        tps("ctps", "07700900002\n")
        day = datetime.timedelta(days=1)
        histories = [
            (),
            ("consent",),
            ("objection",),
            ("consent", "objection"),
            ("objection", "consent"),
            ("soft_opt_in",),
            ("soft_opt_in", "objection"),
            ("objection", "soft_opt_in"),
            ("not_objected",),
        ]
        for number, history in enumerate(histories):
            person = CustomerFactory(surname=f"Person{chr(97 + number)}")
            points = [
                contact_digests.email(f"p{number}@example.org"),
                contact_digests.phone(f"0770090000{number}"),
            ]
            for point in points:
                ContactPointFactory(customer=person, kind=point.kind, value=point.key)
            for step, kind in enumerate(history):
                for channel, point in (
                    ("email", points[0]),
                    ("sms", points[1]),
                    ("live_call", points[1]),
                ):
                    for sender in ("us", partner):
                        at = NOON + (step - 5) * day
                        if kind == "objection":
                            stop(customer=person, channels=[channel], senders=[sender], at=at)
                        elif kind != "soft_opt_in" or sender == "us":
                            consented(
                                person,
                                channel=channel,
                                sender=sender,
                                to=point,
                                kind=ChoiceKind(kind),
                                at=at,
                            )
        for sender in ("us", partner):
            for channel in ("email", "sms", "live_call", "automated_call"):
                column = "email" if channel == "email" else "phone"
                values = [
                    f"p{n}@example.org" if column == "email" else f"0770090000{n}"
                    for n in range(len(histories))
                ]
                _, _, files = screened("\n".join([column, *values]), channel, sender)
                assert not files["unreadable"].split()[1:]
                allowed = set(files["allowed"].decode().split()[1:])
                expected = {
                    value
                    for value in values
                    if may_contact.may_contact(
                        contact_digests.make(column, value), channel, sender, "marketing", LATER
                    )
                }
                assert allowed == expected, (channel, sender)

    def test_entries_under_an_older_key_still_count(self, ada, consented, screened, settings):
        consented(ada)
        stop(contact_digests.email("gone@example.org"))
        settings.SUPPRESSION_KEYS = (
            "stop2:EBESExQVFhcYGRobHB0eHwABAgMEBQYHCAkKCwwNDg8," + settings.SUPPRESSION_KEYS
        )
        _, _, files = screened("email\nada@example.org\ngone@example.org\n")
        assert files["allowed"] == b"email\nada@example.org\n"

    def test_a_key_that_is_gone_stops_everything(self, screened, settings):
        stop(contact_digests.email("gone@example.org"))
        settings.SUPPRESSION_KEYS = "stop2:EBESExQVFhcYGRobHB0eHwABAgMEBQYHCAkKCwwNDg8"
        with pytest.raises(CommandError, match="would be written to"):
            screened("email\ngone@example.org\n")


class TestTheLog:
    def test_who_screened_what_is_kept_without_a_name(self, screened, trail):
        screened("email\nsomebody@example.org\n", campaign="Spring sale <b>")
        kept = Screening.objects.get()
        assert (kept.by, kept.channel, kept.campaign, kept.suppressed) == (
            "job:screen_list",
            "email",
            "spring-sale-b",
            1,
        )
        assert trail("list_screened").facts["suppressed"] == 1
        assert "somebody" not in str(list(Entry.objects.values()))

    def test_a_list_for_a_partner_is_a_disclosure(self, ada, consented, partner, screened):
        consented(ada, sender=partner)
        ContactPointFactory(customer=CustomerFactory(), value="other@example.org")
        _, said, _ = screened(
            "email\nada@example.org\nADA@example.org\nother@example.org\n",
            sender=partner,
            campaign="june",
        )
        told = Disclosure.objects.get()
        assert (told.customer, told.recipient, told.recipient_name) == (
            ada,
            partner,
            "Example Home and Garden Ltd",
        )
        assert (told.detail, told.occurred_on) == ("Email: june", LATER.date())
        assert "1 customers" in said

    def test_a_customer_is_found_before_the_keys_are_rotated(
        self, ada, consented, partner, screened, settings, tps
    ):
        """A new key seals from now on, but what stands under the old one is renewed later, by
        rotate_keys."""
        consented(ada, sender=partner)
        ContactPointFactory(customer=ada, address=True, value=HOME)
        tps("mps", "surname,address_1,postcode\nLovelace,1 Mill Lane,BD1 1AA\n")
        settings.PRIVACY_KEYS = (
            "newer:EBESExQVFhcYGRobHB0eHwABAgMEBQYHCAkKCwwNDg8," + settings.PRIVACY_KEYS
        )
        screened("email\nada@example.org\n", sender=partner)
        assert Disclosure.objects.get().customer == ada
        assert (
            b"Lovelace"
            in screened("surname,address_1,postcode\nLovelace,1 Mill Lane,BD1 1AA\n", "post")[2][
                "allowed"
            ]
        )

    def test_our_own_list_is_none(self, ada, consented, screened):
        consented(ada)
        screened("email\nada@example.org\n")
        assert not Disclosure.objects.exists()


class TestBadInput:
    @pytest.mark.parametrize(
        ("text", "why"),
        [
            ("name,town\nx,y\n", "no column that could hold the email"),
            ("email,mail\na,b\n", "several columns"),
            ("", "is empty"),
            ("email;x\na;b\n", "separated by semicolons"),
            (b"\xff\xfee\x00", "UTF-16"),
            (b"PK\x03\x04", "spreadsheet"),
        ],
    )
    def test_says_what_to_do_and_writes_nothing(self, screened, tmp_path, text, why):
        with pytest.raises(CommandError, match=why) as refused:
            screened(text)
        assert refused.value.returncode == 2
        assert not (tmp_path / "list-screened").exists() or not list(
            (tmp_path / "list-screened").iterdir()
        )
        assert not Screening.objects.exists()

    def test_a_column_can_be_named(self, screened):
        assert "3rd" in screened("a,3rd\n1,x@example.org\n", column=["3rd"])[1]

    def test_a_column_that_is_not_there(self, screened):
        with pytest.raises(CommandError, match="no column 'mail'"):
            screened("email\nx\n", column=["mail"])

    def test_a_sender_nobody_knows(self, screened):
        with pytest.raises(CommandError, match="no marketing partner"):
            screened("email\nx\n", sender="nobody")

    def test_the_list_is_never_its_own_result(self, screened, tmp_path):
        path = tmp_path / "allowed.csv"
        path.write_text("email\nx@example.org\n")
        with pytest.raises(CommandError, match="Choose another folder"):
            call_command(
                "screen_list",
                str(path),
                "--channel",
                "email",
                "--sender",
                "us",
                "--out",
                str(tmp_path),
            )
        assert path.read_text() == "email\nx@example.org\n"

    def test_results_are_for_their_owner_alone(self, screened, tmp_path):
        screened("email\nx@example.org\n")
        assert {path.stat().st_mode & 0o777 for path in (tmp_path / "list-screened").iterdir()} == {
            0o600
        }


class TestTheFeed:
    def test_a_partner_can_tell_without_being_told(self, ada, consented, partner, tmp_path, trail):
        stop(contact_digests.email("gone@example.org"), senders=["third_parties"])
        stop(customer=ada, senders=[partner])
        consented(ada, sender=partner, at=NOON + datetime.timedelta(days=1))
        stop(contact_digests.email("ours@example.org"))
        call_command(
            "screen_list",
            "--feed",
            "--channel",
            "email",
            "--sender",
            partner,
            "--out",
            str(tmp_path),
            stdout=io.StringIO(),
        )
        rows = list(csv.DictReader((tmp_path / "feed.csv").read_text().splitlines()))
        assert [row["digest"] for row in rows] == [
            contact_digests.feed_digest(contact_digests.email("Gone@Example.org")).hex()
        ]
        assert trail("feed_written").facts == {"partner": partner, "channel": "email", "digests": 1}

    def test_with_its_keys_a_partner_needs_nothing_else_of_ours(
        self, partner, tmp_path, trail, settings
    ):
        """What the partner's own program does, by the letter of docs/screening.md; the key was
        changed in between."""
        stop(
            contact_digests.address("O’Brien", "Flat 2, 10 Mill Lane\nLeeds\nLS1 4AP"),
            channels=["post"],
            senders=[partner],
        )
        settings.FEED_KEYS = (
            "feed2:EBESExQVFhcYGRobHB0eHwABAgMEBQYHCAkKCwwNDg8," + settings.FEED_KEYS
        )
        stop(
            contact_digests.address("Rao", "Rose Cottage, High Street\nAmble\nNE65 0AA"),
            channels=["post"],
            senders=[partner],
        )
        printed = io.StringIO()
        call_command("feed_key", partner, stdout=printed)
        held = dict(line.split() for line in printed.getvalue().splitlines())
        call_command(
            "screen_list", feed=True, channel="post", sender=partner, out=tmp_path, stdout=printed
        )
        known = {
            (row["key"], row["digest"])
            for row in csv.DictReader((tmp_path / "feed.csv").read_text().splitlines())
        }
        mine = [
            "obrien|LS14AP|flat 2 10 mill ln",
            "rao|NE650AA|rose cottage",
            "king|LS14AP|flat 2 10 mill ln",
        ]
        found = [
            one
            for one in mine
            for key, digits in held.items()
            if (key, hmac.digest(bytes.fromhex(digits), f"address:{one}".encode(), "sha256").hex())
            in known
        ]
        assert found == mine[:2]
        assert trail("feed_key_shown").facts == {"partner": partner, "keys": list(held)}
        with pytest.raises(CommandError, match="no marketing partner"):
            call_command("feed_key", "nobody")

    @pytest.mark.parametrize(
        ("channel", "sender", "why"),
        [
            ("sms", "example-partner", "no feed of telephone"),
            ("email", "us", "for a marketing partner"),
        ],
    )
    def test_what_has_none(self, partner, tmp_path, channel, sender, why):
        with pytest.raises(CommandError, match=why):
            call_command(
                "screen_list",
                "--feed",
                "--channel",
                channel,
                "--sender",
                sender,
                "--out",
                str(tmp_path),
            )

    def test_a_list_and_a_feed_are_two_things(self, tmp_path):
        with pytest.raises(CommandError, match="without one"):
            call_command("screen_list", "--channel", "email", "--sender", "us")
