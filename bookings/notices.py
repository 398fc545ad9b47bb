"""What the team is told of a visit: booked, asked for, moved or cancelled by whoever comes."""

from django.db import connection
from django.dispatch import receiver

from audit import queries as audit
from audit.signals import recorded
from bookings import words
from bookings.models import Booking, BookingItem, TeamMember
from bookings.models.bookings import Source
from bookings.signals import booking_changed
from messaging.notices.services import tell

#: The trail's act → the event, where a customer did it.
BY_CUSTOMERS = {"booking.rescheduled": "visit_moved", "booking.canceled": "visit_canceled"}
SAID = {
    "visit_booked": "{who} has booked {what}, {when}.",
    "visit_asked": "{who} asks for {what}, {when}. Confirm it or cancel it.",
    "visit_moved": "{who} has moved {what} to {when}.",
    "visit_canceled": "{who} has cancelled {what}, {when}.",
}


@receiver(booking_changed)
def tell_of_new(sender, booking, what, at, **kwargs):
    """Booked online: what staff write down themselves they know."""
    if what == "created" and booking.source == Source.ONLINE:
        _tell(booking, "visit_booked" if connection.tenant.auto_confirm else "visit_asked", at)


@receiver(recorded)
def tell_of_customers_change(sender, entry, subject, **kwargs):
    if isinstance(subject, Booking) and entry.action in BY_CUSTOMERS and audit.is_by_customer(entry):
        _tell(subject, BY_CUSTOMERS[entry.action], entry.at)


def _tell(booking, event, at):
    said = SAID[event].format(
        who=booking.contact_name or "Somebody", what=booking.service_name, when=words.when(booking.local_start)
    )
    tell(event=event, about_id=booking.pk, version=booking.sequence, words=said, whose=lambda: doers(booking), now=at)


def doers(booking):
    """The ids of the users who do a visit."""
    people = BookingItem.objects.filter(booking=booking).values("team_member")
    return TeamMember.objects.filter(pk__in=people).exclude(user_id=None).values_list("user_id", flat=True)
