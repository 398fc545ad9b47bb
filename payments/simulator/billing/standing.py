"""Where a subscription stands: the only writer of its status, and what an invoice's fate means for it."""

import contextlib

from ..authentication import required
from ..errors import ApiError
from . import invoices

ENDED = ("canceled", "incomplete_expired")
_HOPEFUL = ("incomplete", "past_due", "unpaid", "paused")


def move(call, subscription, status, **fields):
    """Set the status and whatever changes with it, and tell; nothing is told of one that is still being made."""
    event = None if subscription.get("_being_made") else "customer.subscription.updated"
    call.change(subscription, {"status": status, **fields}, event)


def invoice_paid(call, subscription, invoice):
    """A paid latest invoice brings a subscription back into good standing."""
    call.get("customer", subscription["customer"])["delinquent"] = False
    if subscription["status"] not in _HOPEFUL or subscription["latest_invoice"] != invoice["id"]:
        return
    resumed = subscription["status"] == "paused"
    move(call, subscription, "active")
    if resumed:
        call.emit("customer.subscription.resumed", subscription)


def invoice_failed(call, subscription):
    """A failed renewal leaves a subscription past due; a first payment may be tried again for a day."""
    if subscription["status"] in ("active", "trialing"):
        if not subscription.get("_being_made"):
            call.get("customer", subscription["customer"])["delinquent"] = True
        move(call, subscription, "past_due")


def retries_exhausted(call, subscription, invoice):
    """What the account's settings say when nobody paid; only the latest invoice decides."""
    if subscription["status"] in ENDED or subscription["latest_invoice"] != invoice["id"]:
        return
    outcome = call.world.dunning.when_exhausted
    if outcome == "cancel":
        end(call, subscription, "payment_failed")
    else:
        move(call, subscription, outcome)


def end(call, subscription, reason, **details):
    """Cancel a subscription now. Its open invoice stays as it is and is not tried again."""
    subscription |= {
        "cancellation_details": subscription["cancellation_details"] | {"reason": reason} | details,
        "canceled_at": subscription["canceled_at"] or call.now,
        "ended_at": call.now,
        "status": "incomplete_expired" if subscription["status"] == "incomplete" else "canceled",
        "_due_at": None,
    }
    for invoice in invoices_of(call, subscription):
        if invoice["status"] == "open" and subscription["status"] == "incomplete_expired":
            invoices.void(call, invoice)
        elif invoice["status"] in ("draft", "open"):
            invoice |= {"auto_advance": False, "next_payment_attempt": None}
    call.emit("customer.subscription.deleted", subscription)


def expire(call, subscription):
    """Nobody made the first payment within a day: the subscription never came to be."""
    for invoice in invoices_of(call, subscription):
        if invoice["status"] == "open":
            invoices.void(call, invoice)
    move(call, subscription, "incomplete_expired", ended_at=call.now)


def invoices_of(call, subscription):
    return list(call.having("invoice", "_subscription", subscription["id"]))


def payment_method(call, subscription, invoice=None):
    """The card a subscription is paid with, or None: the invoice's, its own, or the customer's default."""
    customer = call.get("customer", subscription["customer"])
    chosen = (invoice and invoice["default_payment_method"]) or subscription["default_payment_method"]
    chosen = chosen or customer["invoice_settings"]["default_payment_method"]
    method = chosen and call.find("payment_method", chosen)
    return method if method and method["customer"] == customer["id"] else None


def wants_authentication(method):
    """Whether a card must be authenticated now, so that it can be charged later."""
    return required(method, setup=False, off_session=True) and not method["_authenticated"]


def quietly(function, *args, **kwargs):
    """Do something whose failure is written where it belongs and needs no answer."""
    with contextlib.suppress(ApiError):
        function(*args, **kwargs)
