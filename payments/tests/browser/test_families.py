"""Several people in one go, in a browser: for every reader, at every width, with and without scripts."""

import pytest
from playwright.sync_api import expect

from bookings.models import Booking
from bookings.tests.browser.test_quality import SMALL_TARGETS
from config.testing_browser import LOOKS, MARKS, fill_card, fill_details, press_confirm, press_slot
from giftcards.models import GiftReservation
from giftcards.tests.making import code, make_card
from payments.models import CardSetup

pytestmark = MARKS


def begin(page, site):
    page.goto(f"{site.url}/book/{site.services['Dry trim'].pk}/")
    page.get_by_role("button", name="Add another person").click()


def add(page, name="Lena", service="Cut for friends"):
    page.get_by_label("First name").fill(name)
    page.get_by_label(service).check()
    page.get_by_role("button", name="Add this person").click()


def screens(page, site):
    """Every screen from the list of two to the page that calls both visits off, as the page stands on it."""
    begin(page, site)
    yield "alone"
    page.get_by_role("button", name="Add this person").click()
    page.locator("[data-error-summary]").wait_for()
    yield "wrong"
    add(page, "Maximiliane-Theodora Wolkenstein-Trostburg")
    page.locator("summary", has_text="Add another person").click()
    yield "two"
    page.get_by_role("link", name="One after another").click()
    expect(page.get_by_role("link", name="One after another")).to_have_attribute("aria-current", "true")
    yield "one after another"
    press_slot(page, -1)  # the last one: it does not begin while the pages are read
    yield "checkout"
    press_confirm(page)
    page.locator("#errors").wait_for()
    yield "checkout with errors"
    fill_details(page)
    press_confirm(page)
    page.wait_for_url("**/book/done/**")
    yield "done"
    page.get_by_role("link", name="Cancel all visits").click()
    yield "cancel all"


@LOOKS
def test_axe_finds_nothing_wrong(site, open_page, violations, viewport, scheme):
    page = open_page(viewport=viewport, color_scheme=scheme, reduced_motion="reduce")

    found = {name: violations(page) for name in screens(page, site)}

    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_nothing_scrolls_sideways_at_320_pixels_and_targets_are_large(site, open_page):
    page = open_page(viewport={"width": 320, "height": 640})
    wrong = []

    for name in screens(page, site):
        wrong += [name] if page.evaluate("document.documentElement.scrollWidth") > 320 else []
        wrong += [(name, *target) for target in page.evaluate(SMALL_TARGETS)]

    assert wrong == []


@pytest.mark.parametrize("javascript", [True, False], ids=("scripts on", "scripts off"))
def test_a_family_is_booked_with_one_card(card_site, open_page, javascript):
    page = open_page(java_script_enabled=javascript)
    begin(page, card_site)
    add(page)
    press_slot(page)
    fill_details(page)
    if javascript:
        fill_card(page)
    press_confirm(page)
    if not javascript:
        page.wait_for_url("**/c/pay/**")
        for name, value in (("number", "4242424242424242"), ("expiry", "12/39"), ("cvc", "123")):
            page.locator(f"[name={name}]").fill(value)
        page.get_by_role("button", name="Save card").click()
    page.wait_for_url("**/book/done/**")

    assert list(Booking.objects.order_by("family_number").values_list("status", "for_name")) == [
        ("confirmed", ""),
        ("confirmed", "Lena"),
    ]
    assert list(CardSetup.objects.values_list("status", "last4")) == [("succeeded", "4242")] * 2
    if javascript:  # without, the last word had Stripe's page
        assert page.complaints == []


def test_a_family_is_put_together_with_the_keyboard(site, open_page):
    page = open_page()
    begin(page, site)
    page.get_by_label("First name").focus()
    page.keyboard.type("Lena")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.get_by_text("Lena", exact=True).wait_for()
    page.get_by_role("link", name="One after another").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="One after another")).to_be_focused()
    page.locator("[name=start]").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url("**/book/checkout/**")

    assert Booking.objects.filter(status="hold").count() == 2


@pytest.mark.parametrize("javascript", [True, False], ids=("scripts on", "scripts off"))
def test_one_gift_card_pays_for_a_family_as_far_as_it_goes(site, open_page, violations, javascript):
    card = make_card(6000)
    page = open_page(java_script_enabled=javascript, viewport={"width": 390, "height": 844})
    begin(page, site)
    add(page)
    press_slot(page)
    page.locator("summary", has_text="I have a gift card").click()
    page.get_by_label("Gift card code").fill(code(card))

    page.get_by_role("button", name="Apply").click()

    expect(page.locator("#gift [role=status]")).to_contain_text("is applied")
    expect(page.locator("#total-note")).to_contain_text("at the salon")
    wrong = violations(page) if javascript else {}
    assert (wrong or {}) == {}
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    fill_details(page)
    press_confirm(page)
    page.wait_for_url("**/book/done/**")
    assert sum(GiftReservation.objects.values_list("cents", flat=True)) == 6000
