"""What a card's bank says to a payment: as the test card does, unless the control API told this one otherwise."""

from .declines import CODES
from .resources.payment_methods import card_of


def instruct(method, **wishes):
    """Let the bank of a saved card decline with a code from now on (`declines`, None for never), or pay only while
    its `balance` lasts (None for ever). Raises ValueError for an unknown code.
    """
    unknown = set(wishes) - {"declines", "balance"}
    if unknown or wishes.get("declines") not in (None, *CODES):
        raise ValueError(f"declines takes a decline code of Stripe's, balance an amount; not {wishes}")
    method["_bank"] = method.get("_bank", {}) | wishes


def reason_to_decline(method, amount):
    """The decline code the bank would answer with, or None."""
    bank = method.get("_bank", {})
    reason = bank.get("declines", card_of(method).declines)
    if reason is None and bank.get("balance") is not None and amount > bank["balance"]:
        return "insufficient_funds"
    return reason


def move(method, amount):
    """Take an amount from a card with a limited balance, or give it back when negative."""
    if method and method.get("_bank", {}).get("balance") is not None:
        method["_bank"]["balance"] -= amount
