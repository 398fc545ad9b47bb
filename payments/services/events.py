"""What Stripe's events change in a salon. Every handler reads the object again: order and repeats do not matter."""

from contextlib import suppress

from django.db import transaction
from django.utils import timezone

from audit.actors import SYSTEM
from bookings.services import HoldExpired, NotAllowed, TermsChanged
from payments import gateway, signals
from payments.connect import services as connect
from payments.models import CHARGES, CardSetup, GiftCardOrder, MoneyAction, Payment, Refund, RefundStatus
from payments.services import checkout, disputes, holding, orders, orders_back, recording, recovery, replacing
from payments.services.cards import CardNotSaved


def handle(*, business, kind, data):
    """Apply one event about this salon's account; kinds we do not act on are left alone."""
    if handler := HANDLERS.get(kind):
        handler(business, data)
    signals.stripe_told.send(sender=None, business=business, kind=kind, data=data)


def _setup_succeeded(business, data):
    """The customer saved a card and may have closed the browser: the booking is theirs all the same."""
    setups = CardSetup.objects.select_related("booking")
    if setup := setups.filter(setup_intent_id=data["id"]).first():
        try:
            checkout.place_booking(business=business, booking=setup.booking, now=timezone.now())
        except (HoldExpired, NotAllowed, CardNotSaved, TermsChanged):
            return  # ran out, was cancelled, or not agreed to as it is now: the card alone books nothing
    elif setup := setups.filter(replacing_intent_id=data["id"]).first():
        with suppress(CardNotSaved):
            replacing.accept(booking=setup.booking, setup_intent_id=data["id"])


def _payment_changed(business, data):
    """A payment of this salon's moved: finish the press that waits for it, and see what went back without one."""
    payment_id = data["id"] if data["object"] == "payment_intent" else data.get("payment_intent")
    if not payment_id:
        return
    account = business.billing.stripe_account_id
    action = MoneyAction.objects.filter(
        payment_intent_id=payment_id, stripe_account_id=account, kind__in=CHARGES
    ).first()
    if action:
        recovery.customer_acted(action=action)
    payment = Payment.objects.filter(provider_payment_id=payment_id, provider_account_id=account).first()
    if payment:
        refresh_refunds(payment=payment)
    elif order := GiftCardOrder.objects.filter(payment_intent_id=payment_id, stripe_account_id=account).first():
        refresh_order_refunds(order=order)


def refresh_refunds(*, payment):
    """Write down what went back to a payment's card, also what nobody here pressed.

    Raises gateway.GatewayUnavailable while the charge itself is not written down: another driver has it in hand.
    """
    listed = gateway.list_refunds(account=payment.provider_account_id, payment_intent_id=payment.provider_payment_id)
    found = [refund for refund in listed if refund.moved or refund.is_over]
    with transaction.atomic():
        payment = Payment.objects.select_for_update(no_key=True).get(pk=payment.pk)
        if found and not payment.captured_cents:
            raise gateway.GatewayUnavailable("Money went back of a charge that is still being written down.")
        for refund in reversed(found):
            _note_refund(payment, refund, timezone.now())


def _note_refund(payment, refund, now):
    if refund.status in ("succeeded", "pending"):
        recording.refunded(payment=payment, found=refund, now=now)
        _note_arrival(refund)
    elif refund.is_over:
        recording.refund_failed(payment=payment, found=refund, now=now)


def _note_arrival(refund):
    if refund.status == "succeeded":
        pressed = Refund.objects.filter(action__refund_id=refund.id, status=RefundStatus.PENDING)
        pressed.update(status=RefundStatus.SUCCEEDED)


def refresh_order_refunds(*, order):
    """The same for a sold gift card: money that went back in Stripe's own pages ends the card, too."""
    found = list(gateway.list_refunds(account=order.stripe_account_id, payment_intent_id=order.payment_intent_id))
    now = timezone.now()
    with transaction.atomic():
        order = (
            GiftCardOrder.objects.select_for_update(of=("self",), no_key=True).select_related("card").get(pk=order.pk)
        )
        for refund in reversed(found):
            _note_order_refund(order, refund, now)


def _note_order_refund(order, refund, now):
    if refund.status in ("succeeded", "pending"):
        if orders_back.entry_is_new(order=order, found=refund, now=now):
            orders_back.take_back(order=order, by=SYSTEM, now=now, reason="The sale was refunded.")
        _note_arrival(refund)
    elif refund.is_over:
        orders_back.refund_failed(order=order, found=refund, now=now)


def _intent_canceled(business, data):
    holding.ended_at_stripe(payment_intent_id=data["id"], account=business.billing.stripe_account_id)


def _page_changed(business, data):
    orders.page_changed(business=business, page_id=data["id"], now=timezone.now())


def _dispute_changed(business, data):
    disputes.refresh(account=business.billing.stripe_account_id, dispute_id=data["id"], now=timezone.now())


def _account_updated(business, data):
    connect.refresh_account(business=business, now=timezone.now())


def _account_left(business, data):
    """The inbox has found the salon by the account: it is the one that left."""
    connect.disconnect_account(business=business, now=timezone.now())


HANDLERS = {
    "setup_intent.succeeded": _setup_succeeded,
    "payment_intent.succeeded": _payment_changed,
    "payment_intent.amount_capturable_updated": _payment_changed,
    "payment_intent.canceled": _intent_canceled,
    "charge.captured": _payment_changed,
    "charge.refunded": _payment_changed,
    "refund.updated": _payment_changed,
    "refund.failed": _payment_changed,
    "charge.dispute.created": _dispute_changed,
    "charge.dispute.updated": _dispute_changed,
    "charge.dispute.funds_withdrawn": _dispute_changed,
    "charge.dispute.funds_reinstated": _dispute_changed,
    "charge.dispute.closed": _dispute_changed,
    "checkout.session.completed": _page_changed,
    "checkout.session.expired": _page_changed,
    "account.updated": _account_updated,
    "account.application.deauthorized": _account_left,
}
