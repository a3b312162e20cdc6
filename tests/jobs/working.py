"""Doing in a test what the worker does."""

from unittest.mock import patch

from jobs.worker import Worker


def work() -> None:
    """Run every job that is ready, as `manage.py worker --once` does, and end. The test's own
    connection stays open."""
    worker = Worker(interval=0, once=True)
    try:
        with patch("django_tasks_db.management.commands.db_worker.close_old_connections"):
            worker.run()
    finally:
        worker.presence.end()
