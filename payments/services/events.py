"""What Stripe's events change in a salon. Every handler reads the object again: order and repeats do not matter."""

from django.db import transaction
from django.utils import timezone

from bookings.services import HoldExpired, NotAllowed
from payments import gateway
from payments.connect import services as connect
from payments.models import CardSetup, MoneyAction, Payment
from payments.services import actions, checkout
from payments.services.cards import CardNotSaved


def handle(*, business, kind, data):
    """Apply one event about this salon's account; kinds we do not act on are left alone."""
    if handler := HANDLERS.get(kind):
        handler(business, data)


def _setup_succeeded(business, data):
    """The customer saved a card and may have closed the browser: the booking is theirs all the same."""
    setup = CardSetup.objects.select_related("booking").filter(setup_intent_id=data["id"]).first()
    if setup is None:
        return
    try:
        checkout.place_booking(business=business, booking=setup.booking, now=timezone.now())
    except (HoldExpired, NotAllowed, CardNotSaved):
        return  # ran out, was cancelled, or the details were never sent: the card alone books nothing


def _payment_changed(business, data):
    payment_id = data["id"] if data["object"] == "payment_intent" else data.get("payment_intent")
    payment = Payment.objects.filter(provider_payment_id=payment_id).first() if payment_id else None
    if payment is None:
        return
    action = MoneyAction.objects.filter(payment_intent_id=payment_id, kind="complete").first()
    if action:
        actions.drive(action)
    refresh_payment(payment=payment)


def refresh_payment(*, payment):
    """Raise a payment to what Stripe says now; it never falls."""
    found = gateway.retrieve_payment(account=payment.provider_account_id, payment_intent_id=payment.provider_payment_id)
    with transaction.atomic():
        payment = Payment.objects.select_for_update().get(pk=payment.pk)
        if found.status != "succeeded" or payment.captured_cents == 0:
            return  # a capture is written down by its own action
        if found.refunded_cents:
            actions.raise_refunded(payment, found.refunded_cents)


def _account_updated(business, data):
    connect.refresh_account(business=business, now=timezone.now())


def _account_left(business, data):
    """The inbox has found the salon by the account: it is the one that left."""
    connect.disconnect_account(business=business, now=timezone.now())


HANDLERS = {
    "setup_intent.succeeded": _setup_succeeded,
    "payment_intent.succeeded": _payment_changed,
    "payment_intent.amount_capturable_updated": _payment_changed,
    "charge.captured": _payment_changed,
    "charge.refunded": _payment_changed,
    "account.updated": _account_updated,
    "account.application.deauthorized": _account_left,
}
