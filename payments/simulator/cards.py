"""Stripe's documented test cards: what each number and test id does."""

from dataclasses import dataclass

NEVER, UNTIL_SET_UP, ALWAYS = "never", "until_set_up", "always"


@dataclass(frozen=True)
class Card:
    """A test card's behaviour; `declines` strikes on payments, and on saving too unless `saves` says otherwise."""

    number: str
    brand: str = "visa"
    declines: str | None = None
    saves: bool = False
    authentication: str = NEVER
    on_session_always: bool = False
    already_set_up: bool = False
    disputed: bool = False
    funding: str = "credit"


_CARDS = (
    Card("4242424242424242"),
    Card("4000056655665556", funding="debit"),
    Card("5555555555554444", "mastercard"),
    Card("378282246310005", "amex"),
    Card("6011111111111117", "discover"),
    Card("4000000000003220", authentication=UNTIL_SET_UP, on_session_always=True),
    Card("4000002500003155", authentication=UNTIL_SET_UP),
    Card("4000003800000446", authentication=UNTIL_SET_UP, already_set_up=True),
    Card("4000002760003184", authentication=ALWAYS),
    Card("4000008260003178", authentication=ALWAYS, declines="insufficient_funds", saves=True),
    Card("4000000000000002", declines="generic_decline"),
    Card("4000000000009995", declines="insufficient_funds"),
    Card("4000000000009987", declines="lost_card"),
    Card("4000000000009979", declines="stolen_card"),
    Card("4000000000000069", declines="expired_card"),
    Card("4000000000000127", declines="incorrect_cvc"),
    Card("4000000000000119", declines="processing_error"),
    Card("4000000000000341", declines="generic_decline", saves=True),
    Card("4000000000000259", disputed=True),
)
BY_NUMBER = {card.number: card for card in _CARDS}

_NAMES = {
    "visa": "4242424242424242",
    "visa_debit": "4000056655665556",
    "mastercard": "5555555555554444",
    "amex": "378282246310005",
    "discover": "6011111111111117",
    "threeDSecureRequired": "4000000000003220",
    "threeDSecure2Required": "4000000000003220",
    "authenticationRequiredOnSetup": "4000002500003155",
    "authenticationRequiredSetupForOffSession": "4000003800000446",
    "authenticationRequired": "4000002760003184",
    "authenticationRequiredChargeDeclinedInsufficientFunds": "4000008260003178",
    "chargeDeclined": "4000000000000002",
    "chargeDeclinedInsufficientFunds": "4000000000009995",
    "chargeDeclinedLostCard": "4000000000009987",
    "chargeDeclinedStolenCard": "4000000000009979",
    "chargeDeclinedExpiredCard": "4000000000000069",
    "chargeDeclinedIncorrectCvc": "4000000000000127",
    "chargeDeclinedProcessingError": "4000000000000119",
    "chargeCustomerFail": "4000000000000341",
    "createDispute": "4000000000000259",
}


def by_test_id(text):
    """The card behind `pm_card_visa`, `tok_chargeDeclined`, `pm_card_visa_chargeDeclined`…, or None."""
    for prefix in ("pm_card_", "tok_"):
        if text.startswith(prefix):
            name = text.removeprefix(prefix)
            number = _NAMES.get(name) or _NAMES.get(name.removeprefix("visa_"))
            return BY_NUMBER.get(number)
    return None
