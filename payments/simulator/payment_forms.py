"""Confirming an intent with a card typed on one of our own pages, as the browser script would."""

from . import paying
from .resources import setup_intents
from .resources.payment_methods import from_data


def confirm_setup_with(call, intent, card, return_url):
    """Save the card; returns the bank's page, which leads back to `return_url`, where it wants the customer first."""
    browser = _browser(call, intent, card)
    setup_intents.confirm_setup(browser, intent)
    return bank_page(intent, return_url)


def pay_with(call, intent, card, return_url):
    """Pay with the card, like `confirm_setup_with`."""
    browser = _browser(call, intent, card)
    paying.pay(browser, intent, from_data(browser, browser.params["payment_method_data"]), off_session=False)
    return bank_page(intent, return_url)


def confirm_with(call, intent, card, return_url):
    """Confirm an intent of either kind."""
    confirm = confirm_setup_with if intent["object"] == "setup_intent" else pay_with
    return confirm(call, intent, card, return_url)


def _browser(call, intent, card):
    data = {"type": "card"} | card
    browser = call.within(call.account, payment_method_data=data, client_secret=intent["client_secret"])
    browser.publishable = True
    return browser


def bank_page(intent, return_url):
    """Where the bank wants the customer of an intent, or None; from there the way leads to `return_url`."""
    if intent["status"] != "requires_action":
        return None
    intent["_return_url"] = return_url
    return intent["next_action"]["use_stripe_sdk"]["stripe_js"]
