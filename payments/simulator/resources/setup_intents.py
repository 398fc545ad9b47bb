from .. import authentication
from ..customer_lookup import living_customer
from ..errors import ApiError, invalid
from ..fields import merged_metadata, taken, with_defaults
from ..following import tell
from ..ids import client_secret, new_id
from ..intents import (
    application,
    check_can_take_cards,
    check_owner,
    check_return_url,
    chosen_method,
    customer_id,
    method_options,
    method_types,
    note_failure,
    own_intent,
    refuse_unless,
)
from ..lists import page
from ..routing import route
from .payment_methods import attach_to, check_savable, usable

_OPTIONS = {"card": {"mandate_options": None, "network": None, "request_three_d_secure": "automatic"}}
_OPEN = ("requires_payment_method", "requires_confirmation", "requires_action")


@route(
    "POST",
    "/v1/setup_intents",
    "SetupIntentCreateParams",
    "automatic_payment_methods confirm customer description metadata payment_method payment_method_options "
    "payment_method_types return_url usage use_stripe_sdk",
)
def create(call):
    params = call.params
    check_can_take_cards(call)
    customer = customer_id(call)
    method = usable(call, params["payment_method"]) if params.get("payment_method") else None
    if method is not None:
        check_owner(method, customer)
    intent = _new(call, customer, method)
    call.emit("setup_intent.created", intent)
    if params.get("confirm"):
        confirm_setup(call, intent)
    return intent


def _new(call, customer, method):
    intent_id = new_id("seti")
    return call.add(
        "setup_intent",
        "seti",
        with_defaults(call.params, description=None, usage="off_session")
        | method_types(call.params)
        | {
            "application": application(call),
            "attach_to_self": False,
            "cancellation_reason": None,
            "client_secret": client_secret(intent_id),
            "customer": customer,
            "excluded_payment_method_types": None,
            "flow_directions": None,
            "last_setup_error": None,
            "latest_attempt": None,
            "mandate": None,
            "metadata": merged_metadata({}, call.params),
            "next_action": None,
            "on_behalf_of": None,
            "payment_method": method and method["id"],
            "payment_method_configuration_details": None,
            "payment_method_options": method_options(call, _OPTIONS),
            "single_use_mandate": None,
            "status": "requires_confirmation" if method else "requires_payment_method",
        },
        object_id=intent_id,
    )


@route(
    "GET", "/v1/setup_intents/{intent}", "SetupIntentRetrieveParams", "client_secret", browser="client_secret expand"
)
def retrieve(call, intent):
    return own_intent(call, "setup_intent", intent)


@route(
    "POST",
    "/v1/setup_intents/{intent}",
    "SetupIntentUpdateParams",
    "customer description metadata payment_method payment_method_options payment_method_types",
)
def update(call, intent):
    found = own_intent(call, "setup_intent", intent)
    fields = taken(call.params, "description") | {"metadata": merged_metadata(found["metadata"], call.params)}
    if call.params.keys() & {"customer", "payment_method", "payment_method_types"}:
        refuse_unless(found, "update", _OPEN)
    if call.params.get("customer"):
        fields["customer"] = living_customer(call, call.params["customer"])["id"]
    if call.params.get("payment_method"):
        method = usable(call, call.params["payment_method"])
        check_owner(method, fields.get("customer", found["customer"]))
        fields |= {"payment_method": method["id"], "status": "requires_confirmation", "next_action": None}
    if "payment_method_types" in call.params:
        fields |= method_types(call.params)
    fields["payment_method_options"] = method_options(call, found["payment_method_options"])
    call.change(found, fields)
    call.note(found, "customer")
    return found


@route(
    "POST",
    "/v1/setup_intents/{intent}/confirm",
    "SetupIntentConfirmParams",
    "payment_method return_url use_stripe_sdk",
    browser="client_secret expand expected_payment_method_type payment_method payment_method_data return_url "
    "use_stripe_sdk",
)
def confirm(call, intent):
    found = own_intent(call, "setup_intent", intent)
    confirm_setup(call, found)
    return found


@route("POST", "/v1/setup_intents/{intent}/cancel", "SetupIntentCancelParams", "cancellation_reason")
def cancel(call, intent):
    found = own_intent(call, "setup_intent", intent)
    refuse_unless(found, "cancel", _OPEN)
    found |= {"status": "canceled", "next_action": None, "cancellation_reason": call.params.get("cancellation_reason")}
    call.emit("setup_intent.canceled", found)
    return found


@route(
    "GET",
    "/v1/setup_intents",
    "SetupIntentListParams",
    "created customer ending_before limit payment_method starting_after",
)
def index(call):
    return page(call, "/v1/setup_intents", call.candidates("setup_intent"), equal=("customer", "payment_method"))


def confirm_setup(call, intent):
    """Save the card, or ask for authentication first. Raises the card's decline, noted on the intent."""
    refuse_unless(intent, "confirm", _OPEN)
    check_return_url(call, intent)
    method = chosen_method(call, intent)
    intent |= {"payment_method": method["id"], "last_setup_error": None}
    if authentication.required(method, setup=True, off_session=False, asked=authentication.asked_by(intent)):
        intent |= {"status": "requires_action", "next_action": authentication.next_action(call, intent)}
        call.emit("setup_intent.requires_action", intent)
    else:
        _finish(call, intent, method)


def authenticated(call, intent, passed):
    """Go on after the bank's page: save the card, or fail. Raises like `confirm_setup`."""
    method = call.get("payment_method", intent["payment_method"])
    if not passed:
        message = (
            "We are unable to authenticate your payment method. Please choose a different payment method and try again."
        )
        _fail(call, intent, method, invalid(message, code="setup_intent_authentication_failure"))
    _finish(call, intent, method, passed_challenge=True)


def _finish(call, intent, method, passed_challenge=False):
    try:
        check_savable(method)
        if intent["customer"] is not None:
            attach_to(call, method, living_customer(call, intent["customer"]))
    except ApiError as error:
        _fail(call, intent, method, error)
    method["_authenticated"] = method["_authenticated"] or passed_challenge
    intent |= {"status": "succeeded", "next_action": None}
    call.emit("setup_intent.succeeded", intent)
    tell(call, intent)


def _fail(call, intent, method, error):
    note_failure(intent, method, error)
    call.emit("setup_intent.setup_failed", intent)
    tell(call, intent)
    raise error
