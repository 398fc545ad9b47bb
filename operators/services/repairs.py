"""What got stuck, set going again."""

from django.db import transaction

from operators.services.writing import check_reason, record
from payments.webhooks import services as inbox
from tenants.errors import DomainError


class NotWaiting(DomainError):
    code = "not_waiting"
    message = "Only an event that was given up or belonged to nobody is processed again."
    status = 409


@transaction.atomic
def replay_event(*, event, by, reason, now):
    """Have a worker process a Stripe event once more; its handlers write down once what they write.

    Raises ReasonTooShort, NotWaiting.
    """
    reason = check_reason(reason)
    if not inbox.requeue(event_id=event.pk):
        raise NotWaiting
    record(by=by, action="stripe_event.replayed", subject=event, at=now, reason=reason)
