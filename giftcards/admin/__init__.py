"""Gift cards in the salon's admin."""

from giftcards.admin import cards

__all__ = ["cards"]
