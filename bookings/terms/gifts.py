"""What a gift card pays of a visit, as it stood on the page and is kept with what was agreed to."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Gift:
    """One gift card put aside for a visit. Cents in the visit's currency; what it leaves is paid by card or at the salon.

    `card_asked` says whether anything, a fee included, may become due on a bank card all the same.
    """

    reservation: str
    name: str
    percent: int = 0
    paid_cents: int = 0
    discount_cents: int = 0
    card_cents: int = 0
    salon_cents: int = 0
    card_asked: bool = True

    def as_json(self):
        return asdict(self)


def gift_of(consent):
    """The Gift that was agreed to, or None."""
    return Gift(**consent["gift_card"]) if consent.get("gift_card") else None
