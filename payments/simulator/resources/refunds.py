from ..currencies import written
from ..errors import invalid
from ..fields import merged_metadata
from ..lists import page
from ..routing import route
from ..store import PLATFORM
from .application_fees import give_back
from .balance import enter


@route(
    "POST", "/v1/refunds", "RefundCreateParams", "amount charge metadata payment_intent reason refund_application_fee"
)
def create(call):
    charge = _charge(call)
    amount = _checked_amount(call, charge)
    fee = _fee_to_refund(call, charge)
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    given_back = _give_back_fee(call, charge, fee) if fee else 0
    refund = _add(call, charge, amount)
    fees = [("application_fee", "Application fee refund", -given_back)] if given_back else []
    refund["balance_transaction"] = enter(call, "refund", -amount, refund, fees)
    call.world.ledger.write(
        at=call.now,
        kind="refund",
        account=call.account,
        charge=charge,
        amount=amount,
        application_fee=given_back,
        metadata=refund["metadata"],
    )
    call.emit("refund.created", refund)
    call.emit("charge.refunded", charge)
    return refund


@route("GET", "/v1/refunds/{refund}", "RefundRetrieveParams")
def retrieve(call, refund):
    return call.get("refund", refund)


@route("POST", "/v1/refunds/{refund}", "RefundUpdateParams", "metadata")
def update(call, refund):
    found = call.get("refund", refund)
    call.change(found, {"metadata": merged_metadata(found["metadata"], call.params)}, "refund.updated")
    return found


@route("GET", "/v1/refunds", "RefundListParams", "charge created ending_before limit payment_intent starting_after")
def index(call):
    return page(call, "/v1/refunds", call.every("refund"), equal=("charge", "payment_intent"))


@route("GET", "/v1/charges/{charge}/refunds", "ChargeListRefundsParams", "ending_before limit starting_after")
def of_charge(call, charge):
    call.get("charge", charge)
    own = (refund for refund in call.every("refund") if refund["charge"] == charge)
    return page(call, f"/v1/charges/{charge}/refunds", own)


def _charge(call):
    given = [name for name in ("charge", "payment_intent") if name in call.params]
    if len(given) != 1:
        problem = (
            "Only one of these params should be provided"
            if given
            else "One of the following params should be provided for this request"
        )
        raise invalid(f"{problem}: payment_intent or charge.", code=None if given else "parameter_missing")
    if given == ["charge"]:
        charge = call.get("charge", call.params["charge"], "charge")
    else:
        intent = call.get("payment_intent", call.params["payment_intent"], "payment_intent")
        charge = intent["latest_charge"] and call.get("charge", intent["latest_charge"])
        if not charge or charge["status"] != "succeeded":
            raise invalid(
                f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund.",
                param="payment_intent",
            )
    return _refundable(charge)


def _refundable(charge):
    if charge["disputed"]:
        raise invalid(f"Charge {charge['id']} has been charged back; cannot issue a refund.", code="charge_disputed")
    if charge["status"] != "succeeded":
        raise invalid(f"Charge {charge['id']} failed and cannot be refunded.", code="charge_not_refundable")
    if charge["refunded"]:
        raise invalid(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    if not charge["captured"]:
        raise invalid(
            f"This uncaptured Charge was created by a PaymentIntent ({charge['payment_intent']}). You must cancel the "
            "PaymentIntent to reverse the authorization instead of refunding the Charge directly.",
            code="charge_not_refundable",
        )
    return charge


def _checked_amount(call, charge):
    # Of a partly captured charge the rest was released, which Stripe counts as refunded already.
    left = charge["amount"] - charge["amount_refunded"]
    amount = call.params.get("amount", left)
    if amount < 1:
        raise invalid(
            "This value must be greater than or equal to 1.", code="parameter_invalid_integer", param="amount"
        )
    if amount > left:
        currency = charge["currency"]
        raise invalid(
            f"Refund amount ({written(amount, currency)}) is greater than unrefunded amount on charge "
            f"({written(left, currency)})",
            param="amount",
        )
    return amount


def _fee_to_refund(call, charge):
    if not call.params.get("refund_application_fee"):
        return None
    if charge["application_fee"] is None:
        raise invalid(f"Charge {charge['id']} has no application fee to refund.", param="refund_application_fee")
    return call.world.store.get(PLATFORM, "application_fee", charge["application_fee"])


def _give_back_fee(call, charge, fee):
    """Return the fee in proportion to all that was refunded so far, so that the parts add up to the whole."""
    captured = charge["amount_captured"]
    refunded = charge["amount_refunded"] - (charge["amount"] - captured)
    due = (2 * fee["amount"] * refunded + captured) // (2 * captured)
    amount = min(due, fee["amount"]) - fee["amount_refunded"]
    if amount <= 0:
        return 0
    give_back(call, fee, amount)
    return amount


def _add(call, charge, amount):
    return call.add(
        "refund",
        "re",
        {
            "amount": amount,
            "balance_transaction": None,
            "charge": charge["id"],
            "currency": charge["currency"],
            "destination_details": {
                "card": {
                    "reference": "1234567890123456",
                    "reference_status": "available",
                    "reference_type": "acquirer_reference_number",
                    "type": "refund",
                },
                "type": "card",
            },
            "metadata": merged_metadata({}, call.params),
            "payment_intent": charge["payment_intent"],
            "reason": call.params.get("reason"),
            "receipt_number": None,
            "source_transfer_reversal": None,
            "status": "succeeded",
            "transfer_reversal": None,
        },
    )
