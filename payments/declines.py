"""Which refusals of a bank may be tried again, and how often. Pure."""

from datetime import timedelta

#: The card will not work whenever it is tried: its owner has to give another (Stripe, "Decline codes").
FINAL = frozenset(
    {
        "card_not_supported",
        "currency_not_supported",
        "expired_card",
        "fraudulent",
        "incorrect_number",
        "invalid_account",
        "invalid_cvc",
        "invalid_expiry_month",
        "invalid_expiry_year",
        "invalid_number",
        "lost_card",
        "merchant_blacklist",
        "new_account_information_available",
        "not_permitted",
        "pickup_card",
        "restricted_card",
        "revocation_of_all_authorizations",
        "revocation_of_authorization",
        "security_violation",
        "service_not_allowed",
        "stolen_card",
        "stop_payment_order",
        "transaction_not_allowed",
    }
)
MOST_RETRIES = 3
WITHIN = timedelta(days=7)


def is_final(code):
    """Whether a decline code asks for another card."""
    return code in FINAL


def may_retry(*, code, declines, first_declined_at, now):
    """Whether the same card may be tried again: a soft refusal, at most three more times within seven days."""
    if not code:
        return True
    if is_final(code) or declines > MOST_RETRIES:
        return False
    return first_declined_at is None or now < first_declined_at + WITHIN
