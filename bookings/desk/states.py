"""Which buttons a visit's state allows; the services decide again."""

from django.utils import timezone

from bookings.desk.shown import can_become
from bookings.models import Status
from bookings.services.moves import MOVABLE


def is_movable(booking):
    return booking.status in MOVABLE and not booking.hold_expires_at and booking.start_at > timezone.now()


#: Button → whether the visit's state allows it.
RULES = {
    "check_in": lambda booking: can_become(booking, Status.CHECKED_IN),
    "confirm": lambda booking: can_become(booking, Status.CONFIRMED),
    "reschedule": is_movable,
    "why_not": is_movable,
    "undo_move": lambda booking: is_movable(booking) and bool(booking.moved_from),
}


def possible(booking):
    """Button → whether the visit's state allows it."""
    return {name: allows(booking) for name, allows in RULES.items()}
