"""Giving money back: what is allowed, the platform's share in it, and refunds that settle only later."""

from . import banks
from .cards import BY_NUMBER
from .errors import invalid
from .fields import merged_metadata
from .jobs import job
from .refund_checks import amount_to_refund, charge_to_refund
from .resources.application_fees import give_back
from .resources.balance import enter
from .store import PLATFORM

_SETTLES_AFTER = 60


def refund(call):
    """A refund of the call's parameters; test cards make it pending at first or fail in the end."""
    charge = charge_to_refund(call)
    amount = amount_to_refund(call, charge)
    fee = _fee_to_refund(call, charge)
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    if call.params.get("reason") == "fraudulent":
        charge["fraud_details"] = {"user_report": "fraudulent"}
    given_back = _give_back_fee(call, charge, fee) if fee else 0
    made = _add(call, charge, amount)
    fees = [("application_fee", "Application fee refund", -given_back)] if given_back else []
    made["balance_transaction"] = enter(call, "refund", -amount, made, fees)
    _write(call, "refund", charge, made, given_back)
    banks.move(call.find("payment_method", charge["payment_method"]), -amount)
    _plan(call, charge, made)
    call.emit("refund.created", made)
    call.emit("charge.refunded", charge)
    return made


def settle(call, made, status, reason="expired_or_canceled_card"):
    """Say how a refund ended, `succeeded` or `failed`; a failed one brings the money back to the account."""
    if made["status"] == "failed" or made["status"] == status:
        raise invalid(f"Refund {made['id']} is {made['status']} already.")
    previous = {"status": made["status"]}
    made["status"] = status
    made.pop("pending_reason", None)
    if status == "failed":
        _bring_back(call, made, reason)
    tell_updated(call, made, previous)
    if status == "failed":
        call.emit("refund.failed", made)


def tell_updated(call, made, previous):
    call.emit("refund.updated", made, previous)
    call.emit("charge.refund.updated", made, previous)


@job("settle_refund")
def settle_refund(call, refund_id):
    made = call.find("refund", refund_id)
    if made is not None and made["_becomes"] not in (None, made["status"]) and made["status"] != "failed":
        settle(call, made, made["_becomes"])


def _plan(call, charge, made):
    """What the card does with a refund, a minute from now."""
    method = call.find("payment_method", charge["payment_method"])
    behavior = BY_NUMBER[method["_card"]].refunds
    made["_becomes"] = {"pending": "succeeded", "failed": "failed"}.get(behavior)
    if behavior == "pending":
        made |= {"status": "pending", "pending_reason": "processing"}
    if made["_becomes"]:
        call.world.jobs.at(call.now + _SETTLES_AFTER, "settle_refund", call.account, made["id"])


def _bring_back(call, made, reason):
    charge = call.get("charge", made["charge"])
    charge |= {"amount_refunded": charge["amount_refunded"] - made["amount"], "refunded": False}
    made |= {
        "failure_balance_transaction": enter(call, "refund_failure", made["amount"], made),
        "failure_reason": reason,
    }
    _write(call, "refund_failed", charge, made, 0)
    banks.move(call.find("payment_method", charge["payment_method"]), made["amount"])


def _write(call, kind, charge, made, application_fee):
    call.world.ledger.write(
        at=call.now,
        kind=kind,
        account=call.account,
        charge=charge,
        amount=made["amount"],
        application_fee=application_fee,
        metadata=made["metadata"],
        source=made["id"],
    )


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
