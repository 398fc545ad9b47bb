"""Rating a visit in a real browser: phone and desk, light and dark, by keyboard, without scripts, and what is read then."""

import pytest

from bookings.models import Service
from config.testing_browser import LOOKS, MARKS, PHONE
from reviews import links
from reviews.models import Review
from reviews.tests.conftest import completed, publish, rate

pytestmark = MARKS


@pytest.fixture
def visit(site):
    return completed(site.salon, Service.objects.first())


def address(site, visit):
    return f"{site.url}{links.review_url(business=site.salon, booking=visit).removeprefix(site.salon.url)}"


def screens(page, site, visit):
    page.goto(address(site, visit))
    yield "form"
    page.get_by_role("button", name="Send").click()
    page.locator("#errors").wait_for()
    yield "nothing chosen"
    page.get_by_label("4 stars").check()
    page.get_by_role("button", name="Send").click()
    page.get_by_role("heading", name="Your review").wait_for()
    yield "written"
    page.get_by_role("link", name="Take it back").click()
    page.get_by_role("heading", name="Take your review back?").wait_for()
    yield "asked"
    publish(Review.objects.get())
    page.goto(f"{site.url}/reviews/")
    yield "list"
    page.goto(site.url)
    yield "front page"


@LOOKS
def test_every_screen_is_for_every_reader(site, visit, open_page, violations, viewport, scheme):
    page = open_page(viewport=viewport, color_scheme=scheme)

    for screen in screens(page, site, visit):
        assert (screen, violations(page)) == (screen, [])
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"], screen

    assert page.complaints == []


def test_a_visit_is_rated_by_keyboard_alone_without_scripts(site, visit, open_page):
    page = open_page(viewport=PHONE, java_script_enabled=False)
    page.goto(address(site, visit))

    page.get_by_label("5 stars").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("Quiet and kind.")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")  # not in my name
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Your review").wait_for()

    review = Review.objects.get()
    assert (review.stars, review.text, review.signed) == (4, "Quiet and kind.", "A customer")


def test_stars_are_big_enough_for_a_thumb(site, visit, open_page):
    page = open_page(viewport=PHONE)
    page.goto(address(site, visit))

    heights = [each.bounding_box()["height"] for each in page.locator(".stars-choices label").all()]
    assert len(heights) == 5
    assert min(heights) >= 44


def test_a_review_that_was_written_is_told_to_who_opens_the_link_again(site, visit, open_page):
    rate(visit, 3, "It was fine.")
    page = open_page(viewport=PHONE)

    page.goto(address(site, visit))

    assert page.get_by_role("article").inner_text().endswith("It was fine.")
