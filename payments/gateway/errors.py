"""What Stripe refuses, and what is not known."""


class GatewayError(Exception):
    """Stripe refused for good; `code` is Stripe's."""

    def __init__(self, message, code=""):
        super().__init__(message)
        self.code = code


class GatewayUnavailable(GatewayError):
    """No trustworthy answer: the call may or may not have been carried out. Read before trying again.

    `answered` where Stripe itself said so: its idempotency key is used up, and would repeat that answer.
    """

    answered = False


class UnexpectedState(GatewayError):
    """The object is no longer in the state the call is for: read it and act on what it says."""


class CardDeclined(GatewayError):
    """The bank said no; `code` is the decline code where there is one."""


class AuthenticationNeeded(GatewayError):
    """The bank wants the card's owner to confirm in person."""


class CallInsideTransaction(RuntimeError):
    """A defect: money must not move while a transaction can still be rolled back."""
