"""Refusals of the plan's verbs."""

from tenants.errors import DomainError


class PlanUnavailable(DomainError):
    code = "stripe_unavailable"
    status = 503
    message = "We could not reach Stripe. Nothing was lost; please try again in a moment."


class PlanBusy(DomainError):
    code = "in_progress"
    status = 409
    message = "Somebody is changing this plan at this very moment. Please look again in a minute."


class CardNeeded(DomainError):
    """`details["checkout_url"]` is the page where the card is left."""

    code = "card_needed"
    status = 402
    message = "Please add a card first."


class CardRefused(DomainError):
    code = "card_declined"
    status = 402
    message = "The card was declined. Nothing was charged; please use another one."


class WrongState(DomainError):
    code = "wrong_state"
    status = 409
    message = "This is not possible as the plan stands."


class ConfirmationNeeded(DomainError):
    code = "confirmation_needed"
    status = 409
    message = "This closes the booking site at once and cannot be undone. Confirm it to go on."


class PageNotDone(DomainError):
    code = "card_not_saved"
    status = 402
    message = "No card was saved. Please try again."


class NothingToManage(DomainError):
    code = "no_customer"
    status = 409
    message = "There are no bills yet."
