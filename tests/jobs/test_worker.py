"""A worker that is killed in the middle of a job leaves nothing lost and nothing done twice."""

import os
import signal
import socketserver
import subprocess
import sys
import threading

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from customers.outbox import delivery, messages
from customers.outbox.models import Message
from jobs import checks, worker
from jobs.enqueue import enqueue
from tests.jobs.working import work


class MailServer(socketserver.ThreadingTCPServer):
    """Speaks just enough SMTP. `silent_at` names the step after which it says nothing more; `asked`
    is set there."""

    daemon_threads = allow_reuse_address = True

    def __init__(self, silent_at=""):
        super().__init__(("127.0.0.1", 0), Talk)
        self.silent_at, self.asked, self.over, self.taken = (
            silent_at,
            threading.Event(),
            threading.Event(),
            [],
        )
        threading.Thread(
            target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        ).start()

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.server_address[1]}"


class Talk(socketserver.StreamRequestHandler):
    def handle(self):
        self.say("greeting", "220 ready")
        for line in self.rfile:
            verb = line[:4].decode().upper().strip()
            if verb == "DATA":
                self.say("data", "354 go on")
                letter = b"".join(iter(self.rfile.readline, b".\r\n"))
                self.server.taken.append(letter)
                self.say("taken", "250 taken")
            elif verb == "QUIT":
                self.say("quit", "221 bye")
                return
            else:
                self.say(verb, "250 fine")

    def say(self, step, words):
        if step == self.server.silent_at:
            self.server.asked.set()
            self.server.over.wait(20)
        else:
            self.wfile.write(words.encode() + b"\r\n")


@pytest.fixture
def start():
    """`start(server, "--once")`: a worker in a process of its own, which sends to this mail
    server."""
    processes, of = [], connection.settings_dict

    def run(server, *arguments):
        processes.append(
            subprocess.Popen(
                [sys.executable, "manage.py", "worker", "--interval", "0.05", *arguments],
                cwd=settings.BASE_DIR,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                env={
                    **os.environ,
                    "EMAIL_URL": server.url,
                    "EMAIL_TIMEOUT": "20",
                    "DATABASE_URL": f"postgres://{of['USER']}:{of['PASSWORD']}@{of['HOST']}:{of['PORT']}/{of['NAME']}",
                },
            )
        )
        return processes[-1]

    yield run
    for process in processes:
        process.kill()
        process.communicate()


@pytest.fixture
def mail_server():
    """`mail_server(silent_at="greeting")`: one that listens until the test is over."""
    servers = []

    def listen(**options):
        servers.append(MailServer(**options))
        return servers[-1]

    yield listen
    for server in servers:
        server.over.set()
        server.shutdown()
        server.server_close()


def queue():
    return messages.queue(
        kind="prize_won",
        key="prize_won:1",
        recipient="ada@example.org",
        subject="You won",
        text="A kettle.\n",
        by="job:draw",
        now=timezone.now(),
    )


def state(message):
    message.refresh_from_db()
    return message.state


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
class TestKilled:
    def test_another_worker_finishes_and_one_email_leaves(self, start, mail_server):
        silent, message = mail_server(silent_at="greeting"), queue()
        first = start(silent)
        assert silent.asked.wait(20)  # in the middle of the job: the mail server is being spoken to
        first.send_signal(signal.SIGKILL)
        first.wait()
        assert DBTaskResult.objects.get().status == "RUNNING"
        assert state(message) == "queued"
        server = mail_server()
        second = start(server, "--once")
        said, _ = second.communicate(timeout=30)
        assert (second.returncode, said) == (0, "")
        assert len(server.taken) == 1
        assert state(message) == "sent"
        job = DBTaskResult.objects.get()
        assert (job.status, len(job.worker_ids)) == ("SUCCESSFUL", 2)

    def test_killed_while_handing_over_leaves_a_doubt_and_no_second_email(self, start, mail_server):
        silent, message = mail_server(silent_at="taken"), queue()
        first = start(silent)
        assert silent.asked.wait(20)  # the mail server has the email and has not said so
        first.send_signal(signal.SIGKILL)
        first.wait()
        server = mail_server()
        start(server, "--once").communicate(timeout=30)
        assert (state(message), len(server.taken)) == ("sending", 0)
        delivery.retry_lost_jobs(now=timezone.now() + delivery.DOUBT_AFTER)
        assert (state(message), message.error) == ("in_doubt", "cut_off")

    def test_ends_when_asked_with_nothing_to_say(self, start, mail_server):
        server = mail_server()
        process = start(server)
        message = queue()
        for _ in range(200):
            if state(message) == "sent":
                break
            process.poll()
            threading.Event().wait(0.05)
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=10)
        assert (process.returncode, said, len(server.taken)) == (0, "", 1)

    def test_ends_with_the_process_beside_it(self, start, mail_server):
        server, neighbour = mail_server(), subprocess.Popen(["sleep", "60"])
        process = start(server, "--beside", str(neighbour.pid))
        neighbour.kill()
        neighbour.wait()
        assert process.wait(timeout=20) == 0

    def test_two_workers_send_one_email(self, start, mail_server):
        server, message = mail_server(), queue()
        enqueue(
            "customers.outbox.tasks.send_message", message_id=str(message.pk)
        )  # a second job for it
        pair = [start(server, "--once") for _ in range(2)]
        assert [process.wait(timeout=30) for process in pair] == [0, 0]
        assert (len(server.taken), state(message)) == (1, "sent")


@pytest.mark.django_db
class TestOrphans:
    def running(self, *worker_ids):
        queue()
        DBTaskResult.objects.update(
            status="RUNNING", started_at=timezone.now(), worker_ids=list(worker_ids)
        )
        return DBTaskResult.objects.get()

    def test_the_job_of_a_worker_that_lives_is_left_alone(self):
        job, presence = self.running("portal-a"), worker.Presence("portal-a")
        presence.show()
        try:
            assert worker.put_back_orphans() == 0
        finally:
            presence.end()
        assert worker.put_back_orphans() == 1
        job.refresh_from_db()
        assert job.status == "READY"

    def test_the_third_death_is_the_last(self, mailoutbox):
        job = self.running("portal-a", "portal-b", "portal-c")
        work()
        job.refresh_from_db()
        assert (job.status, job.exception_class_path, mailoutbox) == (
            "FAILED",
            "jobs.worker.WorkerDied",
            [],
        )
        delivery.retry_lost_jobs(
            now=timezone.now()
        )  # the state stands in the row, so the message is not lost with its job
        assert Message.objects.get().state == "sent"

    def test_a_worker_of_the_package_is_not_ours_to_judge(self):
        self.running("x" * 32)
        assert worker.put_back_orphans() == 0

    def test_a_worker_takes_its_lock_again_when_the_database_was_away(self):
        presence = worker.Presence("portal-a")
        presence.show()
        presence.connection.connection.close()
        presence.show()
        job = self.running("portal-a")
        assert worker.put_back_orphans() == 0
        presence.end()
        job.delete()


@pytest.mark.django_db
class TestNothingPersonal:
    def test_a_fault_leaves_its_kind_and_place_only(self, monkeypatch, caplog):
        def break_down(message_id, *, now):
            raise LookupError(Message.objects.get(pk=message_id).recipient)

        monkeypatch.setattr(delivery, "send", break_down)
        queue()
        with caplog.at_level("INFO"):
            work()
        job = DBTaskResult.objects.get()
        assert (job.status, job.exception_class_path) == ("FAILED", "builtins.LookupError")
        assert "break_down" in job.traceback
        assert "ada@" not in job.traceback + caplog.text + "".join(
            str(r.exc_info) for r in caplog.records
        )

    def test_every_job_takes_ids_only(self):
        every = [task for module in checks.task_modules() for task in checks.tasks_of(module)]
        assert len(every) >= 2
        assert checks.jobs_take_ids_only(None) == []

    def test_a_job_that_takes_more_is_named(self):
        def send(email: str, message_id: object) -> None: ...

        task = type("Task", (), {"func": send, "module_path": "room.tasks.send"})
        assert [fault.msg for fault in checks.faults(task)] == [
            "The job room.tasks.send takes 'email', which is not an id.",
            "The job room.tasks.send takes 'message_id', which is not an id.",
        ]

    def test_the_list_of_the_package_is_not_on_the_desk(self, signed_in, operator):
        assert (
            signed_in(operator).get("/admin/django_tasks_database/dbtaskresult/").status_code == 404
        )
