"""How an amount is divided between gift card, discount, card and the salon's till, and how fees follow it. Pure."""

from dataclasses import dataclass

from tenants.money import EXPONENTS, share

#: The least Stripe charges, in minor units of the currency the card is charged in (Stripe, "Minimum charge amounts").
MINIMUMS = {
    "AED": 200, "AUD": 50, "BGN": 100, "BRL": 50, "CAD": 50, "CHF": 50, "CZK": 1500, "DKK": 250, "EUR": 50,
    "GBP": 30, "HKD": 400, "HUF": 17500, "INR": 50, "JPY": 50, "MXN": 1000, "MYR": 200, "NOK": 300, "NZD": 50,
    "PLN": 200, "RON": 200, "SEK": 300, "SGD": 50, "THB": 1000, "USD": 50,
}  # fmt: skip
LEAST_KNOWN = 50
#: Stripe takes at most eight digits.
MOST = 99_999_999


#: Currencies without a smaller unit that Stripe writes in hundredths all the same; of three decimals it takes two.
WHOLE = ("ISK", "UGX")


def step(currency):
    """What an amount has to be divisible by to be charged, in minor units."""
    if currency in WHOLE:
        return 100
    return 10 if EXPONENTS.get(currency) == 3 else 1


def least(currency):
    """The smallest amount that can be charged, in minor units."""
    return MINIMUMS.get(currency, LEAST_KNOWN)


@dataclass(frozen=True, slots=True)
class Split:
    """What each part pays. gift + discount + card + cash + waived = price + tip; all in minor units."""

    price_cents: int
    currency: str
    tip_cents: int = 0
    discount_cents: int = 0
    gift_cents: int = 0
    card_cents: int = 0
    cash_cents: int = 0
    waived_cents: int = 0

    @property
    def due_cents(self):
        return self.price_cents + self.tip_cents


def split(*, price_cents, currency, tip_cents=0, percent=0, most_off_cents=None, gift_cents=0, has_card, at_salon):
    """Divide a price: a percentage off first, then the gift card, the rest and the tip to the card.

    The percentage takes `most_off_cents` off at most, where that is given.
    Without a card, or beyond what Stripe charges (too little, too much, a remainder smaller than its step), the rest is
    taken at the salon (`at_salon`: the guest is there) or let go. Gift cards pay the price, never the tip.
    """
    discount = share(price_cents, percent * 100)
    if most_off_cents is not None:
        discount = min(discount, most_off_cents)
    gift = min(gift_cents, price_cents - discount)
    rest = price_cents - discount - gift + tip_cents
    card = rest - rest % step(currency) if has_card and least(currency) <= rest <= MOST else 0
    left = rest - card
    return Split(
        price_cents=price_cents,
        currency=currency,
        tip_cents=tip_cents,
        discount_cents=discount,
        gift_cents=gift,
        card_cents=card,
        cash_cents=left if at_salon else 0,
        waived_cents=0 if at_salon else left,
    )


def platform_fee(*, card_cents, currency, basis_points):
    """The platform's share of what a card pays, in amounts that Stripe can move."""
    fee = share(card_cents, basis_points)
    return fee - fee % step(currency)


def fee_back(*, fee_cents, captured_cents, refunded_before_cents, amount_cents):
    """The platform's fee that goes back with a refund, in proportion to all refunded so far: parts add up to the whole."""
    if not captured_cents:
        return 0

    def due(refunded):
        return (2 * fee_cents * refunded + captured_cents) // (2 * captured_cents)

    return due(refunded_before_cents + amount_cents) - due(refunded_before_cents)


def refund_split(*, amount_cents, card_left_cents):
    """(to the card, to the gift card): a refund goes to the card as far as the card paid."""
    to_card = min(amount_cents, card_left_cents)
    return to_card, amount_cents - to_card
