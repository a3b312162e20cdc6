"""A system check of every job: it takes ids and nothing else, for what it is given stands in the
queue in the clear."""

import importlib
import inspect
from collections.abc import Iterable, Iterator
from types import ModuleType
from typing import Any

from django.apps import apps
from django.core import checks
from django.utils.module_loading import module_has_submodule
from django_tasks.base import Task

PLAIN = ("str", "int", "UUID", "uuid.UUID")


@checks.register("jobs")
def jobs_take_ids_only(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """Every job lives in the `tasks` module of its room and takes ids only."""
    return [
        fault for module in task_modules() for task in tasks_of(module) for fault in faults(task)
    ]


def task_modules() -> Iterator[ModuleType]:
    for config in apps.get_app_configs():
        if config.module and module_has_submodule(config.module, "tasks"):
            yield importlib.import_module(f"{config.name}.tasks")


def tasks_of(module: ModuleType) -> "Iterable[Task[Any, Any]]":
    return [value for value in vars(module).values() if isinstance(value, Task)]


def faults(task: "Task[Any, Any]") -> Iterator[checks.CheckMessage]:
    """What a job takes that is not an id."""
    for name, parameter in inspect.signature(task.func).parameters.items():
        kind = getattr(parameter.annotation, "__name__", str(parameter.annotation))
        if not (name == "id" or name.endswith("_id")) or kind not in PLAIN:
            yield checks.Error(
                f"The job {task.module_path} takes {name!r}, which is not an id.",
                hint="Arguments stand in the queue in the clear. Give the job the id of a row "
                "(`order_id: str`) and let it "
                "read the rest there.",
                id="jobs.E001",
            )
