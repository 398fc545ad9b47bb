import datetime

from .cards import BY_NUMBER
from .errors import card_error


def read_card(given, now):
    """The test card typed as number, expiry and CVC; raises the card error of whatever is wrong with it.

    Real card numbers are refused, as in Stripe's test mode, and never stored.
    """
    number = "".join(str(given.get("number", "")).split()).replace("-", "")
    if not _luhn(number):
        raise card_error("Your card number is incorrect.", code="incorrect_number", param="number")
    year, month = read_expiry(given, now)
    card = BY_NUMBER.get(number)
    if card is None:
        raise card_error(
            "Your card was declined. Your request was in test mode, but used a non test card. "
            "For a list of valid test cards, visit: https://stripe.com/docs/testing.",
            code="card_declined",
            decline_code="test_mode_live_card",
        )
    cvc = str(given.get("cvc", ""))
    if "cvc" in given and not (cvc.isdigit() and len(cvc) in ((4,) if card.brand == "amex" else (3,))):
        raise card_error("Your card's security code is invalid.", code="invalid_cvc", param="cvc")
    return card, year, month


def read_expiry(given, now):
    """Year and month as numbers, refused when past or impossible."""
    month, year = _number(given.get("exp_month")), _number(given.get("exp_year"))
    if month is None or not 1 <= month <= 12:
        raise card_error("Your card's expiration month is invalid.", code="invalid_expiry_month", param="exp_month")
    today = datetime.datetime.fromtimestamp(now, datetime.UTC)
    if year is not None and year < 100:
        year += 2000
    if year is None or not today.year <= year <= today.year + 50:
        raise card_error("Your card's expiration year is invalid.", code="invalid_expiry_year", param="exp_year")
    if (year, month) < (today.year, today.month):
        raise card_error("Your card's expiration month is invalid.", code="invalid_expiry_month", param="exp_month")
    return year, month


def _number(value):
    text = str(value or "").strip()
    return int(text) if text.isdigit() else None


def _luhn(number):
    if not number.isdigit() or not 12 <= len(number) <= 19:
        return False
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(number))]
    return sum(digit - 9 if digit > 9 else digit for digit in doubled) % 10 == 0
