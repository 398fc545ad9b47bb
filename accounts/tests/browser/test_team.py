"""Somebody is invited, joins and gets a role, in a real browser on a phone and at a desk."""

import re

import pytest
from django.utils import timezone

from accounts import services
from accounts.models import AccountMessage
from config.testing_browser import DESK, MARKS, PHONE
from tenants.models import Membership, Role

pytestmark = MARKS
PASSWORD = "correct horse battery"


@pytest.fixture
def at_work(open_page, site, admin):
    def opened(size):
        page = open_page(viewport=size)
        page.goto(f"{site.url}/accounts/login/?next=/admin/team-access/")
        page.get_by_label("Email").fill(admin.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url("**/admin/team-access/")
        return page

    return opened


def link_of(site):
    text = AccountMessage.objects.filter(kind="invitation").latest("created_at").text
    return f"http://localhost:{site.port}/invitations/{re.search(r'/invitations/([^/]+)/', text)[1]}/"


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_from_the_invitation_to_a_role(at_work, open_page, site, violations, size):
    found = {}
    manager = at_work(size)
    manager.get_by_label("E-mail").fill("ada@person.example")
    manager.locator("#id_role").select_option("staff")
    manager.get_by_role("button", name="Send the invitation").click()
    manager.get_by_text("An invitation is on its way").wait_for()
    found["team"] = violations(manager)

    guest = open_page(viewport=size)
    guest.goto(link_of(site))
    found["invitation"] = violations(guest)
    guest.get_by_label("First name").fill("Ada")
    guest.get_by_label("Password").fill("a long enough one")
    guest.get_by_role("button", name="Open an account and join").click()
    guest.wait_for_url("**/businesses/")
    found["businesses"] = violations(guest)

    manager.reload()
    manager.get_by_label("Role of Ada").select_option("viewer")
    manager.get_by_role("button", name="Save the role of Ada").click()
    manager.get_by_text("The new role holds at once.").wait_for()

    assert Membership.objects.get(user__email="ada@person.example").role == Role.VIEWER
    assert {page: lines for page, lines in found.items() if lines} == {}
    assert guest.complaints == []
    assert manager.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_a_salon_changes_hands(at_work, open_page, site, admin, owner, violations):
    owner.set_password(PASSWORD)
    owner.save()
    page = open_page()
    page.goto(f"{site.url}/accounts/login/?next=/admin/team-access/")
    page.get_by_label("Email").fill(owner.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("link", name="Hand the salon over").click()
    found = violations(page)
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Hand the salon over").click()
    page.get_by_text("owns the salon now").wait_for()

    assert found == []
    assert Membership.objects.get(business=site.salon, role=Role.OWNER).user == admin


def test_a_link_that_opens_nothing_and_one_for_somebody_else(open_page, at_work, site, admin, violations):
    services.invite(
        business=site.salon, email="x@x.example", role=Role.STAFF, by=admin, address="127.0.0.1", now=timezone.now()
    )
    page = open_page()
    page.goto(f"http://localhost:{site.port}/invitations/nothing/")
    found = violations(page)
    page.goto(f"http://localhost:{site.port}/accounts/login/")
    page.get_by_label("Email").fill(admin.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "/login/" not in url)
    page.goto(link_of(site))
    found += violations(page)

    assert page.get_by_role("main").get_by_role("button", name="Sign out").is_visible()
    assert found == []
