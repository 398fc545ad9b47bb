"""The signed link that opens a booking. It ends with the visit's last use: 180 days after the visit."""

from datetime import timedelta

from bookings.models import Booking
from tenants import signed

LIFETIME = timedelta(days=180)
PURPOSE = "manage"


def manage_token(booking):
    """The token that opens this booking on its salon's host."""
    return signed.token_for(PURPOSE, booking.pk)


def booking_for_token(token, *, now):
    """The booking a token opens; raises Booking.DoesNotExist for anything else, expired links included."""
    try:
        booking_id = signed.id_of(PURPOSE, token)
    except signed.BadToken as exc:
        raise Booking.DoesNotExist from exc
    return (
        Booking.objects.exclude(status__in=["hold", "expired", "failed"])
        .select_related("team_member", "customer")
        .get(pk=booking_id, end_at__gt=now - LIFETIME)
    )
