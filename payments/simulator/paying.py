"""One attempt to pay a payment intent with a card."""

from . import authentication, banks
from .customer_lookup import living_customer
from .declines import declined
from .errors import invalid
from .following import tell
from .intents import note_failure
from .resources.charges import new_charge
from .resources.payment_methods import attach_to
from .settlement import authorize


def pay(call, intent, method, *, off_session, alone=False, waits=False):
    """Authorise (and capture, unless manual), ask for authentication, or raise the decline.

    `off_session`: the customer is away, so a card that wants authentication is declined, unless the intent `waits`
    for them, as an invoice's does. `alone` declines it without saying that the customer is away
    (`error_on_requires_action`).
    """
    intent |= {"payment_method": method["id"], "last_payment_error": None}
    if authentication.required(method, setup=False, off_session=off_session, asked=authentication.asked_by(intent)):
        if (off_session and not waits) or alone:
            _decline(call, intent, method, "authentication_required")
        intent |= {"status": "requires_action", "next_action": authentication.next_action(call, intent)}
        call.emit("payment_intent.requires_action", intent)
        tell(call, intent)
        return
    _charge(call, intent, method, off_session=off_session)


def authenticated(call, intent, passed):
    """Go on after the bank's page: pay, or fail. Raises like `pay`."""
    method = call.get("payment_method", intent["payment_method"])
    if not passed:
        message = (
            "The provided PaymentMethod has failed authentication. "
            "You can provide payment_method_data or a new PaymentMethod to attempt to fulfill this PaymentIntent again."
        )
        _fail(call, intent, method, invalid(message, code="payment_intent_authentication_failure"))
    _charge(call, intent, method, off_session=False, challenged=True)


def _charge(call, intent, method, *, off_session, challenged=False):
    reason = banks.reason_to_decline(method, intent["amount"])
    if reason:
        _decline(call, intent, method, reason)
    authorize(call, intent, method, off_session=off_session, challenged=challenged)
    if intent["setup_future_usage"] and intent["customer"]:
        attach_to(call, method, living_customer(call, intent["customer"]))
        method["_authenticated"] = method["_authenticated"] or challenged
    tell(call, intent)


def _decline(call, intent, method, reason):
    error = declined(reason)
    charge = new_charge(call, intent, method, failure=error)
    error.error["charge"] = charge["id"]
    intent["latest_charge"] = charge["id"]
    call.emit("charge.failed", charge)
    _fail(call, intent, method, error)


def _fail(call, intent, method, error):
    note_failure(intent, method, error)
    call.emit("payment_intent.payment_failed", intent)
    tell(call, intent)
    raise error
