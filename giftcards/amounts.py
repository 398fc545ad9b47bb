"""What a card takes off a price. Pure."""

from dataclasses import dataclass

from tenants.money import share


@dataclass(frozen=True, slots=True)
class GiftPart:
    """A price, what a fixed card pays of it, or what a percentage takes off, and what is left to pay. Cents."""

    price_cents: int
    gift_cents: int = 0
    discount_cents: int = 0

    @property
    def rest_cents(self):
        return self.price_cents - self.gift_cents - self.discount_cents


def part_of(price_cents, *, balance_cents=0, percent=0):
    """The part of a card with this balance, or this percentage, in a price."""
    if percent:
        return GiftPart(price_cents, discount_cents=share(price_cents, percent * 100))
    return GiftPart(price_cents, gift_cents=min(price_cents, balance_cents))
