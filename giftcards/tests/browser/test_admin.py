"""Gift cards in the admin, in a real browser: issued, looked at, corrected, at any width."""

import pytest
from playwright.sync_api import expect

from bookings.tests.factories import at, make_booking
from config.testing_browser import DESK, MARKS, PHONE
from giftcards.models import GiftCard
from giftcards.tests.making import reserve

pytestmark = MARKS


@pytest.fixture
def desk(site, open_page, member):
    """`desk(viewport)`: a page signed in as an admin."""

    def make(viewport):
        user = member("admin")
        page = open_page(viewport=viewport)
        page.goto(f"{site.url}/accounts/login/?next=/admin/giftcards/giftcard/")
        page.locator("[name=login]").fill(user.email)
        page.locator("[name=password]").fill("correct horse battery")
        page.locator("main button[type=submit]").first.click()
        page.wait_for_url("**/admin/giftcards/giftcard/")
        return page

    return make


def screens(page, site):
    yield "empty"
    page.goto(f"{site.url}/admin/giftcards/giftcard/add/")
    yield "issuing"
    page.locator("[name=amount_cents]").fill("75")
    page.locator("[name=recipient_name]").fill("Beatrice Colemann")
    page.locator("[name=buyer_name]").fill("Anna Berg")
    page.locator("[name=message]").fill("Happy birthday!")
    page.get_by_role("button", name="Issue", exact=True).click()
    page.get_by_text("$75.00 issued.").wait_for()
    card = GiftCard.objects.get()
    booking = make_booking(site.salon, site.services["Dry trim"], at(site.salon))
    reserve(site.salon, booking, card)
    page.reload()
    yield "card"
    page.goto(f"{site.url}/admin/giftcards/giftcard/{card.pk}/adjust/")
    page.locator("[name=amount]").fill("10")
    page.locator("[name=reason]").fill("Paid for a shampoo")
    yield "correcting"
    page.get_by_role("button", name="Correct", exact=True).click()
    page.get_by_text("The card holds $20.00 now.").wait_for()
    yield "corrected"
    page.goto(f"{site.url}/admin/giftcards/giftcard/")
    yield "list"


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_cards_are_kept_at_any_width(site, desk, viewport):
    page = desk(viewport)

    for screen in screens(page, site):
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"], screen

    assert page.complaints == []
    expect(page.get_by_text("$20.00")).to_be_visible()
