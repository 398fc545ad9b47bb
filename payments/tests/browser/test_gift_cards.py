"""Buying a gift card in a real browser, with and without scripts, up to Stripe's page and back."""

import pytest
from playwright.sync_api import expect

from config.testing_browser import LOOKS, MARKS
from giftcards.models import GiftCard
from tenants.models import Business

pytestmark = MARKS


@pytest.fixture
def shop(card_site):
    Business.objects.filter(pk=card_site.salon.pk).update(sell_gift_cards=True)
    return card_site


def fill(page):
    page.get_by_label("Your name").fill("Anna Berg")
    page.get_by_label("Your e-mail").fill("anna@example.com")
    page.get_by_label("Who is it for?").fill("Bea")
    page.get_by_label("Their e-mail").fill("bea@example.com")
    page.get_by_label("A few words").fill("Enjoy!")


def go_on(page):
    page.get_by_role("button", name="Continue to payment").click()


def pay(page):
    page.wait_for_url("**/c/pay/**")
    page.locator("[name=number]").fill("4242424242424242")
    page.locator("[name=expiry]").fill("12 / 39")
    page.locator("[name=cvc]").fill("123")
    page.get_by_role("button", name="Pay").click()
    page.wait_for_url("**/gift-cards/orders/**")


def screens(page, shop):
    page.goto(f"{shop.url}/gift-cards/")
    yield "shop"
    page.get_by_text("Another amount").click()
    page.get_by_label("Amount in USD").fill("5")
    go_on(page)
    page.locator("#errors").wait_for()
    yield "shop with errors"
    fill(page)
    page.get_by_text("$100.00").click()
    go_on(page)
    page.wait_for_url("**/c/pay/**")
    page.get_by_role("link", name="Back").click()
    page.get_by_text("Not paid yet").wait_for()
    yield "not paid"
    page.get_by_role("link", name="Continue to payment").click()
    pay(page)
    page.get_by_text("Thank you, Anna Berg.").wait_for()
    yield "paid"
    page.get_by_role("link", name="See and print the card").click()
    page.get_by_text("Enjoy!").wait_for()
    yield "card"


@LOOKS
def test_every_screen_is_for_every_reader(shop, open_page, violations, viewport, scheme):
    page = open_page(viewport=viewport, color_scheme=scheme)

    for screen in screens(page, shop):
        assert (screen, violations(page)) == (screen, [])
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"], screen

    assert GiftCard.objects.get().balance_cents == 10_000


def test_a_card_is_bought_without_scripts(shop, open_page):
    page = open_page(java_script_enabled=False)
    page.goto(f"{shop.url}/gift-cards/")
    fill(page)
    go_on(page)
    pay(page)

    expect(page.get_by_text("Thank you, Anna Berg.")).to_be_visible()
    card = GiftCard.objects.get()
    assert (card.balance_cents, card.recipient_email) == (5000, "bea@example.com")


def test_an_own_amount_is_asked_for_when_it_is_chosen(shop, open_page):
    page = open_page()
    page.goto(f"{shop.url}/gift-cards/")
    own = page.get_by_label("Amount in USD")
    expect(own).to_be_hidden()

    page.get_by_text("Another amount").click()

    expect(own).to_be_visible()
    own.fill("37.50")
    fill(page)
    assert page.complaints == []
    go_on(page)
    pay(page)
    assert GiftCard.objects.get().balance_cents == 3750


def test_the_amounts_are_chosen_with_the_keyboard(shop, open_page):
    page = open_page()
    page.goto(f"{shop.url}/gift-cards/")

    page.get_by_label("$50.00").focus()
    page.keyboard.press("ArrowRight")

    assert page.get_by_label("$100.00").is_checked()
    assert page.locator(".choice:has(:focus-visible)").evaluate("node => getComputedStyle(node).outlineWidth") == "3px"
