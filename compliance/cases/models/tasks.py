"""What somebody still has to do about a case, because we said that it would be done."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from compliance.cases.kinds import COMPLAINTS
from compliance.cases.models.case import Case
from compliance.cases.promises import PROMISES
from privacy.declarations import Delete

TO_DO = Q(ended_at__isnull=True)


class TaskQuerySet(models.QuerySet["Task"]):
    def to_do(self) -> Self:
        """The tasks that still wait for somebody."""
        return self.filter(TO_DO)


class Task(models.Model):
    """One thing that was promised about a case, with its last day (see `compliance.cases.promises`).

    A case has at most one of each kind to do: what is promised again keeps the earlier day.
    """

    class How(models.TextChoices):
        DONE = "done", "Done, as a colleague wrote down"
        FULFILLED = "fulfilled", "Done with a step of the case"
        OVERTAKEN = "overtaken", "Not needed any more"

    case = models.ForeignKey(Case, models.PROTECT, related_name="tasks")
    kind = models.CharField(
        max_length=12, choices=[(kind.code, kind.label) for kind in PROMISES.values()]
    )
    made_at = models.DateTimeField()
    due_on = models.DateField(help_text="The last day, as the person was told.")
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="tasks"
    )
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=80, blank=True)
    how = models.CharField(max_length=9, choices=How.choices, blank=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        default_permissions = ("view", "change")
        indexes = [
            models.Index(fields=["due_on", "id"], name="task_to_do", condition=TO_DO),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind"], name="task_one_to_do_of_a_kind", condition=TO_DO
            ),
            models.CheckConstraint(
                name="task_ended_by_somebody",
                condition=Q(ended_at__isnull=True, ended_by="", how="")
                | (Q(ended_at__isnull=False) & ~Q(ended_by="") & ~Q(how="")),
            ),
        ]

    class PersonalData:
        category = "rights_request"
        subject = "case__customer"
        clocks = {"closed": "case__closed_on"}
        conditions = {
            "request": ~Q(case__kind__in=COMPLAINTS),
            "complaint": Q(case__kind__in=COMPLAINTS),
        }
        erase = Delete()
        export = {
            "kind": "What we had to do",
            "made_at": "Since",
            "due_on": "By",
            "ended_at": "Done",
        }
        redact = {"taken_by": "Works on it", "ended_by": "Done by"}
        title = "What we had to do about your requests"
        answering = True
        internal = ("id", "case", "how")

    def __str__(self) -> str:
        return f"Task {self.pk} ({self.kind})"
