from .. import settlement
from ..currencies import check_amount, check_currency
from ..errors import invalid
from ..fields import merged_metadata, taken
from ..intents import (
    check_can_take_cards,
    check_fee,
    check_owner,
    check_return_url,
    chosen_method,
    customer_id,
    method_options,
    own_intent,
    refuse_unless,
)
from ..lists import page
from ..paying import pay
from ..routing import route
from ..shapes.payment_intent import WORDS, add_payment_intent
from .payment_methods import usable

_OPEN = ("requires_payment_method", "requires_confirmation", "requires_action")
_ON_CONFIRM = (
    "error_on_requires_action off_session payment_method receipt_email return_url setup_future_usage shipping "
    "use_stripe_sdk"
)


@route(
    "POST",
    "/v1/payment_intents",
    "PaymentIntentCreateParams",
    "amount application_fee_amount automatic_payment_methods capture_method confirm currency customer metadata "
    "payment_method_options "
    f"payment_method_types {_ON_CONFIRM} {' '.join(WORDS)}",
)
def create(call):
    intent = new_intent(call)
    if call.params.get("confirm"):
        confirm_payment(call, intent)
    return intent


def new_intent(call):
    """A payment intent out of the call's parameters, not yet confirmed."""
    params = call.params
    if "off_session" in params and not params.get("confirm"):
        raise invalid(
            "The parameter off_session cannot be passed when creating a PaymentIntent unless confirm is set to true.",
            param="off_session",
        )
    currency = check_currency(params["currency"])
    check_amount(params["amount"], currency)
    check_fee(call, params.get("application_fee_amount"), params["amount"])
    check_can_take_cards(call)
    customer = customer_id(call)
    method = usable(call, params["payment_method"]) if params.get("payment_method") else None
    if method is not None:
        check_owner(method, customer)
    intent = add_payment_intent(call, currency, customer, method)
    call.emit("payment_intent.created", intent)
    return intent


@route(
    "GET",
    "/v1/payment_intents/{intent}",
    "PaymentIntentRetrieveParams",
    "client_secret",
    browser="client_secret expand",
)
def retrieve(call, intent):
    return own_intent(call, "payment_intent", intent)


@route(
    "POST",
    "/v1/payment_intents/{intent}",
    "PaymentIntentUpdateParams",
    f"amount application_fee_amount capture_method currency customer metadata payment_method payment_method_options "
    f"{' '.join(WORDS)}",
)
def update(call, intent):
    found = own_intent(call, "payment_intent", intent)
    params = call.params
    if params.keys() - {"metadata", "description", "expand", "receipt_email", "transfer_group"}:
        refuse_unless(found, "update", _OPEN)
    if params.keys() & {"amount", "currency", "customer"}:
        _refuse_invoiced(found, "update")
    fields = taken(params, *WORDS, "amount", "application_fee_amount", "capture_method")
    fields["metadata"] = merged_metadata(found["metadata"], params)
    fields["currency"] = check_currency(params.get("currency", found["currency"]))
    amount = fields.get("amount", found["amount"])
    check_amount(amount, fields["currency"])
    check_fee(call, fields.get("application_fee_amount"), amount)
    if params.get("customer"):
        fields["customer"] = customer_id(call)
    if params.get("payment_method"):
        method = usable(call, params["payment_method"])
        check_owner(method, fields.get("customer", found["customer"]))
        fields |= {"payment_method": method["id"], "status": "requires_confirmation", "next_action": None}
    fields["payment_method_options"] = method_options(call, found["payment_method_options"])
    call.change(found, fields)
    call.note(found, "customer")
    return found


@route(
    "POST",
    "/v1/payment_intents/{intent}/confirm",
    "PaymentIntentConfirmParams",
    f"capture_method payment_method_options {_ON_CONFIRM}",
    browser="client_secret expand expected_payment_method_type payment_method payment_method_data receipt_email "
    "return_url setup_future_usage shipping use_stripe_sdk",
)
def confirm(call, intent):
    found = own_intent(call, "payment_intent", intent)
    confirm_payment(call, found)
    return found


def confirm_payment(call, intent):
    """Pay with the chosen card, or ask for authentication first. Raises the card's decline, noted on the intent."""
    refuse_unless(intent, "confirm", _OPEN)
    check_return_url(call, intent)
    check_can_take_cards(call)
    method = chosen_method(call, intent)
    options = method_options(call, intent["payment_method_options"])
    intent |= taken(call.params, "receipt_email", "setup_future_usage", "shipping", "capture_method")
    intent["payment_method_options"] = options
    pay(
        call,
        intent,
        method,
        off_session=bool(call.params.get("off_session")),
        alone=bool(call.params.get("error_on_requires_action")),
    )


@route(
    "POST",
    "/v1/payment_intents/{intent}/capture",
    "PaymentIntentCaptureParams",
    "amount_to_capture application_fee_amount final_capture metadata statement_descriptor_suffix",
)
def capture(call, intent):
    found = own_intent(call, "payment_intent", intent)
    refuse_unless(found, "capture", ("requires_capture",))
    amount = call.params.get("amount_to_capture", found["amount_capturable"])
    if amount < 1:
        raise invalid(
            "This value must be greater than or equal to 1.",
            code="parameter_invalid_integer",
            param="amount_to_capture",
        )
    if amount > found["amount_capturable"]:
        raise invalid(
            f"The amount to capture ({amount}) must be less than or equal to the amount capturable "
            f"({found['amount_capturable']}).",
            code="amount_too_large",
            param="amount_to_capture",
        )
    if call.params.get("final_capture") is False:
        raise invalid(
            "Multicapture is not available for this PaymentIntent, so final_capture cannot be false.",
            param="final_capture",
        )
    check_fee(call, call.params.get("application_fee_amount"), amount)
    found["metadata"] = merged_metadata(found["metadata"], call.params)
    settlement.capture(
        call, found, amount, call.params.get("application_fee_amount", found["application_fee_amount"] or 0)
    )
    return found


@route("POST", "/v1/payment_intents/{intent}/cancel", "PaymentIntentCancelParams", "cancellation_reason")
def cancel(call, intent):
    found = own_intent(call, "payment_intent", intent)
    refuse_unless(found, "cancel", (*_OPEN, "requires_capture"))
    _refuse_invoiced(found, "cancel")
    if found["status"] == "requires_capture":
        settlement.release(call, found, "charge.refunded")
    found |= {
        "status": "canceled",
        "canceled_at": call.now,
        "cancellation_reason": call.params.get("cancellation_reason"),
        "next_action": None,
    }
    call.emit("payment_intent.canceled", found)
    return found


@route("GET", "/v1/payment_intents", "PaymentIntentListParams", "created customer ending_before limit starting_after")
def index(call):
    return page(call, "/v1/payment_intents", call.candidates("payment_intent"), equal=("customer",))


def _refuse_invoiced(intent, verb):
    if intent.get("_invoice"):
        raise invalid(
            f"You cannot {verb} a PaymentIntent created by an invoice so: change or void the invoice instead "
            f"({intent['_invoice']}).",
            code="payment_intent_unexpected_state",
        )
