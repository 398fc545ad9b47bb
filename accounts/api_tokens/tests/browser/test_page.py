"""A token is made, copied and revoked, in a real browser on a phone and at a desk."""

import pytest

from accounts.api_tokens.tests.making import make
from config.testing_browser import DESK, MARKS, PHONE
from tenants.tests.api import PASSWORD

pytestmark = MARKS


@pytest.fixture
def at_work(open_page, site, admin):
    def opened(size):
        page = open_page(viewport=size)
        page.goto(f"{site.url}/accounts/login/?next=/admin/api-access/")
        page.get_by_label("Email").fill(admin.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url("**/admin/api-access/")
        return page

    return opened


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_from_a_new_token_to_its_end(at_work, rosa, owner, size):
    make(rosa, owner, name="Newsletter")
    page = at_work(size)
    page.get_by_label("Name").fill("Cash register")
    page.get_by_role("button", name="Make the token").click()
    page.get_by_text("Tick what the program may do").wait_for()
    page.get_by_label("Read bookings").check()
    page.get_by_label("Read services and categories").check()
    page.get_by_role("button", name="Make the token").click()

    key = page.locator("pre code").inner_text()
    offered = page.get_by_role("button", name="Copy the key").get_attribute("data-copy")
    wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    page.get_by_role("button", name="Revoke Cash register").click()
    page.get_by_text("The program is not let in any more.").wait_for()

    assert (offered, wide) == (key, False)
    assert page.get_by_role("button", name="Revoke").count() == 1
    assert page.get_by_role("button", name="Revoke Newsletter").is_visible()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_everybody_can_read_and_press_it(at_work, rosa, owner, violations, size):
    make(rosa, owner, name="Newsletter")
    page = at_work(size)
    found = {"page": violations(page)}
    page.get_by_label("Name").fill("Cash register")
    page.get_by_role("button", name="Make the token").click()
    page.get_by_text("Tick what the program may do").wait_for()
    found["refused"] = violations(page)
    page.get_by_label("Read bookings").check()
    page.get_by_role("button", name="Make the token").click()
    page.get_by_text("The key of “Cash register”").wait_for()
    found["made"] = violations(page)

    assert found == {"page": [], "refused": [], "made": []}
