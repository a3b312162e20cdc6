"""Staff accounts, and what takes two of them. A staff id is enough to work: no personal name is
asked for or kept."""

import uuid
from typing import Any, Self

import pgtrigger
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from accounts import roles
from accounts.roles import Role
from privacy.declarations import EVERY_ROW, Delete
from privacy.fields import SealedTextField


class StaffManager(BaseUserManager["StaffUser"]):
    def create_user(
        self, staff_id: str, password: str | None = None, *, role: str, **extra: Any
    ) -> "StaffUser":
        """A new staff account; without a password nobody can sign in to it."""
        user = self.model(staff_id=staff_id, role=role, **extra)
        user.set_password(password)
        user.full_clean()
        user.save(using=self._db)
        return user

    def create_superuser(
        self, staff_id: str, password: str | None = None, **extra: Any
    ) -> "StaffUser":
        """`manage.py createsuperuser` makes an operator, who makes the others; nobody stands above
        the roles."""
        return self.create_user(staff_id, password, **{**extra, "role": Role.OPERATOR})


class StaffUser(AbstractBaseUser):
    """One member of staff with one role."""

    staff_id = models.CharField(
        "staff ID",
        max_length=32,
        unique=True,
        validators=[
            RegexValidator(r"^[a-z0-9][a-z0-9._-]+$", "Use small letters, digits, dots and dashes.")
        ],
        help_text="A payroll or desk number, not a personal name.",
    )
    role = models.CharField(max_length=32, choices=Role.choices)
    is_active = models.BooleanField("may sign in", default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "staff_id"
    objects = StaffManager()

    class Meta:
        ordering = ["staff_id"]
        verbose_name = "staff account"
        default_permissions = ("view", "add", "change")

    class NotPersonal:
        reason = "Staff ids and roles, not customers; never deleted, so that history still reads."

    def __str__(self) -> str:
        return self.staff_id

    @property
    def is_staff(self) -> bool:
        """Every active account may open the desk; its role decides what it sees there."""
        return self.is_active

    @property
    def actor(self) -> str:
        """How the audit trail names this person."""
        return f"staff:{self.pk}"

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Whether the role grants a permission (`app.verb_model`)."""
        return self.is_active and roles.allows(self.role, perm)

    def has_perms(self, perm_list: list[str], obj: object = None) -> bool:
        return all(self.has_perm(perm, obj) for perm in perm_list)

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and (
            self.role == Role.AUDITOR
            or any(p.startswith(f"{app_label}.") for p in roles.permissions_of(self.role))
        )


class SignInAttempt(models.Model):
    """One attempt to sign in that was not successful, or is under way; gone after a quarter of an
    hour."""

    digest = models.UUIDField(
        editable=False
    )  # of the staff ID as typed, which may be a slip of a password
    at = models.DateTimeField(db_index=True)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["digest"], name="signinattempt_digest")]

    class NotPersonal:
        reason = "A keyed hash of what was typed when staff signed in, for minutes."

    def __str__(self) -> str:
        return f"Attempt {self.pk}"


class ApprovalQuerySet(models.QuerySet["Approval"]):
    def waiting(self) -> Self:
        """Those that wait for the second person."""
        return self.filter(verdict="", ended_at__isnull=True)

    def in_force(self) -> Self:
        """Those that two people agreed on and nobody ended."""
        return self.filter(verdict=Approval.Verdict.APPROVED, ended_at__isnull=True)


class Approval(models.Model):
    """One act that takes two people: one asks, with a reason and a day on which it is looked at
    again, and another decides. What was asked and decided never changes (see `accounts.approvals`).
    """

    class Verdict(models.TextChoices):
        APPROVED = "approved", "Approved"
        REFUSED = "refused", "Refused"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    what = models.SlugField(max_length=40, help_text="Code of the act (see accounts.approvals).")
    subject_label = models.CharField(max_length=80, help_text="The model, as app.Model.")
    subject_id = models.CharField(max_length=40, help_text="Its primary key.")
    person = models.UUIDField(
        null=True, db_index=True, help_text="The customer whom it is about, where it is about one."
    )
    reason = SealedTextField(help_text="Why, for colleagues.")
    review_on = models.DateField(help_text="When somebody must look whether it is still right.")
    asked_by = models.CharField(max_length=80, help_text="staff:ID")
    asked_at = models.DateTimeField()
    verdict = models.CharField(max_length=8, choices=Verdict.choices, blank=True)
    decided_by = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=80, blank=True)
    ended_at = models.DateTimeField(null=True)

    objects = ApprovalQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]
        verbose_name = "decision of two people"
        verbose_name_plural = "decisions of two people"
        default_permissions = ("view", "add", "change")
        indexes = [
            models.Index(fields=["review_on", "id"], name="approval_review"),
            models.Index(
                fields=["what", "subject_id"],
                name="approval_standing",
                condition=Q(ended_at__isnull=True),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="approval_never_decided_by_who_asked",
                condition=Q(decided_by="") | ~Q(decided_by=F("asked_by")),
            ),
            models.CheckConstraint(
                name="approval_decided_by_somebody",
                condition=Q(verdict="", decided_by="", decided_at__isnull=True)
                | (~Q(verdict="") & ~Q(decided_by="") & Q(decided_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="approval_ended_by_somebody",
                condition=Q(ended_by="", ended_at__isnull=True)
                | (~Q(ended_by="") & Q(ended_at__isnull=False)),
            ),
            models.UniqueConstraint(
                fields=["what", "subject_label", "subject_id", "verdict"],
                condition=Q(ended_at__isnull=True),
                name="approval_once",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="decided_once",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                IF (NEW.what, NEW.subject_label, NEW.subject_id, NEW.person, NEW.review_on, NEW.asked_by, NEW.asked_at)
                    IS DISTINCT FROM (OLD.what, OLD.subject_label, OLD.subject_id, OLD.person, OLD.review_on,
                        OLD.asked_by, OLD.asked_at)
                    OR (OLD.verdict <> '' AND (NEW.verdict, NEW.decided_by, NEW.decided_at)
                        IS DISTINCT FROM (OLD.verdict, OLD.decided_by, OLD.decided_at))
                    OR (OLD.ended_at IS NOT NULL AND NEW.ended_at IS DISTINCT FROM OLD.ended_at)
                THEN RAISE EXCEPTION 'what two people decided does not change' USING ERRCODE = 'restrict_violation';
                END IF;
                RETURN NEW;
            """,
            )
        ]

    class PersonalData:
        category = "two_people"
        subject = "person"
        clocks = {"review": "review_on"}
        erase = Delete()
        needs_person = EVERY_ROW  # its reason may name the person
        withhold = {
            name: "The words of a decision on what is left out would show it."
            for name in ("what", "reason", "review_on", "verdict")
        } | {name: "A member of our staff." for name in ("asked_by", "decided_by", "ended_by")}
        internal = (
            "id",
            "subject_label",
            "subject_id",
            "person",
            "asked_at",
            "decided_at",
            "ended_at",
        )
        no_tipping_off = EVERY_ROW

    def __str__(self) -> str:
        return f"Decision {self.pk}"
