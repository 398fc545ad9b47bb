"""Stores where a visit was placed, and gives its time back: the only writer of occupancy, with `sessions` for classes."""

from django.db import IntegrityError

from bookings import availability
from bookings.models import Occupancy
from bookings.services import agreed, sessions
from bookings.services.errors import Lost


def write(*, booking, items, loaded, plan, expires_at, business):
    """Store what a plan takes for items that are saved: occupancy, or seats of a class.

    Raises Lost where the database says that the time is gone after all: the caller's savepoint goes with it.
    """
    try:
        if items[0].service.shared_session:
            sessions.take_seats(
                business=business, booking=booking, item=items[0], loaded=loaded, plan=plan, expires_at=expires_at
            )
        else:
            taken = availability.taken(segments=loaded.segments, plan=plan)
            Occupancy.objects.bulk_create(agreed.occupancy(taken, items=items, expires_at=expires_at))
    except IntegrityError as exc:
        if exc.__cause__.diag.constraint_name.startswith("no_overlap"):
            raise Lost from exc
        raise


def free(booking):
    """Give a booking's time back: its occupancy, its seats, and a session that ends with them."""
    if booking.is_class:
        sessions.free_seats(booking)
    else:
        Occupancy.objects.filter(item__booking=booking).delete()


def keep_until(booking, expires_at):
    """Set the end of what a booking occupies; None keeps it for good."""
    if booking.is_class:
        sessions.keep_seats_until(booking, expires_at)
    else:
        Occupancy.objects.filter(item__booking=booking).update(expires_at=expires_at)
