"""Refusals of the diary, each with a sentence fit for the customer."""

from bookings.models import Status
from tenants.errors import DomainError


class Lost(Exception):
    """Somebody who took no locks was faster: look again. Never leaves the services."""


class SlotTaken(DomainError):
    """Somebody else has the time. `alternatives` are up to three `availability.LabelledSlot` near it."""

    code = "slot_taken"
    status = 409
    message = "That time has just been taken. Please choose another one."

    def __init__(self, message=None, alternatives=()):
        super().__init__(message)
        self.alternatives = list(alternatives)


class RuleBroken(DomainError):
    """The start breaks rules of the diary; `reasons` are `availability.Reason` values."""

    code = "rule_broken"
    status = 422

    def __init__(self, reasons):
        super().__init__(reasons[0].text)
        self.reasons = list(reasons)


class NotBookable(DomainError):
    code = "not_bookable"
    status = 422
    message = "This cannot be booked online."


class HoldExpired(DomainError):
    code = "hold_expired"
    status = 409
    message = "The time we kept for you has run out. Please choose a time again."


class NotAllowed(DomainError):
    """The booking's state does not allow the step. `status_now` says where it stands."""

    code = "not_allowed"
    status = 409

    def __init__(self, message=None, status_now=""):
        super().__init__(
            message or f"This booking is {Status(status_now).label.lower()} and cannot be changed that way."
        )
        self.status_now = status_now


class TooManyHolds(DomainError):
    code = "too_many_holds"
    status = 429
    message = "You are already holding several times. Finish or give up one of them first."
