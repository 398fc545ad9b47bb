"""PaymentIntents on a salon's account: created unconfirmed, confirmed, captured, read."""

from dataclasses import dataclass

from payments.gateway.calling import call, client, plain


@dataclass(frozen=True, slots=True)
class PaymentIntent:
    """Money on its way. Cents in the intent's currency."""

    id: str
    status: str
    amount_cents: int
    captured_cents: int
    refunded_cents: int
    application_fee_cents: int
    charge_id: str
    metadata: dict
    error_code: str = ""


def create_payment(*, account, amount, fee_cents, customer_id, payment_method_id, metadata, key):
    """An unconfirmed PaymentIntent for `amount` (Money): nothing moves until it is confirmed and captured."""
    params = {
        "amount": amount.cents,
        "currency": amount.currency.lower(),
        "customer": customer_id,
        "payment_method": payment_method_id,
        "payment_method_types": ["card"],
        "capture_method": "manual",
        "metadata": metadata,
    }
    if fee_cents:
        params["application_fee_amount"] = fee_cents
    return _payment(call(client().v1.payment_intents.create, account=account, key=key, params=params))


def confirm_payment(*, account, payment_intent_id):
    """Authorise off-session. Raises CardDeclined, AuthenticationNeeded, UnexpectedState."""
    params = {"off_session": True, "expand": ["latest_charge"]}
    return _payment(call(client().v1.payment_intents.confirm, payment_intent_id, account=account, params=params))


def capture_payment(*, account, payment_intent_id):
    """Take what was authorised. Raises UnexpectedState where it was taken or given up already."""
    params = {"expand": ["latest_charge"]}
    return _payment(call(client().v1.payment_intents.capture, payment_intent_id, account=account, params=params))


def retrieve_payment(*, account, payment_intent_id):
    params = {"expand": ["latest_charge"]}
    return _payment(call(client().v1.payment_intents.retrieve, payment_intent_id, account=account, params=params))


def _payment(raw):
    charge = raw.latest_charge
    loaded = charge is not None and not isinstance(charge, str)
    error = getattr(raw, "last_payment_error", None)
    return PaymentIntent(
        id=raw.id,
        status=raw.status,
        amount_cents=raw.amount,
        captured_cents=raw.amount_received,
        refunded_cents=charge.amount_refunded if loaded else 0,
        application_fee_cents=raw.application_fee_amount or 0,
        charge_id=charge.id if loaded else (charge or ""),
        metadata=plain(raw.metadata),
        error_code=(getattr(error, "decline_code", None) or error.code or "") if error else "",
    )
