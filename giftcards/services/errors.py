"""Refusals of gift cards, each with a sentence fit for whoever asked."""

from bookings import words
from tenants.errors import DomainError
from tenants.languages import listed


class GiftCardInvalid(DomainError):
    """Wrong, expired, of another salon, switched off or used up: whoever guesses codes learns nothing from it."""

    code = "gift_card_invalid"
    status = 422
    message = "This gift card code cannot be used. Please check the code, or ask the salon."


class NotForThisVisit(GiftCardInvalid):
    """A good card, for other services. Only who holds its code hears it, and the balance page says as much."""

    code = "gift_card_not_for_this"

    def __init__(self, *, names):
        said = f"Your card is good for {listed(names)} only." if names else "Your card is good for other services."
        super().__init__(f"{said} Book anything else as a visit of its own.")


class TooFewVisits(GiftCardInvalid):
    """A good package with fewer visits than this one takes."""

    code = "gift_card_too_few_visits"

    def __init__(self, *, left, needed):
        super().__init__(
            f"Every service of a visit counts, for every guest: this one takes {needed} of your package, "
            f"and {words.count(left, 'is', 'are')} left."
        )


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
