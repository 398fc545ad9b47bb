"""A family on the telephone, in a real browser: for every reader, at every width, with and without script."""

import re

from bookings.models import Booking
from bookings.tests.factories import at
from config.testing_browser import LOOKS, MARKS, PHONE
from dashboard.tests.pages import page as address_of
from dashboard.tests.pages import url

pytestmark = MARKS

LONG = "Anna Maria von Wolkenstein-Trostburg und zu Rodank-Haarverlaengerung"


def write_down(page, card_site, name="Anna Berg"):
    """A mother and her son, as far as the free times of a day that has some at any hour of today."""
    trim = str(card_site.services["Dry trim"].pk)
    page.goto(card_site.url + url("visit-group"))
    page.get_by_label("Customer's name").fill(name)
    page.locator("[name=guest-2-name]").fill("Tom " + name)
    for number in (1, 2):
        page.locator(f"[name=guest-{number}-wanted-0-service]").select_option(trim)
    page.locator("[name=date]").fill(at(card_site.salon).astimezone(card_site.salon.zone).date().isoformat())
    page.get_by_label("One after another").check()
    page.get_by_role("button", name="Show free times").click()
    page.get_by_text("Press one to book").wait_for()


@LOOKS
def test_the_form_is_for_everybody(card_site, desk, violations, viewport, scheme):
    page, found = desk("owner", viewport=viewport, color_scheme=scheme), {}

    def look(name):
        found[name] = violations(page), page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]

    page.goto(card_site.url + url("visit-group"))
    look("empty")
    write_down(page, card_site, LONG)
    look("free times")
    page.get_by_label("Customer's name").fill("")
    page.locator("[name=pick]:not([type=hidden])").first.click()
    page.locator("[data-error-summary]").wait_for()
    look("refused")
    page.get_by_label("Customer's name").fill(LONG)
    page.locator("[name=pick]:not([type=hidden])").first.click()
    page.wait_for_url(re.compile(r"/visits/[0-9a-f-]{36}/$"))
    look("booked together")

    assert found == dict.fromkeys(found, ([], True))
    assert page.complaints == []


def test_without_a_script_a_family_is_booked_and_each_visit_leads_to_the_other(card_site, desk):
    page = desk(java_script_enabled=False, viewport=PHONE)

    write_down(page, card_site)
    page.get_by_role("button", name="Somebody else, too").click()
    assert page.locator("[name=guest-3-name]").count() == 1
    page.get_by_role("button", name="Take out guest 3").click()
    page.get_by_role("button", name="Show free times").click()
    page.locator("[name=pick]:not([type=hidden])").first.click()
    page.wait_for_url(re.compile(r"/visits/[0-9a-f-]{36}/$"))

    one, other = Booking.objects.filter(family__isnull=False).order_by("family_number")
    assert one.end_at <= other.start_at
    page.get_by_role("link", name=re.compile("^Tom Anna Berg")).click()
    assert page.url.endswith(address_of(other))
    assert page.get_by_role("link", name=re.compile("^Anna Berg, ")).count() == 1
