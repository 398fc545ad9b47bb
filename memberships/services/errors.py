"""Refusals of memberships, each with a sentence fit for whoever asked."""

from tenants.errors import DomainError


class NotOffered(DomainError):
    code = "membership_not_offered"
    status = 404
    message = "This membership is not offered any more."


class PlanRefused(DomainError):
    """What is wrong with a plan; the sentence says it."""

    code = "membership_plan_refused"
    status = 422


class AlreadyMember(DomainError):
    code = "already_member"
    status = 409
    message = "There is a membership with this e-mail address already. Nothing was charged; its link is in its e-mails."


class MembershipBusy(DomainError):
    code = "in_progress"
    status = 409
    message = "This membership is being changed at this very moment. Please look again in a minute."


class PaymentsAway(DomainError):
    code = "stripe_unavailable"
    status = 503
    message = "We could not reach the payment service. Nothing was lost; please try again in a moment."


class CardRefused(DomainError):
    code = "card_declined"
    status = 402
    message = "The card was declined, and nothing was charged. Please use another one."


class CardNotLeft(DomainError):
    code = "card_not_saved"
    status = 402
    message = "No card was saved. Please try again."


class NotPossible(DomainError):
    code = "wrong_state"
    status = 409
    message = "This is not possible as the membership stands."


class AlreadyRefunded(DomainError):
    code = "already_refunded"
    status = 409
    message = "This month has been given back already."
