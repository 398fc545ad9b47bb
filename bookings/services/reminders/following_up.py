"""What is asked after a visit, where the salon wants that."""

from django.db import connection

from bookings.models import Source
from bookings.queries.reminders import reminding
from messaging import services as messaging
from messaging.links import unsubscribe_url
from messaging.models import Channel

FOLLOW_UP = "follow_up"
#: Visits of customers whom there are not: nobody is written to.
MADE_UP = (Source.SAMPLE, Source.DEMO)
NOT_AGREED = "The customer has not agreed to news."


def follow_up(*, booking, now):
    """Ask once a visit, some time after it was completed. It is advertising: it goes to the address that has agreed to
    news, which a customer can only do themselves, with a booking.

    The caller has locked the booking and owns the transaction.
    """
    how = reminding()
    if not how.follow_up_min or booking.source in MADE_UP:
        return
    customer = booking.customer
    if not (customer and customer.email):
        return
    messaging.queue(
        kind=FOLLOW_UP,
        about_id=booking.pk,
        recipient=customer.email,
        reply_to=connection.tenant.email,
        send_at=how.follow_up_at(now, booking.reader_zone),
        skipped="" if customer.marketing_opt_in else NOT_AGREED,
        unsubscribe_url=unsubscribe_url(business=connection.tenant, channel=Channel.EMAIL, address=customer.email),
        again=True,
        now=now,
    )
