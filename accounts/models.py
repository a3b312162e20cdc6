"""Staff accounts. A staff id is enough to work: no personal name is asked for or kept."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models

from accounts import roles
from accounts.roles import Role


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
