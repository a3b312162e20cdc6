"""How emails arrive: by a mail server's pipe, from a mail folder, from a mailbox; and what happens
when something breaks."""

import io
import sys
import time

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection

from compliance.mailbox import handler, imap, maildir, storage, transports
from compliance.mailbox.models import InboundMail
from compliance.preferences.models import ChoiceEvent, MarketingRequest
from tests.mailbox.conftest import MIDNIGHT, message, receive, store
from tests.mailbox.imap_server import MailServer


class Pipe:
    def __init__(self, raw, terminal=False):
        self.buffer, self.terminal = io.BytesIO(raw), terminal

    def isatty(self):
        return self.terminal


@pytest.fixture
def piped(monkeypatch):
    """Give a message to the command as a mail server does; returns the exit code."""

    def give(raw=b"", *options, terminal=False, **changes):
        monkeypatch.setattr(sys, "stdin", Pipe(raw, terminal))
        try:
            call_command(
                "receive_mail", *options, stdout=io.StringIO(), stderr=io.StringIO(), **changes
            )
        except SystemExit as end:
            return end.code
        return 0

    return give


@pytest.fixture
def folder(tmp_path):
    """A mail folder with two messages."""
    for name in ("new", "cur", "tmp"):
        (tmp_path / name).mkdir()
    (tmp_path / "new" / "1782800000.M1.host").write_bytes(message("stop"))
    (tmp_path / "cur" / "1782800001.M2.host:2,S").write_bytes(message("stranger"))
    return tmp_path


def states():
    return sorted(InboundMail.objects.values_list("state", flat=True))


class TestThePipe:
    def test_one_message_is_stored_and_done(self, cast, piped):
        assert piped(message("stop")) == 0
        assert states() == ["applied"]

    def test_nothing_on_standard_input_is_wrong_use(self, db, piped):
        assert piped(terminal=True) == 2

    def test_an_empty_message_harms_nothing(self, db, piped):
        assert piped(b"") == 0
        assert states() == ["ignored"]

    def test_a_database_that_is_away_leaves_it_to_the_mail_server(self, db, piped, monkeypatch):
        monkeypatch.setattr(storage, "store", away)
        assert piped(message("stop")) == 3

    def test_once_stored_the_mail_server_need_not_send_it_again(self, cast, piped, monkeypatch):
        with monkeypatch.context() as broken:
            broken.setattr(handler, "handle", away)
            assert piped(message("stop")) == 0
        assert states() == ["received"]
        assert piped(b"", "--pending") == 0
        assert states() == ["applied"]

    def test_a_fault_of_ours_leaves_it_to_somebody(self, cast, piped, monkeypatch, caplog):
        monkeypatch.setattr(handler, "classify", lambda raw, ours: {}["ada@example.org"])
        assert piped(message("stop")) == 0
        assert InboundMail.objects.values_list("state", "reason").get() == ("desk", "faulty")
        assert "KeyError" in caplog.text
        assert "ada@" not in caplog.text

    def test_what_the_database_will_not_take_leaves_it_to_somebody(self, cast, piped, monkeypatch):
        monkeypatch.setattr(handler.matching, "match_sender", refused_by_the_database)
        store(message("access"))
        assert piped(message("stop")) == 0
        assert states() == ["desk", "desk"]

    def test_a_message_over_which_the_program_dies_is_left_alone(self, cast, piped):
        store(message("stop"))
        InboundMail.objects.update(attempts=handler.MOST_ATTEMPTS)
        assert piped(b"", "--pending") == 0
        assert InboundMail.objects.values_list("state", "reason").get() == ("desk", "faulty")

    def test_the_day_of_receipt_is_that_of_the_queue(self, cast):
        raw = b"Received: by mx.hartwell.example; Sun, 28 Jun 2026 10:00:00 +0100\n" + message(
            "access"
        )
        assert transports.queued_at(raw, MIDNIGHT).isoformat() == "2026-06-28T10:00:00+01:00"

    @pytest.mark.parametrize(
        "line",
        [
            b"Sun, 28 Jun 2015 10:00:00 +0100",
            b"Sun, 28 Jun 2027 10:00:00 +0100",
            b"x",
            b"",
            b"Tue, 99 Jun 2026 10:00:00 +0100",
            b"Sun, 28 Jun 2026 10:00:00 -0000",
        ],
    )
    def test_a_day_that_no_queue_can_explain_is_not_believed(self, line):
        assert transports.queued_at(b"Received: by mx; " + line + b"\n\n", MIDNIGHT) == MIDNIGHT


class TestAMailFolder:
    def test_all_is_stored_moved_and_done(self, cast, folder, piped):
        assert piped(maildir=folder) == 0
        assert states() == ["applied", "applied"]
        assert not [*(folder / "new").iterdir(), *(folder / "cur").iterdir()]
        assert len(list((folder / ".done" / "cur").iterdir())) == 2

    def test_it_was_received_when_it_came_into_the_folder(self, cast, folder):
        maildir.collect(folder, by="job:tests", now=MIDNIGHT)
        assert (
            InboundMail.objects.earliest("received_at").received_at.isoformat()
            == "2026-06-30T06:13:20+00:00"
        )

    def test_what_was_stored_and_not_moved_is_not_done_twice(self, cast, folder):
        receive(message("stop"))
        assert maildir.collect(folder, by="job:tests", now=MIDNIGHT).stored == 2
        assert InboundMail.objects.count() == MarketingRequest.objects.count() == 2

    def test_a_file_that_cannot_be_read_stops_no_other(self, cast, folder, piped, monkeypatch):
        (folder / "new" / "0.link").symlink_to(folder / "nowhere")
        (folder / "new" / "2.dir").mkdir()
        plain = maildir.Path.open
        monkeypatch.setattr(
            maildir.Path,
            "open",
            lambda file, mode: refuse() if "M1" in file.name else plain(file, mode),
        )
        assert piped(maildir=folder) == 1
        assert states() == ["applied"]
        assert (folder / "new" / "1782800000.M1.host").exists()

    def test_another_folder_is_wrong_use(self, db, tmp_path, piped):
        assert piped(maildir=tmp_path) == 2

    def test_what_was_stored_a_week_ago_no_longer_lies_in_the_clear(self, cast, folder):
        maildir.collect(folder, by="job:tests", now=MIDNIGHT)
        later = max(time.time(), MIDNIGHT.timestamp()) + 8 * 24 * 3600
        maildir.collect(folder, by="job:tests", now=MIDNIGHT.fromtimestamp(later, MIDNIGHT.tzinfo))
        assert not list((folder / ".done" / "cur").iterdir())


class TestAMailbox:
    @pytest.mark.parametrize("extensions", ["MOVE UIDPLUS", "UIDPLUS", ""])
    def test_all_is_stored_moved_and_done(self, cast, piped, settings, extensions):
        with MailServer([message("stop"), message("stranger")], extensions) as server:
            settings.MAILBOX_URL = server.url
            assert piped(b"", "--imap") == piped(b"", "--imap") == 0
            assert len(server.done) == 2
        assert states() == ["applied", "applied"]
        assert InboundMail.objects.first().original == message("stop")
        assert InboundMail.objects.first().received_at.isoformat() == "2026-06-29T08:00:00+00:00"

    def test_a_server_that_breaks_off_before_moving_makes_nothing_twice(
        self, cast, piped, settings
    ):
        with MailServer([message("stop")]) as server:
            settings.MAILBOX_URL, server.fail_moves = server.url, True
            assert piped(b"", "--imap") == 3
            server.fail_moves = False
            assert piped(b"", "--imap") == 0
        assert states() == ["applied"]
        assert ChoiceEvent.objects.count() == 2

    def test_a_large_message_comes_in_pieces(self, cast, settings):
        raw = message("stop") + b"\n" + b"x" * 2_500_000
        with MailServer([raw]) as server:
            assert imap.collect(imap.parse(server.url), by="job:tests", now=MIDNIGHT) == 1
            assert sum("BODY.PEEK" in one for one in server.said) == 3
        assert InboundMail.objects.get().original == raw

    def test_a_wrong_password_is_told_without_it(self, db, piped, settings):
        with MailServer([]) as server:
            settings.MAILBOX_URL = server.url
            server.password = "another"
            assert piped(b"", "--imap") == 3

    @pytest.mark.parametrize(
        "url",
        [
            "",
            "http://a:b@c/",
            "imap://ada:b@mail.example/INBOX",
            "imaps://[",
            "imaps://mail.example",
        ],
    )
    def test_a_setting_that_names_no_safe_mailbox_is_refused(self, url):
        with pytest.raises(imap.NoMailbox) as refused:
            imap.parse(url)
        assert "ada" not in str(refused.value)

    def test_a_box_is_printed_without_its_password(self):
        box = imap.parse("imaps://shop:secret%40x@mail.example/Privacy%20post?done=Old")
        assert (box.password, box.folder, box.port, box.done) == (
            "secret@x",
            "Privacy post",
            993,
            "Old",
        )
        assert "secret" not in repr(box)


class TestLargeOnes:
    @pytest.mark.slow
    def test_a_file_of_25_megabytes_is_kept_whole(self, cast):
        raw = with_a_file(25_000_000)
        mail = receive(raw)
        assert (mail.state, mail.cut, mail.size, mail.original) == ("applied", False, len(raw), raw)
        assert mail.attached == [
            {"name": "photo.jpg", "type": "image/jpeg", "size": pytest.approx(18_750_000, rel=0.02)}
        ]

    def test_a_larger_one_keeps_its_words(self, cast, settings):
        settings.MAIL_LARGEST = 1_000_000
        raw = with_a_file(4_000_000)
        mail = receive(raw)
        assert (mail.state, mail.cut, mail.size) == ("applied", True, len(raw))
        assert len(mail.original) < 2_000
        assert mail.attached[0]["size"] == pytest.approx(3_000_000, rel=0.05)

    def test_an_endless_line_is_held_in_pieces(self, cast, settings):
        settings.MAIL_LARGEST = 300_000
        mail = receive(message("stop") + b"y" * 3_000_000)
        assert mail.cut
        assert len(mail.original) < 400_000


def with_a_file(size):
    data = b"/9j/" * 19 + b"\r\n"
    return (
        b"From: Ada <ada@example.org>\r\nMessage-ID: <big@x>\r\nSubject: Hello\r\n"
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
        b"Content-Type: text/plain\r\n\r\nPlease unsubscribe me.\r\n--b\r\n"
        b"Content-Type: image/jpeg\r\n"
        b"Content-Disposition: attachment; filename=photo.jpg\r\nContent-Transfer-Encoding: "
        b"base64\r\n\r\n" + data * (size // len(data)) + b"\r\n--b--\r\n"
    )


def away(*args, **kwargs):
    raise OperationalError("the host of ada@example.org is away")


def refused_by_the_database(seen):
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1/0")


def refuse():
    raise PermissionError(13, "no")
