"""One key, one booking: a request that is repeated with its key gets the same answer."""

import json
from hashlib import sha256

from django.db import IntegrityError, transaction

from bookings.models import Booking
from tenants.errors import DomainError


class KeyReused(DomainError):
    code = "idempotency_mismatch"
    status = 422
    message = "This Idempotency-Key was used for a different request."


class KeyInProgress(DomainError):
    code = "idempotency_in_progress"
    status = 409
    message = "A request with this Idempotency-Key is still being worked on."


def digest(params):
    """A stable digest of a request's parameters."""
    return sha256(json.dumps(params, sort_keys=True, default=str).encode()).hexdigest()


def find_by_key(*, key, params):
    """The booking an earlier request with this key made, or None. Raises KeyReused for another body."""
    booking = Booking.objects.filter(client_key=key).select_related("customer", "team_member").first()
    if booking and booking.params_hash != digest(params):
        raise KeyReused
    return booking


def remember_key(*, booking, key, params):
    """Bind the key to the booking. Raises KeyInProgress where a twin request was first: its booking stands."""
    try:
        with transaction.atomic():
            Booking.objects.filter(pk=booking.pk).update(client_key=key, params_hash=digest(params))
    except IntegrityError as exc:
        raise KeyInProgress from exc


def forget_key(*, booking):
    """Nothing came of the request: its key may be used anew."""
    Booking.objects.filter(pk=booking.pk).update(client_key=None)
