"""Visits that come again in a real browser: for every reader, and with the keyboard alone and no script."""

import pytest

from bookings import queries
from bookings.models import Series
from config.testing_browser import LOOKS, MARKS
from dashboard.tests.browser.test_day import NARROW
from dashboard.tests.pages import page as address_of
from dashboard.tests.pages import url
from payments.tests.browser.visits import visit_with_card

pytestmark = MARKS


@pytest.fixture
def coming(card_site):
    return visit_with_card(card_site)


def screens(page, card_site, booking):
    """Every screen of a series by name, as the page stands on it."""
    page.goto(card_site.url + url("visit-repeat", booking.pk))
    yield "how often"
    page.get_by_role("button", name="Show the dates").first.click()
    page.locator("[data-error-summary]").wait_for()
    yield "refused"
    page.get_by_label("Every how many weeks").fill("1")
    page.get_by_label("How many more visits").fill("3")
    page.get_by_role("button", name="Show the dates").last.click()
    page.get_by_role("heading", name="Every date").wait_for()
    yield "every date"
    page.get_by_role("button", name="Book these visits").click()
    page.wait_for_url(f"**{address_of(booking)}")
    yield "a visit of a series"
    page.goto(card_site.url + url("visit-move-following", booking.pk))
    page.get_by_label("Time").fill("03:07")
    page.get_by_role("button", name="Show the dates").last.click()
    page.get_by_text("Not free").first.wait_for()
    yield "nothing is free"
    page.goto(card_site.url + url("visit-cancel-following", booking.pk))
    yield "all are called off"
    page.goto(card_site.url + url("customer", booking.customer_id))
    yield "the card"


@LOOKS
def test_every_screen_is_for_everybody(card_site, coming, desk, violations, viewport, scheme):
    page = desk("owner", viewport=viewport, color_scheme=scheme)

    found = {
        name: (violations(page), page.evaluate("document.documentElement.scrollWidth"))
        for name in screens(page, card_site, coming)
    }

    assert {name: rules for name, (rules, _) in found.items() if rules} == {}
    assert {name: width for name, (_, width) in found.items() if width > viewport["width"]} == {}
    assert page.complaints == []


def test_a_visit_is_repeated_by_keyboard_without_a_script(card_site, coming, desk):
    page = desk("staff", viewport=NARROW, java_script_enabled=False)
    page.goto(card_site.url + url("visit-repeat", coming.pk))

    page.get_by_label("How many more visits").focus()
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Book these visits").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{address_of(coming)}")

    assert [each.series_number for each in queries.visits_in(Series.objects.get())] == [1, 2, 3]
    assert page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]
