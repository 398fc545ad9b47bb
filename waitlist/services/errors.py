"""Refusals of the waiting list, each with a sentence fit for whoever asked."""

from tenants.errors import DomainError


class WishRefused(DomainError):
    """What is wished for cannot be waited for; the sentence says why."""

    code = "wish_refused"
    status = 422


class OfferOver(DomainError):
    code = "offer_over"
    status = 409
    message = "This time is no longer kept for you. You are still on the list unless you have left it."


class WishEnded(DomainError):
    code = "wish_ended"
    status = 409
    message = "This place on the list has ended already."
