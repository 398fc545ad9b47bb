"""Who gets into the dashboard, and what its menu shows them."""

import pytest

from dashboard import menu
from tenants.models import Membership, Role
from tenants.tests.api import NO_STATIC, cheap_passwords
from tenants.tests.test_permissions import EXPECTED, ORDER

__all__ = ["cheap_passwords"]
pytestmark = NO_STATIC


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
