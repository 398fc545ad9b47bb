"""Messages in the salon's admin: what was said, and in which words."""

from messaging.admin import outbox, words

__all__ = ["outbox", "words"]
