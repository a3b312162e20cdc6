"""The package's own list of jobs is taken off the desk: what waits or failed is shown where it
matters, by its own room."""

import django_tasks_db.admin  # noqa: F401  registers the list
from django.contrib import admin
from django_tasks_db.models import DBTaskResult

admin.site.unregister(DBTaskResult)
