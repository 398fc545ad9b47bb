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
    disputes: str | None = None  # the reason for which the cardholder disputes what was paid
    inquiry: bool = False  # the dispute begins as a question that takes no money
    refunds: str = "succeeded"  # "pending" at first, or "failed" in the end
    blocked: bool = False  # declined by Stripe itself, not by the bank
    risk: str = "normal"
    settles_at_once: bool = False
    knows_3ds: bool = True
    funding: str = "credit"


_CARDS = (
    Card("4242424242424242"),
    Card("4000056655665556", funding="debit"),
    Card("5555555555554444", "mastercard"),
    Card("5200828282828210", "mastercard", funding="debit"),
    Card("5105105105105100", "mastercard", funding="prepaid"),
    Card("378282246310005", "amex", knows_3ds=False),
    Card("6011111111111117", "discover"),
    Card("3056930009020004", "diners"),
    Card("3566002020360505", "jcb"),
    Card("6200000000000005", "unionpay"),
    Card("4000000000000077", settles_at_once=True),
    # Authentication
    Card("4000000000003220", authentication=UNTIL_SET_UP, on_session_always=True),
    Card("4000002500003155", authentication=UNTIL_SET_UP),
    Card("4000003800000446", authentication=UNTIL_SET_UP, already_set_up=True),
    Card("4000002760003184", authentication=ALWAYS),
    Card("4000008260003178", authentication=ALWAYS, declines="insufficient_funds", saves=True),
    Card("4000008400001629", authentication=ALWAYS, declines="generic_decline", saves=True),
    Card("4000000000003055"),
    # Declines
    Card("4000000000000002", declines="generic_decline"),
    Card("4000000000009995", declines="insufficient_funds"),
    Card("4000000000009987", declines="lost_card"),
    Card("4000000000009979", declines="stolen_card"),
    Card("4000000000000069", declines="expired_card"),
    Card("4000000000000127", declines="incorrect_cvc"),
    Card("4000000000000119", declines="processing_error"),
    Card("4000000000006975", declines="card_velocity_exceeded"),
    Card("4000000000000341", declines="generic_decline", saves=True),
    # Risk, disputes and refunds
    Card("4100000000000019", declines="fraudulent", saves=True, blocked=True, risk="highest"),
    Card("4000000000004954", declines="fraudulent", saves=True, blocked=True, risk="highest"),
    Card("4000000000009235", risk="elevated"),
    Card("4000000000000259", disputes="fraudulent"),
    Card("4000000000002685", disputes="product_not_received"),
    Card("4000000000001976", disputes="fraudulent", inquiry=True),
    Card("4000000000007726", refunds="pending"),
    Card("4000000000005126", refunds="failed"),
)
BY_NUMBER = {card.number: card for card in _CARDS}

_NAMES = {
    "visa": "4242424242424242",
    "visa_debit": "4000056655665556",
    "mastercard": "5555555555554444",
    "amex": "378282246310005",
    "discover": "6011111111111117",
    "mastercard_debit": "5200828282828210",
    "mastercard_prepaid": "5105105105105100",
    "diners": "3056930009020004",
    "jcb": "3566002020360505",
    "unionpay": "6200000000000005",
    "bypassPending": "4000000000000077",
    "threeDSecureOptional": "4000000000003055",
    "threeDSecureRequiredChargeDeclined": "4000008400001629",
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
    "chargeDeclinedVelocityLimitExceeded": "4000000000006975",
    "chargeCustomerFail": "4000000000000341",
    "radarBlock": "4100000000000019",
    "riskLevelHighest": "4000000000004954",
    "riskLevelElevated": "4000000000009235",
    "createDispute": "4000000000000259",
    "createDisputeProductNotReceived": "4000000000002685",
    "createDisputeInquiry": "4000000000001976",
    "pendingRefund": "4000000000007726",
    "refundFail": "4000000000005126",
}


def by_test_id(text):
    """The card behind `pm_card_visa`, `tok_chargeDeclined`, `pm_card_visa_chargeDeclined`…, or None."""
    for prefix in ("pm_card_", "tok_"):
        if text.startswith(prefix):
            name = text.removeprefix(prefix)
            number = _NAMES.get(name) or _NAMES.get(name.removeprefix("visa_"))
            return BY_NUMBER.get(number)
    return None
