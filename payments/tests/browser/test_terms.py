"""Terms with a deposit in a real browser: readable by everybody, and agreed to as they stand on the page."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from bookings.models import Booking
from config.testing_browser import DESK, MARKS, PHONE, fill_card, fill_details, press_confirm, press_slot
from tenants.models import Business

pytestmark = MARKS
LOOKS = pytest.mark.parametrize(
    ("viewport", "scheme"), [(PHONE, "light"), (DESK, "dark")], ids=["phone light", "desk dark"]
)


@pytest.fixture
def strict_site(card_site):
    """Rosa asks new customers for 25.00, says when late is too late, and holds the price of near visits."""
    Business.objects.filter(pk=card_site.salon.pk).update(
        deposit_type="fixed",
        deposit_cents=2500,
        deposit_for="new_or_missed",
        late_arrival_min=15,
        late_arrival_text="Please call when you are late.",
        hold_near_visits=True,
    )
    return card_site


def to_checkout(page, site):
    """To the card step for a colour in nine days."""
    day = (timezone.now() + timedelta(days=9)).date()
    page.goto(f"{site.url}/book/{site.services['Long colour'].pk}/?date={day}")
    press_slot(page)
    page.frame_locator("#card-element iframe").locator("#number").wait_for()


def test_terms_that_change_while_the_card_is_typed_are_read_again_and_nothing_is_typed_twice(strict_site, open_page):
    page = open_page()
    to_checkout(page, strict_site)
    fill_details(page)
    fill_card(page)
    Business.objects.update(deposit_cents=3000)
    press_confirm(page)
    expect(page.locator("#errors")).to_be_focused()
    box = page.get_by_label("I agree to these terms")
    asked_again = (box.is_checked(), page.get_by_text("$30.00 of the price is a deposit").is_visible())

    box.check()
    press_confirm(page)
    page.wait_for_url("**/book/done/**")

    assert asked_again == (False, True)
    assert page.locator("#errors").count() == 0
    assert page.get_by_text("$30.00 of the price is a deposit").is_visible()
    booking = Booking.objects.get(status="confirmed")
    assert (booking.consent["deposit_cents"], booking.consent["deposit_for_why"]) == (3000, "new")


@LOOKS
def test_axe_finds_nothing_wrong_from_the_menu_to_the_cancelled_visit(
    strict_site, open_page, violations, viewport, scheme
):
    page = open_page(viewport=viewport, color_scheme=scheme, reduced_motion="reduce")
    found = {}
    for name, _ in zip(STEPS, through(page, strict_site), strict=True):
        found[name] = violations(page)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found[name].append("it scrolls sideways")

    assert found == {name: [] for name in STEPS}
    assert page.complaints == []


STEPS = ("menu", "times", "checkout", "done", "manage", "move", "cancel")


def through(page, site):
    page.goto(site.url)
    yield
    page.goto(f"{site.url}/book/{site.services['Long colour'].pk}/")
    yield
    to_checkout(page, site)
    yield
    fill_details(page)
    fill_card(page)
    press_confirm(page)
    page.wait_for_url("**/book/done/**")
    yield
    page.get_by_role("link", name="Manage this visit").click()
    yield
    page.get_by_role("link", name="Move to another time").click()
    yield
    page.go_back()
    page.get_by_role("link", name="Cancel this visit").click()
    yield


@LOOKS
def test_the_policies_page_is_filled_in_saved_and_readable(
    strict_site, open_page, violations, member, viewport, scheme
):
    page = open_page(viewport=viewport, color_scheme=scheme)
    user = member("admin")
    page.goto(f"{strict_site.url}/admin/policies/")
    page.locator("[name=login]").fill(user.email)
    page.locator("[name=password]").fill("correct horse battery")
    page.locator("[name=password]").press("Enter")
    page.wait_for_url("**/admin/policies/")
    found = violations(page)
    page.get_by_role("link", name="48 hours, the full price").click()
    page.get_by_text("Filled in, not saved yet.").wait_for()
    found += violations(page)
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Saved. It holds for visits booked from now on").wait_for()

    assert found == []
    assert page.complaints == []
    salon = Business.objects.get(pk=strict_site.salon.pk)
    assert (salon.cancellation_window_hours, salon.cancellation_fee_type, salon.cancellation_fee_percent) == (
        48,
        "percent",
        100,
    )
