"""What gift cards do when a booking ends without a press of a money button."""

from django.dispatch import receiver
from django.utils import timezone

from bookings.signals import booking_canceled, booking_lapsed, customer_erased
from giftcards import services


@receiver(booking_lapsed)
def release_lapsed(sender, booking, **kwargs):
    """A hold that ran out gives its card back."""
    services.release(booking=booking, now=timezone.now())


@receiver(booking_canceled)
def release_canceled(sender, booking, at, **kwargs):
    """A visit that will not take place uses no card. A fee that was redeemed before stays redeemed."""
    services.release(booking=booking, now=at)


@receiver(customer_erased)
def forget_the_customer(sender, person, at, **kwargs):
    """Cards keep their amounts, and forget whose they are."""
    services.forget(person=person)
