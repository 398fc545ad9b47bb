from .errors import invalid

_ZERO_DECIMAL = frozenset(
    ["bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "vnd", "vuv", "xaf", "xof", "xpf"]
)
_MINIMUM = {
    "aed": 200, "aud": 50, "bgn": 100, "brl": 50, "cad": 50, "chf": 50, "czk": 1500, "dkk": 250,
    "eur": 50, "gbp": 30, "hkd": 400, "huf": 17500, "inr": 50, "jpy": 50, "mxn": 1000, "myr": 200,
    "nok": 300, "nzd": 50, "pln": 200, "ron": 200, "sek": 300, "sgd": 50, "thb": 1000, "usd": 50,
}  # fmt: skip
_MOST = 99_999_999
_THREE_DECIMAL = frozenset(["bhd", "jod", "kwd", "omr", "tnd"])
_WHOLE = frozenset(["isk", "ugx"])  # without a smaller unit, and written in hundredths all the same
_SYMBOLS = {"usd": "$", "cad": "$", "aud": "$", "nzd": "$", "sgd": "$", "hkd": "$", "eur": "€", "gbp": "£"}


def check_amount(amount, currency):
    """Refuse an amount that Stripe would not take in this currency."""
    if amount < 1:
        raise invalid(
            "This value must be greater than or equal to 1.", code="parameter_invalid_integer", param="amount"
        )
    step = 10 if currency in _THREE_DECIMAL else 100 if currency in _WHOLE else 1
    if amount % step:
        raise invalid(
            f"Invalid amount: in {currency} it must be divisible by {step}.", code="invalid_amount", param="amount"
        )
    least = least_amount(currency)
    if amount < least:
        raise invalid(f"Amount must be at least {written(least, currency)}", code="amount_too_small", param="amount")
    if amount > _MOST:
        raise invalid(
            f"Amount must be no more than {written(_MOST, currency)}", code="amount_too_large", param="amount"
        )


def least_amount(currency):
    """The smallest charge that Stripe takes in a currency."""
    return _MINIMUM.get(currency, 1)


def check_currency(currency):
    """The currency in Stripe's lower case; refuses what is not one."""
    if len(currency) != 3 or not currency.isalpha():
        raise invalid(f"Invalid currency: {currency}.", code="invalid_currency", param="currency")
    return currency.lower()


def written(amount, currency):
    if currency in _ZERO_DECIMAL:
        return f"{amount} {currency}"
    return f"{_SYMBOLS.get(currency, '')}{_decimal(amount, currency)} {currency}"


def shown(amount, currency):
    """An amount as customers read it."""
    if currency in _ZERO_DECIMAL:
        return f"{amount} {currency.upper()}"
    plain = _decimal(abs(amount), currency)
    sign = "-" if amount < 0 else ""
    return f"{sign}${plain}" if currency == "usd" else f"{sign}{plain} {currency.upper()}"


def _decimal(amount, currency):
    unit, places = (1_000, 3) if currency in _THREE_DECIMAL else (100, 2)
    return f"{amount // unit}.{amount % unit:0{places}}"


def stripe_fee(amount, currency):
    """2.9 % + 30 of a charge, half up."""
    return (amount * 29 + 500) // 1000 + (0 if currency in _ZERO_DECIMAL else 30)
