"""The race without what guards it: where nobody waits and the database does not judge, times are booked twice.

A race that could not be lost would prove nothing: this is the same one, in a salon and a server of its own.
"""

from collections import Counter
from itertools import count

from django.db import connection
from django.utils import timezone
from django_tenants.utils import tenant_context

from config.bench import data, race, server, taken
from config.bench.results import Result

ROUNDS, QUICK_ROUNDS = 10, 3
SETTINGS = "config.bench.unguarded.settings"
CONSTRAINTS = ("no_overlap", "no_overlap_of_resources")


def run(*, quick=False):
    """Yield the results."""
    salon = data.open_salon("control", now=timezone.now(), fields={"horizon_days": 730})
    drop_constraints(salon)
    numbers = count()
    raced = race.prizes_of(salon, QUICK_ROUNDS if quick else ROUNDS)
    with server.serving(SETTINGS) as running:
        statuses = {
            name: [
                Counter(answer.status for answer in race.contest(salon, running, prize, numbers)) for prize in prizes
            ]
            for name, prizes in raced.items()
        }
    for name, prizes in raced.items():
        yield Result(f"control, {name}: slots raced for", len(prizes), "slots")
        booked = sum(each[201] for each in statuses[name])
        yield Result(f"control, {name}: booked", booked, "bookings")
        twice = taken.more_than_once(salon, prizes)
        yield Result(f"control, {name}: slots booked more than once", twice, "slots", at_least=1)
    overlaps = taken.overlaps(salon)
    yield Result("control: anybody's time occupied twice, in the database", overlaps, "times", at_least=1)


def drop_constraints(salon):
    """Take the last judge away, in this salon alone."""
    with tenant_context(salon.business), connection.cursor() as cursor:
        for name in CONSTRAINTS:
            cursor.execute(f'ALTER TABLE "{salon.business.schema_name}"."bookings_occupancy" DROP CONSTRAINT "{name}"')
