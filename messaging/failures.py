"""How a channel says that something did not leave."""


class Undeliverable(Exception):
    """The recipient will never get this; do not try again. `cause`: of a Suppression, where that is so of anything."""

    def __init__(self, sentence, cause=""):
        super().__init__(sentence)
        self.cause = cause


class TryLater(OSError):
    """Not now: the provider is away, busy, or does not take our key."""


class MayHaveLeft(OSError):
    """The answer was lost when the message was on its way: nobody can tell whether it was taken."""
