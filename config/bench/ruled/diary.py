"""Fills that salon's diary: visits side by side with whoever takes two guests, each on a chair of its own."""

import random
from datetime import datetime, time, timedelta

from bookings.models import Closure
from config.bench import rows

OPENS, CLOSES = 9 * 60, 18 * 60
GAPS = (0, 15, 30, 60, 120)


def fill(salon, chairs, first, count):
    """Write `count` visits from `first` on, day by day, none on Sundays or closed days."""
    rng = random.Random(f"tithi bench {count}")  # noqa: S311 -- the same diary every time, no secret
    lengths = _lengths(salon)
    closed = [(closure.start_date, closure.end_date) for closure in Closure.objects.all()]
    visits, day = [], first
    while len(visits) < count:
        shut = day.isoweekday() == 7 or any(start <= day <= end for start, end in closed)
        visits += [] if shut else _day(salon, chairs, day, lengths, rng)
        day += timedelta(days=1)
    rows.insert(salon.business, visits[:count], rng)


def _lengths(salon):
    """{(service, person): (minutes, price)}"""
    return {
        (service.pk, own.team_member_id): (
            own.duration_min or service.duration_min,
            own.price_cents or service.price_cents,
        )
        for service in salon.booked
        for own in service.assignments.all()
    }


def _day(salon, chairs, day, lengths, rng):
    """The visits of one date for which there is a chair."""
    wished = [
        (at, member, lane, service)
        for member in salon.people
        for lane in range(member.max_concurrent_bookings)
        for at, service in _lane(salon, member, lengths, rng)
    ]
    free, visits = [0] * chairs.quantity, []
    for at, member, lane, service in sorted(wished, key=lambda wish: wish[0] - wish[3].buffer_before_min):
        minutes, price = lengths[service.pk, member.pk]
        after = _after(service, member)
        unit = next((unit for unit, end in enumerate(free) if end <= at - service.buffer_before_min), None)
        if unit is None:
            continue
        free[unit] = at + minutes + after
        visits.append(
            rows.Visit(
                service,
                member,
                datetime.combine(day, time(at // 60, at % 60), salon.business.zone),
                minutes,
                price,
                phases=tuple((phase["kind"], phase["minutes"]) for phase in service.phases),
                before_min=service.buffer_before_min,
                after_min=after,
                resource=chairs,
                lanes=(lane, unit),
            )
        )
    return visits


def _lane(salon, member, lengths, rng):
    """(start minute, service) of the visits one lane of a person's day has room for."""
    at = OPENS + rng.choice(GAPS)
    while True:
        service = salon.colour if rng.random() < 0.25 else salon.cut
        at += service.buffer_before_min
        minutes, _ = lengths[service.pk, member.pk]
        if at + minutes > CLOSES:
            return
        yield at, service
        at += minutes + _after(service, member) + rng.choice(GAPS)


def _after(service, member):
    return max(service.buffer_after_min, member.buffer_time_minutes)
