"""Asking for a job by its name, so that what asks need not import what the job does.

    enqueue("customers.outbox.tasks.send_message", message_id=str(message.pk))

The request is a row of the caller's transaction: it is gone if that is rolled back, and seen once
it commits.
"""

from datetime import datetime

from django.utils.module_loading import import_string


def enqueue(name: str, *, run_after: datetime | None = None, **ids: str | int) -> None:
    """Put a job (`module.function`, decorated with @task) into the queue; not to begin before
    `run_after`."""
    task = import_string(name)
    (task.using(run_after=run_after) if run_after else task).enqueue(**ids)
