"""A hosted checkout session: what is asked, and what happens when the card form is sent."""

from . import paying
from .currencies import check_currency
from .errors import invalid
from .fields import merged_metadata, with_defaults
from .ids import new_id
from .intents import check_can_take_cards, customer_id
from .jobs import job
from .lists import listing
from .present import includable
from .resources import payment_intents, setup_intents
from .resources.payment_methods import from_data
from .shapes.checkout_session import quiet_fields
from .shapes.line_item import line_items

_LASTS = 24 * 3600
_INTENT_DATA = [
    "application_fee_amount",
    "capture_method",
    "description",
    "metadata",
    "receipt_email",
    "setup_future_usage",
]


def new_session(call):
    """An open session with its hosted page; in setup mode its SetupIntent exists at once, as on Stripe."""
    params = call.params
    mode = params.get("mode")
    if mode not in ("setup", "payment"):
        raise invalid("This simulator supports the modes setup and payment.", param="mode")
    if "success_url" not in params:
        raise invalid("Missing required param: success_url.", code="parameter_missing", param="success_url")
    check_can_take_cards(call)
    items = line_items(call) if mode == "payment" else []
    currency = items[0]["currency"] if items else check_currency(params["currency"]) if "currency" in params else None
    if mode == "setup" and currency is None and "payment_method_types" not in params:
        raise invalid(
            "You must provide `currency` or `payment_method_types` in setup mode.",
            code="parameter_missing",
            param="currency",
        )
    return _add(call, mode, currency, items)


def _add(call, mode, currency, items):
    params = call.params
    customer = customer_id(call)
    session_id = new_id("cs_test", 58)
    total = sum(item["amount_total"] for item in items) if items else None
    intent = _setup_intent(call, customer) if mode == "setup" else None
    session = call.add(
        "checkout.session",
        "cs",
        with_defaults(params, cancel_url=None, client_reference_id=None, customer_email=None, locale=None)
        | quiet_fields()
        | {
            "amount_subtotal": total,
            "amount_total": total,
            "currency": currency,
            "customer": customer,
            "expires_at": params.get("expires_at", call.now + _LASTS),
            "metadata": merged_metadata({}, params),
            "mode": mode,
            "payment_intent": None,
            "payment_method_types": params.get("payment_method_types", ["card"]),
            "payment_status": "unpaid" if mode == "payment" else "no_payment_required",
            "setup_intent": intent and intent["id"],
            "status": "open",
            "success_url": params["success_url"],
            "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0} if items else None,
            "url": f"{call.base_url}/c/pay/{session_id}",
            "_line_items": items,
            "_intent_data": params.get("payment_intent_data", {}),
        },
        object_id=session_id,
    )
    call.world.jobs.at(session["expires_at"], "expire_session", call.account, session_id)
    return session


def submit(call, session, card):
    """Send the hosted form: confirms the session's intent with the typed card and completes the session.

    Returns the URL where the bank wants the customer first, or None. Raises the card's error; the session stays open.
    """
    refuse_unless_open(session)
    intent = _intent(call, session)
    call.params = {"payment_method_data": {"type": "card"} | card, "client_secret": intent["client_secret"]}
    call.publishable = True
    if session["mode"] == "setup":
        setup_intents.confirm_setup(call, intent)
    else:
        paying.pay(call, intent, _pay_method(call, intent), off_session=False)
    if intent["status"] == "requires_action":
        intent["_return_url"] = f"{call.base_url}/c/pay/{session['id']}/return"
        return intent["next_action"]["use_stripe_sdk"]["stripe_js"]
    complete(call, session)
    return None


def refuse_unless_open(session):
    if session["status"] != "open":
        raise invalid(f"This Checkout Session is {session['status']}.")


def complete(call, session):
    """Close a session whose intent succeeded; does nothing to one that is not there yet."""
    kind = "setup_intent" if session["mode"] == "setup" else "payment_intent"
    intent = call.find(kind, session[kind])
    if session["status"] != "open" or intent is None or intent["status"] not in ("succeeded", "requires_capture"):
        return
    paid = session["mode"] == "payment" and intent["status"] == "succeeded"
    session |= {"status": "complete", "url": None, "payment_status": "paid" if paid else session["payment_status"]}
    session["customer_details"] = _customer_details(call, session, intent)
    call.emit("checkout.session.completed", session)


def success_url(session):
    return session["success_url"].replace("{CHECKOUT_SESSION_ID}", session["id"])


@job("expire_session")
def expire_session(call, session_id):
    session = call.find("checkout.session", session_id)
    if session is not None and session["status"] == "open":
        session |= {"status": "expired", "url": None}
        call.emit("checkout.session.expired", session)


@includable("checkout.session", "line_items")
def _included_items(call, session):
    found = call.get("checkout.session", session["id"])
    return listing(f"/v1/checkout/sessions/{session['id']}/line_items", found["_line_items"])


def _setup_intent(call, customer):
    data = call.params.get("setup_intent_data", {})
    inner = call.within(call.account)
    inner.params = {name: data[name] for name in ("description", "metadata") if name in data} | {
        "payment_method_types": ["card"]
    }
    if customer:
        inner.params["customer"] = customer
    return setup_intents.create(inner)


def _intent(call, session):
    """The session's intent; a payment's is made when the customer first pays."""
    if session["mode"] == "setup":
        return call.get("setup_intent", session["setup_intent"])
    if session["payment_intent"] is None:
        inner = call.within(call.account)
        data = {name: value for name, value in session["_intent_data"].items() if name in _INTENT_DATA}
        inner.params = data | {
            "amount": session["amount_total"],
            "currency": session["currency"],
            "payment_method_types": ["card"],
        }
        if session["customer"]:
            inner.params["customer"] = session["customer"]
        session["payment_intent"] = payment_intents.new_intent(inner)["id"]
    return call.get("payment_intent", session["payment_intent"])


def _pay_method(call, intent):
    method = from_data(call, call.params["payment_method_data"])
    intent |= {"payment_method": method["id"], "last_payment_error": None}
    return method


def _customer_details(call, session, intent):
    method = call.get("payment_method", intent["payment_method"])
    billing = method["billing_details"]
    customer = call.find("customer", session["customer"]) if session["customer"] else None
    email = billing["email"] or session["customer_email"] or (customer or {}).get("email")
    return {
        "address": billing["address"],
        "email": email,
        "name": billing["name"],
        "phone": None,
        "tax_exempt": "none",
        "tax_ids": [],
    }


@includable(None, "breakdown")
def _no_breakdown(call, totals):
    return {"discounts": [], "taxes": []}


@includable("item", "discounts")
def _no_discounts(call, item):
    return []
