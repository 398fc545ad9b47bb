"""What gift cards do when a booking ends without a press of a money button."""

from django.dispatch import receiver
from django.utils import timezone

from bookings import terms
from bookings.signals import booking_canceled, booking_lapsed, customer_erased
from giftcards import services


@receiver(booking_lapsed)
def release_lapsed(sender, booking, **kwargs):
    """A hold that ran out gives its card back."""
    services.release(booking=booking, now=timezone.now())


@receiver(booking_canceled)
def release_canceled(sender, booking, at, **kwargs):
    """A visit that will not take place uses no card. A fee that was redeemed before stays redeemed.

    Called off late, a package's visit stays put aside as the fee is owed: staff take it or let it go, by one press.
    """
    if booking.cancellation_fee_cents and terms.takes_visits(booking.consent):
        return
    services.release(booking=booking, now=at)


@receiver(customer_erased)
def forget_the_customer(sender, person, at, **kwargs):
    """Cards keep their amounts, and forget whose they are."""
    services.forget(person=person)
