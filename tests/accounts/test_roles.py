import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts import roles
from accounts.models import StaffUser
from accounts.roles import Role
from audit.models import Entry
from tests.factories import StaffFactory

pytestmark = pytest.mark.django_db


class TestRoles:
    def test_nothing_is_allowed_that_was_not_granted(self):
        for role in Role:
            assert not roles.allows(role, "customers.delete_customer")

    @pytest.mark.parametrize("role", ["", "superuser", "nobody"])
    def test_an_unknown_role_may_do_nothing(self, role):
        assert not StaffUser(staff_id="x1", role=role).has_perm("customers.view_customer")

    def test_the_auditor_reads_all_and_changes_nothing(self, auditor):
        assert auditor.has_perm("customers.view_fraudmarker")
        for verb in ("add", "change", "delete"):
            assert not auditor.has_perm(f"customers.{verb}_contactnote")
            assert not auditor.has_perm(f"accounts.{verb}_staffuser")

    def test_only_three_roles_see_fraud_markers(self, agent, lead, operator, auditor, investigator):
        everybody = (agent, lead, operator, auditor, investigator)
        assert [user for user in everybody if user.has_perm("customers.view_fraudmarker")] == [
            lead,
            auditor,
            investigator,
        ]

    def test_only_the_investigator_works_on_them(
        self, agent, lead, operator, auditor, investigator
    ):
        for permission in (
            "customers.add_fraudmarker",
            "customers.change_fraudmarker",
        ):
            assert [
                user
                for user in (agent, lead, operator, auditor, investigator)
                if user.has_perm(permission)
            ] == [investigator]

    def test_the_operator_keeps_accounts_and_sees_no_customer(self, operator):
        assert operator.has_perm("accounts.change_staffuser")
        assert not operator.has_perm("customers.view_customer")

    def test_a_closed_account_may_do_nothing(self, lead):
        lead.is_active = False
        assert not lead.has_perm("customers.view_customer")
        assert not lead.has_module_perms("customers")
        assert not lead.is_staff

    def test_every_granted_permission_exists(self):
        rows = Permission.objects.values_list("content_type__app_label", "codename")
        known = {f"{label}.{name}" for label, name in rows}
        for role in Role:
            assert roles.permissions_of(role) <= known, role


class TestStaffAccounts:
    def test_createsuperuser_makes_an_operator(self):
        user = StaffUser.objects.create_superuser("root1", "correct horse battery")
        assert user.role == Role.OPERATOR

    @pytest.mark.parametrize("staff_id", ["", "A", "Ann Smith", "ann@example.org", "-x"])
    def test_a_staff_id_is_a_plain_word(self, staff_id):
        with pytest.raises(ValidationError):
            StaffUser.objects.create_user(staff_id, "correct horse battery", role=Role.CARE_AGENT)

    def test_without_a_password_nobody_signs_in(self):
        user = StaffUser.objects.create_user("desk9", role=Role.CARE_AGENT)
        assert not user.has_usable_password()


class TestTheStaffDesk:
    def test_a_new_account_is_on_record_without_its_password(self, operator, signed_in):
        signed_in(operator).post(
            reverse("admin:accounts_staffuser_add"),
            {
                "staff_id": "desk7",
                "role": "care_agent",
                "usable_password": "true",
                "password1": "correct horse battery",
                "password2": "correct horse battery",
            },
        )
        made = StaffUser.objects.get(staff_id="desk7")
        assert Entry.objects.get().facts == {
            "staff": made.pk,
            "change": "added",
            "fields": ["staff_id", "role"],
        }

    def test_a_new_role_is_on_record(self, operator, signed_in, agent):
        signed_in(operator).post(
            reverse("admin:accounts_staffuser_change", args=[agent.pk]),
            {"staff_id": "agent", "role": "auditor", "is_active": "on"},
        )
        agent.refresh_from_db()
        assert agent.role == Role.AUDITOR
        assert Entry.objects.get().facts == {
            "staff": agent.pk,
            "change": "changed",
            "fields": ["role"],
        }

    def test_a_password_set_by_the_operator_is_on_record(self, operator, signed_in, agent):
        signed_in(operator).post(
            reverse("admin:auth_user_password_change", args=[agent.pk]),
            {
                "usable_password": "true",
                "set-password": "1",
                "password1": "correct horse battery",
                "password2": "correct horse battery",
            },
        )
        agent.refresh_from_db()
        assert agent.check_password("correct horse battery")
        assert Entry.objects.get().facts == {
            "staff": agent.pk,
            "change": "changed",
            "fields": ["password"],
        }

    @pytest.mark.parametrize("user", ["agent", "lead", "auditor"])
    def test_nobody_else_changes_accounts(self, user, request, signed_in):
        other = StaffFactory(staff_id="other")
        client = signed_in(request.getfixturevalue(user))
        for name in ("admin:accounts_staffuser_change", "admin:auth_user_password_change"):
            assert (
                client.post(reverse(name, args=[other.pk]), {"role": "operator"}).status_code == 403
            )

    def test_no_account_is_ever_deleted(self, operator, signed_in, agent):
        assert (
            signed_in(operator)
            .post(reverse("admin:accounts_staffuser_delete", args=[agent.pk]))
            .status_code
            == 403
        )

    def test_djangos_own_log_stays_empty(self, operator, signed_in, agent):
        self.test_a_new_role_is_on_record(operator, signed_in, agent)
        assert LogEntry.objects.count() == 0

    def test_the_trail_is_read_and_never_written_here(self, lead, signed_in, agent):
        client = signed_in(lead)
        assert client.get(reverse("admin:audit_entry_changelist")).status_code == 200
        assert client.post(reverse("admin:audit_entry_add")).status_code == 403
        assert signed_in(agent).get(reverse("admin:audit_entry_changelist")).status_code == 403
