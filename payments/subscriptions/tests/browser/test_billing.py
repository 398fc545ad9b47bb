"""The owner pays in a real browser: over Stripe's page and back, also where scripts are off."""

import pytest

from config.testing_browser import DESK, MARKS, PHONE
from tenants.models import TenantBilling, User

pytestmark = MARKS
PASSWORD = "correct horse battery"


@pytest.fixture
def platform(card_site):
    """The platform's address; rosa's owner can sign in there, and Stripe knows nothing of her plan."""
    card_site.control("reset", all=True)
    owner = User.objects.get(email="owner@rosa.test")
    owner.set_password(PASSWORD)
    owner.save()
    return f"http://localhost:{card_site.port}"


def sign_in(page, address):
    page.goto(address)
    page.locator("[name=login]").fill("owner@rosa.test")
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def pay(page):
    """What the owner types on Stripe's page."""
    page.locator("[name=number]").fill("4242 4242 4242 4242")
    page.locator("[name=expiry]").fill("12 / 39")
    page.locator("[name=cvc]").fill("123")
    page.get_by_role("button").first.click()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_the_owner_pays_and_calls_it_off(platform, card_site, open_page, scripts):
    page = open_page(java_script_enabled=scripts)
    sign_in(page, f"{platform}/billing/")

    page.get_by_role("button", name="Start the free trial").click()
    page.get_by_role("button", name="Start paying now").click()
    pay(page)
    page.get_by_text("Thank you. The plan is paid.").wait_for()
    page.complaints.clear()  # of the local Stripe's page, which has no icon
    assert page.locator("#plan").inner_text() == "Active"

    page.get_by_role("link", name="Cancel the plan").click()
    page.get_by_role("button", name="Cancel the plan").click()
    page.get_by_text("The plan is cancelled.").wait_for()

    billing = TenantBilling.objects.get(business=card_site.salon)
    assert (billing.subscription_status, billing.cancel_at is None) == ("active", False)
    assert page.complaints == []


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_pages_are_accessible_and_fit(platform, open_page, violations, size):
    page = open_page(viewport=size)
    sign_in(page, f"{platform}/billing/")
    page.get_by_role("button", name="Start the free trial").click()
    page.get_by_text("Your free trial has begun.").wait_for()
    address = page.url
    found = {}

    for name, path in (("plan", address), ("pause", f"{address}pause/"), ("cancel", f"{address}cancel/")):
        page.goto(path)
        found[name] = violations(page)
    page.goto(f"{platform}/credits/")
    page.get_by_role("button", name="Open my credits").click()
    page.get_by_text("1,000 credits").first.wait_for()
    page.get_by_role("button", name="Buy for $5.00").click()
    pay(page)
    page.get_by_text("Thank you: 500 credits were added.").wait_for()
    page.complaints.clear()  # of the local Stripe's page, which has no icon
    found["credits"] = violations(page)
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")

    assert found == {"plan": [], "pause": [], "cancel": [], "credits": []}
    assert (wide, page.complaints) == (False, [])
    page.get_by_role("link", name="Invoice").click()
    page.get_by_text("Paid", exact=True).wait_for()
    assert "500 credits" in page.inner_text("body")
