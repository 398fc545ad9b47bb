from ..fields import merged_metadata

_CURRENCIES = {
    "US": "usd",
    "GB": "gbp",
    "CA": "cad",
    "AU": "aud",
    "JP": "jpy",
    "CH": "chf",
    "NZ": "nzd",
    "SE": "sek",
    "DK": "dkk",
    "NO": "nok",
}
_PROFILE = (
    "annual_revenue",
    "mcc",
    "name",
    "product_description",
    "support_address",
    "support_email",
    "support_phone",
    "support_url",
    "url",
)


def account_fields(params):
    """All a new account starts with, save its status."""
    country = params.get("country", "US")
    profile = dict.fromkeys(_PROFILE)
    return {
        "business_profile": merged(profile, params.get("business_profile", {})),
        "business_type": params.get("business_type"),
        "capabilities": capabilities(params, False),
        "company": params.get("company"),
        "controller": _controller(params.get("type", "standard" if "controller" not in params else "none")),
        "country": country,
        "default_currency": params.get("default_currency", _CURRENCIES.get(country, "eur")),
        "email": params.get("email"),
        "future_requirements": requirements([], None),
        "individual": params.get("individual"),
        "metadata": merged_metadata({}, params),
        "settings": merged(_settings(), params.get("settings", {})),
        "tos_acceptance": {"date": None} | params.get("tos_acceptance", {}),
        "type": params.get("type", "none" if "controller" in params else "standard"),
    }


def _controller(kind):
    hosted = kind == "express"
    return {
        "fees": {"payer": "account"},
        "is_controller": True,
        "losses": {"payments": "application" if hosted else "stripe"},
        "requirement_collection": "stripe",
        "stripe_dashboard": {"type": kind if hosted else "full"},
        "type": "application",
    }


def capabilities(params, enabled):
    """The requested capabilities with their status; Express accounts ask for cards and transfers by default."""
    asked = params.get("capabilities") or {"card_payments": {"requested": True}, "transfers": {"requested": True}}
    return {
        name: "active" if enabled else "inactive" for name, capability in asked.items() if capability.get("requested")
    }


def requirements(due, disabled_reason):
    return {
        "alternatives": [],
        "current_deadline": None,
        "currently_due": due,
        "disabled_reason": disabled_reason,
        "errors": [],
        "eventually_due": list(due),
        "past_due": list(due),
        "pending_verification": [],
    }


def _settings():
    return {
        "bacs_debit_payments": {"display_name": None, "service_user_number": None},
        "branding": {"icon": None, "logo": None, "primary_color": None, "secondary_color": None},
        "card_issuing": {"tos_acceptance": {"date": None, "ip": None}},
        "card_payments": {
            "decline_on": {"avs_failure": False, "cvc_failure": False},
            "statement_descriptor_prefix": None,
            "statement_descriptor_prefix_kana": None,
            "statement_descriptor_prefix_kanji": None,
        },
        "dashboard": {"display_name": None, "timezone": "Etc/UTC"},
        "invoices": {"default_account_tax_ids": None},
        "payments": {
            "statement_descriptor": None,
            "statement_descriptor_kana": None,
            "statement_descriptor_kanji": None,
        },
        "payouts": {
            "debit_negative_balances": True,
            "schedule": {"delay_days": 2, "interval": "daily"},
            "statement_descriptor": None,
        },
        "sepa_debit_payments": {},
    }


def merged(current, given):
    """Nested settings with the given ones put over them."""
    merged = dict(current)
    for name, value in given.items():
        merged[name] = (
            merged(merged.get(name) or {}, value) if isinstance(value, dict) else (None if value == "" else value)
        )
    return merged
