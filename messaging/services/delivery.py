"""What became of a message after it had left, as its provider tells: in any order, any number of times."""

from django.db import transaction

from messaging.dispatch import services as dispatch
from messaging.models import Channel, Delivery, Message, MessageStatus, Suppression, SuppressionScope
from messaging.services import suppression

#: A later one is never followed by an earlier one, whichever arrives first.
RANK = {
    Delivery.UNKNOWN: 0,
    Delivery.DELIVERED: 1,
    Delivery.FAILED: 2,
    Delivery.BOUNCED: 3,
    Delivery.COMPLAINED: 4,
}
#: Nobody knew whether they had left. Now we do.
IN_DOUBT = (MessageStatus.SENDING, MessageStatus.UNCONFIRMED)


@transaction.atomic
def note_delivery(*, message_id, delivery, at, detail="", gone=False, now, box=Message):
    """Write down what a provider says of a message; returns it, or None where that is no news, or it is unknown.

    `gone`: the address does not exist. Then, and when it was reported as spam, it gets nothing more of this salon;
    lifted by staff, the same news does not bring that back.
    """
    row = box.objects.select_for_update().filter(pk=message_id).first()
    if row is None or RANK[delivery] <= RANK[row.delivery]:
        return None
    row.delivery, row.delivery_at = delivery, min(at or now, now)
    row.delivery_detail = " ".join(detail.split())[:300]
    if row.status in IN_DOUBT and delivery != Delivery.FAILED:
        row.status, row.sent_at, row.reason = MessageStatus.SENT, row.delivery_at, ""
        dispatch.forget([row.pk])
    row.save(update_fields=["delivery", "delivery_at", "delivery_detail", "status", "sent_at", "reason"])
    if box is Message:
        _suppress(row, gone, now)
    return row


def _suppress(row, gone, now):
    if row.delivery == Delivery.COMPLAINED:
        cause = Suppression.Cause.COMPLAINED
    elif gone and row.delivery in (Delivery.BOUNCED, Delivery.FAILED):
        cause = Suppression.Cause.BOUNCED
    else:
        return
    if row.recipient:  # a forgotten message has none
        suppression.suppress(
            channel=Channel(row.channel), address=row.recipient, scope=SuppressionScope.ALL, cause=cause, now=now
        )
