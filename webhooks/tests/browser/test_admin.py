"""Webhooks in the admin, in a real browser, at any width."""

import os

import pytest
from django.utils import timezone

from config.testing_browser import DESK, MARKS, PHONE
from webhooks import services
from webhooks.models import WebhookEndpoint

pytestmark = MARKS
ENDPOINTS, DELIVERIES = "/admin/webhooks/webhookendpoint/", "/admin/webhooks/webhookdelivery/"


@pytest.fixture
def desk(site, open_page, member):
    """`desk(viewport)`: a page signed in as an admin."""

    def make(viewport):
        user = member("admin")
        page = open_page(viewport=viewport)
        page.goto(f"{site.url}/accounts/login/?next={ENDPOINTS}")
        page.locator("[name=login]").fill(user.email)
        page.locator("[name=password]").fill("correct horse battery")
        page.locator("main button[type=submit]").first.click()
        page.wait_for_url(f"**{ENDPOINTS}")
        return page

    return make


def screens(page, site):
    page.goto(f"{site.url}{ENDPOINTS}add/")
    yield "adding"
    page.locator("[name=url]").fill("https://hooks.example/in")
    page.locator("[name=events]").first.check()
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("heading", name="Signing secret").wait_for()
    yield "secret"
    endpoint = WebhookEndpoint.objects.get()
    delivery = services.send_test(endpoint=endpoint, now=timezone.now())
    page.goto(f"{site.url}{ENDPOINTS}{endpoint.pk}/change/")
    yield "endpoint"
    page.goto(f"{site.url}{DELIVERIES}")
    yield "log"
    page.goto(f"{site.url}{DELIVERIES}{delivery.pk}/change/")
    yield "delivery"


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_webhooks_are_kept_at_any_width(site, desk, viewport):
    page = desk(viewport)

    for name in screens(page, site):
        if folder := os.environ.get("SCREENS"):
            page.screenshot(path=f"{folder}/{name}-{viewport['width']}.png", full_page=True)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert (name, wide) == (name, 0)
