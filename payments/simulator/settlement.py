"""Where money moves: holds, captures and releases, each written to the ledger as it happens."""

from . import banks
from .currencies import stripe_fee
from .disputing import open_dispute
from .jobs import job
from .resources.application_fees import collect
from .resources.balance import enter
from .resources.charges import new_charge
from .resources.payment_methods import card_of

_DAY = 24 * 3600
_HOLD = 7 * _DAY
_OFF_SESSION_VISA_HOLD = 4 * _DAY + 18 * 3600


def authorize(call, intent, method, *, off_session, challenged):
    """Hold the intent's amount on the card, and take it at once unless capture is manual."""
    charge = new_charge(call, intent, method, challenged=challenged)
    intent |= {"latest_charge": charge["id"], "next_action": None, "last_payment_error": None}
    banks.move(method, charge["amount"])
    if intent["customer"] is None:
        method["_spent"] = True
    if intent["capture_method"] == "manual":
        _hold(call, intent, charge, method, off_session)
    else:
        call.emit("charge.succeeded", charge)
        _take(call, intent, charge, intent["amount"], intent["application_fee_amount"] or 0)
        call.emit("payment_intent.succeeded", intent)
        _dispute_as_the_card_does(call, charge, method)


def capture(call, intent, amount, application_fee):
    """Take `amount` of what is held and give back the rest."""
    charge = call.get("charge", intent["latest_charge"])
    rest = charge["amount"] - amount
    _take(call, intent, charge, amount, min(application_fee, amount))
    if rest:
        _give_back(call, intent, charge, rest)
    call.emit("charge.captured", charge)
    call.emit("payment_intent.succeeded", intent)
    _dispute_as_the_card_does(call, charge, call.get("payment_method", charge["payment_method"]))


def release(call, intent, event):
    """Give back a whole hold; `event` is what tells of it."""
    charge = call.get("charge", intent["latest_charge"])
    intent["amount_capturable"] = 0
    _give_back(call, intent, charge, charge["amount"])
    charge["refunded"] = True
    call.emit(event, charge)


@job("expire_hold")
def expire_hold(call, intent_id):
    intent = call.find("payment_intent", intent_id)
    if intent is not None and intent["status"] == "requires_capture":
        release(call, intent, "charge.expired")
        intent |= {"status": "canceled", "canceled_at": call.now, "cancellation_reason": "automatic"}
        call.emit("payment_intent.canceled", intent)


def _hold(call, intent, charge, method, off_session):
    lasts = _OFF_SESSION_VISA_HOLD if off_session and method["card"]["brand"] == "visa" else _HOLD
    until = call.now + lasts
    charge["payment_method_details"]["card"]["capture_before"] = until
    intent |= {"status": "requires_capture", "amount_capturable": intent["amount"]}
    _write(call, "authorization", intent, charge, charge["amount"])
    call.world.jobs.at(until, "expire_hold", call.account, intent["id"])
    call.emit("charge.succeeded", charge)
    call.emit("payment_intent.amount_capturable_updated", intent)


def _dispute_as_the_card_does(call, charge, method):
    card = card_of(method)
    if card.disputes:
        open_dispute(call, charge, card.disputes, inquiry=card.inquiry)


def _take(call, intent, charge, amount, application_fee):
    charge |= {"captured": True, "amount_captured": amount, "application_fee_amount": application_fee or None}
    intent |= {
        "status": "succeeded",
        "amount_capturable": 0,
        "amount_received": amount,
        "application_fee_amount": application_fee or None,
    }
    fees = [("stripe_fee", "Stripe processing fees", stripe_fee(amount, charge["currency"]))]
    if application_fee:
        fees.append(("application_fee", "Application fee", application_fee))
    card = card_of(call.get("payment_method", charge["payment_method"]))
    charge["balance_transaction"] = enter(call, "charge", amount, charge, fees, at_once=card.settles_at_once)
    if application_fee:
        charge["application_fee"] = collect(call, charge, application_fee)
    _write(call, "capture", intent, charge, amount, application_fee)


def _give_back(call, intent, charge, amount):
    # Stripe counts released money as refunded and lists a refund for it, one that never touched a balance.
    charge["amount_refunded"] += amount
    banks.move(call.find("payment_method", charge["payment_method"]), -amount)
    call.add(
        "refund",
        "re",
        {
            "amount": amount,
            "balance_transaction": None,
            "charge": charge["id"],
            "currency": charge["currency"],
            "destination_details": {"card": {"type": "reversal"}, "type": "card"},
            "metadata": {},
            "payment_intent": intent["id"],
            "reason": None,
            "receipt_number": None,
            "source_transfer_reversal": None,
            "status": "succeeded",
            "transfer_reversal": None,
            "_release": True,
        },
    )
    _write(call, "release", intent, charge, amount)


def _write(call, kind, intent, charge, amount, application_fee=0):
    call.world.ledger.write(
        at=call.now,
        kind=kind,
        account=call.account,
        charge=charge,
        amount=amount,
        application_fee=application_fee,
        metadata=intent["metadata"],
    )
