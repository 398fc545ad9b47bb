"""Packages at the desk in a real browser: for every reader, at every width; one sold by keyboard, without script."""

import pytest
from playwright.sync_api import expect

from config.testing_browser import LOOKS, MARKS
from dashboard.tests.pages import url
from giftcards.models import GiftCard
from giftcards.tests.making import make_offer

pytestmark = MARKS


@pytest.fixture
def offer(card_site):
    trim, cut = card_site.services["Dry trim"], card_site.services["Cut for friends"]
    make_offer(trim, cut, name="Trim or cut, whatever you need on the day", visits=10, price_cents=38_000)
    return make_offer(trim, price_cents=18_000)


def screens(page, card_site, offer):
    for name, path in (
        ("list", url("packages")),
        ("add", url("package-add")),
        ("change", url("package", offer.pk)),
        ("sell", url("package-sell", offer.pk)),
    ):
        page.goto(card_site.url + path)
        yield name
    page.get_by_label("Given free of charge").check()
    page.get_by_role("button", name="Sell", exact=True).click()
    page.locator("[data-error-summary]").wait_for()
    yield "errors"
    page.get_by_label("Name").fill("Anna Berg")
    page.get_by_label("Reason").fill("A winner")
    page.get_by_role("button", name="Sell", exact=True).click()
    page.wait_for_url("**/packages/sold/**")
    yield "sold"


@LOOKS
def test_every_screen_is_for_everybody(card_site, offer, desk, violations, viewport, scheme):
    page, found = desk("owner", viewport=viewport, color_scheme=scheme), {}

    for name in screens(page, card_site, offer):
        found[name] = (violations(page), page.evaluate("document.documentElement.scrollWidth"))

    assert {name: rules for name, (rules, _) in found.items() if rules} == {}
    assert {name: width for name, (_, width) in found.items() if width > viewport["width"]} == {}


def test_one_is_sold_by_keyboard_without_script(card_site, offer, desk):
    page = desk("owner", java_script_enabled=False)
    page.goto(card_site.url + url("package-sell", offer.pk))

    page.get_by_label("Name").focus()
    page.keyboard.type("Anna Berg")
    page.keyboard.press("Enter")
    page.wait_for_url("**/packages/sold/**")

    expect(page.get_by_text("5 of 5 visits left")).to_be_visible()
    assert GiftCard.objects.get().paid_by == "cash"
