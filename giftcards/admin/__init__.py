"""Gift cards in the salon's admin."""

from giftcards.admin import cards, packages

__all__ = ["cards", "packages"]
