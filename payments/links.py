"""The signed link with which a customer settles one payment that went wrong, on any device, without a login.

It carries the booking's id and nothing else, is salted with the salon's schema, and ends after two weeks; once the
payment is settled it only says so.
"""

import uuid
from datetime import timedelta

from django.core import signing
from django.db import connection

from bookings.models import Booking

LIFETIME = timedelta(days=14)


def pay_token(booking):
    """The token of `/pay/<token>/` on the salon's host."""
    return _signer().sign(booking.pk.hex)


def booking_for_pay_token(token):
    """The booking a token is about; raises Booking.DoesNotExist for anything else, expired links included."""
    try:
        booking_id = uuid.UUID(_signer().unsign(token, max_age=LIFETIME))
    except (signing.BadSignature, ValueError) as exc:
        raise Booking.DoesNotExist from exc
    return Booking.objects.select_related("card_setup", "team_member", "customer").get(pk=booking_id)


def _signer():
    return signing.TimestampSigner(salt=f"pay:{connection.schema_name}", sep=".")
