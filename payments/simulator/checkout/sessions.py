"""A checkout session: what is asked of a customer, until when."""

from ..currencies import check_currency, least_amount, written
from ..errors import invalid
from ..fields import merged_metadata, only, with_defaults
from ..ids import new_id
from ..intents import check_can_take_cards, check_fee, customer_id
from ..jobs import job
from ..lists import listing
from ..present import includable
from ..resources import setup_intents
from ..shapes.checkout_session import quiet_fields
from ..shapes.line_item import line_items
from . import invoicing

_LASTS = 24 * 3600
_LEAST = 30 * 60
_MODES = ("payment", "setup", "subscription")
# The parameters that belong to one mode, and what of them we act on.
_DATA = {
    "payment_intent_data": (
        "payment",
        "application_fee_amount capture_method description metadata receipt_email setup_future_usage "
        "statement_descriptor statement_descriptor_suffix transfer_group",
    ),
    "setup_intent_data": ("setup", "description metadata"),
    "subscription_data": ("subscription", "description metadata trial_end trial_period_days trial_settings"),
}


def new_session(call):
    """An open session with its hosted page; in setup mode its SetupIntent exists at once, as on Stripe."""
    mode = call.params.get("mode")
    if mode not in _MODES:
        raise invalid(f"Invalid mode: must be one of {', '.join(_MODES)}", param="mode")
    if "success_url" not in call.params:
        raise invalid("Missing required param: success_url.", code="parameter_missing", param="success_url")
    data = _data(call, mode)
    invoice = invoicing.wanted(call, mode)
    _check_customer(call, mode)
    check_can_take_cards(call)
    items = [] if mode == "setup" else line_items(call, recurring=mode == "subscription")
    currency = _currency(call, mode, items)
    if mode == "payment":
        _check_total(call, _sum(items), currency, data)
    session = _add(call, mode, currency, items, data)
    session["invoice_creation"] = invoice
    return session


def success_url(session):
    return session["success_url"].replace("{CHECKOUT_SESSION_ID}", session["id"])


def is_trial(session):
    """Whether a subscription session begins with time that costs nothing."""
    data = session["_data"]
    return session["mode"] == "subscription" and bool(data.get("trial_period_days") or data.get("trial_end"))


def expire(call, session):
    session |= {"status": "expired", "url": None}
    call.emit("checkout.session.expired", session)


@job("expire_session")
def expire_session(call, session_id):
    session = call.find("checkout.session", session_id)
    if session is not None and session["status"] == "open":
        expire(call, session)


@includable("checkout.session", "line_items")
def _included_items(call, session):
    found = call.get("checkout.session", session["id"])
    return listing(f"/v1/checkout/sessions/{session['id']}/line_items", found["_line_items"])


@includable(None, "breakdown")
def _no_breakdown(call, totals):
    return {"discounts": [], "taxes": []}


@includable("item", "discounts")
def _no_discounts(call, item):
    return []


def _data(call, mode):
    """The parameters for what the session will make, refused where they belong to another mode."""
    found = {}
    for name, (where, known) in _DATA.items():
        if name in call.params and mode != where:
            raise invalid(f"You can not pass `{name}` in `{mode}` mode.", param=name)
        found |= only(call.params, name, *known.split())
    if "trial_period_days" in found and "trial_end" in found:
        raise invalid("`trial_end` and `trial_period_days` cannot both be set.", param="subscription_data")
    return found


def _check_customer(call, mode):
    if "customer" in call.params and "customer_email" in call.params:
        raise invalid("You may only specify one of these parameters: customer, customer_email.", param="customer_email")
    if "customer_creation" in call.params and mode == "subscription":
        raise invalid("`customer_creation` can only be used in `payment` and `setup` mode.", param="customer_creation")


def _currency(call, mode, items):
    if items:
        return items[0]["currency"]
    if "currency" in call.params:
        return check_currency(call.params["currency"])
    if "payment_method_types" not in call.params:
        raise invalid(
            "You must provide `currency` or `payment_method_types` in setup mode.",
            code="parameter_missing",
            param="currency",
        )
    return None


def _check_total(call, total, currency, data):
    least = least_amount(currency)
    if total < least:
        raise invalid(
            f"The Checkout Session's total amount due must add up to at least {written(least, currency)}",
            code="amount_too_small",
        )
    check_fee(call, data.get("application_fee_amount"), total)


def _sum(items):
    return sum(item["amount_total"] for item in items)


def _add(call, mode, currency, items, data):
    params = call.params
    customer = customer_id(call)
    session_id = new_id("cs_test", 58)
    free = mode == "subscription" and (data.get("trial_period_days") or data.get("trial_end"))
    total = (0 if free else _sum(items)) if items else None
    intent = _setup_intent(call, customer, data, session_id) if mode == "setup" else None
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
            "customer_creation": None if customer else params.get("customer_creation", _creation(mode)),
            "expires_at": _expires_at(call),
            "metadata": merged_metadata({}, params),
            "mode": mode,
            "payment_intent": None,
            "payment_method_collection": params.get("payment_method_collection", _collection(mode)),
            "payment_method_types": params.get("payment_method_types", ["card"]),
            "payment_status": "unpaid" if total else "no_payment_required",
            "setup_intent": intent and intent["id"],
            "status": "open",
            "success_url": params["success_url"],
            "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0} if items else None,
            "url": f"{call.base_url}/c/pay/{session_id}",
            "_customer": customer,
            "_data": data,
            "_intent": intent and intent["id"],
            "_line_items": items,
        },
        object_id=session_id,
    )
    call.world.jobs.at(session["expires_at"], "expire_session", call.account, session_id)
    return session


def _creation(mode):
    return "always" if mode == "subscription" else "if_required"


def _collection(mode):
    return "always" if mode == "subscription" else "if_required"


def _expires_at(call):
    at = call.params.get("expires_at", call.now + _LASTS)
    if not call.now + _LEAST <= at <= call.now + _LASTS:
        raise invalid(
            "The `expires_at` timestamp must be at least 30 minutes and at most 24 hours from Checkout Session creation.",
            param="expires_at",
        )
    return at


def _setup_intent(call, customer, data, session_id):
    inner = call.within(call.account, payment_method_types=["card"], **data)
    if customer:
        inner.params["customer"] = customer
    intent = setup_intents.create(inner)
    intent["_session"] = session_id
    return intent
