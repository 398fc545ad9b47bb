"""What the money buttons refuse, with a sentence for whoever pressed."""

from tenants.errors import DomainError


class ActionInProgress(DomainError):
    code = "action_in_progress"
    status = 409
    message = "Another payment step for this booking is still open."


class KeyMismatch(DomainError):
    code = "idempotency_mismatch"
    status = 422
    message = "This idempotency key was used for a different request."


class SampleVisit(DomainError):
    code = "sample_visit"
    status = 409
    message = "This visit is sample data: nothing is taken for it. Remove the sample data when you have seen enough."


class NothingToRefund(DomainError):
    code = "nothing_to_refund"
    status = 422
    message = "There is nothing left to refund on this booking."


class PaidElsewhere(DomainError):
    code = "paid_at_salon"
    status = 422
    message = "This booking was paid at the salon. Give the money back there."


class Disputed(DomainError):
    code = "disputed"
    status = 409
    message = "The customer's bank has disputed this payment: until that is decided, nothing can be given back here."


class AmountRefused(DomainError):
    code = "amount_refused"
    status = 422
    message = "This amount cannot be charged."


class AmountChanged(DomainError):
    code = "amount_changed"
    status = 409
    message = "What is due has changed since you looked. Nothing was charged; please look again."


class ReasonMissing(DomainError):
    code = "reason_required"
    status = 422
    message = "Say why the price differs from the one that was agreed."


class MoneyTaken(DomainError):
    code = "money_taken"
    status = 409
    message = "Money was taken for this visit. Refund it first; then the visit can be marked differently."


class RetryRefused(DomainError):
    code = "retry_refused"
    status = 422
    message = "This card will not be tried again. Ask the customer for another card, or take the money at the salon."


class NothingOpen(DomainError):
    code = "nothing_open"
    status = 409
    message = "No payment of this booking is waiting."


class NobodyToAsk(DomainError):
    code = "no_email"
    status = 422
    message = "There is no e-mail address to send a link to: please call."


class DisputeAnswered(DomainError):
    code = "dispute_answered"
    status = 409
    message = "This dispute has been answered already, or is decided."


class AnswerNotSent(DomainError):
    code = "answer_not_sent"
    status = 503
    message = "Stripe did not take the answer. Please try again in a moment."
