from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone

from bookings.tests.factories import make_past_visit
from config.testing_browser import DESK, card_site, chromium, open_page, site, stripe_process, violations
from payments.tests.browser.visits import visit_with_card

__all__ = ["card_site", "chromium", "open_page", "site", "stripe_process", "violations"]


@pytest.fixture
def visit(card_site):
    """Since midnight, 45.00, with a Visa on file."""
    salon, booking = card_site.salon, visit_with_card(card_site)
    midnight = datetime.combine(timezone.now().astimezone(salon.zone).date(), time(), salon.zone)
    return make_past_visit(booking, days=(timezone.now() - midnight) / timedelta(days=1))


@pytest.fixture
def desk(card_site, open_page, member):
    """`desk("admin")`: a page signed in with that role, on Today."""

    def make(role="staff", **options):
        user = member(role)
        page = open_page(**{"viewport": DESK, **options})
        page.goto(f"{card_site.url}/accounts/login/")
        page.locator("[name=login]").fill(user.email)
        page.locator("[name=password]").fill("correct horse battery")
        page.locator("[name=password]").press("Enter")
        page.wait_for_url("**/dashboard/")
        return page

    return make
