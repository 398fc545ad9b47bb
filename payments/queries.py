"""Reads about money that more than one door needs."""

from django.db.models import Prefetch

from bookings.models import Status
from payments.models import FINAL_STATES, STOPPED, CardHold, CardSetupStatus, HoldState, MoneyAction, Payment, SavedCard


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


def can_replace_card(booking):
    """Whether another card may take the place of the booking's: while a visit is to come, or money is still open."""
    if card_of(booking) is None or booking.hold_expires_at:
        return False
    fee_owed = booking.status == Status.CANCELED and booking.cancellation_fee_cents
    action = open_action(booking)
    return action.state in STOPPED if action else bool(booking.is_open or fee_owed)


def held_for(booking):
    """The CardHold by which money is held on the booking's card right now, or None."""
    return CardHold.objects.filter(booking=booking, state=HoldState.HELD).first()


def kept_cards_of(booking):
    """The cards their customer lets the salon keep, for whoever holds the link of this booking, newest first.

    Those of the booking's own customer at Stripe: the e-mail address on a booking proves nothing.
    """
    setup = card_of(booking)
    if setup is None:
        return SavedCard.objects.none()
    return SavedCard.objects.filter(
        stripe_account_id=setup.stripe_account_id,
        stripe_customer_id=setup.stripe_customer_id,
        customer=booking.customer,
        removed_at=None,
    )
