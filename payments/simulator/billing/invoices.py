"""An invoice's papers: draft, open, and then paid, void or uncollectible. Asking for the money is `collecting`."""

from ..currencies import least_amount
from ..errors import invalid
from ..ids import random_text
from ..lists import listing
from ..resources.payment_intents import new_intent
from ..shapes.invoice import invoice_fields
from . import fees
from .lines import pending_lines
from .prorations import pending_of

_DESCRIPTIONS = {"subscription_create": "Subscription creation"}


def draft(call, subscription, reason, lines):
    """A draft of these lines and whatever waited to be invoiced; becomes the subscription's latest invoice."""
    customer = call.get("customer", subscription["customer"])
    pending = pending_of(call, subscription)
    lines = [*pending_lines(pending), *lines]
    fields = invoice_fields(call, customer, subscription, reason, lines) | {
        "_subscription": subscription["id"],
        "_fee_percent": subscription["application_fee_percent"],
    }
    invoice = add(call, fields, lines, pending)
    subscription["latest_invoice"] = invoice["id"]
    call.emit("invoice.created", invoice)
    return invoice


def add(call, fields, lines, items):
    """An invoice with its lines, and with the invoice items that some of them were made of."""
    invoice = call.add("invoice", "in", {"_intent": None} | fields)
    for item in [*items, *lines]:
        item["invoice"] = invoice["id"]
    found = listing(f"/v1/invoices/{invoice['id']}/lines", lines)
    invoice["lines"] = found | {"total_count": len(lines)}
    return invoice


def finalize(call, invoice, intent=None):
    """Number a draft and open it, with a payment intent for what is due; `intent` is one that paid it already.

    What is nothing, or less than a card can be charged, goes to the customer's balance and the invoice is paid.
    """
    refuse_unless(invoice, "finalize", "draft")
    due = _due(invoice, call.get("customer", invoice["customer"]))
    open_with(call, invoice, due, intent)
    if not due:
        mark_paid(call, invoice)


def open_with(call, invoice, due, intent=None):
    """Number a draft and open it; what is `due` is asked of the intent that paid it already, or of a new one."""
    customer = call.get("customer", invoice["customer"])
    invoice |= {
        "amount_due": due,
        "amount_remaining": due,
        "automatically_finalizes_at": None,
        "effective_at": call.now,
        "ending_balance": customer["balance"],
        "number": f"{customer['invoice_prefix']}-{customer['next_invoice_sequence']:04}",
        "status": "open",
    } | _addresses(call, invoice)
    invoice["status_transitions"]["finalized_at"] = call.now
    customer["next_invoice_sequence"] += 1
    if due:
        _expect_payment(call, invoice, intent or _new_intent(call, invoice, due))
    if intent:
        call.world.ledger.name_invoice(intent["id"], invoice["id"])
    call.emit("invoice.finalized", invoice)


def mark_paid(call, invoice, paid=0):
    """Close an invoice as paid; `paid` is what came in through its payment intent."""
    invoice |= {
        "amount_paid": paid,
        "amount_remaining": 0,
        "attempted": True,
        "auto_advance": False,
        "next_payment_attempt": None,
        "status": "paid",
    }
    invoice["status_transitions"]["paid_at"] = call.now
    if paid:
        _receive(call, invoice, paid)
    else:
        _close_payments(call, invoice)
    call.emit("invoice.paid", invoice)
    call.emit("invoice.payment_succeeded", invoice)


def void(call, invoice):
    refuse_unless(invoice, "void", "open", "uncollectible")
    _give_up(call, invoice, "void", "voided_at", "invoice.voided")


def mark_uncollectible(call, invoice):
    refuse_unless(invoice, "mark uncollectible", "open")
    _give_up(call, invoice, "uncollectible", "marked_uncollectible_at", "invoice.marked_uncollectible")


def discard(call, invoice):
    """Forget a draft, or all trace of an invoice that a refused request left."""
    if invoice["status"] != "draft":
        call.get("customer", invoice["customer"])["balance"] = invoice["starting_balance"]
        _close_payments(call, invoice)
    for payment in payments_of(call, invoice):
        call.remove(payment)
    call.remove(invoice)


def payments_of(call, invoice):
    return list(call.having("invoice_payment", "invoice", invoice["id"]))


def refuse_unless(invoice, verb, *statuses):
    if invoice["status"] not in statuses:
        raise invalid(
            f"You can't {verb} an invoice that is {invoice['status']}: it must be {' or '.join(statuses)}.",
            code="invoice_not_editable" if verb == "update" else None,
        )


def _due(invoice, customer):
    """What must be paid now, after the customer's balance; moves the balance."""
    asked = invoice["total"] + customer["balance"]
    payable = asked if asked >= least_amount(invoice["currency"]) else 0
    customer["balance"] = asked - payable
    return payable


def _addresses(call, invoice):
    invoice["_token"] = random_text(24)
    page = f"{call.base_url}/i/{invoice['id']}/{invoice['_token']}"
    return {"hosted_invoice_url": page, "invoice_pdf": f"{page}/pdf"}


def _new_intent(call, invoice, due):
    inner = call.within(
        call.account,
        amount=due,
        currency=invoice["currency"],
        customer=invoice["customer"],
        description=_DESCRIPTIONS.get(invoice["billing_reason"], "Subscription update"),
        payment_method_types=["card"],
        setup_future_usage="off_session",
        **fees.of(invoice, due),
    )
    return new_intent(inner)


def _expect_payment(call, invoice, intent):
    invoice["_intent"] = intent["id"]
    intent["_invoice"] = invoice["id"]
    call.add(
        "invoice_payment",
        "inpay",
        {
            "amount_paid": None,
            "amount_requested": invoice["amount_due"],
            "currency": invoice["currency"],
            "invoice": invoice["id"],
            "is_default": True,
            "payment": {"payment_intent": intent["id"], "type": "payment_intent"},
            "status": "open",
            "status_transitions": {"canceled_at": None, "paid_at": None},
        },
    )


def _receive(call, invoice, paid):
    for payment in payments_of(call, invoice):
        payment |= {"amount_paid": paid, "status": "paid"}
        payment["status_transitions"]["paid_at"] = call.now
        call.emit("invoice_payment.paid", payment)


def _give_up(call, invoice, status, stamp, event):
    invoice |= {"auto_advance": False, "next_payment_attempt": None, "status": status}
    invoice["status_transitions"][stamp] = call.now
    if status == "void":
        invoice["amount_remaining"] = 0
        _close_payments(call, invoice)
    call.emit(event, invoice)


def _close_payments(call, invoice):
    """An invoice that is void, or paid in another way, can no longer be paid: its open payment intent ends with it."""
    for payment in payments_of(call, invoice):
        payment["status"] = "canceled"
        payment["status_transitions"]["canceled_at"] = call.now
        intent = call.get("payment_intent", payment["payment"]["payment_intent"])
        if intent["status"] not in ("succeeded", "canceled"):
            intent |= {
                "status": "canceled",
                "canceled_at": call.now,
                "cancellation_reason": "void_invoice",
                "next_action": None,
            }
            call.emit("payment_intent.canceled", intent)
