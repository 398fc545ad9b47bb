"""The card step with the local Stripe: nothing is charged, and no failure loses the time or the entries."""

import pytest
from playwright.sync_api import expect

from bookings.models import Booking
from config.testing_browser import MARKS, fill_card, fill_details, press_confirm, press_slot
from payments.models import CardSetup, Payment

pytestmark = MARKS


@pytest.fixture
def checkout(card_site, open_page):
    """`checkout(**context options)`: a page that has reached the card step."""

    def make(**options):
        page = open_page(**options)
        page.goto(f"{card_site.url}/book/{card_site.services['Dry trim'].pk}/")
        press_slot(page)
        if options.get("java_script_enabled", True):
            page.frame_locator("#card-element iframe").locator("#number").wait_for()
        return page

    return make


POLICY = "fetch(location.href).then((answer) => answer.headers.get('Content-Security-Policy'))"


def state():
    """(booking status, payment status, card) of the one booking that counts."""
    booking = Booking.objects.get(status__in=["hold", "pending", "confirmed"])
    payment = Payment.objects.filter(booking=booking).first()
    setup = CardSetup.objects.filter(booking=booking).first()
    return booking.status, payment and payment.status, setup and setup.last4


def still_held(page):
    """The page is still the payment step, its entries are kept and its time is."""
    expect(page.locator("[data-clock]")).to_be_visible()
    assert "/book/checkout/" in page.url
    assert page.get_by_label("First name").input_value() == "Anna"


def test_a_card_is_saved_and_nothing_charged(card_site, checkout):
    page = checkout()
    fill_details(page)
    fill_card(page)
    press_confirm(page)
    page.wait_for_url("**/book/done/**")

    assert page.get_by_text("Nothing is charged now. $45.00 is charged after your visit.").is_visible()
    assert state() == ("confirmed", "requires_action", "4242")
    assert card_site.control(f"ledger?account={CardSetup.objects.get().stripe_account_id}") == []
    assert page.complaints == []


def test_without_scripts_the_hosted_page_takes_the_card(checkout):
    page = checkout(java_script_enabled=False)
    assert page.locator("#confirm").inner_text() == "Continue to the secure card page"

    fill_details(page)
    press_confirm(page)
    page.wait_for_url("**/c/pay/**")
    page.locator("[name=number]").fill("4242424242424242")
    page.locator("[name=expiry]").fill("12/39")
    page.locator("[name=cvc]").fill("123")
    page.get_by_role("button", name="Save card").click()
    page.wait_for_url("**/book/done/**")

    assert state() == ("confirmed", "requires_action", "4242")


def test_leaving_the_hosted_page_loses_nothing(checkout):
    page = checkout(java_script_enabled=False)
    fill_details(page)
    press_confirm(page)
    page.wait_for_url("**/c/pay/**")
    page.locator("a.leave").click()
    page.wait_for_url("**/book/checkout/**")

    assert page.get_by_label("Mobile").input_value() == "+1 212-555-0187"
    assert state() == ("pending", "requires_action", "")


def test_the_return_address_alone_confirms_nothing(checkout):
    page = checkout(java_script_enabled=False)
    fill_details(page)
    press_confirm(page)
    page.wait_for_url("**/c/pay/**")
    booking = Booking.objects.get(status="pending")
    page.goto(f"{page.locator('a.leave').get_attribute('href')}return/?page=cs_test_made_up")

    assert page.get_by_role("status").inner_text().startswith("Your card was not saved.")
    booking.refresh_from_db()
    assert booking.status == "pending"


@pytest.mark.parametrize(
    ("number", "sentence"),
    [("4000000000000002", "declined"), ("4000000000009995", "insufficient funds")],
    ids=("declined", "no money"),
)
def test_a_refused_card_can_be_replaced(checkout, number, sentence):
    page = checkout()
    fill_details(page)
    fill_card(page, number)
    press_confirm(page)
    expect(page.locator("#card-problem")).to_be_focused()
    text = page.locator("#card-problem").inner_text()
    still_held(page)

    fill_card(page)
    press_confirm(page)
    page.wait_for_url("**/book/done/**")

    assert sentence in text
    assert text.endswith("Nothing was charged, and your time is still kept.")
    assert state() == ("confirmed", "requires_action", "4242")


@pytest.mark.parametrize(("button", "outcome"), [("Complete", "done"), ("Fail", "kept")], ids=("passed", "failed"))
def test_the_banks_question_leads_on_or_back(checkout, button, outcome):
    page = checkout()
    fill_details(page)
    fill_card(page, "4000002500003155")
    press_confirm(page)
    page.frame_locator("iframe[title='Authentication by your bank']").get_by_role("button", name=button).click()

    if outcome == "done":
        page.wait_for_url("**/book/done/**")
        assert state() == ("confirmed", "requires_action", "3155")
    else:
        expect(page.locator("#card-problem")).to_be_focused()
        still_held(page)
        assert state() == ("pending", "requires_action", "")


def test_a_lost_network_keeps_everything(checkout):
    page = checkout()
    fill_details(page)
    fill_card(page)
    page.context.set_offline(True)
    press_confirm(page)
    expect(page.locator("#card-problem")).to_contain_text("We could not reach the payment service.")
    still_held(page)

    page.context.set_offline(False)
    press_confirm(page)
    page.wait_for_url("**/book/done/**")

    assert state() == ("confirmed", "requires_action", "4242")


def test_stripe_being_away_keeps_everything(card_site, checkout):
    page = checkout()
    fill_details(page)
    fill_card(page)
    card_site.control("faults", match={"method": "POST", "path_regex": "/v1/setup_intents$"}, times=3, kind="500")
    press_confirm(page)
    expect(page.locator("#card-problem")).to_contain_text("We could not reach the payment service.")
    still_held(page)

    assert state() == ("pending", "requires_action", None)


def test_wrong_details_leave_the_typed_card_alone(checkout):
    page = checkout()
    fill_details(page)
    page.get_by_label("E-mail", exact=True).fill("anna@")
    fill_card(page)
    press_confirm(page)
    expect(page.locator("#errors")).to_be_focused()
    page.get_by_label("E-mail", exact=True).fill("anna@example.com")
    page.get_by_label("I agree to these terms").check()
    press_confirm(page)
    page.wait_for_url("**/book/done/**")

    assert state() == ("confirmed", "requires_action", "4242")


def test_only_the_card_step_talks_to_stripe(card_site, open_page):
    page = open_page()
    stripe = card_site.stripe.removeprefix("http://")
    calls = []
    page.on("request", lambda request: stripe in request.url and calls.append(page.url.split("/")[4]))
    page.goto(card_site.url)
    page.get_by_role("link", name="Book Dry trim").click()
    before = list(calls)
    policy = page.evaluate(POLICY)
    press_slot(page)
    page.locator("#card-element iframe").wait_for()
    card_policy = page.evaluate(POLICY)

    assert before == []
    assert set(calls) == {"checkout"}
    assert card_site.stripe not in policy
    assert f"script-src 'self' {card_site.stripe};" in card_policy


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_wrong_with_the_card_step(checkout, violations, scheme):
    page = checkout(color_scheme=scheme)
    page.locator("#card-element iframe").wait_for()

    assert violations(page) == []
