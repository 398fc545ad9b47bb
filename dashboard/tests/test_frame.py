"""Who gets into the dashboard, and what its menu shows them."""

import pytest

from dashboard import menu
from tenants import policies
from tenants.models import Membership, Role
from tenants.permissions import TABLE, Permission
from tenants.tests.api import NO_STATIC, cheap_passwords

__all__ = ["cheap_passwords"]
pytestmark = NO_STATIC

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


@pytest.mark.parametrize("role", Role.values)
def test_the_menu_shows_what_a_role_may(role):
    shown = menu.of(Membership(role=role), "today")

    labels = [entry.label for entry in shown.at_hand + shown.more]
    assert labels == [entry.label for entry in menu.ENTRIES if EXPECTED[entry.permission][ORDER.index(role)]]


def test_strangers_are_sent_to_sign_in(salon_client):
    answer = salon_client.get("/dashboard/")

    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/?next=/dashboard/")


def test_members_of_another_salon_find_nothing(client_for, rosa, nora, member):
    assert client_for(rosa, member("owner", nora)).get("/dashboard/").status_code == 404


@pytest.mark.parametrize("role", Role.values)
def test_members_see_today(role, client_for, rosa, member):
    answer = client_for(rosa, member(role)).get("/dashboard/")

    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
