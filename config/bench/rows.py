"""Visits written straight into the tables: thousands of them in seconds."""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bookings.models import Booking, BookingItem, Customer, Occupancy, Resource, Service, Status, TeamMember

BATCH = 1_000
MOST_CUSTOMERS = 500
#: So that everything in the diary was given to its person before today.
BOOKED_AHEAD = timedelta(days=200)


@dataclass(frozen=True, slots=True)
class Visit:
    """One confirmed visit of one service from `start`, wall time with the salon's zone. Minutes; `lanes` are the
    person's and, with a `resource`, that one's."""

    service: Service
    member: TeamMember
    start: datetime
    minutes: int
    price_cents: int
    phases: tuple = ()
    before_min: int = 0
    after_min: int = 0
    resource: Resource | None = None
    lanes: tuple = (0, 0)

    @property
    def parts(self):
        """(kind, minutes) of its phases."""
        return self.phases or (("active", self.minutes),)


def insert(business, visits, rng):
    """Write the visits for customers chosen at random."""
    count = min(len(visits), MOST_CUSTOMERS)
    customers = Customer.objects.bulk_create(
        Customer(display_name=f"Customer {n}", email=f"customer{n}@example.com") for n in range(count)
    )
    bookings = [_booking(business, rng.choice(customers), visit) for visit in visits]
    items = [_item(booking, visit) for booking, visit in zip(bookings, visits, strict=True)]
    Booking.objects.bulk_create(bookings, batch_size=BATCH)
    BookingItem.objects.bulk_create(items, batch_size=BATCH)
    taken = [row for item, visit in zip(items, visits, strict=True) for row in _taken(item, visit)]
    Occupancy.objects.bulk_create(taken, batch_size=BATCH)


def _booking(business, customer, visit):
    start = visit.start.astimezone(UTC)
    return Booking(
        ref=uuid.uuid4().hex[:12].upper(),
        customer=customer,
        team_member=visit.member,
        service_snapshot=_snapshot(business, visit),
        start_at=start,
        end_at=start + timedelta(minutes=visit.minutes),
        booking_tz=business.timezone,
        local_date=visit.start.date(),
        local_time=visit.start.time(),
        status=Status.CONFIRMED,
        price_cents=visit.price_cents,
        currency_code=business.currency_code,
        contact_name=customer.display_name,
        contact_email=customer.email,
    )


def _snapshot(business, visit):
    return {
        "service_id": str(visit.service.pk),
        "name": visit.service.name,
        "duration_min": visit.minutes,
        "price_cents": visit.price_cents,
        "currency_code": business.currency_code,
        "phases": [{"kind": kind, "minutes": minutes} for kind, minutes in visit.parts],
        "buffer_before_min": visit.before_min,
        "buffer_after_min": visit.after_min,
        "instructions": "",
    }


def _item(booking, visit):
    return BookingItem(
        booking=booking,
        service=visit.service,
        team_member=visit.member,
        start_at=booking.start_at,
        end_at=booking.end_at,
        price_cents=visit.price_cents,
        snapshot=booking.service_snapshot,
        assigned_at=booking.start_at - BOOKED_AHEAD,
    )


def _taken(item, visit):
    """The visit's occupancy: the person's active phases, the resource all along; buffers inside."""
    before, after = timedelta(minutes=visit.before_min), timedelta(minutes=visit.after_min)
    spans, at = [], item.start_at
    for kind, minutes in visit.parts:
        end = at + timedelta(minutes=minutes)
        if kind == "active":
            spans.append((at, end))
        at = end
    spans[0] = (spans[0][0] - before, spans[0][1])
    spans[-1] = (spans[-1][0], spans[-1][1] + after)
    lane, unit = visit.lanes
    for start, end in spans:
        yield Occupancy(item=item, team_member=visit.member, lane=lane, starts_at=start, ends_at=end)
    if visit.resource:
        low, high = item.start_at - before, item.end_at + after
        yield Occupancy(item=item, resource=visit.resource, lane=unit, starts_at=low, ends_at=high)
