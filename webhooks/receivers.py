"""What bookings and money tell, noted for whoever asked for it."""

from functools import partial

from django.dispatch import receiver

from bookings.signals import booking_changed, customer_added, customer_erased
from payments.signals import payment_captured, payment_refunded
from webhooks import payloads, services


@receiver(booking_changed)
def note_booking(sender, booking, what, at, **kwargs):
    payload = partial(payloads.of_booking, booking)
    services.note(type=f"booking.{what}", at=at, payload=payload, booking_id=booking.pk)


@receiver(customer_added)
def note_customer(sender, customer, at, **kwargs):
    services.note(type="customer.created", at=at, payload=partial(payloads.of_customer, customer))


@receiver(customer_erased)
def forget_the_customer(sender, person, at, **kwargs):
    services.forget_person(person=person)


@receiver(payment_captured)
def note_captured(sender, payment, cents, at, **kwargs):
    _note_payment("payment.captured", payment, cents, at)


@receiver(payment_refunded)
def note_refunded(sender, payment, cents, at, **kwargs):
    _note_payment("payment.refunded", payment, cents, at)


def _note_payment(type, payment, cents, at):
    payload = partial(payloads.of_payment, payment, cents=cents)
    services.note(type=type, at=at, payload=payload, booking_id=payment.booking_id)
