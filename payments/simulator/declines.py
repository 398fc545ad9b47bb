"""Why banks decline: Stripe's decline codes, in its words and with its advice."""

from .errors import card_error

CONFIRM, NEVER, LATER = "confirm_card_data", "do_not_try_again", "try_again_later"
_DECLINED = "Your card was declined."

# Decline code: error code, words, the parameter to look at, advice, the network's own code.
_SPECIAL = {
    "authentication_required": (
        "authentication_required",
        "Your card was declined. This transaction requires authentication.",
        None,
        LATER,
        "1A",
    ),
    "card_velocity_exceeded": (
        "card_declined",
        "Your card was declined for making repeated attempts too frequently or exceeding its amount limit.",
        None,
        LATER,
        "65",
    ),
    "expired_card": ("expired_card", "Your card has expired.", "exp_month", CONFIRM, "54"),
    "incorrect_cvc": ("incorrect_cvc", "Your card's security code is incorrect.", "cvc", CONFIRM, "N7"),
    "insufficient_funds": ("card_declined", "Your card has insufficient funds.", None, LATER, "51"),
    "processing_error": (
        "processing_error",
        "An error occurred while processing your card. Try again in a little bit.",
        None,
        LATER,
        "06",
    ),
}
_FINAL = (
    "card_not_supported", "do_not_try_again", "fraudulent", "invalid_account", "lost_card", "merchant_blacklist",
    "pickup_card", "restricted_card", "revocation_of_all_authorizations", "revocation_of_authorization",
    "stolen_card", "stop_payment_order",
)  # fmt: skip
_SOFT = (
    "approve_with_id", "call_issuer", "currency_not_supported", "do_not_honor", "generic_decline",
    "invalid_amount", "issuer_not_available", "new_account_information_available", "no_action_taken",
    "not_permitted", "reenter_transaction", "security_violation", "service_not_allowed",
    "transaction_not_allowed", "try_again_later", "withdrawal_count_limit_exceeded",
)  # fmt: skip
CODES = frozenset([*_SPECIAL, *_FINAL, *_SOFT])


def declined(reason, **extra):
    """The card error for a decline code, with the bank's advice."""
    code, message, param, advice, network = _about(reason)
    extra |= {"advice_code": advice, "network_decline_code": network}
    return card_error(message, code=code, decline_code=reason, param=param, **extra)


def outcome(card, reason=None):
    """What a charge says about why it was allowed or not."""
    shown = {
        "advice_code": None,
        "network_advice_code": None,
        "network_decline_code": None,
        "network_status": "approved_by_network",
        "reason": "elevated_risk_level" if card.risk == "elevated" else None,
        "risk_level": card.risk,
        "risk_score": {"normal": 12, "elevated": 68, "highest": 92}[card.risk],
        "seller_message": "Payment complete.",
        "type": "authorized",
    }
    if reason is None:
        return shown
    if card.blocked:
        return shown | {
            "network_status": "not_sent_to_network",
            "reason": "highest_risk_level",
            "seller_message": "Stripe blocked this payment as too risky.",
            "type": "blocked",
        }
    _, _, _, advice, network = _about(reason)
    return shown | {
        "advice_code": advice,
        "network_decline_code": network,
        "network_status": "declined_by_network",
        "reason": reason,
        "seller_message": "The bank did not return any further details with this decline.",
        "type": "issuer_declined",
    }


def _about(reason):
    default = ("card_declined", _DECLINED, None, NEVER if reason in _FINAL else LATER, "05")
    return _SPECIAL.get(reason, default)
