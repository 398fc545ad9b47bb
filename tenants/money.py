"""Money as integer minor units with a currency. No floats; `Decimal` only to display."""

from dataclasses import dataclass
from decimal import Decimal

from babel.numbers import format_currency

from tenants import languages

#: Currencies whose minor unit is not a hundredth, as Stripe charges them: UGX and ISK are written in hundredths there.
EXPONENTS = {
    **dict.fromkeys(
        (
            "BIF",
            "CLP",
            "DJF",
            "GNF",
            "JPY",
            "KMF",
            "KRW",
            "MGA",
            "PYG",
            "RWF",
            "VND",
            "VUV",
            "XAF",
            "XOF",
            "XPF",
        ),
        0,
    ),
    **dict.fromkeys(("BHD", "JOD", "KWD", "OMR", "TND"), 3),
}


def share(cents, basis_points):
    """The share of an amount in minor units, rounded half up: the only rounding in the product."""
    return (cents * basis_points + 5_000) // 10_000


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount of one currency; arithmetic across currencies raises ValueError."""

    cents: int
    currency: str

    def __add__(self, other):
        return Money(self.cents + self._same(other).cents, self.currency)

    def __sub__(self, other):
        return Money(self.cents - self._same(other).cents, self.currency)

    def __lt__(self, other):
        return self.cents < self._same(other).cents

    def __str__(self):
        return self.format()

    def _same(self, other):
        if not isinstance(other, Money) or other.currency != self.currency:
            raise ValueError(f"cannot mix {self!r} with {other!r}")
        return other

    @property
    def decimal(self):
        """The amount in major units, for display only."""
        return Decimal(self.cents).scaleb(-EXPONENTS.get(self.currency, 2))

    def format(self, locale=""):
        """The amount as people write it in `locale`, or in the language that is spoken; whole amounts keep their cents."""
        return format_currency(self.decimal, self.currency, locale=locale or languages.locale(wide="en_US"))
