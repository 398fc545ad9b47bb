"""Steps 8 to 10 in a real browser: what a choice asks for, with and without scripts, by keyboard, for every reader."""

from playwright.sync_api import expect

from config.testing_browser import LOOKS, MARKS
from giftcards.models import GiftCard
from messaging.models import NotificationTemplate
from onboarding.tests.browser.pages import SCRIPTS, press
from tenants.models import Business

pytestmark = MARKS


def salon():
    return Business.objects.get(slug="rosa")


@SCRIPTS
def test_own_terms_are_asked_for_where_they_are_chosen(wizard, scripts):
    page = wizard("policies", java_script_enabled=scripts)
    hours = page.get_by_label("Free until")
    page.get_by_label("24 hours, half the price").check()
    expect(hours).to_be_hidden()

    page.get_by_label("24 hours, half the price").press("ArrowUp")
    expect(page.get_by_label("Our own terms")).to_be_checked()
    hours.fill("36")
    page.get_by_label("Cancelling after that costs").select_option("percent")
    expect(page.locator("[name=cancellation_fee_cents]")).to_be_hidden()
    page.locator("[name=cancellation_fee_percent]").fill("30")
    press(page, "Show what customers read")

    expect(page.locator(".example:visible")).to_contain_text("after that it costs $15.00.")
    assert salon().cancellation_window_hours == 24
    hours.press("Enter")
    page.wait_for_url("**/gift-cards/**")
    assert (salon().cancellation_window_hours, salon().cancellation_fee_percent) == (36, 30)
    assert page.complaints == []


@SCRIPTS
def test_cards_are_issued_once_and_their_codes_shown(wizard, scripts):
    page = wizard("gift-cards", java_script_enabled=scripts)
    page.get_by_label("Cards worth an amount").check()
    page.get_by_label("Amount in USD").fill("50")
    page.locator("[name=amount_quantity]").fill("2")
    press(page, "Save and continue")

    shown = page.locator(".code")
    expect(shown).to_have_count(2)
    codes = shown.all_inner_texts()
    page.reload()
    expect(shown).to_have_text(codes)
    assert GiftCard.objects.count() == 2
    page.goto(page.get_by_role("link", name="See and print").first.get_attribute("href"))
    expect(page.locator(".gift-worth")).to_have_text("$50.00")


@SCRIPTS
def test_words_are_seen_before_they_are_saved(wizard, scripts):
    page = wizard("notifications", java_script_enabled=scripts)
    page.get_by_role("link", name="E-mail Reminder").click()
    page.get_by_label("Text", exact=True).fill("Ciao {{customer_name}}!\n\n<b>Presto</b>")
    press(page, "Preview")

    expect(page.locator(".letter")).to_contain_text("Ciao Jordan Lee!")
    expect(page.locator(".letter")).to_contain_text("<b>Presto</b>")
    assert not NotificationTemplate.objects.exists()
    press(page, "Save these words")
    page.wait_for_url("**saved=1")
    assert NotificationTemplate.objects.get().body == "Ciao {{customer_name}}!\n\n<b>Presto</b>"
    press(page, "Save and continue")
    page.wait_for_url("**/policies/**")


def screens(page):
    """Every screen of the three steps, by name, as the page stands on it."""
    yield "terms"
    page.get_by_label("Our own terms").check()
    page.get_by_label("What you say about cancelling").fill("Unbreakable" * 40)
    page.get_by_label("Notice").fill("soon")
    press(page, "Save")
    page.locator("#errors").wait_for()
    yield "terms with errors"
    page.goto(f"{page.home}gift-cards/")
    yield "gift cards"
    page.get_by_label("Cards with a percentage off").check()
    press(page, "Save")
    page.locator("#errors").wait_for()
    yield "gift cards with errors"
    page.get_by_label("Percent off").fill("20")
    press(page, "Save")
    page.locator(".code").first.wait_for()
    yield "codes"
    page.goto(f"{page.home}notifications/")
    yield "occasions"
    page.get_by_role("link", name="E-mail Booking confirmed").click()
    page.get_by_text("Placeholders you can use").click()
    yield "words"
    page.get_by_label("Text", exact=True).fill("{{nobody}}" + "unbreakable" * 40)
    press(page, "Preview")
    page.locator("#errors").wait_for()
    yield "words with errors"


@LOOKS
def test_every_screen_fits_and_is_for_every_reader(wizard, violations, viewport, scheme):
    page = wizard("policies", viewport=viewport, color_scheme=scheme)
    found = {}

    for name in screens(page):
        wide = page.evaluate("document.documentElement.scrollWidth") > viewport["width"]
        found[name] = violations(page) + ["too wide"] * wide

    assert {name: faults for name, faults in found.items() if faults} == {}
    assert len(found) == 8
    assert page.complaints == []
