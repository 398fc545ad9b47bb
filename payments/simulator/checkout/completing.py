"""A session whose customer did all that was asked: what it leaves behind."""

from ..billing.starting import start
from ..following import follower
from . import invoicing, sessions

_DONE = ("succeeded", "requires_capture")


@follower("_session")
def intent_told(call, intent):
    session = call.find("checkout.session", intent["_session"])
    if session is not None and session["status"] == "open" and intent["status"] in _DONE:
        complete(call, session, intent)


def complete(call, session, intent=None):
    """Close a session; a subscription begins now that its first payment or its card is there."""
    paid = intent is not None and intent["object"] == "payment_intent" and intent["status"] == "succeeded"
    session["customer"] = session["_customer"]
    if session["mode"] == "subscription":
        _start_subscription(call, session, intent)
    elif paid and invoicing.is_wanted(session):
        session["invoice"] = invoicing.write(call, session, intent)["id"]
    session |= {
        "customer_details": _customer_details(call, session, intent),
        "payment_status": "paid" if paid else session["payment_status"],
        "status": "complete",
        "url": None,
    }
    call.emit("checkout.session.completed", session)


def _start_subscription(call, session, intent):
    items = [{"price": item["price"]["id"], "quantity": item["quantity"]} for item in session["_line_items"]]
    inner = call.within(call.account, customer=session["_customer"], items=items, **session["_data"])
    if intent is not None:
        inner.params["default_payment_method"] = intent["payment_method"]
    subscription = start(inner, paid_by=None if sessions.is_trial(session) else intent)
    session |= {"invoice": subscription["latest_invoice"], "subscription": subscription["id"]}


def _customer_details(call, session, intent):
    method = intent and call.get("payment_method", intent["payment_method"])
    billing = method["billing_details"] if method else {"address": None, "email": None, "name": None}
    customer = call.find("customer", session["customer"]) if session["customer"] else None
    email = session.get("_email") or billing["email"] or session["customer_email"] or (customer or {}).get("email")
    return {
        "address": billing["address"],
        "email": email,
        "name": billing["name"],
        "phone": None,
        "tax_exempt": "none",
        "tax_ids": [],
    }
