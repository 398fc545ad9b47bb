"""What a gift card pays of a visit, as it stood on the page and is kept with what was agreed to."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Gift:
    """One gift card put aside for a visit. Cents in the visit's currency; what it leaves is paid by card or at the salon.

    `card_asked` says whether anything, a fee included, may become due on a bank card all the same. `visits` is how many
    visits of a package it takes, which are used up where a fee would be due; none of any other card.
    """

    reservation: str
    name: str
    percent: int = 0
    paid_cents: int = 0
    discount_cents: int = 0
    card_cents: int = 0
    salon_cents: int = 0
    card_asked: bool = True
    visits: int = 0

    def as_json(self):
        return asdict(self)


def gift_of(consent):
    """The Gift that was agreed to, or None."""
    return Gift(**consent["gift_card"]) if consent.get("gift_card") else None


def takes_visits(consent):
    """Whether it was agreed to that a package's visits are used up where a fee would be due."""
    gift = gift_of(consent)
    return gift is not None and gift.visits > 0
