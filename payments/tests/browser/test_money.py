"""What customers do about money, in a real browser: settle a payment, use a gift card, come back, exchange a card."""

import re

import pytest
import stripe
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from audit.actors import SYSTEM
from bookings.links import manage_token
from bookings.models import Booking
from bookings.tests.browser.test_quality import SMALL_TARGETS
from bookings.tests.factories import DETAILS, at, hold
from config.testing_browser import LOOKS, MARKS, fill_card, fill_details, next_month, press_confirm, press_slot
from giftcards.models import GiftReservation
from giftcards.tests.making import balance, code, make_card
from payments import services
from payments.links import pay_token
from payments.models import CardSetup, MoneyAction, SavedCard

pytestmark = MARKS
SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=("scripts on", "scripts off"))


@pytest.fixture
def visit(card_site):
    """`visit("pm_card_…", keep=False)`: a visit booked with that card, in a week."""
    salon = card_site.salon
    salon.billing.refresh_from_db()
    client = stripe.StripeClient(
        "sk_test_browser",
        stripe_account=salon.billing.stripe_account_id,
        base_addresses={"api": card_site.stripe},
    ).v1

    def make(card="pm_card_visa", *, keep=False):
        booking = hold(salon, card_site.services["Dry trim"], at(salon))
        booking = services.submit_checkout(
            business=salon, booking=booking, details=DETAILS, address="203.0.113.9", now=timezone.now()
        )
        _, intent = services.prepare_card(business=salon, booking=booking, keep=keep)
        if client.setup_intents.confirm(intent.id, {"payment_method": card}).status == "requires_action":
            card_site.control("authentications", intent=intent.id, outcome="complete")
        return services.place_booking(business=salon, booking=booking, now=timezone.now())

    return make


@pytest.fixture
def waiting(card_site, visit):
    """`waiting("pm_card_…")`: a completed visit whose charge has stopped: its pay page's address, its Stripe account."""

    def make(card="pm_card_authenticationRequired"):
        booking = visit(card)
        services.complete(
            business=card_site.salon, booking=booking, key="press", by=SYSTEM, now=timezone.now(), tip_cents=500
        )
        return f"{card_site.url}/pay/{pay_token(booking)}/"

    return make


def moved(site):
    rows = site.control(f"ledger?account={CardSetup.objects.first().stripe_account_id}")
    return [(row["kind"], row["amount"]) for row in rows if row["kind"] != "authorization"]


def on_stripes_page(page, number="4242424242424242"):
    page.wait_for_url("**/c/pay/**")
    page.locator("[name=number]").fill(number)
    page.locator("[name=expiry]").fill("12/39")
    page.locator("[name=cvc]").fill("123")
    page.get_by_role("button", name="Save card").click()


def bank(page, button):
    page.frame_locator("iframe[title='Authentication by your bank']").get_by_role("button", name=button).click()


# The pay link ---------------------------------------------------------------------------------------


def test_a_payment_is_confirmed_with_the_bank(card_site, waiting, open_page):
    page = open_page()
    page.goto(waiting())
    expect(page.get_by_role("heading", name="$50.00 is still to be paid.")).to_be_focused()
    page.get_by_role("button", name="Confirm with my bank").click()
    bank(page, "Complete")

    expect(page.get_by_role("heading", name="This is settled.")).to_be_visible()
    assert moved(card_site) == [("capture", 5000)]
    page.go_back()
    expect(page.get_by_role("heading", name="This is settled.")).to_be_visible()
    assert page.complaints == []


def test_a_bank_that_says_no_leaves_another_card(card_site, waiting, open_page):
    page = open_page()
    page.goto(waiting())
    page.get_by_role("button", name="Confirm with my bank").click()
    bank(page, "Fail")
    expect(page.locator("#card-problem")).to_be_focused()
    assert page.locator("#card-problem").inner_text().endswith("Nothing was charged.")
    assert moved(card_site) == []

    fill_card(page, "5555555555554444")
    assert page.locator("#confirm").inner_text() == "Pay $50.00 with this card"
    press_confirm(page)

    expect(page.get_by_text("Paid with Mastercard •••• 4444")).to_be_visible()
    assert moved(card_site) == [("capture", 5000)]


def test_an_impatient_double_press_charges_once(card_site, waiting, open_page):
    page = open_page()
    page.goto(waiting("pm_card_chargeCustomerFail"))
    page.frame_locator("#card-element iframe").locator("#number").wait_for()
    fill_card(page)
    press_confirm(page)
    page.locator("#confirm").click(force=True, no_wait_after=True)

    expect(page.get_by_role("heading", name="This is settled.")).to_be_visible()
    assert moved(card_site) == [("capture", 5000)]
    assert MoneyAction.objects.get().state == "succeeded"


def test_a_payment_taken_in_cash_meanwhile_is_said_to_be_settled(card_site, waiting, open_page):
    page = open_page()
    page.goto(waiting("pm_card_chargeCustomerFail"))
    page.frame_locator("#card-element iframe").locator("#number").wait_for()
    services.take_cash(
        business=card_site.salon, booking=Booking.objects.get(), key="cash", by=SYSTEM, now=timezone.now()
    )
    fill_card(page)
    press_confirm(page)

    expect(page.get_by_text("Paid at the salon")).to_be_visible()
    assert moved(card_site) == []


def test_without_scripts_a_payment_is_settled_on_stripes_page(card_site, waiting, open_page):
    page = open_page(java_script_enabled=False)
    page.goto(waiting("pm_card_chargeCustomerFail"))
    assert page.get_by_role("button", name=re.compile("again")).count() == 0
    page.get_by_role("button", name="Continue to the secure card page").click()
    on_stripes_page(page)

    page.get_by_role("heading", name="This is settled.").wait_for()
    assert moved(card_site) == [("capture", 5000)]


# Gift cards at checkout -----------------------------------------------------------------------------


def at_checkout(page, site):
    page.goto(f"{site.url}/book/{site.services['Dry trim'].pk}/")
    press_slot(page)
    return page


def apply(page, typed, *, by_enter=False):
    if page.locator("#gift details:not([open])").count():
        page.locator("#gift summary").click()
    page.get_by_label("Gift card code").fill(typed)
    if by_enter:
        page.get_by_label("Gift card code").press("Enter")
    else:
        page.get_by_role("button", name="Apply").click()


@pytest.mark.parametrize("by_enter", [True, False], ids=("Enter", "the button"))
def test_a_gift_card_changes_the_price_at_once_and_leaves_the_typed_card_alone(card_site, open_page, by_enter):
    card = make_card(3000)
    page = at_checkout(open_page(), card_site)
    fill_details(page)
    fill_card(page)
    apply(page, code(card), by_enter=by_enter)
    expect(page.get_by_role("status").get_by_text("$15.00 is charged after your visit.")).to_be_visible()
    expect(page.locator("#gift-title")).to_be_focused()
    expect(page.locator("#summary")).to_contain_text("−$30.00")
    expect(page.locator("#terms")).to_contain_text(
        "Your gift card pays $30.00; $15.00 is charged when your visit is done."
    )
    assert page.get_by_label("First name").input_value() == "Anna"

    page.get_by_label("I agree to these terms").check()
    press_confirm(page)
    page.wait_for_url("**/book/done/**")

    booking = Booking.objects.get(status="confirmed")
    assert booking.consent["gift_card"]["card_cents"] == 1500
    assert page.get_by_text("−$30.00").is_visible()
    assert page.complaints == []


def test_a_gift_card_that_pays_all_asks_for_no_card(card_site, open_page):
    card_site.salon.__class__.objects.filter(pk=card_site.salon.pk).update(gift_cards_pay_fees=True)
    card = make_card(9000)
    page = at_checkout(open_page(), card_site)
    fill_details(page)
    apply(page, code(card))
    expect(page.locator("#card-element")).to_have_count(0)
    assert page.get_by_label("E-mail", exact=True).input_value() == "anna@example.com"
    page.get_by_label("I agree to these terms").check()
    press_confirm(page)
    page.wait_for_url("**/book/done/**")

    assert Booking.objects.get(status="confirmed").card_required is False
    assert page.get_by_text("Your gift card pays for your visit.").first.is_visible()


def test_a_gift_card_is_taken_off_again(card_site, open_page):
    card = make_card(3000)
    page = at_checkout(open_page(), card_site)
    apply(page, code(card))
    page.get_by_role("button", name="Do not use it").click()
    expect(page.locator("#total-note")).to_contain_text("$45.00 is charged after your visit.")

    assert (balance(card), GiftReservation.objects.filter(state="reserved").count()) == (3000, 0)


def test_a_wrong_code_is_said_beside_it(card_site, open_page):
    make_card(3000)
    page = at_checkout(open_page(), card_site)
    fill_details(page)
    apply(page, "0000 0000 0000 0000")
    expect(page.get_by_label("Gift card code")).to_be_focused()

    assert page.get_by_text("This gift card code cannot be used.").is_visible()
    assert page.get_by_label("Gift card code").get_attribute("aria-invalid") == "true"
    assert page.get_by_label("First name").input_value() == "Anna"


def test_without_scripts_a_gift_card_keeps_everything_typed(card_site, open_page):
    page = at_checkout(open_page(java_script_enabled=False), card_site)
    assert page.locator("#gift").count() == 0  # no gift card was ever issued
    card = make_card(3000)
    page.reload()
    fill_details(page)
    page.get_by_label("Anything we should know?").fill("shy dog")
    apply(page, code(card))
    page.wait_for_url("**/book/checkout/**")

    assert page.locator("#summary").get_by_text("−$30.00").is_visible()
    assert page.get_by_label("Mobile").input_value() == "(212) 555-0187"
    assert page.get_by_label("Anything we should know?").input_value() == "shy dog"
    page.get_by_label("I agree to these terms").check()
    press_confirm(page)
    on_stripes_page(page)
    page.wait_for_url("**/book/done/**")
    assert Booking.objects.get(status="confirmed").consent["gift_card"]["paid_cents"] == 3000


# Coming back ----------------------------------------------------------------------------------------


def test_a_card_is_kept_and_chosen_again(card_site, open_page):
    page = at_checkout(open_page(), card_site)
    fill_details(page)
    fill_card(page)
    assert not page.get_by_label("Keep this card for my next visits").is_checked()
    page.get_by_label("Keep this card for my next visits").check()
    press_confirm(page)
    page.wait_for_url("**/book/done/**")
    page.get_by_role("link", name="Manage this visit").click()
    page.get_by_role("link", name="Book again").click()
    page.get_by_role("button", name="Choose a time").click()
    next_month(page)  # late in the evening today has no second time
    page.locator("a.day").last.click()
    expect(page.locator("a.day").last).to_have_attribute("aria-current", "date")
    press_slot(page)
    expect(page.get_by_label("Visa •••• 4242")).to_be_checked()
    expect(page.locator("#card-element")).to_be_hidden()
    page.get_by_label("I agree to these terms").check()
    page.get_by_role("button", name="Book this visit").click()
    page.wait_for_url("**/book/done/**")

    assert CardSetup.objects.filter(saved_card=SavedCard.objects.get(), status="succeeded").count() == 2
    assert page.complaints == []


def test_another_card_can_be_chosen_instead(card_site, visit, open_page):
    page = open_page()
    again(page, card_site, visit(keep=True))
    page.get_by_label("Another card").check()
    fill_card(page, "5555555555554444")
    page.get_by_label("I agree to these terms").check()
    press_confirm(page)
    page.wait_for_url("**/book/done/**")

    assert CardSetup.objects.latest("created_at").brand == "mastercard"


def again(page, site, booking):
    page.goto(site.url + reverse("payments:again", args=[manage_token(booking)]))
    page.get_by_role("button", name="Choose a time").click()
    press_slot(page)


def test_without_scripts_a_kept_card_books(card_site, visit, open_page):
    page = open_page(java_script_enabled=False)
    again(page, card_site, visit(keep=True))
    page.get_by_label("I agree to these terms").check()
    press_confirm(page)
    page.wait_for_url("**/book/done/**")

    assert CardSetup.objects.filter(saved_card=SavedCard.objects.get()).count() == 2


def test_not_you_empties_the_page(card_site, visit, open_page):
    page = open_page()
    again(page, card_site, visit(keep=True))
    assert page.get_by_label("First name").input_value() == "Anna"
    page.get_by_role("button", name="Not you?").click()
    expect(page.get_by_label("Visa •••• 4242")).to_have_count(0)

    assert page.get_by_label("First name").input_value() == ""


@SCRIPTS
def test_the_card_of_a_visit_is_exchanged(card_site, visit, open_page, scripts):
    page = open_page(java_script_enabled=scripts)
    page.goto(card_site.url + reverse("bookings:manage", args=[manage_token(visit())]))
    page.get_by_role("link", name="Use another card").click()
    if scripts:
        page.frame_locator("#card-element iframe").locator("#number").wait_for()
        fill_card(page, "5555555555554444")
        press_confirm(page)
    else:
        page.get_by_role("button", name="Continue to the secure card page").click()
        on_stripes_page(page, "5555555555554444")
    page.wait_for_url("**/b/*/")

    expect(page.get_by_role("status")).to_contain_text("Mastercard •••• 4444 is the card of this visit now.")
    assert CardSetup.objects.get().brand == "mastercard"


def test_a_refused_card_leaves_the_old_one(card_site, visit, open_page):
    page = open_page()
    page.goto(card_site.url + reverse("payments:card", args=[manage_token(visit())]))
    page.frame_locator("#card-element iframe").locator("#number").wait_for()
    fill_card(page, "4000000000000002")
    press_confirm(page)
    expect(page.locator("#card-problem")).to_be_focused()

    assert page.locator("#card-problem").inner_text().endswith("your card on file stays as it is.")
    assert CardSetup.objects.get().last4 == "4242"


def test_a_kept_card_is_removed(card_site, visit, open_page):
    page = open_page()
    page.goto(card_site.url + reverse("payments:card", args=[manage_token(visit(keep=True))]))
    settle(page)
    page.get_by_role("button", name="Remove Visa •••• 4242").press("Enter")

    expect(page.get_by_role("status")).to_contain_text("Visa •••• 4242 is kept no longer.")
    assert SavedCard.objects.get().removed_at is not None


# For every reader, at every width ---------------------------------------------------------------------


def screens(page, site, visit):
    """Every page about money, by name, as the page stands on it."""
    make_card(3000)
    booking = visit("pm_card_chargeCustomerFail", keep=True)
    manage = reverse("bookings:manage", args=[manage_token(booking)])
    page.goto(site.url + manage)
    yield "manage"
    page.goto(site.url + reverse("payments:card", args=[manage_token(booking)]))
    settle(page)
    yield "card"
    page.goto(site.url + reverse("payments:again", args=[manage_token(booking)]))
    yield "again"
    page.get_by_role("button", name="Choose a time").click()
    press_slot(page)
    page.locator("#gift summary").click()
    yield "checkout with a kept card"
    page.get_by_label("Another card").check()
    apply(page, "0" * 16)
    page.locator("#gift [aria-invalid]").wait_for()
    yield "a wrong code"
    apply(page, code(make_card(3000)))
    page.get_by_text("is applied.").wait_for()
    yield "a gift card"
    services.complete(business=site.salon, booking=booking, key="press", by=SYSTEM, now=timezone.now(), tip_cents=500)
    page.goto(site.url + reverse("payments:pay", args=[pay_token(booking)]))
    settle(page)
    yield "pay"
    page.goto(site.url + manage)
    yield "manage with a payment that waits"
    services.take_cash(business=site.salon, booking=booking, key="cash", by=SYSTEM, now=timezone.now())
    page.goto(site.url + reverse("payments:pay", args=[pay_token(booking)]))
    yield "settled"
    page.goto(site.url + manage)
    yield "manage, paid"


def settle(page):
    """Until Stripe's fields stand there, in a browser with scripts."""
    page.frame_locator("#card-element iframe").locator("#number").wait_for()


@LOOKS
def test_axe_finds_nothing_wrong(card_site, visit, open_page, violations, viewport, scheme):
    page = open_page(viewport=viewport, color_scheme=scheme, reduced_motion="reduce")

    found = {name: violations(page) for name in screens(page, card_site, visit)}

    assert {name: wrong for name, wrong in found.items() if wrong} == {}
    assert len(found) == 10


def test_nothing_scrolls_sideways_at_320_pixels_and_targets_are_large(card_site, visit, open_page):
    page = open_page(viewport={"width": 320, "height": 640})
    too_wide, too_small = [], []

    for name in screens(page, card_site, visit):
        if page.evaluate("document.documentElement.scrollWidth") > 320:
            too_wide.append(name)
        too_small += [(name, *target) for target in page.evaluate(SMALL_TARGETS)]

    assert too_wide == []
    assert too_small == []
    assert page.complaints == []
