"""Lengths and prices as people and other programs write them. Pure."""

import re
from functools import cache

from babel.numbers import get_currency_symbol

from tenants.errors import DomainError
from tenants.money import EXPONENTS

HOURS = r"(?:h|hr|hrs|hour|hours|std|stunden?|heures?|horas?|ore?|uur)\.?"
MINUTES = r"(?:m|min|mins|minutes?|minuten|minutos?|minuti|minuut)\.?"
LENGTHS = (
    re.compile(rf"(?P<m>\d{{1,4}})\s*(?:{MINUTES}|['’′])?"),
    re.compile(rf"(?P<h>\d{{1,2}})\s*{HOURS}\s*(?:(?:and\s+)?(?P<m>\d{{1,2}})\s*(?:{MINUTES})?)?"),
    re.compile(r"(?P<h>\d{1,2}):(?P<m>\d{2})(?::00)?"),
)
PART = re.compile(rf"(?P<h>\d{{1,2}})[.,](?P<part>\d{{1,2}})\s*{HOURS}")
SPACES = re.compile(r"[\s\u00a0\u202f\u2009]+")
#: What stands between the thousands, besides points and commas.
APOSTROPHES = "'’"
#: A point after a letter ends a word (Fr.), it begins no number.
NUMBER = re.compile(r"-?(?:(?<![^\W\d_])[.,])?\d[\d.,'’]*")
#: Digits, or groups of them: three at the end, two or three before.
GROUPED = re.compile(r"\d*|\d{1,3}(?:[.,]\d{2,3})*[.,]\d{3}")
#: Marks that Unicode's tables of symbols do not have.
MARKS = {
    "CHF": ("fr", "sfr"),
    "GBP": ("gbp",),
    "INR": ("rs", "₹"),
    "PLN": ("zł", "zl"),
    "CZK": ("kč", "kc"),
    "SEK": ("kr",),
    "NOK": ("kr",),
    "DKK": ("kr",),
    "HUF": ("ft",),
    "RON": ("lei",),
    "JPY": ("円", "yen"),
    "ZAR": ("r",),
    "TRY": ("₺", "tl"),
    "EUR": ("euro", "euros"),
    "USD": ("us$", "dollars"),
}


class Unreadable(DomainError):
    """The text is no length, or no price."""

    code = "unreadable"


def minutes(text):
    """`90`, `90 min`, `1:30`, `1h30`, `1 h 30 min`, `1.5 h` as minutes. Raises Unreadable."""
    text = SPACES.sub(" ", text).strip().lower()
    for pattern in LENGTHS:
        found = pattern.fullmatch(text)
        parts = found.groupdict() if found else {}
        if found and ("h" not in parts or int(parts["m"] or 0) < 60):
            return int(parts.get("h") or 0) * 60 + int(parts["m"] or 0)
    if found := PART.fullmatch(text):
        return int(found["h"]) * 60 + round(int(found["part"]) * 60 / 10 ** len(found["part"]))
    raise Unreadable(
        f"“{text[:40]}” is not a length. Write minutes like 45, or hours like 1:30." if text else NO_LENGTH
    )


NO_LENGTH, NO_PRICE = "Write how many minutes it takes.", "Write the price."
NOT_A_PRICE = "“{}” is not a price. Write it like 85 or 85.00."


def cents(text, *, currency, decimal_mark=None):
    """`85`, `$85.00`, `1.234,50 €` in minor units of the currency. Raises Unreadable.

    A point or a comma before three digits stands between thousands, unless `decimal_mark` says otherwise.
    """
    shown = text.strip()[:40]
    if not shown:
        raise Unreadable(NO_PRICE)
    number, mark = _split(SPACES.sub("", text))
    if number is None:
        raise Unreadable(NOT_A_PRICE.format(shown))
    if mark and mark.lower() not in _marks(currency):
        raise Unreadable(f"“{shown}” is not in {currency}, the currency of your salon.")
    whole, fraction = _parts(number, shown, EXPONENTS.get(currency, 2), decimal_mark)
    return int(whole + fraction)


def decimal_mark(texts, *, currency):
    """The mark before the cents in a column of prices, "." or ",", where one of them tells and none contradicts."""
    exponent = EXPONENTS.get(currency, 2)
    seen = {_telling(number, exponent) for number, _ in map(_split, (SPACES.sub("", text) for text in texts)) if number}
    seen -= {None}
    return seen.pop() if len(seen) == 1 else None


def _split(text):
    """(the number, what stands around it); (None, …) where there is no number, or several."""
    found = NUMBER.findall(text)
    if len(found) != 1 or found[0].startswith("-"):
        return None, text
    number = found[0]
    around = text.replace(number, "", 1).rstrip("-–—").strip(".,")
    if text.endswith(("-", "–", "—")):  # 85.- and 85,–
        number = number.rstrip(".,")
    return number.rstrip(".,"), around


@cache
def _marks(currency):
    """How the currency is written beside a number, in small letters."""
    symbol = get_currency_symbol(currency, locale="en").lower()
    # CA$, A$ and R$ are written $ at home, CN¥ is ¥.
    return frozenset(
        {currency.lower(), symbol, symbol[-1] if not symbol[-1].isalnum() else symbol, *MARKS.get(currency, ())}
    )


def _telling(number, exponent):
    """The decimal mark of a number that leaves no doubt about it."""
    marks = [char for char in number if char in ".,"]
    if not marks or (len(set(marks)) == 1 and len(marks) > 1):
        return None
    last = marks[-1]
    if len(set(marks)) == 2:
        return last
    return last if len(number.rpartition(last)[2]) != 3 and exponent else None


def _parts(number, shown, exponent, mark):
    """(digits before the decimal mark, as many digits after it as the currency has)."""
    number = number.translate(dict.fromkeys(map(ord, APOSTROPHES)))
    mark = _telling(number, exponent or 2) or _given(number, mark, exponent)
    whole, fraction = (number.rpartition(mark)[0], number.rpartition(mark)[2]) if mark else (number, "")
    if not GROUPED.fullmatch(whole):
        raise Unreadable(NOT_A_PRICE.format(shown))
    if fraction[exponent:].strip("0") or (len(fraction) == 3 and exponent != 3):
        raise Unreadable(f"“{shown}” has more digits after the mark than the currency.")
    groups = re.split(r"[.,]", whole)
    return "".join(groups) or "0", fraction[:exponent].ljust(exponent, "0")


def _given(number, mark, exponent):
    """The mark of the column, or of a currency of three decimal places, where the number has it once."""
    if mark and number.count(mark) == 1:
        return mark
    if exponent == 3:
        return next((char for char in ".," if number.count(char) == 1), None)
    return None
