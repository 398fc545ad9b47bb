"""When a bank wants its customer to authenticate (3-D Secure), and what happens meanwhile."""

from .cards import ALWAYS, UNTIL_SET_UP
from .ids import new_id
from .resources.payment_methods import card_of


def required(method, *, setup, off_session, asked="automatic"):
    """Whether saving (`setup`) or paying with this card now needs the customer.

    `asked` is the intent's `request_three_d_secure`, by which the shop may want it although the bank does not.
    """
    card = card_of(method)
    if card.authentication == ALWAYS or (asked in ("any", "challenge") and card.knows_3ds):
        return True
    if card.authentication == UNTIL_SET_UP:
        return setup or not method["_authenticated"] or (card.on_session_always and not off_session)
    return False


def asked_by(intent):
    """Whether the shop wants authentication for this intent: automatic, any or challenge."""
    return intent["payment_method_options"]["card"]["request_three_d_secure"]


def next_action(call, intent):
    """What the page or the server must do now: hand over to the script, or send the customer to the bank's page."""
    intent["_return_url"] = call.params.get("return_url")
    url = f"{call.base_url}/3ds/{intent['id']}?client_secret={intent['client_secret']}"
    if call.publishable or "return_url" not in call.params:
        return {
            "type": "use_stripe_sdk",
            "use_stripe_sdk": {"type": "three_d_secure_redirect", "source": new_id("payatt"), "stripe_js": url},
        }
    return {"type": "redirect_to_url", "redirect_to_url": {"return_url": call.params["return_url"], "url": url}}
