"""What a customer does in the billing portal."""

from .billing import standing, updating
from .errors import invalid
from .following import follower
from .payment_forms import confirm_setup_with
from .resources import setup_intents

_STAYS_OPEN = 3600


def is_open(call, session):
    """Whether a portal link still works; a visit keeps it open for another hour."""
    if session["_expires_at"] < call.now:
        return False
    session["_expires_at"] = call.now + _STAYS_OPEN
    return True


def features(call, session):
    return call.get("billing_portal.configuration", session["configuration"])["features"]


def subscriptions(call, session):
    """The customer's subscriptions that have not ended, newest first."""
    own = call.having("subscription", "customer", session["customer"])
    return [item for item in own if item["status"] not in standing.ENDED]


def change_card(call, session, card):
    """Save a typed card as the customer's default; returns the bank's page where it wants the customer first."""
    _refuse_without(call, session, "payment_method_update")
    intent = setup_intents.create(
        call.within(call.account, customer=session["customer"], payment_method_types=["card"])
    )
    intent["_portal"] = session["id"]
    return confirm_setup_with(call, intent, card, f"{call.base_url}/p/session/{session['id']}/card/return")


def cancel(call, session, subscription_id):
    """End a subscription at once or with its period, as the portal is configured."""
    _refuse_without(call, session, "subscription_cancel")
    subscription = _own(call, session, subscription_id)
    if features(call, session)["subscription_cancel"]["mode"] == "immediately":
        updating.cancel(call.within(call.account), subscription)
    else:
        updating.update(call.within(call.account, cancel_at_period_end=True), subscription)


def keep(call, session, subscription_id):
    """Take a cancellation back before its day has come."""
    _refuse_without(call, session, "subscription_cancel")
    updating.update(call.within(call.account, cancel_at_period_end=False), _own(call, session, subscription_id))


def resume(call, session, subscription_id):
    """Take up a subscription that paused because its trial ended without a card."""
    updating.resume(call.within(call.account), _own(call, session, subscription_id))


@follower("_portal")
def card_saved(call, intent):
    """The new card becomes the customer's default, and that of every subscription with a card of its own."""
    if intent["status"] != "succeeded":
        return
    customer = call.get("customer", intent["customer"])
    settings = customer["invoice_settings"] | {"default_payment_method": intent["payment_method"]}
    call.change(customer, {"invoice_settings": settings}, "customer.updated")
    for subscription in call.having("subscription", "customer", customer["id"]):
        if subscription["default_payment_method"]:
            change = {"default_payment_method": intent["payment_method"]}
            call.change(subscription, change, "customer.subscription.updated")


def _own(call, session, subscription_id):
    found = call.get("subscription", subscription_id)
    if found["customer"] != session["customer"]:
        raise invalid(f"No such subscription: '{subscription_id}'", code="resource_missing")
    return found


def _refuse_without(call, session, feature):
    if not features(call, session)[feature]["enabled"]:
        raise invalid("This is not possible here.")
