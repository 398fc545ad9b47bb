"""Refusals, each with a sentence fit for whoever asked."""

from tenants.errors import DomainError


class Closed(DomainError):
    """The salon takes no reviews."""

    code = "reviews_closed"
    status = 409
    message = "This salon takes no reviews at the moment."


class TooLate(DomainError):
    """The time in which it may be written or changed is over."""

    code = "review_too_late"
    status = 409
    message = "The time to rate this visit, or to change what you wrote, is over."


class ReviewSettled(DomainError):
    """The review is in a state that allows no such change."""

    code = "review_settled"
    status = 409
    message = "This review cannot be changed any more."


class ReviewChanged(DomainError):
    """The customer has sent it anew since it was looked at."""

    code = "review_changed"
    status = 409
    message = "The customer has just changed this review. Please read it once more."


class NoReason(DomainError):
    code = "review_reason_missing"
    status = 422
    message = "Say why it is hidden: the reason stays in the trail."
