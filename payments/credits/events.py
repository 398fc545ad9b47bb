"""What Stripe's events on the platform's account say about purchases of credits."""

from uuid import UUID

from django.utils import timezone

from payments.credits import services


def handle(*, kind, data):
    """Act on one event if it is about a purchase of ours. The order and number of events do not matter."""
    handler, purchase_id = HANDLERS.get(kind), _purchase_of(data)
    if handler and purchase_id:
        handler(purchase_id, data)


def _purchase_of(data):
    try:
        return UUID((data.get("metadata") or {}).get("credit_purchase", ""))
    except ValueError:
        return None


def _page_changed(purchase_id, data):
    services.settle(purchase_id=purchase_id, page_id=data["id"], now=timezone.now())


def _invoice_paid(purchase_id, data):
    services.settle(purchase_id=purchase_id, now=timezone.now())


def _invoice_failed(purchase_id, data):
    services.note_failure(purchase_id=purchase_id)


HANDLERS = {
    "checkout.session.completed": _page_changed,
    "checkout.session.async_payment_succeeded": _page_changed,
    "checkout.session.expired": _page_changed,
    "invoice.paid": _invoice_paid,
    "invoice.payment_failed": _invoice_failed,
}
