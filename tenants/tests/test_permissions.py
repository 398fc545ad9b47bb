"""Who may what: every permission for every role, literally; what an owner may change of it, and what not."""

import pytest

from tenants import permissions, policies, queries
from tenants.models import Business, Membership, Role, SupportAccess
from tenants.permissions import EDITABLE, TABLE, Permission

ORDER = (Role.OWNER, Role.ADMIN, Role.STAFF, Role.VIEWER)
#: permission → which of owner, admin, staff, viewer have it
EXPECTED = {
    "view_diary": (True, True, True, True),
    "work_diary": (True, True, True, False),
    "close_visits": (True, True, True, False),
    "refund": (True, True, False, False),
    "waive_fees": (True, True, False, False),
    "view_money": (True, True, True, True),
    "view_customers": (True, True, True, True),
    "edit_customers": (True, True, True, False),
    "export_customers": (True, True, False, False),
    "erase_customers": (True, True, False, False),
    "view_analytics": (True, True, True, True),
    "arrange": (True, True, False, False),
    "manage_gift_cards": (True, True, False, False),
    "write_words": (True, True, False, False),
    "manage_access": (True, True, False, False),
    "manage_integrations": (True, True, False, False),
    "view_trail": (True, True, False, False),
    "own": (True, False, False, False),
}


def test_every_permission_stands_in_the_table():
    assert set(EXPECTED) == set(Permission.values) == set(TABLE)


@pytest.mark.parametrize("permission", EXPECTED)
def test_a_role_may_what_the_table_says(permission):
    found = tuple(policies.may(Membership(role=role), permission) for role in ORDER)

    assert found == EXPECTED[permission]


@pytest.mark.parametrize("permission", EXPECTED)
def test_nobody_may_nothing(permission):
    assert policies.may(None, permission) is False


#: (permission, role) an owner may change → what it is where nothing was changed
CHANGEABLE = {
    ("close_visits", "staff"): True,
    ("refund", "admin"): True,
    ("refund", "staff"): False,
    ("waive_fees", "admin"): True,
    ("waive_fees", "staff"): False,
    ("view_money", "staff"): True,
    ("view_money", "viewer"): True,
    ("view_customers", "viewer"): True,
    ("edit_customers", "staff"): True,
    ("export_customers", "admin"): True,
    ("export_customers", "staff"): False,
    ("erase_customers", "admin"): True,
    ("view_analytics", "staff"): True,
    ("view_analytics", "viewer"): True,
    ("arrange", "staff"): False,
    ("manage_gift_cards", "staff"): False,
    ("write_words", "admin"): True,
    ("manage_access", "admin"): True,
    ("manage_integrations", "admin"): True,
}
EVERY_CELL = [(permission, role) for permission in EXPECTED for role in ORDER]


def with_changes(role, changes):
    membership = Membership(role=role)
    membership.role_changes = changes
    return membership


def test_what_an_owner_may_change_is_a_closed_list():
    found = {(permission, role) for permission, roles in EDITABLE.items() for role in roles}

    assert found == set(CHANGEABLE)


@pytest.mark.parametrize(("permission", "role"), EVERY_CELL)
def test_a_change_counts_where_it_may_be_made_and_nowhere_else(permission, role):
    suggested = EXPECTED[permission][ORDER.index(role)]
    membership = with_changes(role, {permission: {role: not suggested}})

    assert policies.may(membership, permission) is (suggested != ((permission, role) in CHANGEABLE))


@pytest.mark.parametrize(("permission", "role"), EVERY_CELL)
def test_a_change_for_one_role_is_none_for_another(permission, role):
    everybody_else = {other: not EXPECTED[permission][ORDER.index(other)] for other in ORDER if other != role}

    assert policies.may(with_changes(role, {permission: everybody_else}), permission) is TABLE[permission][role]


@pytest.mark.parametrize(
    "rubbish",
    [
        None,
        [],
        "refund",
        {"refund": None},
        {"refund": ["staff"]},
        {"refund": {"staff": "yes"}},
        {"fly": {"staff": True}},
    ],
    ids=str,
)
def test_what_is_no_change_changes_nothing(rubbish):
    assert policies.may(with_changes("staff", rubbish), "refund") is False


@pytest.mark.parametrize("permission", EXPECTED)
def test_support_is_let_no_further_by_what_an_owner_changed(permission):
    changes = {name: dict.fromkeys(ORDER, True) for name in EXPECTED}
    membership = with_changes("admin", changes)
    membership.support = SupportAccess(role="admin")

    looks = ("view_diary", "view_money", "view_customers", "view_analytics", "arrange")
    assert policies.may(membership, permission) is (permission in looks)
    assert policies.may_remove(membership, permission) is False


@pytest.mark.parametrize("permission", EXPECTED)
def test_an_owners_program_may_what_the_owner_may_but_own(permission):
    membership = Membership(role="owner")
    membership.through_token = True

    assert policies.may(membership, permission) is (permission != "own")


def test_what_a_lower_role_may_the_higher_ones_may_too():
    assert permissions.out_of_order({}) is None
    assert permissions.out_of_order({"refund": {"admin": False}}) is None
    assert permissions.out_of_order({"refund": {"admin": False, "staff": True}}) == (Permission.REFUND, Role.STAFF)
    assert permissions.out_of_order({"view_money": {"staff": False}}) == (Permission.VIEW_MONEY, Role.VIEWER)


def test_a_change_holds_with_the_next_request_and_costs_no_query(rosa, nora, member, django_assert_num_queries):
    here, there = member("staff"), member("staff", nora)
    Business.objects.filter(pk=rosa.pk).update(role_changes={"refund": {"staff": True}})

    with django_assert_num_queries(2):
        found = [
            policies.may(queries.membership_of(person, salon), Permission.REFUND)
            for person, salon in ((here, rosa), (there, nora))
        ]

    assert found == [True, False]


def test_a_membership_read_another_way_asks_the_database(rosa, member):
    person = member("staff")
    Business.objects.filter(pk=rosa.pk).update(role_changes={"refund": {"staff": True}})

    assert policies.may(Membership.objects.get(user=person), Permission.REFUND) is True
