from ..fields import merged_metadata, with_defaults
from ..ids import client_secret, new_id
from ..intents import application, method_options, method_types

WORDS = (
    "description",
    "receipt_email",
    "setup_future_usage",
    "shipping",
    "statement_descriptor",
    "statement_descriptor_suffix",
    "transfer_group",
)

_OPTIONS = {
    "card": {"installments": None, "mandate_options": None, "network": None, "request_three_d_secure": "automatic"}
}


def add_payment_intent(call, currency, customer, method):
    """An unconfirmed payment intent of the call's parameters."""
    intent_id = new_id("pi")
    words = dict.fromkeys(WORDS)
    return call.add(
        "payment_intent",
        "pi",
        with_defaults(call.params, **words, application_fee_amount=None, capture_method="automatic_async")
        | method_types(call.params)
        | {
            "amount": call.params["amount"],
            "amount_capturable": 0,
            "amount_details": {"tip": {}},
            "amount_received": 0,
            "application": application(call),
            "canceled_at": None,
            "cancellation_reason": None,
            "client_secret": client_secret(intent_id),
            "confirmation_method": "automatic",
            "currency": currency,
            "customer": customer,
            "excluded_payment_method_types": None,
            "last_payment_error": None,
            "latest_charge": None,
            "metadata": merged_metadata({}, call.params),
            "next_action": None,
            "on_behalf_of": None,
            "payment_method": method and method["id"],
            "payment_method_configuration_details": None,
            "payment_method_options": method_options(call, _OPTIONS),
            "processing": None,
            "review": None,
            "source": None,
            "status": "requires_confirmation" if method else "requires_payment_method",
            "transfer_data": None,
        },
        object_id=intent_id,
    )
