"""What money does when a booking changes."""

from django.dispatch import receiver

from bookings.signals import booking_lapsed
from payments.services import cards


@receiver(booking_lapsed)
def abandon_card_setup(sender, booking, **kwargs):
    """A hold that ran out takes its card set-up with it."""
    cards.abandon_card(booking=booking)
