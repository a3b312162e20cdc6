"""How a member of staff signs in. What they may do then is a matter of their role (see
`accounts.roles`)."""

from typing import Any

from django.contrib.auth.backends import BaseBackend, ModelBackend
from django.http import HttpRequest
from django.utils import timezone

from accounts import sign_in
from accounts.models import StaffUser


class RoleBackend(ModelBackend):
    """Django's password check under a limit, and none of its permission tables: StaffUser.has_perm
    asks the role."""

    get_user_permissions = BaseBackend.get_user_permissions
    get_group_permissions = BaseBackend.get_group_permissions
    get_all_permissions = BaseBackend.get_all_permissions
    has_perm = BaseBackend.has_perm

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> StaffUser | None:
        staff_id = username or kwargs.get(StaffUser.USERNAME_FIELD)
        if not staff_id or password is None:
            return None
        check = super().authenticate
        return sign_in.guarded(
            staff_id,
            lambda: check(request, username=staff_id, password=password),
            now=timezone.now(),
        )
