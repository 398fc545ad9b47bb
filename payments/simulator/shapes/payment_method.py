import hashlib

from ..fields import merged_metadata, taken


def new_method(call, card, year, month, data):
    """A card payment method, not attached to anyone; `data` is what the request said about it."""
    billing = billing_details(data.get("billing_details") or {})
    return call.add(
        "payment_method",
        "pm",
        {
            "allow_redisplay": data.get("allow_redisplay", "unspecified"),
            "billing_details": billing,
            "card": _card_fields(card, year, month, billing),
            "customer": None,
            "metadata": merged_metadata({}, data),
            "type": "card",
            "_card": card.number,
            "_authenticated": card.already_set_up,
            "_spent": False,
        },
    )


def _card_fields(card, year, month, billing):
    return {
        "brand": card.brand,
        "checks": {
            "address_line1_check": "pass" if billing["address"]["line1"] else None,
            "address_postal_code_check": "pass" if billing["address"]["postal_code"] else None,
            "cvc_check": "fail" if card.declines == "incorrect_cvc" else "pass",
        },
        "country": "US",
        "display_brand": {"amex": "american_express"}.get(card.brand, card.brand),
        "exp_month": month,
        "exp_year": year,
        "fingerprint": hashlib.sha256(card.number.encode()).hexdigest()[:16],
        "funding": card.funding,
        "generated_from": None,
        "last4": card.number[-4:],
        "networks": {"available": [card.brand], "preferred": None},
        "regulated_status": "unregulated",
        "three_d_secure_usage": {"supported": True},
        "wallet": None,
    }


def billing_details(given, current=None):
    """Billing details with the given ones put over the current ones."""
    empty = {"city": None, "country": None, "line1": None, "line2": None, "postal_code": None, "state": None}
    current = current or {"address": empty, "email": None, "name": None, "phone": None, "tax_id": None}
    address = current["address"] | taken(given.get("address") or {}, *empty)
    return current | taken(given, "email", "name", "phone", "tax_id") | {"address": address}
