"""Text messages about a visit: which number they go to, where its owner has agreed, and what leaves with the mails."""

from bookings.queries.reminders import reminding
from messaging import gateway
from messaging import services as messaging
from messaging.models import Channel
from messaging.queries import texts_offered


def are_offered():
    """Whether the current salon sends text messages: about an occasion, or ahead of visits."""
    return gateway.is_on() and (texts_offered() or any(rule.channel == Channel.SMS for rule in reminding().rules))


def number_of(booking):
    """Where texts about this visit go, as E.164; "" where nobody has agreed to any.

    Agreed to at the booking, or by the customer for this very number. STOP is minded when a text leaves.
    """
    number = str(booking.contact_phone or "")
    if not number or booking.texts_agreed_at:
        return number
    return number if booking.customer and booking.customer.texts_number == number else ""


def queue(*, booking, trigger, values, now, **more):
    """The text about an occasion of this visit, beside its mail; None where none is to leave. See `queue_text`."""
    number = number_of(booking) if gateway.is_on() else ""
    if not number:
        return None
    return messaging.queue_text(trigger=trigger, recipient=number, values=values, now=now, **more)
