"""What setup intents and payment intents have in common."""

from .customer_lookup import living_customer
from .errors import invalid
from .fields import only, unsupported
from .present import plain
from .resources.payment_methods import from_data, usable
from .store import PLATFORM

APPLICATION = "ca_LocalApplication"
_TITLES = {"setup_intent": "SetupIntent", "payment_intent": "PaymentIntent"}
_ERRORS = {"setup_intent": "last_setup_error", "payment_intent": "last_payment_error"}


def application(call):
    return None if call.account == PLATFORM else APPLICATION


def check_can_take_cards(call, param="payment_method_types"):
    """A connected account takes cards only once its owner finished onboarding."""
    if call.account != PLATFORM:
        account = call.world.store.get(PLATFORM, "account", call.account)
        if not account["charges_enabled"]:
            raise invalid(
                'The payment method type "card" is invalid. Please ensure the provided type is activated in your '
                f"dashboard (charges are not enabled on account {call.account}).",
                param=param,
            )


def check_fee(call, fee, amount):
    """Refuse a platform's share that its account or the amount does not allow."""
    if fee is None:
        return
    if call.account == PLATFORM:
        raise invalid(
            "Can only apply an application_fee_amount when the PaymentIntent is attempting a direct payment "
            "(using an OAuth key or Stripe-Account header) or destination payment "
            "(using `transfer_data[destination]`).",
            param="application_fee_amount",
        )
    if fee < 1:
        raise invalid(
            "This value must be greater than or equal to 1.",
            code="parameter_invalid_integer",
            param="application_fee_amount",
        )
    if fee > amount:
        raise invalid(
            f"The application fee ({fee}) cannot be greater than the amount ({amount}).",
            code="amount_too_large",
            param="application_fee_amount",
        )


def method_options(call, current):
    """The card's options after a request, of which we act on `request_three_d_secure`."""
    given = only(call.params, "payment_method_options", "card").get("card") or {}
    for name in given:
        if name != "request_three_d_secure":
            raise unsupported(f"payment_method_options[card][{name}]")
    return {"card": current["card"] | given}


def method_types(params):
    """The fields about payment method types; without any, Stripe turns its automatic choice on."""
    automatic = params.get("automatic_payment_methods")
    if automatic is None and "payment_method_types" not in params:
        automatic = {"enabled": True}
    if automatic and automatic.get("enabled"):
        automatic = {"allow_redirects": automatic.get("allow_redirects", "always"), "enabled": True}
        return {"automatic_payment_methods": automatic, "payment_method_types": ["card"]}
    types = params.get("payment_method_types", ["card"])
    for place, name in enumerate(types):
        if name != "card":
            raise invalid(
                f'The payment method type "{name}" is invalid. This account takes cards only.',
                param=f"payment_method_types[{place}]",
            )
    return {"automatic_payment_methods": None, "payment_method_types": types}


def own_intent(call, kind, intent_id):
    """The intent, for its server or for a browser that knows its client secret."""
    intent = call.get(kind, intent_id, "intent" if not call.publishable else kind)
    if "client_secret" not in call.params:
        if call.publishable:
            raise invalid("Missing required param: client_secret.", code="parameter_missing", param="client_secret")
    elif call.params["client_secret"] != intent["client_secret"]:
        raise invalid(
            f"The client_secret provided does not match the client_secret associated with this {_TITLES[kind]}.",
            code=f"{kind}_invalid_parameter",
            param="client_secret",
        )
    return intent


def chosen_method(call, intent):
    """The payment method a confirmation is about, which must fit the intent's customer."""
    if "payment_method_data" in call.params:
        method = from_data(call, call.params["payment_method_data"])
    elif call.params.get("payment_method") or intent["payment_method"]:
        method = usable(call, call.params.get("payment_method") or intent["payment_method"])
    else:
        raise unexpected_state(
            intent,
            f"You cannot confirm this {_TITLES[intent['object']]} because it's missing a payment method. Update the "
            f"{_TITLES[intent['object']]} with a payment method and confirm it again, or confirm it with one.",
        )
    check_owner(method, intent["customer"])
    return method


def check_owner(method, customer):
    if method["customer"] is None or method["customer"] == customer:
        return
    if customer is None:
        raise invalid(
            f"The PaymentMethod {method['id']} belongs to the Customer {method['customer']}. "
            "Please include the Customer in the `customer` parameter.",
            param="payment_method",
        )
    raise invalid(
        f"The provided PaymentMethod ({method['id']}) belongs to another Customer ({method['customer']}) "
        f"than this one ({customer}).",
        param="payment_method",
    )


def customer_id(call):
    if not call.params.get("customer"):
        return None
    return living_customer(call, call.params["customer"])["id"]


def check_return_url(call, intent):
    """Refuse a server's confirmation that could need a redirect and says nowhere to come back to."""
    automatic = intent["automatic_payment_methods"]
    if (
        automatic
        and automatic["allow_redirects"] == "always"
        and not call.publishable
        and "return_url" not in call.params
    ):
        title = _TITLES[intent["object"]]
        raise invalid(
            f"This {title} is configured to accept payment methods enabled in your Dashboard. Because some of these "
            "payment methods might redirect your customer off of your page, you must provide a `return_url`. If you "
            "don't want to accept redirect-based payment methods, set `automatic_payment_methods[enabled]` to `true` "
            "and `automatic_payment_methods[allow_redirects]` to `never` when creating Setup Intents and Payment "
            "Intents."
        )


def unexpected_state(intent, message):
    kind = intent["object"]
    return invalid(message, code=f"{kind}_unexpected_state", **{kind: plain(intent)})


def refuse_unless(intent, verb, statuses):
    """Raise Stripe's answer unless the intent may be confirmed, captured, canceled… in its present status."""
    if intent["status"] not in statuses:
        raise unexpected_state(
            intent,
            f"You cannot {verb} this {_TITLES[intent['object']]} because it has a status of {intent['status']}. Only a "
            f"{_TITLES[intent['object']]} with one of the following statuses may be used so: {', '.join(statuses)}.",
        )


def note_failure(intent, method, error):
    """Remember on the intent why it failed and complete `error` with the objects Stripe sends along."""
    error.error["payment_method"] = plain(method)
    intent |= {"status": "requires_payment_method", "payment_method": None, "next_action": None}
    intent[_ERRORS[intent["object"]]] = dict(error.error)
    error.error[intent["object"]] = plain(intent)
    return error
