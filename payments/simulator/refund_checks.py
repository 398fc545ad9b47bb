"""Which charge a refund is of, and how much of it may go back."""

from .currencies import written
from .disputing import holds_money
from .errors import invalid


def charge_to_refund(call):
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
    return _refundable(call, charge)


def _refundable(call, charge):
    if holds_money(call, charge):
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


def amount_to_refund(call, charge):
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
