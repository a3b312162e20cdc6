"""What the clock needs beside the law: bank holidays that were proclaimed, and years that somebody
checked."""

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q

from customers.jurisdictions import Jurisdiction


@pghistory.track()
class ProclaimedDay(models.Model):
    """A bank holiday that was proclaimed, or one that was taken away, after the calendar was made.

    A holiday that moved is two rows: one taken away, one added. A row is withdrawn, never deleted.
    The database keeps every earlier state, with who changed it and why.
    """

    class Change(models.TextChoices):
        ADDED = "added", "Becomes a bank holiday"
        TAKEN_AWAY = "taken_away", "Is no bank holiday after all"

    jurisdiction = models.CharField(max_length=20, choices=Jurisdiction.choices)
    day = models.DateField()
    name = models.CharField(max_length=80, help_text="As the proclamation calls it.")
    change = models.CharField(max_length=10, choices=Change.choices)
    proclaimed_on = models.DateField(help_text="The day of the proclamation.")
    source = models.CharField(max_length=200, help_text="Where the proclamation can be read.")
    withdrawn_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-day", "jurisdiction"]
        verbose_name = "proclaimed bank holiday"
        default_permissions = ("view", "add", "change")
        constraints = [
            models.UniqueConstraint(
                fields=["jurisdiction", "day"],
                condition=Q(withdrawn_on__isnull=True),
                name="proclaimedday_once",
            ),
            models.CheckConstraint(
                name="proclaimedday_withdrawn_after_it_was_proclaimed",
                condition=Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gte=F("proclaimed_on")),
            ),
        ]

    class NotPersonal:
        reason = "Bank holidays."

    def __str__(self) -> str:
        return f"{self.day:%-d %B %Y}, {self.get_jurisdiction_display()}"


class ConfirmedYear(models.Model):
    """A year whose bank holidays somebody compared with the government's published list, frozen as
    they were then.

    The latest row of a year counts. When the calendar says otherwise later, the desk asks to look
    again.
    """

    year = models.PositiveSmallIntegerField()
    days = models.JSONField(help_text="Jurisdiction to its days, as ISO dates.")
    source = models.CharField(max_length=200, help_text="What it was compared with.")
    confirmed_at = models.DateTimeField()
    confirmed_by = models.CharField(max_length=80, help_text="staff:ID")

    class Meta:
        ordering = ["-year", "-pk"]
        verbose_name = "confirmed year of bank holidays"
        verbose_name_plural = "confirmed years of bank holidays"
        default_permissions = ("view", "add")
        triggers = [pgtrigger.Protect(name="frozen", operation=pgtrigger.Update | pgtrigger.Delete)]

    class NotPersonal:
        reason = "Bank holidays."

    def __str__(self) -> str:
        return str(self.year)
