from ..card_numbers import read_card, read_expiry
from ..cards import BY_NUMBER, by_test_id
from ..customer_lookup import living_customer
from ..declines import declined
from ..errors import invalid, missing
from ..fields import merged_metadata, taken
from ..lists import page
from ..routing import route
from ..shapes.payment_method import billing_details, new_method

_TEST_YEARS_AHEAD = 3


def card_of(method):
    """The test card behind a payment method, which says how it behaves."""
    return BY_NUMBER[method["_card"]]


def usable(call, given, param="payment_method"):
    """The payment method meant by an id; a test id such as `pm_card_visa` makes a new one, as on Stripe."""
    card = by_test_id(given)
    if card is not None and given.startswith("pm_"):
        return new_method(call, card, _test_year(call), 12, {})
    method = call.get("payment_method", given, param)
    if method.get("_spent") and method["customer"] is None:
        raise invalid(
            "This PaymentMethod was previously used without being attached to a Customer or was detached from a "
            "Customer, and may not be used again.",
            param=param,
        )
    return method


def from_data(call, data):
    """A new payment method out of `payment_method_data`."""
    if data.get("type", "card") != "card":
        raise invalid(
            f'The payment method type "{data["type"]}" is invalid. This account takes cards only.',
            param="payment_method_data[type]",
        )
    given = data.get("card")
    if not isinstance(given, dict):
        raise invalid("Missing required param: card.", code="parameter_missing", param="card")
    if "token" in given:
        card = by_test_id(given["token"])
        if card is None:
            raise missing("token", given["token"], "card[token]")
        return new_method(call, card, _test_year(call), 12, data)
    card, year, month = read_card(given, call.now)
    return new_method(call, card, year, month, data)


def attach_to(call, method, customer):
    """Save a payment method to a customer; raises the card's own decline."""
    if method["customer"] not in (None, customer["id"]):
        raise invalid(
            "The payment method you provided has already been attached to a customer.",
            code="payment_method_unexpected_state",
        )
    check_savable(method)
    if method["customer"] is None:
        method["customer"] = customer["id"]
        call.note(method, "customer")
        call.emit("payment_method.attached", method)


def check_savable(method):
    """Raise what the issuer answers when a card is checked before it is saved."""
    card = card_of(method)
    if card.declines and not card.saves:
        raise declined(card.declines)


@route(
    "POST",
    "/v1/payment_methods",
    "PaymentMethodCreateParams",
    "type card billing_details metadata allow_redisplay",
    browser="type card billing_details metadata allow_redisplay expand",
)
def create(call):
    if "type" not in call.params:
        raise invalid("Missing required param: type.", code="parameter_missing", param="type")
    return from_data(call, call.params)


@route("GET", "/v1/payment_methods/{method}", "PaymentMethodRetrieveParams")
def retrieve(call, method):
    return call.get("payment_method", method, "payment_method")


@route(
    "POST", "/v1/payment_methods/{method}", "PaymentMethodUpdateParams", "billing_details card metadata allow_redisplay"
)
def update(call, method):
    found = call.get("payment_method", method, "payment_method")
    if found["customer"] is None:
        raise invalid("You must save this PaymentMethod to a customer before you can update it.")
    card = dict(found["card"])
    if "card" in call.params:
        given = card | call.params["card"]
        card["exp_year"], card["exp_month"] = read_expiry(given, call.now)
    fields = taken(call.params, "allow_redisplay") | {
        "card": card,
        "metadata": merged_metadata(found["metadata"], call.params),
    }
    if "billing_details" in call.params:
        fields["billing_details"] = billing_details(call.params["billing_details"], found["billing_details"])
    call.change(found, fields, "payment_method.updated")
    return found


@route("POST", "/v1/payment_methods/{method}/attach", "PaymentMethodAttachParams", "customer")
def attach(call, method):
    if "customer" not in call.params:
        raise invalid("Missing required param: customer.", code="parameter_missing", param="customer")
    found = usable(call, method)
    attach_to(call, found, living_customer(call, call.params["customer"]))
    return found


@route("POST", "/v1/payment_methods/{method}/detach", "PaymentMethodDetachParams")
def detach(call, method):
    found = call.get("payment_method", method, "payment_method")
    if found["customer"] is None:
        raise invalid("The payment method you provided is not attached to a customer so detachment is impossible.")
    before = found["customer"]
    found["customer"] = None
    found["_spent"] = True
    _no_default_any_more(call, found, before)
    call.emit("payment_method.detached", found, {"customer": before})
    return found


def _no_default_any_more(call, method, customer_id):
    settings = call.get("customer", customer_id)["invoice_settings"]
    subscriptions = call.having("subscription", "customer", customer_id)
    for holder in (settings, *subscriptions):
        if holder["default_payment_method"] == method["id"]:
            holder["default_payment_method"] = None


@route("GET", "/v1/payment_methods", "PaymentMethodListParams", "customer type limit starting_after ending_before")
def index(call):
    attached = (method for method in call.candidates("payment_method") if method["customer"] is not None)
    return page(call, "/v1/payment_methods", attached, equal=("customer", "type"))


@route(
    "GET",
    "/v1/customers/{customer}/payment_methods",
    "CustomerPaymentMethodListParams",
    "type limit starting_after ending_before allow_redisplay",
)
def of_customer(call, customer):
    living_customer(call, customer)
    own = call.having("payment_method", "customer", customer)
    return page(call, f"/v1/customers/{customer}/payment_methods", own, equal=("type", "allow_redisplay"))


@route("GET", "/v1/customers/{customer}/payment_methods/{method}", "CustomerPaymentMethodRetrieveParams")
def one_of_customer(call, customer, method):
    found = call.get("payment_method", method, "payment_method")
    if found["customer"] != customer:
        raise missing("payment_method", method, "payment_method")
    return found


def _test_year(call):
    return 1970 + call.now // 31_556_952 + _TEST_YEARS_AHEAD
