"""A card's page and the balance in a real browser: for every reader, at every width, on paper."""

from datetime import date

import pytest
from playwright.sync_api import expect

from config.testing_browser import DESK, LOOKS, MARKS, PHONE
from giftcards import codes, links
from giftcards.tests.making import code, make_card

pytestmark = MARKS


@pytest.fixture
def card(site):
    return make_card(
        7500,
        recipient_name="Beatrice Colemann",
        buyer_name="Anna Berg",
        message="Happy birthday!\nEnjoy an hour just for you.",
        expiration_date=date(2031, 11, 30),
    )


def screens(page, site, card):
    page.goto(links.card_url(business=site.salon, card=card))
    yield "card"
    page.goto(f"{site.url}/gift-cards/balance/")
    yield "balance"
    page.get_by_label("Gift card code").fill("wrong")
    page.get_by_role("button", name="Show the balance").click()
    page.locator("#errors").wait_for()
    yield "wrong code"
    page.get_by_label("Gift card code").fill(codes.shown(code(card)).lower())
    page.get_by_role("button", name="Show the balance").click()
    page.get_by_text("$75.00").wait_for()
    yield "right code"


@LOOKS
def test_every_screen_is_for_every_reader(site, card, open_page, violations, viewport, scheme):
    page = open_page(viewport=viewport, color_scheme=scheme)

    for screen in screens(page, site, card):
        assert (screen, violations(page)) == (screen, [])
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"], screen

    # The browser itself reports an answer that is a refusal.
    assert [line for line in page.complaints if "422" not in line] == []


def test_on_paper_the_card_stands_alone(site, card, open_page):
    page = open_page(viewport=DESK)
    page.goto(links.card_url(business=site.salon, card=card))

    page.emulate_media(media="print")

    expect(page.get_by_role("article")).to_be_visible()
    expect(page.get_by_text(codes.shown(code(card)))).to_be_visible()
    for hidden in (page.get_by_role("link", name="Book a visit"), page.locator(".masthead"), page.locator(".footer")):
        expect(hidden).to_be_hidden()


def test_the_code_is_copied_and_the_page_printed_by_a_press(site, card, open_page):
    page = open_page(viewport=PHONE)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.add_init_script("window.print = () => { window.printed = true }")
    page.goto(links.card_url(business=site.salon, card=card))

    page.get_by_role("button", name="Copy the code").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    page.get_by_role("button", name="Print").click()

    assert page.evaluate("navigator.clipboard.readText()") == codes.shown(code(card))
    assert page.evaluate("window.printed") is True


def test_the_pages_work_without_scripts(site, card, open_page):
    page = open_page(java_script_enabled=False)
    page.goto(links.card_url(business=site.salon, card=card))

    expect(page.get_by_text(codes.shown(code(card)))).to_be_visible()
    expect(page.get_by_role("button", name="Print")).to_be_hidden()
    page.goto(f"{site.url}/gift-cards/balance/")
    page.get_by_label("Gift card code").fill(code(card))
    page.get_by_role("button", name="Show the balance").click()
    expect(page.get_by_text("$75.00")).to_be_visible()
