"""Packages in a real browser: bought, paid at Stripe's page, used at checkout; for every reader, at every width."""

import pytest
from playwright.sync_api import expect

from config.testing_browser import LOOKS, MARKS, PHONE, press_slot
from giftcards import codes, links
from giftcards.models import GiftCard
from giftcards.tests.making import code, make_offer, make_package
from payments.tests.browser.test_gift_cards import pay

pytestmark = MARKS


@pytest.fixture
def shop(card_site):
    trim, cut = card_site.services["Dry trim"], card_site.services["Cut for friends"]
    make_offer(trim, price_cents=18_000, description="For hair that wants to stay as short as it is.")
    make_offer(trim, cut, name="Trim or cut, whatever you need on the day", visits=10, price_cents=38_000)
    return card_site


def buy(page, shop):
    page.goto(f"{shop.url}/packages/")
    page.get_by_role("link", name="Buy 5 × Dry trim").click()


def screens(page, shop):
    """Every screen on the way, by name."""
    page.goto(f"{shop.url}/packages/")
    yield "list"
    buy(page, shop)
    page.get_by_text("It is a gift").click()
    yield "form"
    page.get_by_role("button", name="Continue to payment").click()
    page.locator("#errors").wait_for()
    yield "errors"
    page.get_by_label("Your name").fill("Anna Berg")
    page.get_by_label("Your e-mail").fill("anna@example.com")
    page.get_by_role("button", name="Continue to payment").click()
    pay(page)
    yield "order"
    card = GiftCard.objects.get()
    page.goto(links.card_url(business=shop.salon, card=card))
    yield "card"
    page.goto(f"{shop.url}/gift-cards/balance/")
    page.get_by_label("Gift card code").fill(codes.shown(code(card)))
    page.get_by_role("button", name="Show the balance").click()
    page.get_by_text("5 of 5 visits left").wait_for()
    yield "balance"
    checkout(page, shop, "Dry trim")
    apply(page, card)
    page.get_by_text("is applied: 1 visit, 4 of 5 left after it.").wait_for()
    yield "checkout"


def checkout(page, shop, service):
    page.goto(f"{shop.url}/book/{shop.services[service].pk}/")
    press_slot(page)
    page.wait_for_url("**/book/checkout/**")


def apply(page, card):
    page.get_by_text("I have a gift card, a package or a membership").click()
    page.get_by_label("Gift card code").fill(codes.shown(code(card)))
    page.get_by_role("button", name="Apply").click()


@LOOKS
def test_every_screen_is_for_every_reader(shop, open_page, violations, viewport, scheme):
    page = open_page(viewport=viewport, color_scheme=scheme)

    for screen in screens(page, shop):
        assert (screen, violations(page)) == (screen, [])
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"], screen

    # The browser asks the local Stripe for an icon of its page; it has none.
    assert [line for line in page.complaints if "401" not in line] == []


def test_without_scripts_and_by_keyboard_a_package_is_bought(shop, open_page):
    page = open_page(viewport=PHONE, java_script_enabled=False)
    buy(page, shop)

    page.get_by_label("Your name").focus()
    page.keyboard.type("Anna Berg")
    page.keyboard.press("Tab")
    page.keyboard.type("anna@example.com")
    page.keyboard.press("Enter")
    pay(page)

    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you, Anna Berg.")
    assert GiftCard.objects.get().title == "5 × Dry trim"


def test_a_package_for_something_else_says_for_what_it_is(shop, open_page):
    card = make_package(shop.services["Dry trim"])
    page = open_page(viewport=PHONE)
    checkout(page, shop, "Long colour")

    apply(page, card)

    expect(page.get_by_text("Your card is good for Dry trim only.")).to_be_visible()
    assert GiftCard.objects.get().usage_count == 0
