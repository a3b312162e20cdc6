"""How a member of staff signs in. What they may do then is a matter of their role (see `accounts.roles`)."""

from django.contrib.auth.backends import BaseBackend, ModelBackend


class RoleBackend(ModelBackend):
    """Django's password check, and none of its permission tables: StaffUser.has_perm asks the role."""

    get_user_permissions = BaseBackend.get_user_permissions
    get_group_permissions = BaseBackend.get_group_permissions
    get_all_permissions = BaseBackend.get_all_permissions
    has_perm = BaseBackend.has_perm
