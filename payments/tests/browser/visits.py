"""A visit whose card a browser test saves as Stripe's page would."""

from datetime import timedelta

import stripe
from django.utils import timezone

from bookings import services as bookings
from bookings.basket import Basket
from bookings.tests.factories import DETAILS
from payments import services


def visit_with_card(card_site):
    """A confirmed visit in three days, 45.00, with a Visa on file."""
    salon, now = card_site.salon, timezone.now()
    salon.billing.refresh_from_db()
    start = (now + timedelta(days=3)).replace(minute=0, second=0, microsecond=0)
    booking = bookings.hold_slot(business=salon, basket=Basket.of(card_site.services["Dry trim"]), start=start, now=now)
    booking = services.submit_checkout(business=salon, booking=booking, details=DETAILS, address=None, now=now)
    intent = services.prepare_card(business=salon, booking=booking)[1]
    account = {"stripe_account": salon.billing.stripe_account_id, "base_addresses": {"api": card_site.stripe}}
    customer = stripe.StripeClient("sk_test_browser", **account)
    customer.v1.setup_intents.confirm(intent.id, {"payment_method": "pm_card_visa"})
    return services.place_booking(business=salon, booking=booking, now=now)
