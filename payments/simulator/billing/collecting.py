"""Asking for the money of an open invoice, and asking again."""

from ..errors import card_error, invalid
from ..following import follower
from ..intents import check_owner
from ..jobs import job
from ..paying import pay
from ..present import plain
from ..resources.payment_methods import usable
from . import invoices, standing


def collect(call, invoice, *, method=None, off_session=True, automatic=True):
    """Try to take what an open invoice asks for; what comes of it is written on it. Raises the card's decline.

    Only `automatic` attempts, and the very first one, count for when the next one comes.
    """
    if automatic or not invoice["attempted"]:
        invoice["attempt_count"] += 1
    if automatic:
        invoice["next_payment_attempt"] = None
    invoice |= {"attempted": True, "_automatic": automatic}
    method = method or standing.payment_method(call, subscription_of(call, invoice), invoice)
    try:
        if method is None:
            _failed(call, invoice)
            raise nothing_to_charge()
        intent = call.get("payment_intent", invoice["_intent"])
        pay(call.within(call.account), intent, method, off_session=off_session, waits=True)
    finally:
        invoice["_automatic"] = False


def collect_or_refuse(call, invoice, *, off_session):
    """Try to take it, and raise where that fails or needs the customer."""
    collect(call, invoice, off_session=off_session)
    if invoice["status"] != "paid":
        raise card_error(
            "Payment for this subscription requires additional user action before it can be completed successfully. "
            "Payment can be completed using the PaymentIntent associated with `subscription.latest_invoice`.",
            code="subscription_payment_intent_requires_action",
        )


def paid_elsewhere(call, invoice):
    """Close an open invoice that was paid in another way."""
    invoices.mark_paid(call, invoice)
    standing.invoice_paid(call, subscription_of(call, invoice), invoice)


def named_method(call, invoice):
    """The customer's own card that the call names for an invoice, or None."""
    if "payment_method" not in call.params:
        return None
    method = usable(call, call.params["payment_method"])
    check_owner(method, invoice["customer"])
    return method


def needs_customer(call, invoice):
    """The error of a payment that waits for its customer's authentication."""
    intent = call.get("payment_intent", invoice["_intent"])
    return card_error(
        "This payment requires additional user action before it can be completed successfully. Payment can be "
        "completed using the PaymentIntent associated with the invoice.",
        code="invoice_payment_intent_requires_action",
        payment_intent=plain(intent),
    )


def subscription_of(call, invoice):
    return call.get("subscription", invoice["_subscription"])


@follower("_invoice")
def intent_told(call, intent):
    """The invoice's payment intent succeeded, failed or needs its customer, by our attempt or the customer's own."""
    invoice = call.find("invoice", intent["_invoice"])
    if invoice is None or invoice["status"] not in ("open", "uncollectible"):
        return
    if intent["status"] == "succeeded":
        _paid(call, invoice, intent)
        return
    if intent["status"] == "requires_action":
        call.emit("invoice.payment_action_required", invoice)
    _failed(call, invoice)


@job("retry_invoice")
def retry(call, invoice_id):
    """The next automatic attempt, unless it was paid, given up or put off meanwhile."""
    invoice = call.find("invoice", invoice_id)
    if invoice is not None and invoice["status"] == "open" and invoice["next_payment_attempt"] == call.now:
        standing.quietly(collect, call, invoice)


def nothing_to_charge():
    return invalid(
        "This customer has no attached payment source or default payment method. Please consider adding a default "
        "payment method. For more information, visit "
        "https://stripe.com/docs/billing/subscriptions/payment-methods-setting#payment-method-priority.",
        code="resource_missing",
    )


def _paid(call, invoice, intent):
    subscription = subscription_of(call, invoice)
    if subscription["payment_settings"]["save_default_payment_method"] == "on_subscription":
        subscription["default_payment_method"] = intent["payment_method"]
    invoices.mark_paid(call, invoice, intent["amount_received"])
    standing.invoice_paid(call, subscription, invoice)


def _failed(call, invoice):
    subscription = subscription_of(call, invoice)
    may_try_again = subscription["status"] not in ("incomplete", "paused", *standing.ENDED)
    counts = invoice["_automatic"] and may_try_again
    if counts:
        _plan_next(call, invoice)
    call.emit("invoice.payment_failed", invoice)
    standing.invoice_failed(call, subscription)
    if counts and invoice["next_payment_attempt"] is None:
        standing.retries_exhausted(call, subscription, invoice)


def _plan_next(call, invoice):
    due = call.world.dunning.next_attempt(invoice["attempt_count"], call.now)
    invoice |= {"next_payment_attempt": due, "auto_advance": due is not None}
    if due is not None:
        call.world.jobs.at(due, "retry_invoice", call.account, invoice["id"])
