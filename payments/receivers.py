"""What money does when a booking changes."""

from django.dispatch import receiver

from bookings.signals import (
    booking_canceled,
    booking_lapsed,
    customer_erased,
    customers_merged,
    salon_shown,
    visit_shown,
)
from bookings.views.shown import Panel
from giftcards import queries as gift_cards
from payments import panels, tasks
from payments.models import Payment, PaymentStatus
from payments.services import cards, customers, holding, states


@receiver(booking_lapsed)
def abandon_card_setup(sender, booking, **kwargs):
    """A hold that ran out takes its card set-up with it."""
    cards.abandon_card(booking=booking)


@receiver(booking_canceled)
def owe_no_more(sender, booking, at, **kwargs):
    """A visit called off in time costs nothing; one called off late owes its fee until staff press Cancelled.

    Money held on the card is given back either way, unless a press has just taken it over.
    """
    if holding.give_up(booking=booking):
        tasks.release_holds.delay_on_commit()
    if booking.cancellation_fee_cents:
        return
    payment = Payment.objects.select_for_update(no_key=True).filter(booking=booking, is_current=True).first()
    if payment:
        states.settle(payment, PaymentStatus.CANCELED)
        payment.save(update_fields=["status"])


@receiver(visit_shown)
def show_money(sender, booking, business, token, now, **kwargs):
    """What its customer is told about the money of a visit."""
    return panels.of_visit(booking=booking, token=token, now=now)


@receiver(salon_shown)
def show_packages(sender, business, **kwargs):
    """The way to the packages, where customers can buy some. One query."""
    offered = list(gift_cards.packages_on_offer(business=business)[:3])
    lines = [(package.title, business.money(package.price_cents)) for package in offered]
    return Panel("payments/_front.html", {"lines": lines}) if lines else None


@receiver(customers_merged)
def join_money(sender, customer, merged, at, **kwargs):
    """Payments and kept cards of two rows that are one person."""
    customers.join(customer=customer, merged=merged)


@receiver(customer_erased)
def forget_who_paid(sender, person, at, **kwargs):
    """The books keep amounts and dates; nobody is forgotten while money is on its way."""
    customers.forget(person=person)
