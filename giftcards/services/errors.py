"""Refusals of gift cards, each with a sentence fit for whoever asked."""

from tenants.errors import DomainError


class GiftCardInvalid(DomainError):
    """Wrong, expired, of another salon, switched off or used up: whoever guesses codes learns nothing from it."""

    code = "gift_card_invalid"
    status = 422
    message = "This gift card code cannot be used. Please check the code, or ask the salon."


class NothingToPay(DomainError):
    code = "gift_card_not_needed"
    status = 422
    message = "There is nothing to pay for this visit: keep your gift card for another one."


class GiftCardSettled(DomainError):
    """The booking's gift card has been redeemed already."""

    code = "gift_card_settled"
    status = 409
    message = "The gift card of this visit has been redeemed already."


class NothingReserved(DomainError):
    """There is no gift card to redeem, or none to give back to."""

    code = "no_gift_card"
    status = 409
    message = "This visit has no gift card."


class GiftCardUnchangeable(DomainError):
    """A change by staff that the card cannot take; the sentence says why."""

    code = "gift_card_unchangeable"
    status = 422
