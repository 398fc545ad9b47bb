"""Reads about money that more than one door needs."""

from django.db.models import Prefetch

from payments.models import FINAL_STATES, CardSetupStatus, MoneyAction, Payment


def with_money(bookings):
    """Bookings with their current payment and card loaded, two queries for all: see `payment_of`, `card_of`."""
    current = Payment.objects.filter(is_current=True)
    return bookings.select_related("card_setup").prefetch_related(
        Prefetch("payments", queryset=current, to_attr="current_payments")
    )


def payment_of(booking):
    """The booking's current payment, or None. Costs a query where the booking was not loaded `with_money`."""
    if not hasattr(booking, "current_payments"):
        booking.current_payments = list(Payment.objects.filter(booking=booking, is_current=True))
    return booking.current_payments[0] if booking.current_payments else None


def card_of(booking):
    """The card saved for the booking (a CardSetup), or None."""
    setup = getattr(booking, "card_setup", None)
    return setup if setup and setup.status == CardSetupStatus.SUCCEEDED else None


def open_action(booking):
    """The booking's press that has not come to an end, or None."""
    return MoneyAction.objects.filter(booking=booking).exclude(state__in=FINAL_STATES).first()
