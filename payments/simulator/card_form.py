"""The card form of the hosted pages, without any script."""

import re

from .pages import fragment


def card_fields(typed=None):
    """The form's fields. The card's own numbers are typed again after an error, as on any payment page."""
    typed = typed or {}
    return fragment("card_fields.html", name=typed.get("name", ""), postal_code=typed.get("postal_code", ""))


def card_data(form):
    """What was typed, as the data of a payment method."""
    month, year = _expiry(form.get("expiry", ""))
    billing = {"name": form.get("name", ""), "address": {"postal_code": form.get("postal_code", "")}}
    return {
        "card": {"number": form.get("number", ""), "exp_month": month, "exp_year": year, "cvc": form.get("cvc", "")},
        "billing_details": billing,
    }


def _expiry(text):
    match = re.fullmatch(r"(\d{1,2})\s*[/ -]?\s*(\d{4}|\d{2})", text)
    return match.groups() if match else ("", "")
