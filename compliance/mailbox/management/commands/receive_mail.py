import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, NoReturn

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import Error
from django.utils import timezone

from audit.events import job
from compliance.mailbox import handler, imap, maildir, storage, transports

BESIDE = 20  # other messages that a run for one message finishes


class Command(BaseCommand):
    # a mail server starts it for each message; what they would find must not keep one out
    requires_system_checks = []
    help = (
        "Take in what people write to us: one raw message on standard input, or every message of "
        "a mail folder (--maildir) "
        "or of the mailbox in MAILBOX_URL (--imap). Each is stored sealed before it is read; "
        "then marketing stops where it "
        "asks for that, and all else waits on the desk. docs/mailbox.md tells the rest. Exit "
        "code 0: stored safely; "
        "1: done, but some files could not be read and were left; 2: wrong use; 3: nothing was "
        "stored, keep the message and "
        "try again (a mail server is to be told 75 then: deploy/receive-mail)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        road = parser.add_mutually_exclusive_group()
        road.add_argument(
            "--maildir", type=Path, metavar="DIR", help="a mail folder with new/, cur/ and tmp/"
        )
        road.add_argument("--imap", action="store_true", help="the mailbox in MAILBOX_URL")
        road.add_argument(
            "--pending",
            action="store_true",
            help="only read what was stored and not read, as after a crash",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["maildir"]:
                self._maildir(options["maildir"])
            elif options["imap"]:
                self._imap()
            elif options["pending"]:
                self._finish(handler.AT_ONCE)
            else:
                self._one()
        except Error:  # its text may show values
            self._stop(
                3,
                "The database is away or broke off. What was not stored is where it was; run "
                "this again.",
            )

    def _one(self) -> None:
        """One message from a mail server. Once it is stored, nothing that happens to it makes the
        server send it again."""
        if sys.stdin.isatty():
            self._stop(2, "Give one raw message on standard input, or use --maildir or --imap.")
        by, now = job("receive_mail"), timezone.now()
        mail = transports.from_pipe(storage.read_stream(sys.stdin.buffer), by=by, now=now)
        try:
            transports.read(mail, by=by, now=now)
            self._finish(BESIDE)
        except Error:
            self.stderr.write("The message is stored, and is read by the next run.")

    def _maildir(self, folder: Path) -> None:
        try:
            counts = maildir.collect(folder, by=job("receive_mail"), now=timezone.now())
        except maildir.NoMaildir:
            self._stop(2, "That is not a mail folder: it has no new/, cur/ and tmp/.")
        except OSError as fault:
            self._stop(3, f"The mail folder cannot be used ({fault.strerror}).")
        self._finish(handler.AT_ONCE)
        self.stdout.write(f"{counts.stored:,} messages stored.")
        if counts.unreadable:
            self.stderr.write(
                f"{counts.unreadable:,} files could not be read or moved; they were left where "
                "they are."
            )
            raise SystemExit(1)

    def _imap(self) -> None:
        try:
            count = imap.collect(
                imap.parse(settings.MAILBOX_URL), by=job("receive_mail"), now=timezone.now()
            )
        except imap.NoMailbox as fault:
            self._stop(3 if settings.MAILBOX_URL else 2, str(fault))
        self._finish(handler.AT_ONCE)
        self.stdout.write(f"{count:,} messages stored.")

    def _finish(self, most: int) -> None:
        """Read what an earlier run stored and did not read, and tidy up."""
        handler.read_pending(by=job("receive_mail"), now=timezone.now(), most=most)
        handler.link_and_delete_originals(now=timezone.now())

    def _stop(self, code: int, sentence: str) -> NoReturn:
        self.stderr.write(sentence)
        raise SystemExit(code)
