"""How cards and payments are put into words for customers, in the language that is spoken."""

import calendar
from datetime import date

from django.utils.translation import gettext, gettext_noop

from payments import declines
from payments.models import ActionKind, ActionState

BRANDS = {"amex": "American Express", "jcb": "JCB", "unionpay": "UnionPay"}

#: What a bank's refusal means to the card's owner. Why a bank thinks a card lost or stolen is not ours to tell.
REFUSALS = {
    "authentication_required": gettext_noop("Your bank wants you to confirm this payment yourself."),
    "insufficient_funds": gettext_noop("Your bank says that there was not enough money on the card."),
    "expired_card": gettext_noop("The card has expired."),
    "incorrect_cvc": gettext_noop("The card’s security code was not right."),
    "invalid_cvc": gettext_noop("The card’s security code was not right."),
    "card_velocity_exceeded": gettext_noop("The card’s limit was reached."),
    "withdrawal_count_limit_exceeded": gettext_noop("The card’s limit was reached."),
    "processing_error": gettext_noop("Something went wrong between the banks; the card may work now."),
    "try_again_later": gettext_noop("Your bank could not answer at that moment; the card may work now."),
    "issuer_not_available": gettext_noop("Your bank could not answer at that moment; the card may work now."),
    "card_not_supported": gettext_noop("This card cannot be used for this kind of payment."),
    "currency_not_supported": gettext_noop("This card cannot be used in this currency."),
}
REFUSED = gettext_noop("Your bank did not accept the payment. It does not tell us why; you can ask it.")
NEVER = gettext_noop("Your bank does not accept payments with this card any more.")

VISIT = gettext_noop("your visit")
FEES = {
    ActionKind.NO_SHOW: gettext_noop("the fee for not coming"),
    ActionKind.CANCEL: gettext_noop("the fee for cancelling late"),
}


def card_name(card):
    """`Visa •••• 4242`"""
    brand = BRANDS.get(card.brand, card.brand.title()) or gettext("Card")
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
    return gettext(REFUSALS.get(code) or (NEVER if code in declines.FINAL else REFUSED))


def why_stopped(action):
    """The same for a charge that waits for its customer."""
    waits_for_bank = action.state == ActionState.NEEDS_CUSTOMER
    return refusal("authentication_required" if waits_for_bank else action.decline_code)


def charged_for(action):
    """What a charge is for: `your visit`, `the fee for not coming`, `the fee for cancelling late`."""
    return gettext(FEES.get(action.kind, VISIT))
