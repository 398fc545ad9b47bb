"""The only writer of `Booking.status`."""

from audit import services as audit
from bookings import signals
from bookings.models import Booking, Status
from bookings.services import reminders
from bookings.services.errors import NotAllowed

ALLOWED = {
    Status.HOLD: {Status.PENDING, Status.EXPIRED},
    Status.PENDING: {Status.CONFIRMED, Status.FAILED, Status.CANCELED},
    Status.CONFIRMED: {Status.CHECKED_IN, Status.COMPLETED, Status.NO_SHOW, Status.CANCELED},
    Status.CHECKED_IN: {Status.COMPLETED, Status.NO_SHOW, Status.CANCELED},
    Status.COMPLETED: set(),
    Status.NO_SHOW: set(),
    Status.CANCELED: set(),
    Status.FAILED: set(),
    Status.EXPIRED: set(),
}

#: Final states are final; a mistake is put right by `correct_booking`, along these moves only.
CORRECTIONS = {
    Status.COMPLETED: {Status.COMPLETED, Status.NO_SHOW, Status.CANCELED},
    Status.NO_SHOW: {Status.COMPLETED, Status.NO_SHOW, Status.CANCELED},
    Status.CANCELED: {Status.CANCELED},
}

#: What a booking can become that others hear of; that it is there at all, `confirm_booking` says.
TOLD = {Status.CONFIRMED, Status.CHECKED_IN, Status.COMPLETED, Status.NO_SHOW, Status.CANCELED}


def move(booking, *, to, by, at, **fields):
    """Move a booking its caller has locked, with the fields that change along, and write the trail.

    Raises NotAllowed, with nothing written, where `ALLOWED` does not list the step.
    """
    if to not in ALLOWED[Status(booking.status)]:
        raise NotAllowed(status_now=booking.status)
    before = {"status": booking.status}
    _set(booking, to, fields)
    if to not in (Status.EXPIRED, Status.FAILED):
        after = {"status": to}
        if to == Status.PENDING and booking.overrides:  # a hold leaves no line of its own
            after["overrides"] = booking.overrides
        audit.record(actor=by, action=f"booking.{to}", subject=booking, at=at, before=before, after=after)
    _tell(booking, to, at)


def correct(booking, *, to, by, at, reason, **fields):
    """Put a wrong final state right, on a booking its caller has locked; the trail says why. Raises NotAllowed."""
    if to not in CORRECTIONS.get(Status(booking.status), ()):
        raise NotAllowed(status_now=booking.status)
    before = {"status": booking.status}
    _set(booking, to, fields)
    audit.record(
        actor=by,
        action="booking.corrected",
        subject=booking,
        at=at,
        before=before,
        after={"status": to, "reason": reason},
    )
    _tell(booking, to, at)


def _tell(booking, to, at):
    if to in TOLD:
        reminders.keep_up(booking=booking, now=at)
        signals.booking_changed.send(sender=Booking, booking=booking, what=str(to), at=at)


def _set(booking, to, fields):
    booking.status = to
    for name, value in fields.items():
        setattr(booking, name, value)
    booking.save(update_fields=["status", "updated_at", *fields])
