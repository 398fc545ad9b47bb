"""Refusals about leaving."""

from tenants.errors import DomainError


class NameDiffers(DomainError):
    code = "name_differs"
    status = 422
    message = "This is not the salon’s name. Nothing was changed."


class AlreadyLeaving(DomainError):
    code = "already_leaving"
    status = 409
    message = "This salon is being closed already."


class NotLeaving(DomainError):
    code = "not_leaving"
    status = 409
    message = "This salon is not being closed."


class NotSettled(DomainError):
    """`details["reasons"]` are sentences about what has to end first."""

    code = "not_settled"
    status = 409
    message = "Money is still on its way."


class PlanNotEnded(DomainError):
    code = "plan_not_ended"
    status = 409
    message = "The plan could not be ended at Stripe yet."
