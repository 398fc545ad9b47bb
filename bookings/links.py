"""Signed links for people without a login. The path carries no personal data.

A token is the booking's random id (122 bits) and 128 bits of HMAC over it, salted with the salon's schema: a
token of one salon is noise on another. It ends with the visit's last use: 180 days after the visit.
"""

import base64
import binascii
import hmac
import uuid
from datetime import timedelta

from django.conf import settings
from django.db import connection

from bookings.models import Booking

LIFETIME = timedelta(days=180)
MAC_BYTES = 16


def manage_token(booking):
    """The token that opens this booking on its salon's host."""
    return base64.urlsafe_b64encode(booking.pk.bytes + _mac(booking.pk)).rstrip(b"=").decode()


def booking_for_token(token, *, now):
    """The booking a token opens; raises Booking.DoesNotExist for anything else, expired links included."""
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        booking_id = uuid.UUID(bytes=raw[:16])
    except (binascii.Error, ValueError) as exc:
        raise Booking.DoesNotExist from exc
    if not hmac.compare_digest(raw[16:], _mac(booking_id)):
        raise Booking.DoesNotExist
    return (
        Booking.objects.exclude(status__in=["hold", "expired", "failed"])
        .select_related("team_member", "customer")
        .get(pk=booking_id, end_at__gt=now - LIFETIME)
    )


def _mac(booking_id):
    message = f"manage:{connection.schema_name}:".encode() + booking_id.bytes
    return hmac.digest(settings.SECRET_KEY.encode(), message, "sha256")[:MAC_BYTES]
