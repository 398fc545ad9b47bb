"""Rows for tests, in the current salon. What a test does not name is an ordinary weekday thing."""

from datetime import datetime, time, timedelta

from django.db.models import F
from django.utils import timezone

from bookings import services
from bookings.basket import Basket, Wanted
from bookings.models import (
    Booking,
    Customer,
    Occupancy,
    Resource,
    Service,
    ServiceTeamAssignment,
    Status,
    TeamMember,
    TeamMemberAvailability,
)

NINE_TO_FIVE = (9 * 60, 17 * 60)
DETAILS = services.Details(name="Anna Berg", email="anna@example.com", phone="+12125550187")


def make_member(first_name="Ann", *, performs=(), works=NINE_TO_FIVE, **fields):
    """A person who works `works` (minutes) every day and performs the given services."""
    member = TeamMember.objects.create(first_name=first_name, **fields)
    for day in range(1, 8):
        TeamMemberAvailability.objects.create(team_member=member, day_of_week=day, start_min=works[0], end_min=works[1])
    for service in performs:
        ServiceTeamAssignment.objects.create(service=service, team_member=member)
    return member


def make_service(name="Cut", *, minutes=60, cents=5000, **fields):
    return Service.objects.create(name=name, duration_min=minutes, price_cents=cents, **fields)


def make_resource(name="Chair", *, quantity=1, needed_by=()):
    resource = Resource.objects.create(name=name, quantity=quantity)
    for service in needed_by:
        service.resources.add(resource)
    return resource


def make_customer(name="Anna Berg", email="anna@example.com", **fields):
    return Customer.objects.create(display_name=name, email=email, **fields)


def at(business, clock="10:00", *, days=None):
    """The instant of a wall time in the salon, `days` from today: a week, or a day less where the clocks change then."""
    today = timezone.now().astimezone(business.zone).date()
    if days is None:
        days = 7 if _has_24_hours(today + timedelta(days=7), business.zone) else 6
    day = today + timedelta(days=days)
    return datetime.combine(day, time.fromisoformat(clock), business.zone).astimezone(timezone.get_default_timezone())


def _has_24_hours(day, zone):
    midnights = (datetime.combine(each, time(), zone) for each in (day, day + timedelta(days=1)))
    return len({midnight.utcoffset() for midnight in midnights}) == 1


def visit(*wanted, party_size=1, together=False):
    """A basket of services, or of (service, person) pairs."""
    pairs = (each if isinstance(each, tuple) else (each, None) for each in wanted)
    return Basket(tuple(Wanted(*pair) for pair in pairs), party_size, together)


def hold(business, service, start, *, team_member=None, party_size=1, **how):
    """Hold one service, or a whole basket."""
    basket = service if isinstance(service, Basket) else Basket.of(service, team_member, party_size=party_size)
    return services.hold_slot(business=business, basket=basket, start=start, now=timezone.now(), **how)


def submit(business, booking, details=DETAILS):
    return services.submit_details(
        business=business, booking=booking, details=details, address="203.0.113.9", now=timezone.now()
    )


def make_booking(business, service, start, *, details=DETAILS, status=Status.CONFIRMED, **how):
    """A booking made as customers make it, as far as `status`: hold, pending or confirmed. No card is asked for."""
    booking = hold(business, service, start, **how)
    if status == Status.HOLD:
        return booking
    booking = submit(business, booking, details)
    if status == Status.PENDING:
        return booking
    return services.confirm_booking(business=business, booking=booking, now=timezone.now(), card_on_file=True)


def make_past_visit(booking, *, days=1):
    """Turn the calendar: the visit was `days` ago."""
    shift = timezone.now() - timedelta(days=days) - booking.start_at
    start, end = booking.start_at + shift, booking.end_at + shift
    wall = start.astimezone(booking.zone)
    Booking.objects.filter(pk=booking.pk).update(
        start_at=start, end_at=end, local_date=wall.date(), local_time=wall.time()
    )
    booking.items.update(start_at=start, end_at=end)
    rows = Occupancy.objects.filter(item__booking=booking)
    rows.update(starts_at=F("starts_at") + shift, ends_at=F("ends_at") + shift)
    booking.refresh_from_db()
    return booking
