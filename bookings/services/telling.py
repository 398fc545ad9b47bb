"""One message about several visits that one press has called off, instead of one for each."""

from django.db import transaction

from bookings import mail
from bookings.models import Booking
from messaging import queries as messages
from messaging import services as messaging
from messaging.models import Channel

KIND = "booking_cancelled"
TOGETHER = "It is told of in one message with others."


@transaction.atomic
def tell_of_all(*, business, bookings, now):
    """Tell each customer once of those of these visits whose own message is still waiting (`cancel_booking(waits=True)`).

    Each visit is told of once: in the message about all of a customer's, or, where its own has begun to leave, by that
    one. Asked again it changes nothing.
    """
    visits = Booking.objects.select_related("team_member").in_bulk([booking.pk for booking in bookings])
    waiting = messages.queued(about_ids=list(visits), kind=KIND).select_for_update().order_by("pk")
    readers = {}
    for message in waiting:
        # Not one that is about several already.
        if not message.part:
            customer = visits[message.about_id].customer_id
            readers.setdefault((customer, message.channel, message.recipient), []).append(message)
    for (_, channel, _), own in readers.items():
        _tell(business, visits, own, channel, now)


def _tell(business, visits, own, channel, now):
    if len(own) == 1:
        messaging.put_off(message=own[0], at=now, now=now)
        return
    for message in own:
        messaging.drop(message=message, reason=TOGETHER)
    told = sorted((visits[message.about_id] for message in own), key=lambda booking: (booking.start_at, booking.pk))
    mail.queue_cancellations(business=business, bookings=told, now=now, channels=[Channel(channel)])
