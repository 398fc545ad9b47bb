"""An owner changes what roles may: within the list, in order, and in the trail."""

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from accounts import services
from audit.models import AuditEntry
from tenants import policies, queries
from tenants.models import Business, Role
from tenants.permissions import Permission
from tenants.tests.api import cheap_passwords

__all__ = ["cheap_passwords"]


def change(business, by, wanted):
    wanted = {(Permission(permission), Role(role)): allowed for (permission, role), allowed in wanted.items()}
    return services.change_permissions(
        business=business, wanted=wanted, by=by, address="198.51.100.7", now=timezone.now()
    )


def kept(business):
    return Business.objects.get(pk=business.pk).role_changes


def entries(business):
    with tenant_context(business):
        rows = AuditEntry.objects.filter(action="roles.changed").order_by("at", "id")
        return [(row.actor_label, row.address, row.before, row.after) for row in rows]


def test_only_what_differs_is_kept_and_the_trail_says_it(rosa, nora, member):
    owner = member("owner")

    assert change(rosa, owner, {("refund", "admin"): True, ("refund", "staff"): True}) is True

    assert (kept(rosa), kept(nora)) == ({"refund": {"staff": True}}, {})
    assert entries(rosa) == [
        ("owner@rosa.example", "198.51.100.7", {"refund": "as suggested"}, {"refund": {"staff": True}})
    ]
    assert entries(nora) == []


def test_a_change_holds_at_once(rosa, member):
    owner, staff = member("owner"), member("staff")
    before = policies.may(queries.membership_of(staff, rosa), Permission.REFUND)

    change(rosa, owner, {("refund", "staff"): True})

    assert (before, policies.may(queries.membership_of(staff, rosa), Permission.REFUND)) == (False, True)


def test_what_is_not_named_is_as_suggested_again(rosa, member):
    owner = member("owner")
    change(rosa, owner, {("refund", "staff"): True, ("export_customers", "admin"): False})

    assert change(rosa, owner, {}) is True

    assert kept(rosa) == {}
    assert len(entries(rosa)) == 2


def test_the_same_again_is_no_change(rosa, member):
    owner = member("owner")
    change(rosa, owner, {("refund", "staff"): True})

    assert change(rosa, owner, {("refund", "staff"): True}) is False
    assert len(entries(rosa)) == 1


@pytest.mark.parametrize("role", ["admin", "staff", "viewer"])
def test_only_the_owner_changes_what_roles_may(role, rosa, member):
    with pytest.raises(services.NotAllowed):
        change(rosa, member(role), {("refund", "staff"): True})

    assert (kept(rosa), entries(rosa)) == ({}, [])


def test_an_owner_of_another_salon_changes_nothing(rosa, nora, member):
    with pytest.raises(services.NotAllowed):
        change(rosa, member("owner", nora), {("refund", "staff"): True})

    assert kept(rosa) == {}


@pytest.mark.parametrize(
    "cell", [("own", "admin"), ("work_diary", "viewer"), ("refund", "owner"), ("refund", "viewer")], ids=str
)
def test_what_is_fixed_stays(cell, rosa, member):
    with pytest.raises(services.FixedPermission):
        change(rosa, member("owner"), {cell: True})

    assert (kept(rosa), entries(rosa)) == ({}, [])


def test_a_role_reaches_no_further_than_the_one_above(rosa, member):
    with pytest.raises(services.RolesOutOfOrder) as refused:
        change(rosa, member("owner"), {("export_customers", "admin"): False, ("export_customers", "staff"): True})

    assert (refused.value.permission, refused.value.role) == ("export_customers", "staff")
    assert (kept(rosa), entries(rosa)) == ({}, [])


def test_an_admin_who_may_not_invite_invites_nobody(rosa, member):
    owner, admin = member("owner"), member("admin")
    change(rosa, owner, {("manage_access", "admin"): False})

    with pytest.raises(services.NotAllowed):
        services.invite(
            business=rosa, email="new@example.com", role="viewer", by=admin, address=None, now=timezone.now()
        )
