"""Where a letter goes, that it goes once, and what stays of it."""

import datetime
import smtplib
import uuid

import pytest
import time_machine
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from audit.actions import AlreadyDone, Refused
from compliance import letters, outcomes
from compliance.cases.kinds import CaseKind as Kind
from compliance.cases.lines import Line
from compliance.cases.models import Case, CaseMessage, Letter
from compliance.retention import engine
from customers.outbox.models import Message
from tests.factories import ContactPointFactory, CustomerFactory
from tests.jobs.working import work
from tests.letters.letters import EMAIL, HOME, NEXT, POST, case_of, happened, write
from tests.outcomes.effects import PROOF

pytestmark = pytest.mark.django_db

NOTHING = {"phone": "07700 900123"}
STRANGER = {"email": "stranger@example.org"}
NUMBER = {"customer_number": "C0000001"}


@pytest.fixture(autouse=True)
def register():
    call_command("load_register", verbosity=0)


@pytest.fixture
def ada():
    return CustomerFactory(surname="Lovelace", given_names="Ada", customer_number="C0000001")


def reach(customer, email=True, address=True):
    """The customer's own addresses, on file."""
    if email:
        ContactPointFactory(customer=customer, value="on-file@example.org")
    if address:
        ContactPointFactory(
            customer=customer, address=True, value="9 File Street\nBradford\nBD1 1AB"
        )
    return customer


class TestWhereItGoes:
    @pytest.mark.parametrize(
        ("given", "on_file", "goes"),
        [
            (EMAIL, True, ("email", "ada@example.org")),
            (POST, True, ("letter", HOME)),
            (EMAIL | POST, False, ("email", "ada@example.org")),
            (POST, False, ("letter", HOME)),
            (NUMBER, True, ("email", "on-file@example.org")),
            ({"email": "no address"} | POST, False, ("letter", HOME)),
        ],
    )
    def test_where_they_gave_and_else_on_file(self, ada, given, on_file, goes):
        if on_file:
            reach(ada)
        where = letters.recipient(case_of(given=given, customer=ada))
        assert (where.means, where.address) == goes

    def test_to_the_address_on_file_when_there_is_no_email(self, ada):
        row = write(case_of(given=NUMBER, customer=reach(ada, email=False)), Letter.ACKNOWLEDGEMENT)
        assert row.message.recipient == "Ms Ada Lovelace\n9 File Street\nBradford\nBD1 1AB"
        assert "Dear Ms Ada Lovelace," in row.message.text

    def test_an_earlier_address_is_not_used(self, ada):
        ContactPointFactory(
            customer=ada, value="old@example.org", valid_to=datetime.date(2020, 1, 1)
        )
        with pytest.raises(Refused, match="neither an email address nor a postal"):
            letters.recipient(case_of(given=NUMBER, customer=ada))

    def test_nowhere_is_said_in_words_and_nothing_is_left(self):
        with pytest.raises(Refused, match="Ask for one, and put it into the case"):
            write(case_of(given=NOTHING), Letter.ACKNOWLEDGEMENT)
        assert not CaseMessage.objects.exists()
        assert not Message.objects.exists()

    def test_a_stranger_is_acknowledged_and_told_nothing_more(self, ada):
        case = case_of(given=STRANGER, customer=reach(ada), identified=False)
        assert write(case, Letter.ACKNOWLEDGEMENT).message.recipient == "stranger@example.org"
        assert (
            write(case, Letter.COMPLETION, text="Here it is.").message.recipient
            == "on-file@example.org"
        )

    def test_what_we_hold_is_not_told_while_it_is_not_certain_who_reads_it(self, ada):
        case = case_of(given=STRANGER, customer=ada, identified=False)
        write(case, Letter.ACKNOWLEDGEMENT)
        for letter in (Letter.COMPLETION, Letter.PARTLY, Letter.REFUSAL):
            with pytest.raises(Refused, match="Make sure who asks"):
                write(case, letter, text="Here it is.", ground="excessive")
        assert (
            write(case, Letter.REFUSAL, text="We asked twice.", ground="identity").message.recipient
            == STRANGER["email"]
        )

    def test_an_address_on_file_is_proof_enough(self, ada):
        case = case_of(
            given={"email": "On-File@example.org"}, customer=reach(ada), identified=False
        )
        assert (
            write(case, Letter.COMPLETION, text="Here it is.").message.recipient
            == "on-file@example.org"
        )

    def test_marketing_is_confirmed_to_whoever_asked(self, ada):
        case = case_of(Kind.MARKETING, given=STRANGER, customer=ada, identified=False)
        assert write(case, Letter.COMPLETION).message.recipient == STRANGER["email"]

    def test_an_agent_is_told_once_we_saw_the_authority(self, ada):
        case = case_of(
            given=STRANGER,
            customer=reach(ada),
            identified=False,
            requester="agent",
            requester_name="C. Babbage",
        )
        with pytest.raises(Refused, match="Make sure who asks"):
            write(case, Letter.COMPLETION, text="Here it is.")
        happened(case, "authority_requested", on=datetime.date(2026, 7, 3))
        happened(case, "authority_received")
        assert (
            write(case, Letter.COMPLETION, text="Here it is.").message.recipient
            == STRANGER["email"]
        )

    def test_nobody_else_is_written_to_for_an_agent(self, ada):
        with pytest.raises(Refused, match="neither an email address"):
            letters.recipient(case_of(given={}, customer=reach(ada), requester="executor"))

    def test_after_an_erasure_it_goes_where_the_others_went(self, ada):
        case = case_of(Kind.ERASURE, given=NUMBER, customer=reach(ada))
        write(case, Letter.ACKNOWLEDGEMENT)
        ada.contact_points.all().delete()
        row = write(
            case,
            Letter.COMPLETION,
            text="It is erased.",
            lines=[Line.erased("Orders", PROOF)],
        )
        assert row.message.recipient == "on-file@example.org"


class TestOnce:
    def test_the_same_number_is_the_same_letter(self):
        case = case_of()
        number = letters.next_number(case, Letter.MESSAGE)
        told = {
            "letter": Letter.MESSAGE,
            "by": "staff:1",
            "now": NEXT,
            "context": {"text": "Hello."},
            "number": number,
        }
        assert letters.send(case, **told) == letters.send(case, **told)
        assert letters.next_number(case, Letter.MESSAGE) == 2
        assert Message.objects.count() == 1

    def test_other_words_under_the_same_number_are_not_lost(self):
        case = case_of()
        write(case, Letter.MESSAGE, text="Hello.")
        with pytest.raises(AlreadyDone, match="written meanwhile"):
            letters.send(
                case,
                letter=Letter.MESSAGE,
                by="staff:2",
                now=NEXT,
                context={"text": "Goodbye."},
                number=1,
            )

    def test_without_a_number_it_is_the_next(self):
        case = case_of()
        assert [write(case, Letter.MESSAGE, text=text).number for text in ("One.", "Two.")] == [
            1,
            2,
        ]

    def test_it_goes_with_the_transaction_or_not_at_all(self):
        case = case_of()
        with transaction.atomic():
            write(case, Letter.MESSAGE, text="Words.")
            transaction.set_rollback(True)
        assert not Message.objects.exists()

    def test_it_leaves_once_however_often_the_worker_runs(self, mailoutbox):
        row = write(case_of(), Letter.MESSAGE, text="Words & <b>more</b>.")
        work()
        work()
        (email,) = mailoutbox
        assert (email.to, email.subject) == (
            ["ada@example.org"],
            f"About your request: {row.case.reference}",
        )
        assert "Words & <b>more</b>." in email.body
        assert "Words &amp; &lt;b&gt;more&lt;/b&gt;." in email.alternatives[0][0]

    def test_a_failed_email_changes_nothing_of_the_case(self, monkeypatch):
        def refuse(self, emails):
            raise smtplib.SMTPRecipientsRefused({"ada@example.org": (550, b"no")})

        monkeypatch.setattr(EmailBackend, "send_messages", refuse)
        case = case_of()
        row = write(case, Letter.COMPLETION, text="Done.")
        before = Case.objects.filter(pk=case.pk).values().get()
        work()
        row.message.refresh_from_db()
        assert row.message.state == "failed"
        assert Case.objects.filter(pk=case.pk).values().get() == before


class TestWhatStays:
    def test_everything_is_sealed(self):
        row = write(case_of(given=POST), Letter.MESSAGE, text="Zebedee")
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT m::text, c::text FROM outbox_message m "
                "JOIN cases_casemessage c ON c.message_id = m.id"
            )
            (stored,) = cursor.fetchall()
        assert row.message.document.startswith("%PDF-")
        for word in (
            "Zebedee",
            "Lovelace",
            "Mill Lane",
            "255044462d",
        ):  # the last is how a PDF begins
            assert word not in "".join(stored)

    @pytest.mark.parametrize("table", ["cases_casemessage", "cases_letterwording"])
    def test_nobody_changes_it_afterwards(self, table):
        write(case_of(), Letter.ACKNOWLEDGEMENT)
        for statement in (f"UPDATE {table} SET letter = 'refusal'", f"DELETE FROM {table}"):
            with (
                pytest.raises(DatabaseError, match="append-only"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(statement)

    @pytest.mark.slow
    def test_it_stays_as_long_as_the_case_and_goes_with_it(self, ada):
        case = case_of(given=EMAIL, customer=ada)
        write(case, Letter.ACKNOWLEDGEMENT)
        write(case, Letter.COMPLETION, text="Done.")
        Case.objects.filter(pk=case.pk).update(
            status="completed", closed_at=NEXT, closed_on=datetime.date(2026, 7, 15)
        )
        for day, left in ((datetime.date(2029, 7, 15), 2), (datetime.date(2029, 7, 16), 0)):
            now = datetime.datetime.combine(day, datetime.time(3), datetime.UTC)
            with time_machine.travel(now, tick=False):
                engine.run(as_of=day, now=now, by="job:test", accept_defaults=True)
            assert (CaseMessage.objects.count(), Message.objects.count()) == (left, left)


def test_two_letters_at_once_have_two_numbers():
    """The case's row is locked before the number is looked up."""
    case = case_of()
    with connection.execute_wrapper(
        lambda execute, sql, *rest: (seen.append(sql), execute(sql, *rest))[1]
    ):
        seen = []
        write(case, Letter.MESSAGE, text=str(uuid.uuid4()))
    places = {
        word: next(place for place, sql in enumerate(seen) if word in sql)
        for word in ("FOR UPDATE", "COUNT(*)")
    }
    assert places["FOR UPDATE"] < places["COUNT(*)"]


def test_nothing_is_said_to_stop_for_nobody():
    """Somebody who gave an address where they can be written to, for somebody else whom we do not
    know: nothing stopped, and nothing is said to."""
    case = case_of(Kind.MARKETING, given=EMAIL, requester="agent", requester_name="Baird")
    outcomes.at_once(case, by="staff:1", now=NEXT)
    text = write(case, Letter.ACKNOWLEDGEMENT).message.text
    assert "We stop as soon as we can tell" in text
    assert "We stop at once" not in text
    assert "every address" not in text
