"""The invoice of a payment made once: it comes to be after the payment, paid, and nothing is ever asked for on it."""

from ..billing import invoices
from ..billing.lines import sold_line
from ..errors import invalid
from ..fields import merged_metadata, only, taken, unsupported
from ..shapes.invoice import bare_invoice
from ..shapes.invoice_item import sold_item

_KNOWN = ("description", "footer", "metadata")
_QUIET = ("account_tax_ids", "custom_fields", "description", "footer", "issuer", "rendering_options")


def wanted(call, mode):
    """What a session says about its invoice: asked for or not in payment mode, nothing in the others."""
    given = only(call.params, "invoice_creation", "enabled", "invoice_data")
    if given and mode != "payment":
        raise invalid(
            "You can only enable invoice creation when `mode` is set to `payment`. Invoices are created automatically "
            "when `mode` is set to `subscription`, and are unsupported when set to `setup`. To learn more visit "
            "https://stripe.com/docs/payments/checkout/post-payment-invoices.",
            param="invoice_creation",
        )
    if mode != "payment":
        return None
    if given.get("enabled") and call.params.get("payment_intent_data", {}).get("capture_method") == "manual":
        raise unsupported("invoice_creation: beside a manual capture")
    data = only(given, "invoice_data", *_KNOWN)
    words = dict.fromkeys(_QUIET) | taken(data, "description", "footer")
    return {
        "enabled": bool(given.get("enabled")),
        "invoice_data": words | {"metadata": merged_metadata({}, data)},
    }


def is_wanted(session):
    return bool(session["invoice_creation"] and session["invoice_creation"]["enabled"])


def write(call, session, intent):
    """The paid invoice of a session that `intent` paid; the customer's balance has no part in it."""
    customer, data = call.get("customer", session["_customer"]), session["invoice_creation"]["invoice_data"]
    items = [sold_item(call, customer, item) for item in session["_line_items"]]
    lines = [sold_line(item, sold) for item, sold in zip(session["_line_items"], items, strict=True)]
    own = {name: data[name] for name in ("description", "footer")} | {"metadata": dict(data["metadata"])}
    fields = bare_invoice(call, customer, session["currency"], "manual", lines) | own
    invoice = invoices.add(call, fields | {"auto_advance": False, "_subscription": None}, lines, items)
    call.emit("invoice.created", invoice)
    invoices.open_with(call, invoice, intent["amount_received"], intent)
    invoices.mark_paid(call, invoice, intent["amount_received"])
    return invoice
