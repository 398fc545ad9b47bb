"""Which gift cards are sold: amounts to choose from, in any currency. Pure."""

from dataclasses import dataclass

from payments import amounts
from tenants.money import EXPONENTS, Money

#: In whole units of a currency whose unit buys about as much as a dollar.
OFFERED, LEAST, MOST = (25, 50, 100), 10, 500
#: So many times as much where the unit buys that much less; within Stripe's eight digits.
SMALLER = {
    "CZK": 10, "DKK": 10, "EGP": 10, "HKD": 10, "INR": 10, "MXN": 10, "NOK": 10, "PHP": 10, "SEK": 10, "THB": 10,
    "TRY": 10, "TWD": 10, "UAH": 10, "ZAR": 10,
    "DJF": 100, "HUF": 100, "ISK": 100, "JPY": 100, "KES": 100, "NGN": 100, "PKR": 100, "VUV": 100, "XPF": 100,
    "BIF": 1_000, "CLP": 1_000, "COP": 1_000, "IDR": 1_000, "KMF": 1_000, "KRW": 1_000, "MGA": 1_000, "PYG": 1_000,
    "RWF": 1_000, "UGX": 1_000, "XAF": 1_000, "XOF": 1_000,
    "GNF": 10_000, "VND": 10_000,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Amounts:
    """What can be chosen, and the bounds of an amount of one's own; all of them Money."""

    offered: tuple
    least: Money
    most: Money

    def refusal(self, cents):
        """Why an amount is not sold, as a sentence; "" where it is."""
        if not self.least.cents <= cents <= self.most.cents:
            return f"Please write an amount from {self.least} to {self.most}."
        step = amounts.step(self.least.currency)
        if cents % step:
            return f"Cards can be charged {Money(cents - cents % step, self.least.currency)}, or a little more."
        return ""


def amounts_for(currency):
    unit = SMALLER.get(currency, 1) * 10 ** EXPONENTS.get(currency, 2)

    def money(units):
        return Money(units * unit, currency)

    return Amounts(tuple(money(units) for units in OFFERED), money(LEAST), money(MOST))
