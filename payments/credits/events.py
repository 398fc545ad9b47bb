"""What Stripe's events on the platform's account say about purchases of credits."""

from uuid import UUID

from django.utils import timezone

from payments.credits import services


def handle(*, kind, data):
    """Act on one event if it is about a purchase of ours. The order and number of events do not matter."""
    if handler := HANDLERS.get(kind):
        handler(data)


def _page_changed(data):
    _settle(data, page_id=data["id"])


def _invoice_paid(data):
    _settle(data, invoice_id=data["id"])


def _settle(data, **named):
    """Whoever credits a purchase looks, too, whether its money has gone back meanwhile: that event may be past."""
    if purchase_id := _purchase_of(data):
        purchase = services.settle(purchase_id=purchase_id, now=timezone.now(), **named)
        if purchase:
            services.refresh_money_back(purchase=purchase, now=timezone.now())


def _payment_failed(data):
    if purchase_id := _purchase_of(data):
        services.note_failure(purchase_id=purchase_id)


def _money_moved(data):
    if payment_intent_id := data.get("payment_intent"):
        services.money_moved(payment_intent_id=payment_intent_id, now=timezone.now())


def _purchase_of(data):
    try:
        return UUID((data.get("metadata") or {}).get("credit_purchase", ""))
    except ValueError:
        return None


HANDLERS = {
    "checkout.session.completed": _page_changed,
    "checkout.session.async_payment_succeeded": _page_changed,
    "checkout.session.expired": _page_changed,
    "invoice.paid": _invoice_paid,
    "invoice.payment_failed": _payment_failed,
    "payment_intent.payment_failed": _payment_failed,
    "charge.refunded": _money_moved,
    "refund.updated": _money_moved,
    "refund.failed": _money_moved,
    "charge.dispute.funds_withdrawn": _money_moved,
    "charge.dispute.funds_reinstated": _money_moved,
}
