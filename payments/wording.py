"""How cards and payments are put into words for customers."""

import calendar
from datetime import date

from payments import declines
from payments.models import ActionKind, ActionState

BRANDS = {"amex": "American Express", "jcb": "JCB", "unionpay": "UnionPay"}

#: What a bank's refusal means to the card's owner. Why a bank thinks a card lost or stolen is not ours to tell.
REFUSALS = {
    "authentication_required": "Your bank wants you to confirm this payment yourself.",
    "insufficient_funds": "Your bank says that there was not enough money on the card.",
    "expired_card": "The card has expired.",
    "incorrect_cvc": "The card’s security code was not right.",
    "invalid_cvc": "The card’s security code was not right.",
    "card_velocity_exceeded": "The card’s limit was reached.",
    "withdrawal_count_limit_exceeded": "The card’s limit was reached.",
    "processing_error": "Something went wrong between the banks; the card may work now.",
    "try_again_later": "Your bank could not answer at that moment; the card may work now.",
    "issuer_not_available": "Your bank could not answer at that moment; the card may work now.",
    "card_not_supported": "This card cannot be used for this kind of payment.",
    "currency_not_supported": "This card cannot be used in this currency.",
}
REFUSED = "Your bank did not accept the payment. It does not tell us why; you can ask it."


def card_name(card):
    """`Visa •••• 4242`"""
    brand = BRANDS.get(card.brand, card.brand.title()) or "Card"
    return f"{brand} •••• {card.last4}"


def expiry(card):
    """`12/39`"""
    return f"{card.exp_month:02}/{card.exp_year % 100:02}" if card.exp_month else ""


def expires_before(card, day):
    """Whether a card is good no more on a date: it is good until the end of its month."""
    if not card.exp_month:
        return False
    return day > date(card.exp_year, card.exp_month, calendar.monthrange(card.exp_year, card.exp_month)[1])


def refusal(code):
    """Why a charge did not come through, for the card's owner."""
    if code in REFUSALS:
        return REFUSALS[code]
    return REFUSED if code not in declines.FINAL else "Your bank does not accept payments with this card any more."


def why_stopped(action):
    """The same for a charge that waits for its customer."""
    waits_for_bank = action.state == ActionState.NEEDS_CUSTOMER
    return refusal("authentication_required" if waits_for_bank else action.decline_code)


def charged_for(action):
    """What a charge is for: `your visit`, `the fee for not coming`, `the fee for cancelling late`."""
    return {
        ActionKind.NO_SHOW: "the fee for not coming",
        ActionKind.CANCEL: "the fee for cancelling late",
    }.get(action.kind, "your visit")
