from datetime import datetime, time, timedelta

import pytest
import stripe
from django.utils import timezone

from bookings import services as bookings
from bookings.basket import Basket
from bookings.tests.factories import DETAILS, make_past_visit
from config.testing_browser import DESK, card_site, chromium, open_page, site, stripe_process, violations
from payments import services

__all__ = ["card_site", "chromium", "open_page", "site", "stripe_process", "violations"]


@pytest.fixture
def visit(card_site):
    """Since midnight, 45.00, with a Visa on file."""
    salon, now = card_site.salon, timezone.now()
    salon.billing.refresh_from_db()
    start = (now + timedelta(days=3)).replace(minute=0, second=0, microsecond=0)
    booking = bookings.hold_slot(business=salon, basket=Basket.of(card_site.services["Dry trim"]), start=start, now=now)
    booking = services.submit_checkout(business=salon, booking=booking, details=DETAILS, address=None, now=now)
    intent = services.prepare_card(business=salon, booking=booking)[1]
    account = {"stripe_account": salon.billing.stripe_account_id, "base_addresses": {"api": card_site.stripe}}
    customer = stripe.StripeClient("sk_test_browser", **account)
    customer.v1.setup_intents.confirm(intent.id, {"payment_method": "pm_card_visa"})
    booking = services.place_booking(business=salon, booking=booking, now=now)
    midnight = datetime.combine(now.astimezone(salon.zone).date(), time(), salon.zone)
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
