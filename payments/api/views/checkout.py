"""From a free time to a booking, for everybody. Nothing is charged here."""

from django.conf import settings
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response

from bookings import services as bookings
from bookings.api.shapes import envelope
from bookings.models import Status
from payments.api import asked, shapes
from payments.services import direct
from tenants import languages, limits
from tenants.addresses import bucket, client_address
from tenants.api.endpoints import open_endpoint, read
from tenants.api.serializers import Problem
from tenants.errors import DomainError

KEY = OpenApiParameter(
    "Idempotency-Key", OpenApiTypes.STR, OpenApiParameter.HEADER, description="The same key, the same booking."
)
ANSWER = OpenApiTypes.OBJECT
HOLDS = (Status.HOLD, Status.PENDING, Status.EXPIRED, Status.FAILED)
MADE = (*HOLDS, Status.CONFIRMED, Status.CANCELED, Status.CHECKED_IN)


def bookings_per_address():
    return limits.Limit("bookings", times=settings.BOOKINGS_PER_ADDRESS_PER_HOUR, seconds=60 * 60)


@extend_schema(
    request=asked.HoldIn,
    responses={201: ANSWER, 404: Problem, 409: Problem, 422: Problem, 429: Problem, 503: Problem},
)
@open_endpoint("POST")
def hold(request):
    """Keep a time for ten minutes, and start saving a card where the salon asks for one."""
    data = read(asked.HoldIn, request)
    business, address = request.tenant, client_address(request)
    now = timezone.now()
    booking, intent = direct.hold(
        business=business,
        slot=asked.slot_of(data),
        address=address,
        now=now,
        gift_code=asked.gift_code_of(data, address),
    )
    return Response(envelope(shapes.hold(business, booking, intent, now)), status=201)


@extend_schema(responses={204: None, 404: Problem})
@open_endpoint("DELETE")
def release(request, hold_id):
    """Give a held time up; one that has run out stays so."""
    bookings.release_hold(booking=asked.open_booking(hold_id, states=HOLDS))
    return Response(status=204)


@extend_schema(
    request=asked.CreateIn,
    parameters=[KEY],
    responses={201: ANSWER, 402: Problem, 404: Problem, 409: Problem, 422: Problem, 429: Problem, 503: Problem},
)
@open_endpoint("POST")
def create(request):
    """Book. Confirmed at once where no card is asked for; else `confirm` follows when the SetupIntent has succeeded."""
    data, key, now = read(asked.CreateIn, request), asked.key_of(request), timezone.now()
    asked.check_wishes(data)
    language = languages.best_of(request.headers.get("Accept-Language"), request.tenant.languages)
    business, address = request.tenant, client_address(request)
    held, gift_code = asked.hold_of(data), asked.gift_code_of(data, address)
    limit, place = bookings_per_address(), bucket(address)
    limits.take(limit, place, address=address)
    try:
        booking, intent = direct.create(
            business=business,
            booking=held,
            slot=None if held else asked.slot_of(data),
            details=asked.details_of(data, wish=language),
            address=address,
            now=now,
            key=key,
            params=request.data,
            gift_code=gift_code,
            setup_intent_id=data.get("setup_intent_id") or "",
            seen=data["consent"].get("version", ""),
        )
    except DomainError:
        limits.give_back(limit, place, address=address)
        raise
    return Response(envelope(shapes.booked(business, booking, intent)), status=201)


@extend_schema(request=asked.ConfirmIn, responses={200: ANSWER, 402: Problem, 404: Problem, 409: Problem, 503: Problem})
@open_endpoint("POST")
def confirm(request, booking_id):
    """Confirm when the card is saved, or none is asked for. Called again it answers the same."""
    data = read(asked.ConfirmIn, request)
    booking = direct.confirm(
        business=request.tenant,
        booking=asked.open_booking(booking_id, states=MADE),
        now=timezone.now(),
        setup_intent_id=data.get("setup_intent_id") or "",
    )
    return Response(envelope(shapes.booked(request.tenant, booking)))
