import logging

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "jobs"
    verbose_name = "Jobs"

    def ready(self) -> None:
        from jobs import checks  # noqa: F401  registers them
        from jobs.worker import WithoutFaultText

        for name in ("django_tasks", "django_tasks_db"):
            logging.getLogger(name).addFilter(WithoutFaultText())
