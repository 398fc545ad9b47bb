"""What must be caught: a sender that takes what is due without a claim, and marks it only when it has left."""

from django.db import transaction

from messaging.composing import NotAnyMore
from messaging.dispatch.models import Dispatch
from messaging.models import MessageStatus
from messaging.services import sending


def claim(*, now, size, schema_name=None):
    """Whatever is due, whoever else has it in hand."""
    due = Dispatch.objects.filter(due_at__lte=now, gave_up_at=None)
    due = due.filter(schema_name=schema_name) if schema_name else due.exclude(schema_name="public")
    return list(due.order_by("due_at")[:size])


@transaction.atomic
def begin(each, box, now):
    """Nothing is written down before it leaves; what does not leave any more ends as it does in the product."""
    message = box.objects.filter(pk=each.message_id, status=MessageStatus.QUEUED).first()
    if message is None:
        return sending.dispatch.forget([each.message_id])
    try:
        sending._write(message, now)
    except NotAnyMore as exc:
        return sending._end(message, MessageStatus.WITHDRAWN, str(exc), now)
    return message


def install():
    sending.dispatch.claim, sending._begin = claim, begin
