"""A salon's mails and the way out of them, as they look on a phone and at a desk, by day and by night."""

import pytest
from django.utils import timezone

from bookings import mail
from bookings.models import Customer
from bookings.tests.factories import at, make_booking
from config.testing_browser import DESK, MARKS, PHONE
from messaging import links, mails
from messaging.models import Message

pytestmark = MARKS
LOOKS = [(PHONE, "light"), (PHONE, "dark"), (DESK, "light"), (DESK, "dark"), ({"width": 320, "height": 640}, "light")]


def is_too_wide(page):
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


@pytest.mark.parametrize("color", ["#7c3f58", "#ffffff", "#f7e36b", "#000000"])
def test_a_mail_is_readable_whatever_colour_the_salon_has(site, open_page, violations, color):
    site.salon.primary_color, site.salon.name = color, "Rosa " + "w" * 80
    booking = make_booking(site.salon, site.services["Dry trim"], at(site.salon))
    mail.queue_booked(business=site.salon, booking=booking, now=timezone.now())
    html = mails.inlined(Message.objects.get(kind="booking_confirmed").html)

    for viewport, scheme in LOOKS if color == "#7c3f58" else LOOKS[:2]:
        page = open_page(viewport=viewport, color_scheme=scheme)
        page.set_content(html)
        assert violations(page) == []
        assert not is_too_wide(page)
        assert page.complaints == []


@pytest.mark.parametrize("javascript", [True, False], ids=("scripts on", "scripts off"))
def test_who_presses_gets_no_more_news_and_may_press_back(site, open_page, violations, javascript):
    Customer.objects.create(
        display_name="Anna Berg",
        email="anna@example.com",
        marketing_opt_in=True,
        marketing_opt_in_at=timezone.now(),
        created_at=timezone.now(),
    )
    address = links.unsubscribe_url(business=site.salon, channel="email", address="anna@example.com")
    page = open_page(java_script_enabled=javascript)

    page.goto(address)
    page.get_by_role("button", name="Stop the news").click()
    page.get_by_role("heading", name="You get no news from").wait_for()
    assert not Customer.objects.get().marketing_opt_in
    page.get_by_role("button", name="Send me news and offers again").click()
    page.get_by_role("button", name="Stop the news").wait_for()

    assert Customer.objects.get().marketing_opt_in
    assert page.complaints == []


def test_the_way_out_is_readable(site, open_page, violations):
    address = links.unsubscribe_url(business=site.salon, channel="email", address="a" * 60 + "@example.com")

    for viewport, scheme in LOOKS:
        page = open_page(viewport=viewport, color_scheme=scheme)
        page.goto(address)
        page.get_by_role("button", name="Stop the news").click()
        again = page.get_by_role("button", name="Send me news")
        again.wait_for()
        assert (violations(page), is_too_wide(page)) == ([], False)
        again.click()
        page.get_by_role("button", name="Stop the news").wait_for()
        assert (violations(page), is_too_wide(page)) == ([], False)
