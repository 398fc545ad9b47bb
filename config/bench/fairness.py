"""A thousand customers who do not mind who serves them: nobody of the team gets more of them than the others."""

import random
from collections import Counter
from datetime import UTC, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django_tenants.utils import tenant_context

from bookings import services
from bookings.basket import Basket
from config.bench import data
from config.bench.results import Result

BOOKINGS, QUICK_BOOKINGS = 1_000, 200
#: Not a multiple of the team: every day somebody gets one more than somebody else.
A_DAY = 25


def run(*, quick=False):
    """Yield the results: over all days, the largest difference between two people's bookings on one date."""
    now = timezone.now()
    salon = data.open_salon("fair", now=now, bookings=0)
    count = QUICK_BOOKINGS if quick else BOOKINGS
    days = count // A_DAY
    with tenant_context(salon.business):
        taken = book(salon, in_turn(salon, days), now=now)
        elsewhere = book(salon, at_random(salon, max(1, days // 4)), now=now, patient=False)
    yield Result("fairness: bookings of anyone", sum(taken.values()), "bookings", at_least=count, at_most=count)
    yield Result("fairness: most against fewest bookings on one day", spread(salon, taken), "bookings", at_most=1)
    yield Result(
        "fairness: most against fewest bookings in all", in_all(salon, taken), "bookings", at_most=max(4, days // 4)
    )
    # Here somebody whose turn it is may be serving just then: it informs.
    yield Result("fairness: the same, times at random", spread(salon, elsewhere), "bookings")


def in_turn(salon, days):
    """Starts of `A_DAY` visits on each day: a day's own by the clock, so that everybody is free; the days mixed."""
    rng = random.Random("tithi bench fairness")  # noqa: S311 -- the same order every time, no secret
    hours = (data.CLOSES - data.OPENS) // data.LENGTH
    waiting = {day: [hours * number // A_DAY for number in range(A_DAY)] for day in range(days)}
    while waiting:
        day = rng.choice(sorted(waiting))
        yield _start(salon, day, waiting[day].pop(0) * data.LENGTH)
        if not waiting[day]:
            del waiting[day]


def at_random(salon, days):
    """As many starts on the grid, in no order."""
    rng = random.Random("tithi bench fairness at random")  # noqa: S311 -- the same order every time, no secret
    for _ in range(days * A_DAY):
        yield _start(salon, rng.randrange(days), rng.randrange(0, data.CLOSES - data.OPENS - data.LENGTH + 1, 15))


def book(salon, starts, *, now, patient=True):
    """{(date, person id): bookings} after booking anyone at each start; nothing of it stays. A start that is taken raises
    SlotTaken, or is left out where one is not `patient`."""
    taken = Counter()
    with transaction.atomic():
        for number, start in enumerate(starts):
            try:
                booking = _book(salon, start, now + timedelta(seconds=number), number)
            except services.SlotTaken:
                if patient:
                    raise
            else:
                taken[booking.local_date, booking.team_member_id] += 1
        # No mail, no job and no row of it for anybody.
        transaction.set_rollback(True)
    return taken


def spread(salon, taken):
    """The largest difference on one date."""
    dates = {date for date, _ in taken}
    each = ([taken[date, member.pk] for member in salon.people] for date in dates)
    return max(max(counts) - min(counts) for counts in each)


def in_all(salon, taken):
    """The largest difference over all dates: whoever had one more on one day is not first in the queue on the next."""
    counts = [sum(own for (_, person), own in taken.items() if person == member.pk) for member in salon.people]
    return max(counts) - min(counts)


def _book(salon, start, now, number):
    booking = services.hold_slot(business=salon.business, basket=Basket.of(salon.service), start=start, now=now)
    details = services.Details(f"Customer {number}", f"fair{number}@example.com", f"+3361{number:07d}")
    booking = services.submit_details(business=salon.business, booking=booking, details=details, address=None, now=now)
    return services.confirm_booking(business=salon.business, booking=booking, now=now, notify=False)


def _start(salon, day, minutes):
    at = data.OPENS + minutes
    wall = datetime.combine(salon.first + timedelta(days=day), time(at // 60, at % 60), salon.business.zone)
    return wall.astimezone(UTC)
