"""PaymentIntents on a salon's account: created unconfirmed, confirmed, captured, read."""

from dataclasses import dataclass

from payments.gateway.calling import call, client, every, plain


@dataclass(frozen=True, slots=True)
class PaymentIntent:
    """Money on its way. Cents in the intent's currency. `card` is {brand, last4} of the one that was charged."""

    id: str
    status: str
    amount_cents: int
    captured_cents: int
    refunded_cents: int
    application_fee_cents: int
    charge_id: str
    metadata: dict
    error_code: str = ""
    client_secret: str = ""
    created: int = 0
    currency: str = ""
    capture_before: int | None = None
    card: dict | None = None


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


def confirm_payment(*, account, payment_intent_id, payment_method_id):
    """Authorise off-session. Raises CardDeclined, AuthenticationNeeded, UnexpectedState.

    The card is named each time: Stripe takes a refused one off the intent.
    """
    params = {"off_session": True, "payment_method": payment_method_id, "expand": ["latest_charge"]}
    return _payment(call(client().v1.payment_intents.confirm, payment_intent_id, account=account, params=params))


def capture_payment(*, account, payment_intent_id, amount_cents, fee_cents):
    """Take what was authorised, or a part of it; the rest is released. Raises UnexpectedState where it was taken or
    given up already."""
    params = {"amount_to_capture": amount_cents, "expand": ["latest_charge"]}
    if fee_cents:
        params["application_fee_amount"] = fee_cents
    return _payment(call(client().v1.payment_intents.capture, payment_intent_id, account=account, params=params))


def retrieve_payment(*, account, payment_intent_id):
    params = {"expand": ["latest_charge"]}
    return _payment(call(client().v1.payment_intents.retrieve, payment_intent_id, account=account, params=params))


def find_payment(*, account, customer_id, action_id):
    """The intent an action made and never heard of, found by its metadata, or None."""
    for raw in every(client().v1.payment_intents.list, account=account, params={"customer": customer_id}):
        if plain(raw.metadata).get("action_id") == str(action_id) and raw.status != "canceled":
            return _payment(raw)
    return None


def cancel_payment(*, account, payment_intent_id):
    """Give an intent up: what it holds is released. Raises UnexpectedState where it was captured or cancelled."""
    params = {"expand": ["latest_charge"]}
    return _payment(call(client().v1.payment_intents.cancel, payment_intent_id, account=account, params=params))


def list_payments(*, account, since):
    """Every intent of an account made since an epoch second, newest first."""
    params = {"created": {"gte": since}, "expand": ["data.latest_charge"]}
    return map(_payment, every(client().v1.payment_intents.list, account=account, params=params))


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
        client_secret=raw.client_secret or "",
        created=raw.created,
        currency=raw.currency.upper(),
        capture_before=getattr(_card_of(charge), "capture_before", None) if loaded else None,
        card=_card_shown(charge) if loaded else None,
        error_code=(getattr(error, "decline_code", None) or error.code or "") if error else "",
    )


def _card_of(charge):
    details = charge.payment_method_details
    return getattr(details, "card", None) if details else None


def _card_shown(charge):
    card = _card_of(charge)
    return {"brand": card.brand or "", "last4": card.last4 or ""} if card else None
