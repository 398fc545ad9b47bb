"""The bank's page of 3-D Secure: its answer to an intent that waits for authentication."""

import contextlib
from urllib.parse import urlencode

from . import paying
from .errors import ApiError, invalid
from .resources import setup_intents


def settle(call, intent, passed):
    """Tell an intent whether its customer authenticated. Its own failure is noted on it and not raised."""
    if intent["status"] != "requires_action":
        raise invalid(f"This intent does not wait for authentication (it is {intent['status']}).")
    module = setup_intents if intent["object"] == "setup_intent" else paying
    with contextlib.suppress(ApiError):
        module.authenticated(call, intent, passed)


def return_url(intent):
    """Where the customer goes afterwards, with what Stripe appends; None when the page only waits in a frame."""
    target = intent.get("_return_url")
    if not target:
        return None
    kind = intent["object"]
    status = "succeeded" if intent["status"] in ("succeeded", "requires_capture") else "failed"
    query = urlencode({kind: intent["id"], f"{kind}_client_secret": intent["client_secret"], "redirect_status": status})
    return f"{target}{'&' if '?' in target else '?'}{query}"


def find_intent(store, intent_id):
    """(account, intent) of either kind, or (None, None)."""
    return store.locate("setup_intent" if intent_id.startswith("seti_") else "payment_intent", intent_id)
