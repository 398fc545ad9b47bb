"""What happens to a booking after it was made, short of moving it: cancellations, arrivals."""

from django.db import transaction

from bookings import mail, signals, terms
from bookings.models import Booking, Status
from bookings.services import storing
from bookings.services.status import correct, move


@transaction.atomic
def cancel_booking(*, business, booking, by, now, reason="", notify=True, owed=True, waits=False):
    """Call a visit off; its time is free at once. A fee the accepted terms ask for is noted, never charged here; none
    with `owed=False`, where the salon does not keep its promise. `waits`: others are called off with it, and `tell_of_all`
    comes after the last of them.

    Cancelled twice, the second changes nothing. Raises NotAllowed once the visit is over.
    """
    booking = Booking.objects.select_for_update(of=("self",), no_key=True).get(pk=booking.pk)
    if booking.status == Status.CANCELED:
        return booking
    move(
        booking,
        to=Status.CANCELED,
        by=by,
        at=now,
        canceled_at=now,
        hold_expires_at=None,
        cancellation_reason=reason[:500],
        cancellation_fee_cents=terms.cancellation_fee(consent=booking.consent, now=now) if owed else 0,
        sequence=booking.sequence + 1,
    )
    storing.free(booking)
    signals.booking_canceled.send(sender=Booking, booking=booking, at=now)
    if notify:
        mail.queue_cancellation(business=business, booking=booking, now=now, waits=waits)
    return booking


@transaction.atomic
def check_in(*, booking, by, now):
    """The customer has arrived."""
    booking = Booking.objects.select_for_update(of=("self",), no_key=True).get(pk=booking.pk)
    move(booking, to=Status.CHECKED_IN, by=by, at=now, checked_in_at=now)
    return booking


def complete_booking(*, booking, by, now):
    """The visit took place. The caller has locked the row and owns the transaction: money follows in it."""
    move(booking, to=Status.COMPLETED, by=by, at=now, completed_at=now)
    return booking


def miss_booking(*, booking, by, now):
    """The customer did not come. The caller has locked the row and owns the transaction: money follows in it."""
    move(booking, to=Status.NO_SHOW, by=by, at=now, no_show_flag=True)
    return booking


def correct_booking(*, business, booking, to, by, now, reason):
    """A visit was closed with the wrong button: say what really happened. The caller has locked the row, owns the
    transaction and has made sure that no money is left taken for what was wrong.

    Raises NotAllowed; a cancelled visit is not brought back, since its time may be somebody else's by now.
    """
    fields = {
        "completed_at": now if to == Status.COMPLETED else None,
        "canceled_at": now if to == Status.CANCELED else None,
        "no_show_flag": to == Status.NO_SHOW,
        "sequence": booking.sequence + (to == Status.CANCELED),
    }
    correct(booking, to=to, by=by, at=now, reason=reason, **fields)
    if to == Status.CANCELED:
        storing.free(booking)
        signals.booking_canceled.send(sender=Booking, booking=booking, at=now)
    return booking
