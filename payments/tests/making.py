"""Bookings with a card on file, and what was done with it."""

from django.utils import timezone

from bookings.tests.factories import DETAILS, hold
from payments import services


def order(business, service, start):
    """A pending booking with its SetupIntent's id, as it stands while the customer types the card."""
    booking = services.submit_checkout(
        business=business, booking=hold(business, service, start), details=DETAILS, address=None, now=timezone.now()
    )
    intent = services.prepare_card(business=business, booking=booking)[1] if booking.card_required else None
    return booking, intent and intent.id


def book(business, service, start, account=None, card="pm_card_visa"):
    """A confirmed booking, with a card saved where there is an account."""
    booking, setup_intent_id = order(business, service, start)
    if account:
        account.save_card(setup_intent_id, card)
    return services.place_booking(business=business, booking=booking, now=timezone.now())


def with_fees(business, *, late=2000, missed=3000, window_hours=24 * 30):
    """The salon, asking fees of whoever books from here on: 20.00 for calling off within a month, 30.00 for not coming."""
    business.cancellation_fee_type = business.no_show_fee_type = "fixed"
    business.cancellation_fee_cents, business.no_show_fee_cents = late, missed
    business.cancellation_window_hours = window_hours
    return business
