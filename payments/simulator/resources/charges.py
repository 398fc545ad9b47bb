from ..declines import outcome
from ..fields import merged_metadata, taken
from ..lists import listing, page
from ..present import includable
from ..routing import route
from .payment_methods import card_of

_COPIED = (
    "description",
    "receipt_email",
    "shipping",
    "statement_descriptor",
    "statement_descriptor_suffix",
    "transfer_group",
)


def new_charge(call, intent, method, *, challenged=False, failure=None):
    """The charge of one attempt at an intent, uncaptured as yet; `failure` is the card error of a failed one."""
    reason = failure.error.get("decline_code") if failure else None
    return call.add(
        "charge",
        "ch",
        {name: intent[name] for name in _COPIED}
        | {
            "amount": intent["amount"],
            "amount_captured": 0,
            "amount_refunded": 0,
            "application": intent["application"],
            "application_fee": None,
            "application_fee_amount": intent["application_fee_amount"],
            "balance_transaction": None,
            "billing_details": method["billing_details"],
            "calculated_statement_descriptor": "LOCAL STRIPE",
            "captured": False,
            "currency": intent["currency"],
            "customer": intent["customer"],
            "disputed": False,
            "failure_balance_transaction": None,
            "failure_code": failure and failure.error["code"],
            "failure_message": failure and failure.error["message"],
            "fraud_details": {},
            "metadata": dict(intent["metadata"]),
            "on_behalf_of": None,
            "outcome": outcome(card_of(method), reason),
            "paid": failure is None,
            "payment_intent": intent["id"],
            "payment_method": method["id"],
            "payment_method_details": {"card": _card(intent, method, challenged), "type": "card"},
            "radar_options": {},
            "receipt_number": None,
            "receipt_url": None,
            "refunded": False,
            "review": None,
            "source": None,
            "source_transfer": None,
            "status": "failed" if failure else "succeeded",
            "transfer_data": None,
            "_invoice": intent.get("_invoice"),
        },
    )


@route("GET", "/v1/charges/{charge}", "ChargeRetrieveParams")
def retrieve(call, charge):
    return call.get("charge", charge)


@route("POST", "/v1/charges/{charge}", "ChargeUpdateParams", "description metadata receipt_email transfer_group")
def update(call, charge):
    found = call.get("charge", charge)
    fields = taken(call.params, "description", "receipt_email", "transfer_group")
    call.change(found, fields | {"metadata": merged_metadata(found["metadata"], call.params)}, "charge.updated")
    return found


@route(
    "GET",
    "/v1/charges",
    "ChargeListParams",
    "created customer ending_before limit payment_intent starting_after transfer_group",
)
def index(call):
    return page(call, "/v1/charges", call.candidates("charge"), equal=("customer", "payment_intent", "transfer_group"))


@includable("charge", "refunds")
def _refunds(call, charge):
    return listing(f"/v1/charges/{charge['id']}/refunds", call.having("refund", "charge", charge["id"]))


def _card(intent, method, challenged):
    card = method["card"]
    shown = (
        "brand",
        "checks",
        "country",
        "exp_month",
        "exp_year",
        "fingerprint",
        "funding",
        "last4",
        "regulated_status",
        "wallet",
    )
    return {name: card[name] for name in shown} | {
        "amount_authorized": intent["amount"],
        "authorization_code": "123456",
        "extended_authorization": {"status": "disabled"},
        "incremental_authorization": {"status": "unavailable"},
        "installments": None,
        "mandate": None,
        "multicapture": {"status": "unavailable"},
        "network": card["brand"],
        "network_token": {"used": False},
        "overcapture": {"maximum_amount_capturable": intent["amount"], "status": "unavailable"},
        "three_d_secure": {"authentication_flow": "challenge", "result": "authenticated", "version": "2.2.0"}
        if challenged
        else None,
    }
