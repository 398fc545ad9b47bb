"""What happens when a customer sends the hosted form."""

from ..errors import invalid
from ..fields import merged_metadata
from ..payment_forms import confirm_with
from ..resources import payment_intents, setup_intents
from ..shapes.customer import add_customer
from . import completing, invoicing, sessions


def submit(call, session, card, email=""):
    """Confirm the session's intent with the typed card, which completes the session.

    Returns the URL where the bank wants the customer first, or None. Raises the card's error; the session stays open.
    `card` is None where the page asks for none.
    """
    if session["status"] != "open":
        raise invalid(f"This Checkout Session is {session['status']}.")
    if card is None and asks_for_card(session):
        raise invalid("A card is needed.")
    session["_email"] = email
    _ensure_customer(call, session, card)
    if card is None:
        completing.complete(call, session)
        return None
    return confirm_with(call, _intent(call, session), card, f"{call.base_url}/c/pay/{session['id']}/return")


def asks_for_card(session):
    """Whether the page wants a card: always, save for a trial that may begin without."""
    return not sessions.is_trial(session) or session["payment_method_collection"] == "always"


def _ensure_customer(call, session, card):
    """Make the customer that the session will belong to, on the first try."""
    wanted = session["customer_creation"] == "always" or session["_data"].get("setup_future_usage")
    wanted = wanted or invoicing.is_wanted(session)
    if session["_customer"] is not None or not wanted:
        return
    billing = (card or {}).get("billing_details", {})
    given = {"email": session["_email"] or session["customer_email"], "name": billing.get("name")}
    inner = call.within(call.account, **{name: value for name, value in given.items() if value})
    session["_customer"] = add_customer(inner)["id"]
    if session["mode"] == "setup":
        intent = call.get("setup_intent", session["_intent"])
        intent["customer"] = session["_customer"]
        call.note(intent, "customer")


def _intent(call, session):
    """The session's intent, made when the customer first pays."""
    kind = "setup_intent" if session["mode"] == "setup" or sessions.is_trial(session) else "payment_intent"
    if session["_intent"] is None:
        make = _new_setup if kind == "setup_intent" else _new_payment
        intent = make(call, session)
        intent["_session"] = session["id"]
        session["_intent"] = intent["id"]
        if session["mode"] == "payment":
            session["payment_intent"] = intent["id"]
    return call.get(kind, session["_intent"])


def _new_setup(call, session):
    return setup_intents.create(call.within(call.account, customer=session["_customer"], payment_method_types=["card"]))


def _new_payment(call, session):
    inner = call.within(
        call.account, amount=session["amount_total"], currency=session["currency"], payment_method_types=["card"]
    )
    if session["_customer"]:
        inner.params["customer"] = session["_customer"]
    if session["mode"] == "subscription":
        inner.params |= {"description": "Subscription creation", "setup_future_usage": "off_session"}
    else:
        inner.params |= session["_data"] | {"metadata": merged_metadata({}, session["_data"])}
    return payment_intents.new_intent(inner)
