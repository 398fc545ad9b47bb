"""The team's pages of reviews in a real browser: phone and desk, light and dark, with and without scripts."""

import pytest
from django.urls import reverse

from bookings.models import Service
from config.testing_browser import LOOKS, MARKS, PHONE, sign_in
from reviews.models import Review
from reviews.tests.conftest import completed, rate

pytestmark = MARKS
LIST = "/dashboard/reviews/"


@pytest.fixture
def review(site):
    return rate(completed(site.salon, Service.objects.first()), 2, "I waited for an hour.")


@pytest.fixture
def at_work(open_page, site, member):
    def opened(**context):
        page = open_page(**context)
        sign_in(page, site, member("owner"), LIST)
        return page

    return opened


@LOOKS
def test_everybody_can_read_and_use_the_pages(at_work, site, review, violations, viewport, scheme):
    page = at_work(viewport=viewport, color_scheme=scheme)
    one = reverse("dashboard:review", urlconf="config.urls_salon", args=[review.pk])

    for path in (LIST, one, f"{LIST}settings/"):
        page.goto(f"{site.url}{path}")
        assert (path, violations(page)) == (path, [])
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
    assert page.complaints == []


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_review_is_answered_published_and_hidden_for_a_reason(at_work, review, scripts):
    page = at_work(viewport=PHONE, java_script_enabled=scripts)

    page.get_by_role("link", name="2 of 5 stars").click()
    page.get_by_label("Your answer").fill("We are sorry, and have changed our book.")
    page.get_by_role("button", name="Save the answer").click()
    page.get_by_text("Your answer is saved.").wait_for()
    page.get_by_role("button", name="Publish").click()
    page.get_by_text("It is on your page now.").wait_for()
    page.get_by_label("Why it is hidden").fill("Names somebody else.")
    page.get_by_role("button", name="Hide").click()
    page.get_by_text("It is hidden.").wait_for()

    found = Review.objects.get()
    assert (found.status, found.hidden_reason, found.answered_by_id is None) == (
        "hidden",
        "Names somebody else.",
        False,
    )
