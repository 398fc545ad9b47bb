"""Visits of any day, written as they would stand in the tables today."""

import itertools
import uuid
from datetime import datetime, time, timedelta

from bookings.models import Booking, BookingItem, Customer, Occupancy, Status

_refs = itertools.count(1)
#: These gave their time back.
FREE = (Status.CANCELED, Status.EXPIRED, Status.FAILED)


def customer(name):
    return Customer.objects.get_or_create(display_name=name)[0]


def visited(business, service, member, day, clock="10:00", *, who="Anna", status="completed", minutes=60, **fields):
    """A visit of one service on the local date `day`, with its part and, unless it was cancelled, its time taken."""
    start = datetime.combine(day, time.fromisoformat(clock), business.zone)
    cents = fields.pop("price_cents", service.price_cents)
    booking = Booking.objects.create(
        ref=f"T{next(_refs)}{uuid.uuid4().hex[:4]}",
        customer=customer(who),
        team_member=member,
        service_snapshot={"name": service.name},
        start_at=start,
        end_at=start + timedelta(minutes=minutes),
        booking_tz=business.timezone,
        local_date=day,
        local_time=start.time(),
        status=status,
        price_cents=cents * fields.get("attendee_count", 1),
        currency_code=fields.pop("currency_code", business.currency_code),
        contact_name=who,
        **fields,
    )
    item = BookingItem.objects.create(
        booking=booking,
        service=service,
        team_member=member,
        start_at=booking.start_at,
        end_at=booking.end_at,
        price_cents=cents,
        snapshot={"name": service.name},
    )
    if status not in FREE:
        Occupancy.objects.create(item=item, team_member=member, starts_at=booking.start_at, ends_at=booking.end_at)
    return booking
